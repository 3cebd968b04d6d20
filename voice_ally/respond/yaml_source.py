"""YAML text as nodes that know their place.

Rules: YAML 1.2 words (yes, no, on and off are text); no anchors, tags or code; large, deep or
many-documented files are refused; nothing raises, whatever the bytes.
"""

from dataclasses import dataclass, field

import yaml

from voice_ally.respond.model import Place
from voice_ally.respond.problems import Problem, error

MOST_BYTES = 1_000_000
DEEPEST = 30


@dataclass(frozen=True)
class Text:
    """A word, number or line, as written."""

    value: str
    place: Place
    quoted: bool = False


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True)
class Table:
    """Keys with values, in the order written."""

    entries: tuple[tuple[Text, "Node"], ...]
    place: Place

    def get(self, key: str) -> "Node | None":
        """The value of a key, or None."""
        return next((value for name, value in self.entries if name.value == key), None)


Node = Text | Items | Table


@dataclass
class Source:
    """One file, read."""

    root: Node | None
    problems: list[Problem] = field(default_factory=list)


def read_source(file: str, content: bytes) -> Source:
    """The file's nodes, or the reason why there are none."""
    top = Place(file, 1, 1)
    if len(content) > MOST_BYTES:
        return Source(None, [error(top, "VA002", "This file is too large.", "Split it.")])
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Source(None, [error(top, "VA001", "This file is not text.", "Save it as UTF-8.")])
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else top
        said = " ".join(str(problem.problem or problem.context or "cannot be read").split())
        return Source(None, [error(place, "VA001", f"YAML cannot be read here: {said}.", _hint())])
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        said = " ".join(str(problem).split())[:120]
        return Source(None, [error(top, "VA001", f"YAML cannot be read here: {said}.", _hint())])
    source = Source(None)
    if node is None:
        source.problems.append(error(top, "VA001", "This file is empty."))
        return source
    source.root = _Converter(file, source.problems).convert(node, 0)
    return source


def _hint() -> str:
    return 'Often a quote (") or a colon is missing, or a line is indented differently.'


class _Converter:
    def __init__(self, file: str, problems: list[Problem]) -> None:
        self._file, self._problems = file, problems
        self._seen: set[int] = set()

    def convert(self, node: yaml.Node, depth: int) -> Node | None:
        place = Place(self._file, node.start_mark.line + 1, node.start_mark.column + 1)
        if depth > DEEPEST:
            self._problems.append(error(place, "VA002", "This is nested too deeply."))
            return None
        if id(node) in self._seen:
            self._problems.append(
                error(
                    place,
                    "VA002",
                    "Anchors and aliases (& and *) are not used here.",
                    "Write the text out.",
                )
            )
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return Text(node.value, place, node.style is not None)
        if isinstance(node, yaml.SequenceNode):
            items = [self.convert(item, depth + 1) for item in node.value]
            return Items(tuple(item for item in items if item is not None), place)
        return self._table(node, place, depth)

    def _table(self, node: yaml.Node, place: Place, depth: int) -> Table:
        entries: list[tuple[Text, Node]] = []
        names: set[str] = set()
        for key, value in node.value:
            name = self.convert(key, depth + 1)
            content = self.convert(value, depth + 1)
            if not isinstance(name, Text):
                self._problems.append(
                    error(place, "VA012", "A key must be a word or a phrase.", "Put it in quotes.")
                )
                continue
            if name.value in names:
                self._problems.append(
                    error(
                        name.place,
                        "VA003",
                        f'"{name.value}" stands here twice.',
                        "Keep one of them.",
                    )
                )
                continue
            names.add(name.value)
            if content is not None:
                entries.append((name, content))
        return Table(tuple(entries), place)
