"""Phrase templates, compiled to a small graph of words.

Rules: hassil parses (its grammar is Home Assistant's sentence syntax); the graph is ours. An
arc holds a piece of text (no spaces), a SPACE, a slot mark, or nothing; pieces between spaces
make one word, so that "minute[s]" and "(need|want)s" come out right.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from voice_ally.core.events import SlotValue
from voice_ally.interpret.text import normalise, number_words
from voice_ally.interpret.vocabulary import SpokenValues, Vocabulary

MOST_STATES = 20_000
"""Of one template; beyond it, it is refused as too large."""
MOST_PERMUTED = 5
_TEMPLATE_SIGNS = frozenset("[](){}<>|;")


class TemplateError(ValueError):
    """A template that cannot be used. `code` is stable, the text is for the author."""

    def __init__(self, code: str, message: str, name: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.name = name


@dataclass(frozen=True)
class SlotMark:
    """Where a slot begins (value None: the words heard) or ends."""

    name: str
    opens: bool
    value: SlotValue | None = None


@dataclass(frozen=True)
class Arc:
    """One way from a state to another."""

    target: int
    text: str = ""
    """A piece of a word."""
    space: bool = False
    """The word so far is complete."""
    mark: SlotMark | None = None


@dataclass
class PieceGraph:
    """Arcs by state; 0 is the start."""

    arcs: list[list[Arc]] = field(default_factory=lambda: [[]])
    end: int = 0

    def state(self) -> int:
        """A new state."""
        if len(self.arcs) >= MOST_STATES:
            raise TemplateError("too_large", "This phrase can be said in too many ways.")
        self.arcs.append([])
        return len(self.arcs) - 1


def compile_template(template: str, vocabulary: Vocabulary) -> PieceGraph:
    """The template as a graph of pieces. Raises TemplateError."""
    graph = PieceGraph()
    graph.end = _Compiler(graph, vocabulary).expression(_parse(template), 0, ())
    return graph


def _parse(template: str) -> Expression:
    if not template.strip():
        raise TemplateError("empty", "This phrase is empty.")
    depth = 0
    for sign in template:
        depth += (sign in "([") - (sign in ")]")
        if depth < 0:
            break
    if depth:
        raise TemplateError("syntax", f'The brackets in "{template}" do not match.')
    try:
        return parse_sentence(template).expression
    except (ParseError, ValueError, IndexError, AssertionError, RecursionError) as error:
        raise TemplateError("syntax", f'The phrase "{template}" cannot be read.') from error


def is_plain(template: str) -> bool:
    """No template signs: the text is just words."""
    return not _TEMPLATE_SIGNS.intersection(template)


class _Compiler:
    def __init__(self, graph: PieceGraph, vocabulary: Vocabulary) -> None:
        self._graph, self._vocabulary = graph, vocabulary

    def _to(self, start: int, target: int | None = None, **kept: object) -> int:
        target = self._graph.state() if target is None else target
        self._graph.arcs[start].append(Arc(target, **kept))  # type: ignore[arg-type]
        return target

    def expression(self, part: Expression, start: int, rules: tuple[str, ...]) -> int:
        """Append a part behind a state; gives the state behind the part."""
        if isinstance(part, TextChunk):
            return self._text(part.original_text, start)
        if isinstance(part, Alternative):
            end = self._graph.state()
            for item in part.items:
                self._to(self.expression(item, start, rules), end)
            return end
        if isinstance(part, Permutation):
            return self._permutation(part.items, start, rules)
        if isinstance(part, Group):
            for item in part.items:
                start = self.expression(item, start, rules)
            return start
        if isinstance(part, RuleReference):
            return self._rule(part.rule_name, start, rules)
        assert isinstance(part, ListReference)
        return self._list(part, start, rules)

    def _text(self, text: str, start: int) -> int:
        if text[:1].isspace() or text.startswith("-"):
            start = self._to(start, space=True)
        words = normalise(text).split()
        for number, word in enumerate(words):
            if number:
                start = self._to(start, space=True)
            start = self._to(start, text=word)
        if words and not (text[-1].isalnum() or text[-1] == "'"):
            start = self._to(start, space=True)
        return start

    def _permutation(self, items: list[Expression], start: int, rules: tuple[str, ...]) -> int:
        if len(items) > MOST_PERMUTED:
            raise TemplateError("too_large", "Too many parts are in free order here.")
        if not items:
            return start
        end = self._graph.state()
        for number, item in enumerate(items):
            rest = items[:number] + items[number + 1 :]
            behind = self._to(self.expression(item, self._to(start, space=True), rules), space=True)
            self._to(self._permutation(rest, behind, rules), end)
        return end

    def _rule(self, name: str, start: int, rules: tuple[str, ...]) -> int:
        if name in rules:
            raise TemplateError("rule_cycle", f"The rule <{name}> leads back to itself.", name)
        if name not in self._vocabulary.rules:
            raise TemplateError("unknown_rule", f"There is no rule <{name}>.", name)
        parsed = _parse(self._vocabulary.rules[name])
        return self.expression(parsed, start, (*rules, name))

    def _list(self, part: ListReference, start: int, rules: tuple[str, ...]) -> int:
        inline = part.get_inline_range()
        if inline is not None:
            values = SpokenValues(numbers=inline)
        elif part.list_name in self._vocabulary.lists:
            values = self._vocabulary.lists[part.list_name]
        else:
            name = part.list_name
            raise TemplateError("unknown_list", f"There is no list {{{name}}}.", name)
        if f"{{{part.list_name}}}" in rules:
            name = part.list_name
            raise TemplateError("rule_cycle", f"The list {{{name}}} holds itself.", name)
        rules = (*rules, f"{{{part.list_name}}}")
        end = self._graph.state()
        for template, value in _spoken(values):
            heard = isinstance(value, str) and value == template and not is_plain(template)
            opening = SlotMark(part.slot_name, opens=True, value=None if heard else value)
            inside = self._to(start, mark=opening)
            behind = self.expression(_parse(template), inside, rules)
            self._to(behind, end, mark=SlotMark(part.slot_name, opens=False))
        return end


def _spoken(values: SpokenValues) -> Iterator[tuple[str, SlotValue]]:
    yield from values.values
    if values.numbers is not None:
        first, last, step = values.numbers
        for number in range(first, last + 1, max(1, step)):
            yield number_words(number), number
