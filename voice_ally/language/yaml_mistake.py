"""A place at which YAML could not be read, with the lines around it, and the parser's words for it
in plain ones.

Rules: pure; no word of the parser's own English comes through, whichever of PyYAML's two it is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from voice_ally.language.yaml_layout import Layout, layout

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
LONGEST_LINE = 4_000
"""So much is looked at of a line."""


@dataclass(frozen=True)
class Reason:
    """What is wrong, where (from 1), and the fix."""

    line: int
    column: int
    message: str
    mend: str


@dataclass(frozen=True)
class Mistake:
    """The place where the parser gave up."""

    lines: Sequence[str]
    number: int
    column: int
    said: str

    @cached_property
    def line(self) -> str:
        """The line itself; the last one where the file ends too early."""
        return self.lines[self.here - 1] if self.lines else ""

    @property
    def here(self) -> int:
        """Its number, within the file."""
        return max(1, min(self.number, len(self.lines)))

    @cached_property
    def before(self) -> int:
        """The number of the last line before it that says something; 0 if there is none."""
        for above in range(self.here - 1, 0, -1):
            if (text := self.lines[above - 1].strip()) and not text.startswith("#"):
                return above
        return 0

    @property
    def above(self) -> str:
        """That line."""
        return self.lines[self.before - 1] if self.before else ""

    @cached_property
    def layout(self) -> Layout:
        """Of the whole file."""
        return layout(self.lines)

    def both(self) -> Iterator[tuple[int, str]]:
        """The line and the one before it."""
        yield self.here, self.line
        if self.before:
            yield self.before, self.above

    def at(self, message: str, mend: str) -> Reason:
        """Just here."""
        return Reason(self.number, self.column, f"This cannot be read: {message}.", mend)


def plainly(said: str) -> str:
    """What is wrong, in plain words."""
    return next((words for key, words in _PLAIN.items() if key in said), _UNKNOWN)
