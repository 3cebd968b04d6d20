"""Which phrases can be taken for one another: exactly, over all that can be said.

Rules: works on word graphs, never on lists of sentences, so that a phrase with a million ways
to be said costs no more than one with ten. Only what two phrases share is ever walked.
"""

from collections import Counter, deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from voice_ally.interpret.understanding import WordGraph

MOST_STEPS = 20_000
"""After so many shared beginnings the search ends; real packs need a few hundred."""
States = frozenset[tuple[int, int]]


@dataclass(frozen=True)
class Overlap:
    """Two phrases with something in common. Numbers count the graphs given."""

    first: int
    second: int
    said: str
    whole: bool
    """True: said is a way to say both. False: said is the first one whole, and the second goes
    on from there."""


class Automaton:
    """Several word graphs walked at once; what was walked is remembered."""

    def __init__(self, graphs: Sequence[WordGraph]) -> None:
        self._graphs = graphs
        self._moves: dict[States, dict[str, States]] = {}
        self.start: States = frozenset((number, 0) for number in range(len(graphs)))

    def moves(self, states: States) -> dict[str, States]:
        """Where each word leads."""
        known = self._moves.get(states)
        if known is None:
            reached: dict[str, set[tuple[int, int]]] = {}
            for number, state in states:
                for arc in self._graphs[number].arcs[state]:
                    reached.setdefault(arc.word, set()).add((number, arc.target))
            known = {word: frozenset(ends) for word, ends in reached.items()}
            self._moves[states] = known
        return known

    def complete(self, states: States) -> set[int]:
        """The graphs of which a whole phrase has been said."""
        return {number for number, state in states if state in self._graphs[number].final}

    def going_on(self, states: States) -> set[int]:
        """The graphs of which more words can follow."""
        return {number for number, state in states if self._graphs[number].arcs[state]}

    def matching(self, words: Sequence[str]) -> set[int]:
        """The graphs that can be said with exactly these words."""
        states = self.start
        for word in words:
            states = self.moves(states).get(word, frozenset())
        return self.complete(states)


def overlaps(automaton: Automaton, new: frozenset[int] | None = None) -> Iterator[Overlap]:
    """All pairs among these phrases, with the shortest words they share; of some, only those
    with one of these in it."""
    yield from _search(automaton, None, new)


class Overlaps:
    """The overlaps of one set of phrases, kept while the set changes by a few of them."""

    def __init__(self) -> None:
        self._known: list[tuple[Hashable, Hashable, str, bool]] = []
        self._keys: set[Hashable] = set()
        self._last: list[Hashable] = []
        self._found: list[Overlap] = []

    def among(self, keys: Sequence[Hashable], automaton: Automaton) -> list[Overlap]:
        """All pairs. keys: one for each graph of the automaton, telling it from every other."""
        if list(keys) == self._last:
            return self._found
        self._last = list(keys)
        counted: Counter[Hashable] = Counter()
        unique: list[Hashable] = []
        for key in keys:
            counted[key] += 1
            unique.append((key, counted[key]))
        numbers = {key: number for number, key in enumerate(unique)}
        new = frozenset(number for key, number in numbers.items() if key not in self._keys)
        few = len(new) * 4 < len(unique)
        kept = self._pairs(numbers) if few else []
        found = [*kept, *overlaps(automaton, new if few else None)]
        self._keys = set(unique)
        self._known = [
            (unique[one.first], unique[one.second], one.said, one.whole) for one in found
        ]
        self._found = found
        return found

    def _pairs(self, numbers: Mapping[Hashable, int]) -> list[Overlap]:
        """Those known before of which both are still there."""
        return [
            Overlap(numbers[first], numbers[second], said, whole)
            for first, second, said, whole in self._known
            if first in numbers and second in numbers
        ]


def overlaps_with(local: Automaton, world: Automaton) -> Iterator[Overlap]:
    """Pairs of a local phrase (first) and one of the world (second) that share all words."""
    yield from _search(local, world)


def _search(
    local: Automaton, world: Automaton | None, new: frozenset[int] | None = None
) -> Iterator[Overlap]:
    nowhere: States = frozenset()
    begin = (local.start, world.start if world else nowhere)
    ways: deque[tuple[States, States, str]] = deque([(*begin, "")])
    seen = {begin}
    told: set[tuple[int, int, bool]] = set()
    steps = MOST_STEPS
    while ways and steps > 0:
        steps -= 1
        here, there, said = ways.popleft()
        pairs = _shared(local, here) if world is None else _met(local, here, world, there)
        for first, second, whole in pairs:
            of_old = new is not None and first not in new and second not in new
            if (first, second, whole) not in told and not of_old:
                told.add((first, second, whole))
                yield Overlap(first, second, said, whole)
        abroad = world.moves(there) if world else {}
        for word, following in local.moves(here).items():
            beyond = abroad.get(word, nowhere)
            numbers = {number for number, _ in following}
            alone = len(numbers) < 2 or not (new is None or numbers & new)  # noqa: PLR2004 - a pair
            if not beyond if world else alone:
                continue
            if (following, beyond) not in seen:
                seen.add((following, beyond))
                ways.append((following, beyond, f"{said} {word}".strip()))


def _shared(automaton: Automaton, states: States) -> Iterator[tuple[int, int, bool]]:
    complete = automaton.complete(states)
    for first in sorted(complete):
        for second in sorted(complete):
            if first < second:
                yield first, second, True
        for second in sorted(automaton.going_on(states) - complete):
            yield first, second, False


def _met(
    local: Automaton, here: States, world: Automaton, there: States
) -> Iterator[tuple[int, int, bool]]:
    for first in sorted(local.complete(here)):
        for second in sorted(world.complete(there)):
            yield first, second, True
