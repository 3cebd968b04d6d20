"""One template as a graph of whole words, with the slots marked.

Rules: no empty arcs; arcs stand in the order they were written, so that the first way through
is the one an author would expect; every state leads to an end.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from voice_ally.core.events import SlotValue
from voice_ally.interpret.template import (
    PieceGraph,
    SlotMark,
    TemplateError,
    compile_template,
    parse,
    plainest,
)
from voice_ally.interpret.text import normalise
from voice_ally.interpret.vocabulary import Vocabulary

MOST_WORD_ARCS = 50_000
"""Of one template; beyond it, it is refused as too large."""
Marks = tuple[SlotMark, ...]


class WordArc(NamedTuple):
    """One word, and the state behind it."""

    word: str
    marks: tuple[Marks, Marks]
    """Slot marks before and behind the word."""
    target: int


@dataclass(frozen=True)
class WordGraph:
    """Per state its arcs, 0 is the start; final states complete the phrase."""

    arcs: tuple[tuple[WordArc, ...], ...]
    final: Mapping[int, Marks]
    """State -> slot marks behind the last word."""


@lru_cache(maxsize=4096)
def _words_in(raw: str) -> tuple[str, ...]:
    return tuple(normalise(raw).split())


def word_graph(template: str, vocabulary: Vocabulary) -> WordGraph:
    """The template as arcs that hold whole words, compiled once. Raises TemplateError."""
    known = vocabulary.compiled.get(template)
    if known is None:
        known = vocabulary.compiled[template] = _compile(template, vocabulary)
    assert isinstance(known, WordGraph)
    return known


def _compile(template: str, vocabulary: Vocabulary) -> WordGraph:
    graph_of_pieces = compile_template(template, vocabulary)
    numbers = {0: 0}
    origins = deque([0])
    arcs: list[dict[WordArc, None]] = [{}]
    final: dict[int, Marks] = {}
    total = 0
    while origins:
        origin = origins.popleft()
        for words, before, behind, state in _words_from(graph_of_pieces, origin):
            if not words:
                final.setdefault(numbers[origin], before)
                continue
            if state not in numbers:
                numbers[state] = len(arcs)
                arcs.append({})
                origins.append(state)
            start = numbers[origin]
            # Only digits make several words of one: "25".
            for number, word in enumerate(words):
                last = number == len(words) - 1
                if not last:
                    arcs.append({})
                target = numbers[state] if last else len(arcs) - 1
                marks = (() if number else before, behind if last else ())
                arcs[start][WordArc(word, marks, target)] = None
                start = target
            total += len(words)
            if total > MOST_WORD_ARCS:
                raise TemplateError("too_large", f'"{template}" can be said in too many ways.')
    if 0 in final:
        raise TemplateError("empty", f'"{template}" can be said by saying nothing.')
    return WordGraph(tuple(tuple(one) for one in arcs), final)


def _words_from(
    graph: PieceGraph, origin: int
) -> Iterator[tuple[tuple[str, ...], Marks, Marks, int]]:
    """(words, marks before, marks behind, state behind them); no words means the end."""
    # The last field: the word is complete.
    way: tuple[int, str, Marks, Marks, bool] = (origin, "", (), (), False)
    ways, seen = [way], {way}
    while ways:
        state, raw, before, behind, complete = ways.pop()
        if complete or state == graph.end:
            words = _words_in(raw)
            yield words, before if words else before + behind, behind, state
            continue
        for arc in reversed(graph.arcs[state]):
            if arc.space and _words_in(raw):
                way = (arc.target, raw, before, behind, True)
            elif arc.space:
                way = (arc.target, "", before + behind, (), False)
            elif arc.mark is None:
                way = (arc.target, raw + arc.text, before, behind, False)
            elif raw:
                way = (arc.target, raw, before, (*behind, arc.mark), False)
            else:
                way = (arc.target, raw, (*before, arc.mark), behind, False)
            if way not in seen:
                if len(seen) > MOST_WORD_ARCS:
                    raise TemplateError("too_large", "This phrase can be said in too many ways.")
                seen.add(way)
                ways.append(way)


def has_slots(graph: WordGraph) -> bool:
    """Does it matter which of its ways is said?"""
    return any(graph.final.values()) or any(any(arc.marks) for arcs in graph.arcs for arc in arcs)


def slots_of(graph: WordGraph, words: Sequence[str]) -> dict[str, SlotValue]:
    """The values along the first way through the graph that says these words."""
    slots: dict[str, SlotValue] = {}
    heard: dict[str, list[str]] = {}
    """Slots that take the words as they come, while they are open."""

    def take(marks: Marks, so_far: Sequence[str]) -> None:
        for mark in marks:
            if mark.opens and mark.value is not None:
                slots[mark.name] = mark.value
            elif mark.opens:
                heard[mark.name] = list(so_far)
            elif mark.name in heard:
                slots[mark.name] = " ".join(heard.pop(mark.name))

    way, last = _first_way(graph, words)
    for arc in way:
        before, behind = arc.marks
        take(before, ())
        for collected in heard.values():
            collected.append(arc.word)
        take(behind, (arc.word,))
    take(graph.final[last], ())
    return slots


def _first_way(graph: WordGraph, words: Sequence[str]) -> tuple[list[WordArc], int]:
    """The arcs of the first way that says these words, and the state it ends in.

    There must be one. Nothing is tried twice, so many ways to say the same do no harm.
    """
    way: list[WordArc] = []
    states = [0]
    choices = [iter(graph.arcs[0])]
    tried: set[tuple[int, int]] = set()
    while len(way) < len(words) or states[-1] not in graph.final:
        word = words[len(way)] if len(way) < len(words) else ""
        for arc in choices[-1]:
            if arc.word == word and (len(way), arc.target) not in tried:
                tried.add((len(way), arc.target))
                way.append(arc)
                states.append(arc.target)
                choices.append(iter(graph.arcs[arc.target]))
                break
        else:
            choices.pop()
            states.pop()
            way.pop()
    return way, states[-1]


def shortest(graph: WordGraph, limit: int) -> Iterator[str]:
    """Up to so many ways through the graph, shortest first; some may say the same."""
    left = _words_left(graph)
    counted = count()
    # Fewest words in all first, then the longest beginning: it never strays.
    ways: list[tuple[int, int, int, int, tuple[str, ...]]] = [(left[0], 0, next(counted), 0, ())]
    while ways and limit > 0:
        _, _, _, state, words = heappop(ways)
        if state in graph.final:
            limit -= 1
            yield " ".join(words)
        for arc in graph.arcs[state]:
            longer = len(words) + 1
            entry = (longer + left[arc.target], -longer, next(counted), arc.target)
            heappush(ways, (*entry, (*words, arc.word)))


def _words_left(graph: WordGraph) -> dict[int, int]:
    """For each state the fewest words to an end."""
    origins: dict[int, list[int]] = {}
    for state, arcs in enumerate(graph.arcs):
        for arc in arcs:
            origins.setdefault(arc.target, []).append(state)
    left = dict.fromkeys(graph.final, 0)
    queue = deque(left)
    while queue:
        state = queue.popleft()
        for origin in origins.get(state, ()):
            if origin not in left:
                left[origin] = left[state] + 1
                queue.append(origin)
    return left


def validate(template: str, vocabulary: Vocabulary) -> None:
    """Raises TemplateError when the template cannot be used."""
    word_graph(template, vocabulary)


def sample(template: str, vocabulary: Vocabulary, limit: int) -> list[str]:
    """Up to so many ways to say it, shortest first. Raises TemplateError."""
    return list(dict.fromkeys(shortest(word_graph(template, vocabulary), limit)))


def words_of(template: str, vocabulary: Vocabulary) -> frozenset[str]:
    """Every word the template can be said with. Raises TemplateError."""
    graph = word_graph(template, vocabulary)
    return frozenset(arc.word for arcs in graph.arcs for arc in arcs)


def example_of(template: str, vocabulary: Vocabulary) -> str:
    """One natural way to say it: options left out, else the first choice. Raises TemplateError."""
    return normalise(plainest(parse(template), vocabulary))
