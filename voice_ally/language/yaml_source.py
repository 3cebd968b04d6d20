"""YAML text as nodes that know their place.

Rules: YAML 1.2 words (yes, no, on and off are text); no anchors, tags or code; large, deep or
many-documented files are refused, texts and lists beyond the bounds are cut; nothing raises,
whatever the bytes. Letters are composed (NFC), spaces ordinary ones, signs without width gone, and
what a comment cuts off is told. Built from the parser's events without recursion, so that neither
depth nor aliases can cost anything.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import yaml

from voice_ally.language.place import Place
from voice_ally.language.problems import Problem, error, warning
from voice_ally.language.text_bounds import LONGEST_NAME, LONGEST_TEXT, MOST_ENTRIES, bounded
from voice_ally.language.yaml_nodes import Items, Node, Table, Text
from voice_ally.language.yaml_words import explain

MOST_BYTES = 1_000_000
DEEPEST = 30
MOST_PROBLEMS = 200
"""Of one kind of mistake repeated through a whole file nobody reads more."""
_QUOTES = '"“”'
_ODD_SPACES = "\u00a0\u1680\u180e\u2000-\u200a\u202f\u205f\u3000"
_NO_WIDTH = "\u00ad\u200b\u2060\ufeff"
_LAYOUT_WITH_ODD_SPACE = re.compile(
    rf"^([ \t]*(?:-[ ]*)*(?:[\w<>]+:[ ]*)?)([{_ODD_SPACES}{_NO_WIDTH}])"
)
_COMMENT_IN_TEXT = re.compile(r"^\s*(#\s?\d.*|#[^\W_].*)")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Source:
    """One file, read."""

    root: Node | None
    problems: list[Problem] = field(default_factory=list)
    cause: Problem | None = None
    """If there are errors, in here or in what is made of it: the one thing behind all of them."""


def in_one_form(text: str) -> str:
    """Composed letters, ordinary spaces, no signs that only break lines."""
    text = re.sub(f"[{_ODD_SPACES}]", " ", re.sub(f"[{_NO_WIDTH}]", "", text))
    return unicodedata.normalize("NFC", text)


class _Mark(Protocol):
    """Where the parser was, counted from 0."""

    line: int
    column: int


class _Refused(Exception):
    """Ends the reading of a file; what is wrong is in `problem`."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def read_source(file: str, content: bytes) -> Source:
    """The file's nodes, or the reason why there are none."""
    top = Place(file, 1, 1)
    if len(content) > MOST_BYTES:
        return Source(None, [error(top, "VA002", "This file is too large.", "Split it.")])
    try:
        text = _decoded(content)
    except UnicodeDecodeError as wrong:
        before = _decoded(content[: wrong.start])
        mend = 'Save it as UTF-8: in Notepad, under "Save as", by the choice "Encoding".'
        return Source(None, [error(_place_at(file, before), "VA001", "This is not text.", mend)])
    source = _parsed(file, text)
    source.cause = _odd_space(file, text)
    return source


def _decoded(content: bytes) -> str:
    """The text without byte order marks, wherever a program has left one.

    Raises UnicodeDecodeError.
    """
    two_bytes = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if two_bytes else "utf-8").replace("\ufeff", "")


def _odd_space(file: str, text: str) -> Problem | None:
    """A space in the layout of a file that is no ordinary one."""
    found = [
        Place(file, number, odd.start(2) + 1)
        for number, line in enumerate(text.splitlines(), 1)
        if not line.isascii() and (odd := _LAYOUT_WITH_ODD_SPACE.match(line))
    ]
    if not found:
        return None
    more = f" (and in {len(found) - 1} more lines)" if len(found) > 1 else ""
    message = f"There is a space here that is none, perhaps copied from a web page{more}."
    return error(found[0], "VA001", message, "Write an ordinary space in its place.")


def _parsed(file: str, text: str) -> Source:
    top = Place(file, 1, 1)
    builder = _Builder(file, text)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except _Refused as refused:
        builder.problems.append(refused.problem)
        return Source(None, builder.problems)
    except yaml.YAMLError as wrong:
        builder.problems.append(_unreadable(file, text, wrong))
        return Source(None, builder.problems)
    problems = builder.problems
    if builder.root is None or (isinstance(builder.root, Text) and not builder.root.value):
        return Source(None, [*problems, error(top, "VA005", "This file is empty.")])
    return Source(builder.root, problems)


def _place_of(file: str, mark: _Mark) -> Place:
    return Place(file, mark.line + 1, mark.column + 1)


def _place_at(file: str, before: str) -> Place:
    return Place(file, before.count("\n") + 1, len(before) - before.rfind("\n"))


def _unreadable(file: str, text: str, wrong: yaml.YAMLError) -> Problem:
    said = getattr(wrong, "problem", None) or getattr(wrong, "reason", None) or "not YAML"
    marks = [getattr(wrong, name, None) for name in ("problem_mark", "context_mark")]
    if "end of stream" in said:
        marks.reverse()  # what was never closed begins at the other mark
    mark = marks[0] or marks[1]
    if mark is not None:
        place = _place_of(file, mark)
        if "nesting depth" in said:  # libyaml's own bound can be met before the first event
            return _too_deep(place)
    else:
        position = getattr(wrong, "position", 0)
        before = text.encode()[:position].decode("utf-8", "replace")
        place = _place_at(file, before)
    reason = explain(text.splitlines(), place.line, place.column, said)
    return error(Place(file, reason.line, reason.column), "VA001", reason.message, reason.mend)


