"""How long a text in a file may be, and which signs it may hold.

Rules: pure; linear in the length of the text. What is beyond a bound is reported and cut, so that
nothing behind the reader ever meets it: a pattern that is slow on a long text would hold up
everything else, "stop" too. The bounds are far above anything written by hand.
"""

import re
from typing import NamedTuple

from voice_ally.core.plain_text import unprintable_in, without_unprintable

LONGEST_TEXT = 20_000
"""Signs in one line: a line of 3,000 words, a quarter of an hour of speech."""
LONGEST_NAME = 2_000
"""Signs in a name or a phrase in front of a colon."""
MOST_DIGITS = 30
"""In a row: a telephone number has fifteen at most."""
MOST_ENTRIES = 10_000
"""In one list, or under one key."""
_MANY_DIGITS = re.compile(rf"\d{{{MOST_DIGITS}}}\d+")


class Fault(NamedTuple):
    """What is wrong with a text, for a problem with its place."""

    code: str
    message: str
    mend: str


def bounded(text: str, most_signs: int = LONGEST_TEXT) -> tuple[str, list[Fault]]:
    """The text within all bounds, and what was wrong with it."""
    faults = []
    if len(text) > most_signs:
        what = f"This text has {len(text):,} signs; more than {most_signs:,} are too many."
        faults.append(Fault("VA002", what, "Split it, or leave something out."))
        text = text[:most_signs]
    if sign := unprintable_in(text):
        what = f"There is a sign here that nobody can see (U+{ord(sign):04X})."
        faults.append(Fault("VA006", what, "Leave it out: it can disturb or deceive a terminal."))
        text = without_unprintable(text)
    if found := _MANY_DIGITS.search(text):
        what = f"This number has {len(found[0]):,} digits; more than {MOST_DIGITS} are too many."
        faults.append(Fault("VA002", what, "Split it, or leave something out."))
        text = _MANY_DIGITS.sub(lambda many: many[0][:MOST_DIGITS], text)
    return text, faults
