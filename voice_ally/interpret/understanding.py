"""Understanding: a set of phrases compiled once, giving what can be heard and what it means.

Rules: a phrase is matched whole or not at all; nothing is ever forced onto the nearest one.
Where two phrases match, the earlier one counts; where a not_meant phrase matches, none does.
"""

import hashlib
from collections import OrderedDict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from voice_ally.core.actions import Phrase
from voice_ally.core.events import NO_SLOTS, SlotValue
from voice_ally.core.speech import Grammar
from voice_ally.interpret.template import (
    PieceGraph,
    SlotMark,
    TemplateError,
    compile_template,
)
from voice_ally.interpret.text import normalise
from voice_ally.interpret.vocabulary import Vocabulary

MOST_GRAMMAR_STATES = 100_000
MOST_WORD_ARCS = 50_000
"""Of one template."""
MOST_SAMPLES = 4_000
CACHED = 64


@dataclass(frozen=True)
class Match:
    """What was said, understood."""

    phrase: Phrase
    slots: Mapping[str, SlotValue] = field(default_factory=lambda: NO_SLOTS)


@dataclass(frozen=True)
class _WordArc:
    word: str
    marks: tuple[tuple[SlotMark, ...], tuple[SlotMark, ...]]
    """Slot marks before and behind the word."""
    target: int


@dataclass(frozen=True)
class WordGraph:
    """One template as words: per state its arcs; final states complete it."""

    arcs: tuple[tuple[_WordArc, ...], ...]
    final: Mapping[int, tuple[SlotMark, ...]]


def word_graph(template: str, vocabulary: Vocabulary) -> WordGraph:
    """Compile a template to arcs that hold whole words. Raises TemplateError."""
    pieces = compile_template(template, vocabulary)
    numbers = {0: 0}
    order: deque[int] = deque([0])
    arcs: list[tuple[_WordArc, ...]] = [()]
    final: dict[int, tuple[SlotMark, ...]] = {}
    count = 0
    while order:
        origin = order.popleft()
        mine: list[_WordArc] = []
        for word, before, behind, state in _words_from(pieces, origin):
            if not word:
                final.setdefault(numbers[origin], before)
                continue
            if state not in numbers:
                numbers[state] = len(numbers)
                arcs.append(())
                order.append(state)
            mine.append(_WordArc(word, (before, behind), numbers[state]))
            count += 1
            if count > MOST_WORD_ARCS:
                raise TemplateError("too_large", "This phrase can be said in too many ways.")
        arcs[numbers[origin]] = tuple(mine)
    if 0 in final:
        raise TemplateError("empty", f'"{template}" can be said by saying nothing.')
    return WordGraph(tuple(arcs), final)


def _words_from(
    pieces: PieceGraph, origin: int
) -> Iterator[tuple[str, tuple[SlotMark, ...], tuple[SlotMark, ...], int]]:
    """(word, marks before, marks behind, state behind it); an empty word means the end."""
    open_ways: list[tuple[int, str, tuple[SlotMark, ...], tuple[SlotMark, ...]]]
    open_ways = [(origin, "", (), ())]
    seen = set(open_ways)
    while open_ways:
        way = open_ways.pop()
        state, word, before, behind = way
        if state == pieces.end:
            yield word, before, behind, state
            if not word:
                continue
        for arc in reversed(pieces.arcs[state]):
            if arc.space and word:
                yield word, before, behind, arc.target
                continue
            marks = (arc.mark,) if arc.mark else ()
            following = (
                arc.target,
                word + arc.text,
                before if word else (*before, *marks),
                (*behind, *marks) if word else behind,
            )
            if following not in seen:
                seen.add(following)
                open_ways.append(following)


