"""Text that a terminal shows as it is: without signs that steer the terminal or deceive the eye.

Rules: pure and linear. Line feeds and tabs stay; every other control sign goes (escape sequences
begin with one, some set the clipboard), and so does what turns the direction of writing around,
what hides letters as "tags", and a half of a pair of surrogates.
"""

import re

_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f"
    "\ud800-\udfff]"
)
_WIDER = re.compile("\r(?!\n)|[\x0b\x0c\x1c-\x1f\x85\u2028\u2029]")
"""What separates words or lines: a space in its place keeps the words apart."""


def unprintable_in(text: str) -> str:
    """The first sign that no display should get, or nothing."""
    found = _UNPRINTABLE.search(text)
    return found[0] if found else ""


def without_unprintable(text: str) -> str:
    """The text, safe to be shown."""
    if _UNPRINTABLE.search(text) is None:
        return text
    return _UNPRINTABLE.sub("", _WIDER.sub(" ", text))
