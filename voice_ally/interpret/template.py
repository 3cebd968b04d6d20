"""Phrase templates, compiled to a small graph of pieces of words.

Rules: hassil parses (its grammar is Home Assistant's sentence syntax); the graph is ours. An
arc holds a piece of text (no spaces), a SPACE, a slot mark, or nothing; pieces between spaces
make one word, so that "minute[s]", "(need|want)s" and "I['m| am]" come out right.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

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
from voice_ally.interpret.text import number_words, pieces
from voice_ally.interpret.vocabulary import SpokenValues, Vocabulary

MOST_STATES = 20_000
"""Of one template; beyond it, it is refused as too large."""
MOST_PERMUTED = 6
"""Parts in free order; the graph doubles with each."""
MOST_NUMBERS = 2_000
"""In one range."""
NATURAL_NUMBER = 5
"""What an example says where any number could stand: "five minutes", not "one minutes"."""
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}
_OPENING = frozenset(_PAIRS.values())
_TEMPLATE_SIGNS = frozenset("[](){}<>|;")


class TemplateError(ValueError):
    """A template that cannot be used. The text is for the author."""

    def __init__(self, code: str, message: str, name: str = "") -> None:
        super().__init__(message)
        self.code = code
        """syntax, unknown_list, unknown_rule, rule_cycle, empty or too_large; stable."""
        self.name = name
        """The rule or list it is about, or empty."""


class SlotMark(NamedTuple):
    """Where a slot begins (value None: the words heard) or ends."""

    name: str
    opens: bool
    value: SlotValue | None = None


class Arc(NamedTuple):
    """One way from a state to another."""

    target: int
    text: str = ""
    """A piece of a word."""
    space: bool = False
    """The word so far is complete."""
    mark: SlotMark | None = None


@dataclass
class PieceGraph:
    """Arcs by state, in the order they were written; 0 is the start."""

    arcs: list[list[Arc]] = field(default_factory=lambda: [[]])
    end: int = 0

    def state(self) -> int:
        """A new state."""
        if len(self.arcs) >= MOST_STATES:
            raise TemplateError("too_large", "This phrase can be said in too many ways.")
        self.arcs.append([])
        return len(self.arcs) - 1

    def join(self, start: int, end: int) -> None:
        """From the one to the other without a word."""
        self.arcs[start].append(Arc(end))

    def step(
        self, start: int, text: str = "", *, space: bool = False, mark: SlotMark | None = None
    ) -> int:
        """An arc to a new state; gives that state."""
        target = self.state()
        self.arcs[start].append(Arc(target, text, space, mark))
        return target


def compile_template(template: str, vocabulary: Vocabulary) -> PieceGraph:
    """The template as a graph of pieces. Raises TemplateError."""
    graph = PieceGraph()
    try:
        graph.end = _Compiler(graph, vocabulary).expression(parse(template), 0, ())
    except RecursionError as error:
        raise TemplateError("too_large", f'"{template}" is nested too deeply.') from error
    return graph


def is_plain(template: str) -> bool:
    """No template signs: the text is just words."""
    return not _TEMPLATE_SIGNS.intersection(template)


@lru_cache(maxsize=4096)
def parse(template: str) -> Expression:
    """hassil's tree of a template; shared, so never to be changed. Raises TemplateError."""
    if not template.strip():
        raise TemplateError("empty", "This phrase is empty.")
    _check_brackets(template)
    try:
        return parse_sentence(template).expression
    except (ParseError, AssertionError) as error:
        raise TemplateError(
            "syntax",
            f'"{template}" cannot be read. Are there empty brackets, or | and ; in one group?',
        ) from error


def _check_brackets(template: str) -> None:
    open_signs: list[str] = []
    escaped = False
    for sign in template:
        if escaped or sign == "\\":
            escaped = not escaped
        elif sign in _OPENING:
            open_signs.append(sign)
        elif sign in _PAIRS and (not open_signs or open_signs.pop() != _PAIRS[sign]):
            raise TemplateError(
                "syntax", f'The "{sign}" in "{template}" closes nothing that was opened.'
            )
    if open_signs:
        raise TemplateError("syntax", f'The "{open_signs[-1]}" in "{template}" is never closed.')


def _values_of(part: ListReference, vocabulary: Vocabulary) -> SpokenValues:
    name = part.list_name
    inline = part.get_inline_range()
    if inline is not None:
        return SpokenValues(numbers=inline)
    if name not in vocabulary.lists:
        hint = f" Write {{{name}:slot}} for a range." if ".." in name else ""
        raise TemplateError("unknown_list", f"There is no list {{{name}}}.{hint}", name)
    return vocabulary.lists[name]


