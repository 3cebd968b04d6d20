"""Where quotes and brackets of YAML text open and close, and in which columns its lines begin.

Rules: pure, one walk over the text; good enough to say what was forgotten in a file that the YAML
parser refused, never used to read one.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

MOST_BEHIND = 60
"""So much is looked at of what comes behind a quote."""
_CLOSING = {"[": "]", "{": "}"}
_BEGINS = ("", "-", ":", ",", "[", "{", "?")
"""What stands before a value; a quote behind anything else is part of the text."""


@dataclass
class Opened:
    """A quote or a bracket that opens, by its line and column from 1."""

    sign: str
    line: int
    column: int
    closed_line: int = 0
    """0: never."""
    follows: str = ""
    """The beginning of what comes behind its end in the same line."""
    follows_column: int = 0
    depth: int = 0
    """How many brackets are open around it."""


@dataclass
class Layout:
    """What opens, and brackets that close nothing: (sign, line, column)."""

    quotes: list[Opened] = field(default_factory=list)
    brackets: list[Opened] = field(default_factory=list)
    extra: list[tuple[str, int, int]] = field(default_factory=list)


class _Walk:
    def __init__(self) -> None:
        self.found = Layout()
        self._open: list[Opened] = []
        self._quote: Opened | None = None

    def line(self, number: int, text: str) -> None:
        at = 0
        before = ""  # the last sign that is no space
        while at < len(text):
            sign = text[at]
            if self._quote is not None:
                at += self._in_quote(number, text, at)
                before = text[at - 1]
                continue
            if sign == "#" and (at == 0 or text[at - 1].isspace()):
                return
            if sign in "\"'" and before in _BEGINS:
                self._quote = Opened(sign, number, at + 1, depth=len(self._open))
                self.found.quotes.append(self._quote)
            elif sign in _CLOSING and before in _BEGINS:
                opened = Opened(sign, number, at + 1, depth=len(self._open))
                self._open.append(opened)
                self.found.brackets.append(opened)
            elif sign in _CLOSING.values():
                self._close(sign, number, at, before, text)
            if not sign.isspace():
                before = sign
            at += 1

    def _in_quote(self, number: int, text: str, at: int) -> int:
        """How many signs are done with."""
        assert self._quote is not None
        sign, quote = text[at], self._quote
        if quote.sign == '"' and sign == "\\":
            return min(2, len(text) - at)
        if sign == quote.sign == "'" and text[at : at + 2] == "''":
            return 2
        if sign == quote.sign:
            _closed(quote, number, at, text)
            self._quote = None
        return 1

    def _close(self, sign: str, number: int, at: int, before: str, text: str) -> None:
        if self._open and _CLOSING[self._open[-1].sign] == sign:
            _closed(self._open.pop(), number, at, text)
        elif not self._open and before and before in "\"']}":
            self.found.extra.append((sign, number, at + 1))


def _closed(opened: Opened, number: int, at: int, text: str) -> None:
    rest = text[at + 1 : at + 1 + MOST_BEHIND]
    opened.closed_line, opened.follows = number, rest.strip()
    opened.follows_column = at + 2 + len(rest) - len(rest.lstrip())


def layout(lines: Sequence[str]) -> Layout:
    """Of a whole text."""
    walk = _Walk()
    for number, text in enumerate(lines, 1):
        walk.line(number, text)
    return walk.found


def indent(line: str) -> int:
    """How many spaces a line begins with."""
    return len(line) - len(line.lstrip(" "))


def has_dash(line: str) -> bool:
    """Does it begin a member of a list?"""
    return re.match(r" *-( |$)", line) is not None


def columns_above(lines: Sequence[str], number: int) -> list[tuple[int, int]]:
    """(column, line), from 1, of everything that the line with this number may stand under:
    nearest first."""
    found: list[tuple[int, int]] = []
    narrowest = 10_000
    for above in range(number - 1, 0, -1):
        line = lines[above - 1]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        dashes = re.match(r"( *)((?:- +)*)", line)
        assert dashes is not None
        begin, content = len(dashes[1]) + 1, len(dashes[0]) + 1
        if begin <= narrowest:
            found += [(one, above) for one in dict.fromkeys((content, begin)) if one < narrowest]
            narrowest = begin
    return found