def _too_deep(place: Place) -> Problem:
    mend = "Use steps and go instead of lists within lists."
    return error(place, "VA002", "This is nested too deeply.", mend)


class _Open:
    """A list or table whose end has not come yet."""

    def __init__(self, place: Place, *, is_table: bool) -> None:
        self.place = place
        self.is_table = is_table
        self.nodes: list[Node] = []


class _Builder:
    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._lines: Sequence[str] = text.splitlines() if "#" in text else ()
        self._open: list[_Open] = []
        self._documents = 0
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self._takers: dict[type, Callable[[yaml.Event, Place], None]] = {
            yaml.DocumentStartEvent: self._document,
            yaml.ScalarEvent: self._scalar,
            yaml.SequenceStartEvent: self._begin,
            yaml.MappingStartEvent: self._begin,
            yaml.SequenceEndEvent: self._end,
            yaml.MappingEndEvent: self._end,
            yaml.AliasEvent: self._alias,
        }

    def take(self, event: yaml.Event) -> None:
        """One more event. Raises _Refused."""
        taker = self._takers.get(type(event))
        if taker is not None:
            assert event.start_mark is not None
            place = _place_of(self._file, event.start_mark)
            self._refuse_extras(event, place)
            taker(event, place)

    def _refuse_extras(self, event: yaml.Event, place: Place) -> None:
        if getattr(event, "anchor", None):
            self._alias(event, place)
        if getattr(event, "tag", None) not in (None, "!"):
            raise _Refused(
                error(place, "VA002", "Tags (!) are not used here.", "Put the text in quotes.")
            )

    def _document(self, _: yaml.Event, place: Place) -> None:
        self._documents += 1
        if self._documents > 1:
            message = "A second document begins here (---)."
            raise _Refused(error(place, "VA004", message, "Put it in a file of its own."))

    def _alias(self, _: yaml.Event, place: Place) -> None:
        message = "Anchors and aliases (& and *) are not used here."
        mend = "Write the text out, or put it in quotes if it begins with & or *."
        raise _Refused(error(place, "VA002", message, mend))

    def _scalar(self, event: yaml.Event, place: Place) -> None:
        assert isinstance(event, yaml.ScalarEvent)
        of_table = bool(self._open) and self._open[-1].is_table
        is_name = of_table and len(self._open[-1].nodes) % 2 == 0
        value = event.value if event.value.isascii() else in_one_form(event.value)
        value, faults = bounded(value, LONGEST_NAME if is_name else LONGEST_TEXT)
        for fault in faults:
            self._wrong(place, *fault)
        self._add(Text(value, place, bool(event.style)))
        if not event.style and self._lines:
            assert event.end_mark is not None
            self._cut_off(_place_of(self._file, event.end_mark))
        if not event.style and len(self.problems) < MOST_PROBLEMS:
            self._half_quoted(value, place)

    def _cut_off(self, end: Place) -> None:
        """Text without quotes that goes on behind " #"."""
        line = self._lines[end.line - 1] if end.line <= len(self._lines) else ""
        cut = _COMMENT_IN_TEXT.match(line[end.column - 1 :])
        if cut and len(self.problems) < MOST_PROBLEMS:
            shown = cut[1].strip()[:40]
            message = f'"{shown}" is a comment and never said: text ends before " #".'
            mend = 'Put the whole text in quotes ("); or a space behind # if it is a comment.'
            place = Place(self._file, end.line, end.column + cut.start(1))
            self.problems.append(warning(place, "VA070", message, mend))

    def _half_quoted(self, value: str, place: Place) -> None:
        if value[-1:] in _QUOTES and sum(value.count(sign) for sign in _QUOTES) % 2:
            message = "A quote ends this text, and none begins it."
            mend = f'Write it like: "{value.strip(_QUOTES)}"'
            self.problems.append(warning(place, "VA075", message, mend))

    def _begin(self, event: yaml.Event, place: Place) -> None:
        if len(self._open) >= DEEPEST:
            raise _Refused(_too_deep(place))
        self._open.append(_Open(place, is_table=isinstance(event, yaml.MappingStartEvent)))

    def _end(self, _: yaml.Event, __: Place) -> None:
        done = self._open.pop()
        most = MOST_ENTRIES * (2 if done.is_table else 1)
        if len(done.nodes) > most:
            message = f"There are more than {MOST_ENTRIES:,} entries here."
            self._wrong(done.place, "VA002", message, "Split it, or leave something out.")
            del done.nodes[most:]
        if done.is_table:
            self._add(self._table(done))
        else:
            self._add(Items(tuple(done.nodes), done.place))

    def _add(self, node: Node) -> None:
        if self._open:
            self._open[-1].nodes.append(node)
        else:
            self.root = node

    def _table(self, done: _Open) -> Table:
        entries: dict[str, tuple[Text, Node]] = {}
        for key, value in zip(done.nodes[::2], done.nodes[1::2], strict=True):
            if not isinstance(key, Text):
                mend = "Put it in quotes: braces and brackets need that."
                self._wrong(key.place, "VA012", "A key must be a word or a phrase.", mend)
            elif key.value in entries:
                first = entries[key.value][0].place.line
                message = f'"{key.value}" stands here twice, first in line {first}.'
                self._wrong(key.place, "VA003", message, "Keep one of them.")
            else:
                entries[key.value] = (key, value)
        return Table(tuple(entries.values()), done.place)

    def _wrong(self, place: Place, code: str, message: str, mend: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(error(place, code, message, mend))