class Understanding:
    """Phrases, compiled. Make one with `Understandings.of`."""

    def __init__(self, phrases: Sequence[Phrase | None], graphs: Sequence[WordGraph]) -> None:
        self._phrases = tuple(phrases)
        self._graphs = tuple(graphs)
        start = frozenset((number, 0) for number in range(len(self._graphs)))
        self._sets: list[frozenset[tuple[int, int]]] = [start]
        self._moves: list[dict[str, int] | None] = [None]
        self._numbers = {start: 0}
        self._grammar: Grammar | None = None

    def _from(self, number: int) -> dict[str, int]:
        known = self._moves[number]
        if known is not None:
            return known
        reached: dict[str, set[tuple[int, int]]] = {}
        for graph, state in self._sets[number]:
            for arc in self._graphs[graph].arcs[state]:
                reached.setdefault(arc.word, set()).add((graph, arc.target))
        moves = {word: self._number(frozenset(reached[word])) for word in sorted(reached)}
        self._moves[number] = moves
        return moves

    def _number(self, states: frozenset[tuple[int, int]]) -> int:
        if states not in self._numbers:
            if len(self._sets) >= MOST_GRAMMAR_STATES:
                raise TemplateError("too_large", "These phrases can be said in too many ways.")
            self._numbers[states] = len(self._sets)
            self._sets.append(states)
            self._moves.append(None)
        return self._numbers[states]

    def _matching(self, words: Sequence[str]) -> list[int]:
        state = 0
        for word in words:
            following = self._from(state).get(word)
            if following is None:
                return []
            state = following
        return sorted({graph for graph, at in self._sets[state] if at in self._graphs[graph].final})

    def meanings(self, text: str) -> tuple[Phrase, ...]:
        """Every phrase this is a way to say, earliest first; none if it is not meant."""
        found = [self._phrases[number] for number in self._matching(normalise(text).split())]
        phrases = tuple(one for one in found if one is not None)
        return phrases if len(phrases) == len(found) else ()

    def match(self, text: str) -> Match | None:
        """What this means here, or None."""
        words = normalise(text).split()
        found = self._matching(words)
        if not found or any(self._phrases[number] is None for number in found):
            return None
        phrase = self._phrases[found[0]]
        assert phrase is not None
        return Match(phrase, _slots(self._graphs[found[0]], words))

    @property
    def grammar(self) -> Grammar:
        """The word graph for the recognisers."""
        if self._grammar is None:
            self._grammar = self._compile()
        return self._grammar

    def _compile(self) -> Grammar:
        number = 0
        while number < len(self._sets):
            self._from(number)
            number += 1
        moves = [self._from(one) for one in range(len(self._sets))]
        final = [
            any(at in self._graphs[graph].final for graph, at in states) for states in self._sets
        ]
        arcs, finals = _merge_same_futures(moves, final)
        text = repr(([sorted(one.items()) for one in arcs], sorted(finals)))
        key = hashlib.sha256(text.encode()).hexdigest()[:16]
        return Grammar(key, arcs, finals, covering_sample(arcs, finals))

    def example(self, phrase: Phrase) -> str:
        """The shortest way to say a phrase."""
        graph = self._graphs[self._phrases.index(phrase)]
        return next(_shortest(graph, 1), "")


def _merge_same_futures(
    moves: Sequence[Mapping[str, int]], final: Sequence[bool]
) -> tuple[tuple[dict[str, int], ...], frozenset[int]]:
    """Join states from which the same can follow. The graph has no circles."""
    merged: dict[object, int] = {}
    arcs: list[dict[str, int]] = []
    finals: set[int] = set()
    new_number: dict[int, int] = {}
    stack: list[tuple[int, bool]] = [(0, False)]
    while stack:
        state, ready = stack.pop()
        if state in new_number:
            continue
        if not ready:
            stack.append((state, True))
            stack.extend((one, False) for one in moves[state].values() if one not in new_number)
            continue
        mine = {word: new_number[target] for word, target in moves[state].items()}
        signature = (final[state], tuple(mine.items()))
        if signature not in merged:
            merged[signature] = len(arcs)
            arcs.append(mine)
            if final[state]:
                finals.add(merged[signature])
        new_number[state] = merged[signature]
    last = len(arcs) - 1
    flipped = tuple(
        {word: last - target for word, target in mine.items()} for mine in reversed(arcs)
    )
    return flipped, frozenset(last - one for one in finals)


def covering_sample(arcs: Sequence[Mapping[str, int]], finals: frozenset[int]) -> tuple[str, ...]:
    """Phrases in which every arc, and every pair of neighbouring arcs, occurs."""
    ending = _ways_to_end(arcs, finals)
    beginning: dict[int, tuple[str, ...]] = {0: ()}
    for state in range(len(arcs)):
        for word, target in arcs[state].items():
            beginning.setdefault(target, (*beginning[state], word))
    phrases: dict[str, None] = {}
    covered: set[tuple[int, str, str]] = set()
    for state in range(len(arcs)):
        for word, target in arcs[state].items():
            for second in arcs[target] or ("",):
                if (state, word, second) in covered or len(phrases) >= MOST_SAMPLES:
                    continue
                rest = (second, *ending[arcs[target][second]]) if second else ()
                whole = (*beginning[state], word, *rest)
                _cover(arcs, whole, covered)
                phrases[" ".join(whole)] = None
            if target in finals and len(phrases) < MOST_SAMPLES:
                phrases[" ".join((*beginning[state], word))] = None
    return tuple(phrases)


