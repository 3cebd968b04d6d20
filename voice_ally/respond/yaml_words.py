"""What the YAML parser says about a mistake, as a person would say it, and how to mend it.

Rules: pure; no word of the parser's own English comes through, whichever of PyYAML's two it is.
"""

import re
from collections.abc import Sequence

_PLAIN = {
    "mapping values are not allowed": "there is a colon too many",
    "expected key": "what begins above is not finished when this comes",
    "expected '-'": "a line of a list has no dash (-) in front",
    "expected <block end>": "what begins above is not finished when this comes",
    "cannot start any token": "this sign cannot stand here",
    "',' or '}'": "a brace ({) is not closed before this, or a comma is missing",
    "',' or ']'": "a bracket ([) is not closed before this, or a comma is missing",
    "unexpected end of stream": "a quote that begins here is never closed",
    "document indicator": "a quote that begins above is not closed when this comes",
    "unknown escape": "a backslash (\\) cannot stand before this sign",
    "sequence entries are not allowed": "a list cannot begin in the middle of a line",
    "expected ':'": "a key has no colon (:) behind it",
    "control characters": "there is a sign here that no keyboard writes",
    "special characters": "there is a sign here that no keyboard writes",
    "comment or line break": "text cannot begin with this sign",
    "expected chomping": "text cannot begin with this sign",
    "alphabetic or numeric": "text cannot begin with this sign",
    "alphabetical": "text cannot begin with this sign",
    "node content": "this sign cannot stand here",
    "document start": "something comes behind the end of the dialog",
}
_UNKNOWN = "this is not how YAML is written"
_SIGNS = "%@`&*!|>]},?"
"""What plain text cannot begin with."""
_NO_SPACE = re.compile(r"^[\s-]*\w+:[^\s:]")
_TABS = "Indent with spaces, not with tabs."
_CURLY = 'Use the straight quotes (") of a keyboard.'
_SPACE = "Put a space behind the colon in the line above."
_COLON = 'Put the whole text in quotes ("): a colon needs that.'
_QUOTED = 'Put the text in quotes ("): {} at its beginning needs that.'
_USUAL = 'Often a quote (") or a colon is missing, or a line is indented differently.'


def plainly(said: str) -> str:
    """What is wrong, in plain words."""
    return next((words for key, words in _PLAIN.items() if key in said), _UNKNOWN)


def mend_for(lines: Sequence[str], number: int, column: int, said: str) -> str:
    """What to do about it. number, column: where, counted from 1."""
    line = lines[min(number, len(lines)) - 1] if lines else ""
    above = lines[number - 2] if 1 < number <= len(lines) + 1 else ""
    brackets = "',' or" in said
    sign = re.search(rf": *([{re.escape(_SIGNS)}])", line[: column + 1]) or re.match(
        r"[\s-]*([%@`])", line
    )
    brace = re.search(r": \{(?![^{}]*: )", line) or (not brackets and ": {" in line)
    unclosed = "end of stream" in said or "document indicator" in said
    return next(
        mend
        for it_is, mend in (
            ("\t" in line[: len(line) - len(line.lstrip())], _TABS),
            (any(mark in line for mark in "“”„‘"), _CURLY),
            ("mapping values" in said and _NO_SPACE.match(above) and ": " not in above, _SPACE),
            ("mapping values" in said, _COLON),
            (unclosed, 'Close it with the same quote (") at the end of the text.'),
            ("unknown escape" in said, "Leave the backslash out."),
            (sign and not brackets, _QUOTED.format(f"a sign such as {sign[1] if sign else ''}")),
            (brace, _QUOTED.format("a brace")),
            ("'}'" in said, 'Close it with }, or put the text in quotes (").'),
            ("']'" in said, 'Close it with ], or put the text in quotes (").'),
            (True, _USUAL),
        )
        if it_is
    )