def _rule_of(name: str, vocabulary: Vocabulary) -> Expression:
    if name not in vocabulary.rules:
        raise TemplateError("unknown_rule", f"There is no rule <{name}>.", name)
    return parse(vocabulary.rules[name])


def _numbers_of(values: SpokenValues) -> range:
    if values.numbers is None:
        return range(0)
    first, last, step = values.numbers
    return range(first, last + 1, max(1, step))


def _spoken(values: SpokenValues) -> Iterator[tuple[str, SlotValue]]:
    yield from values.values
    for number in _numbers_of(values):
        yield number_words(number), number


class _Compiler:
    def __init__(self, graph: PieceGraph, vocabulary: Vocabulary) -> None:
        self._graph, self._vocabulary = graph, vocabulary

    def expression(self, part: Expression, start: int, inside: tuple[str, ...]) -> int:
        """Append a part behind a state, inside these rules; gives the state behind it."""
        match part:
            case TextChunk():
                return self._text(part.original_text, start)
            case Alternative():
                end = self._graph.state()
                for item in part.items:
                    self._graph.join(self.expression(item, start, inside), end)
                return end
            case Permutation():
                return self._permutation(part.items, start, inside)
            case RuleReference():
                return self._rule(part.rule_name, start, inside)
            case ListReference():
                return self._list(part, start, inside)
        assert isinstance(part, Group)
        for item in part.items:
            start = self.expression(item, start, inside)
        return start

    def _text(self, text: str, start: int) -> int:
        for number, piece in enumerate(pieces(text)):
            if number % 2:
                start = self._graph.step(start, space=True)
            elif piece:
                start = self._graph.step(start, piece)
        return start

    def _permutation(self, items: list[Expression], start: int, inside: tuple[str, ...]) -> int:
        if len(items) > MOST_PERMUTED:
            raise TemplateError(
                "too_large", f"More than {MOST_PERMUTED} parts are in free order (;)."
            )
        # One state for each set of parts still to be said, in whatever order the others were.
        everything = (1 << len(items)) - 1
        states = {everything: start}
        for left in range(everything, 0, -1):
            for number, item in enumerate(items):
                if not left & (1 << number):
                    continue
                rest = left & ~(1 << number)
                if rest not in states:
                    states[rest] = self._graph.state()
                behind = self.expression(item, self._graph.step(states[left], space=True), inside)
                self._graph.join(self._graph.step(behind, space=True), states[rest])
        return states[0]

    def _rule(self, name: str, start: int, inside: tuple[str, ...]) -> int:
        own = f"<{name}>"
        if own in inside:
            raise TemplateError("rule_cycle", f"The rule {own} leads back to itself.", name)
        return self.expression(_rule_of(name, self._vocabulary), start, (*inside, own))

    def _list(self, part: ListReference, start: int, inside: tuple[str, ...]) -> int:
        own = f"{{{part.list_name}}}"
        if own in inside:
            raise TemplateError(
                "rule_cycle", f"The list {own} leads back to itself.", part.list_name
            )
        end = self._graph.state()
        closing = SlotMark(part.slot_name, opens=False)
        spoken = _values_of(part, self._vocabulary)
        if len(_numbers_of(spoken)) > MOST_NUMBERS:
            raise TemplateError(
                "too_large", f"{own} holds more than {MOST_NUMBERS} numbers.", part.list_name
            )
        values = list(_spoken(spoken))
        if not values:
            raise TemplateError("empty", f"The list {own} holds nothing.", part.list_name)
        for template, value in values:
            heard = value == template and not is_plain(template)
            opening = SlotMark(part.slot_name, opens=True, value=None if heard else value)
            within = self._graph.step(start, mark=opening)
            behind = self.expression(parse(template), within, (*inside, own))
            self._graph.join(self._graph.step(behind, mark=closing), end)
        return end


def plainest(part: Expression, vocabulary: Vocabulary) -> str:
    """The text of a checked template: options left out, else always the first choice."""
    match part:
        case TextChunk():
            return part.original_text
        case Alternative():
            return "" if part.is_optional else plainest(part.items[0], vocabulary)
        case RuleReference():
            return plainest(_rule_of(part.rule_name, vocabulary), vocabulary)
        case ListReference():
            values = _values_of(part, vocabulary)
            numbers = _numbers_of(values)
            if values.values or NATURAL_NUMBER not in numbers:
                template, _ = next(_spoken(values))
                return plainest(parse(template), vocabulary)
            return number_words(NATURAL_NUMBER)
    assert isinstance(part, Group)
    return "".join(plainest(item, vocabulary) for item in part.items)