def _cover(
    arcs: Sequence[Mapping[str, int]], words: Sequence[str], covered: set[tuple[int, str, str]]
) -> None:
    state = 0
    for word, second in zip(words, (*words[1:], ""), strict=True):
        covered.add((state, word, second))
        state = arcs[state][word]


def _ways_to_end(
    arcs: Sequence[Mapping[str, int]], finals: frozenset[int]
) -> dict[int, tuple[str, ...]]:
    """For each state the shortest words to the end. Targets have higher numbers."""
    ways: dict[int, tuple[str, ...]] = {}
    for state in range(len(arcs) - 1, -1, -1):
        if state in finals:
            ways[state] = ()
        else:
            ways[state] = min(
                ((word, *ways[target]) for word, target in arcs[state].items()),
                key=lambda way: (len(way), way),
            )
    return ways


def _shortest(graph: WordGraph, limit: int) -> Iterator[str]:
    ways: deque[tuple[int, tuple[str, ...]]] = deque([(0, ())])
    while ways and limit > 0:
        state, words = ways.popleft()
        if state in graph.final:
            limit -= 1
            yield " ".join(words)
        ways.extend((arc.target, (*words, arc.word)) for arc in graph.arcs[state])


def _slots(graph: WordGraph, words: Sequence[str]) -> dict[str, SlotValue]:
    """The values along the first way through the graph that says these words."""

    def walk(state: int, number: int) -> list[_WordArc] | None:
        if number == len(words):
            return [] if state in graph.final else None
        for arc in graph.arcs[state]:
            if arc.word == words[number]:
                rest = walk(arc.target, number + 1)
                if rest is not None:
                    return [arc, *rest]
        return None

    slots: dict[str, SlotValue] = {}
    collecting: dict[str, list[str]] = {}

    def take(marks: Sequence[SlotMark]) -> None:
        for mark in marks:
            if mark.opens and mark.value is not None:
                slots[mark.name] = mark.value
            elif mark.opens:
                collecting[mark.name] = []
            elif mark.name in collecting:
                slots[mark.name] = " ".join(collecting.pop(mark.name))

    for arc in walk(0, 0) or []:
        take(arc.marks[0])
        for heard in collecting.values():
            heard.append(arc.word)
        take(arc.marks[1])
    for name, heard in collecting.items():
        slots[name] = " ".join(heard)
    return slots


class Understandings:
    """Compiles sets of phrases over one vocabulary, and remembers them."""

    def __init__(self, vocabulary: Vocabulary, not_meant: Sequence[str] = ()) -> None:
        self._vocabulary = vocabulary
        self._graphs: dict[str, WordGraph] = {}
        self._known: OrderedDict[tuple[Phrase, ...], Understanding] = OrderedDict()
        self._not_meant = tuple(not_meant)

    def _graph(self, template: str) -> WordGraph:
        if template not in self._graphs:
            self._graphs[template] = word_graph(template, self._vocabulary)
        return self._graphs[template]

    def of(self, phrases: Sequence[Phrase]) -> Understanding:
        """The phrases, compiled. Raises TemplateError for one that cannot be used."""
        key = tuple(phrases)
        if key not in self._known:
            everything = [*key, *(None for _ in self._not_meant)]
            templates = [*(one.template for one in key), *self._not_meant]
            graphs = [self._graph(one) for one in templates]
            self._known[key] = Understanding(everything, graphs)
            if len(self._known) > CACHED:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]


def validate(template: str, vocabulary: Vocabulary) -> None:
    """Raises TemplateError when the template cannot be used."""
    word_graph(template, vocabulary)


def sample(template: str, vocabulary: Vocabulary, limit: int) -> list[str]:
    """Up to so many ways to say it, shortest first. Raises TemplateError."""
    return list(dict.fromkeys(_shortest(word_graph(template, vocabulary), limit)))


def words_of(template: str, vocabulary: Vocabulary) -> frozenset[str]:
    """Every word the template can be said with. Raises TemplateError."""
    graph = word_graph(template, vocabulary)
    return frozenset(arc.word for arcs in graph.arcs for arc in arcs)
