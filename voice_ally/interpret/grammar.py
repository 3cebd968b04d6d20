"""Many word graphs made into one: what the recognisers may hear.

Rules: deterministic, then minimal (states with the same future are joined), numbered so that
every arc leads to a higher state; the same phrases in the same order give the same grammar.
"""

import hashlib
from collections.abc import Hashable, Sequence
from functools import lru_cache

from voice_ally.core.speech import Grammar, Outcome, Stakes
from voice_ally.interpret.covering_sample import Moves, covering_sample
from voice_ally.interpret.template import TemplateError
from voice_ally.interpret.text import loosely
from voice_ally.interpret.vocabulary import Vocabulary
from voice_ally.interpret.word_graph import WordArc, WordGraph, word_graph

MOST_STATES = 200_000
"""Of the grammar, before states are joined."""
NOT_MEANT = "not meant"
"""The meaning of what may be said beside the phrases without meaning any of them."""
WAITED_FOR = (Stakes.STOP, Stakes.ANSWER, Stakes.COMMAND)
"""Behind a stop. What begins something ("stop, you're scaring me") or comes to nothing ("stop
shouting") is mostly said in one breath; to wait for it would keep every stop waiting."""
_loosely = lru_cache(maxsize=16_384)(loosely)
"""For words of phrases only: words that were heard are not kept."""
Meant = tuple[Stakes, Hashable]
States = frozenset[tuple[int, int]]


class Automaton:
    """Several word graphs walked at once, made deterministic as far as it was walked."""

    def __init__(self, graphs: Sequence[WordGraph]) -> None:
        self._graphs = graphs
        start: States = frozenset((number, 0) for number in range(len(graphs)))
        self._sets = [start]
        self._moves: list[dict[str, int] | None] = [None]
        self._numbers = {start: 0}
        self._loose: dict[int, dict[str, list[str]]] = {}

    def moves(self, state: int) -> dict[str, int]:
        """Where each word leads from here."""
        known = self._moves[state]
        if known is None:
            reached: dict[str, set[tuple[int, int]]] = {}
            for number, at in self._sets[state]:
                for arc in self._graphs[number].arcs[at]:
                    reached.setdefault(arc.word, set()).add((number, arc.target))
            known = {word: self._number(frozenset(reached[word])) for word in sorted(reached)}
            self._moves[state] = known
        return known

    def complete(self, state: int) -> list[int]:
        """The graphs of which a whole phrase has been said here, in order."""
        return sorted(
            {number for number, at in self._sets[state] if at in self._graphs[number].final}
        )

    def matching(self, words: Sequence[str]) -> list[int]:
        """The graphs that can be said with exactly these words."""
        state = 0
        for word in words:
            moves = self.moves(state)
            if word not in moves:
                return []
            state = moves[word]
        return self.complete(state)

    def alike(self, words: Sequence[str]) -> tuple[str, ...]:
        """The words of the first phrase that differs from these in apostrophes and accents alone;
        none where there is no such phrase."""
        wanted = [loosely(word) for word in words]
        ways: list[tuple[int, tuple[str, ...]]] = [(0, ())]
        tried: set[tuple[int, int]] = set()
        while ways:
            state, so_far = ways.pop()
            if (len(so_far), state) in tried:
                continue
            tried.add((len(so_far), state))
            if len(so_far) < len(wanted):
                moves = self.moves(state)
                for word in reversed(self._alike_here(state).get(wanted[len(so_far)], ())):
                    ways.append((moves[word], (*so_far, word)))
            elif self.complete(state):
                return so_far
        return ()

    def _alike_here(self, state: int) -> dict[str, list[str]]:
        """The words that may come here, by their letters alone."""
        known = self._loose.get(state)
        if known is None:
            known = self._loose[state] = {}
            for word in self.moves(state):
                known.setdefault(_loosely(word), []).append(word)
        return known

    def grammar(self, outcomes: Sequence[Outcome], urgent: frozenset[int] = frozenset()) -> Grammar:
        """All of it. Raises TemplateError.

        `outcomes` has what each graph's phrases stand for; `urgent` are the graphs of what is
        obeyed at once.
        """
        every = self._every_move()
        meant = [self._outcome(one, outcomes) for one in range(len(every))]
        hasty = [
            one is not None
            and one.stakes is not Stakes.NOTHING
            and not urgent.isdisjoint(self.complete(number)[:1])
            for number, one in enumerate(meant)
        ]
        arcs, marked, joined = _join_same_futures(every, meant, hasty)
        finals, settled, likely, at_once = marked
        text = repr(
            (
                [sorted(one.items()) for one in arcs],
                *(sorted(one) for one in marked),
                sorted((state, repr(one)) for state, one in joined.items()),
            )
        )
        key = hashlib.sha256(text.encode()).hexdigest()[:16]
        sample = covering_sample(arcs, finals)
        return Grammar(key, arcs, finals, sample, settled, likely, at_once, joined)

    def _every_move(self) -> list[dict[str, int]]:
        """All of it, walked. Raises TemplateError."""
        every: list[dict[str, int]] = []
        while (state := len(every)) < len(self._sets):
            if state >= MOST_STATES:
                raise TemplateError("too_large", "These phrases can be said in too many ways.")
            every.append(self.moves(state))
        return every

    def minimal(self) -> WordGraph:
        """What the graphs allow, as one graph without slots: each word leads to one state, and
        states with the same future are one. Raises TemplateError."""
        every = self._every_move()
        said = Outcome(NOT_MEANT, Stakes.NOTHING)
        meant = [said if self.complete(state) else None for state in range(len(every))]
        arcs, (finals, *_), _ = _join_same_futures(every, meant, [False] * len(every))
        return WordGraph(
            tuple(tuple(WordArc(word, ((), ()), to) for word, to in mine.items()) for mine in arcs),
            dict.fromkeys(finals, ()),
        )

    def _outcome(self, state: int, outcomes: Sequence[Outcome]) -> Outcome | None:
        """What a phrase that ends here stands for, None where none does. A later graph outdoes
        all: those that are not meant come last."""
        complete = self.complete(state)
        if not complete:
            return None
        last = outcomes[complete[-1]]
        return last if last.meaning == NOT_MEANT else outcomes[complete[0]]

    def _number(self, states: States) -> int:
        if states not in self._numbers:
            self._numbers[states] = len(self._sets)
            self._sets.append(states)
            self._moves.append(None)
        return self._numbers[states]


def minimal_graph(template: str, vocabulary: Vocabulary) -> WordGraph:
    """What the template allows, without slots, in as few states as possible; made once. A grammar
    of many templates is made several times faster from these. Raises TemplateError."""
    known = vocabulary.minimal.get(template)
    if known is None:
        known = Automaton([word_graph(template, vocabulary)]).minimal()
        vocabulary.minimal[template] = known
    assert isinstance(known, WordGraph)
    return known


def _join_same_futures(
    moves: Moves, meant: Sequence[Outcome | None], hasty: Sequence[bool]
) -> tuple[tuple[dict[str, int], ...], tuple[frozenset[int], ...], dict[int, Outcome]]:
    """Join states from which the same can follow; the arcs, which states are final, settled,
    harmless and urgent, and what each final state stands for.

    The graph has no circles.
    """
    joined: dict[object, int] = {}
    arcs: list[dict[str, int]] = []
    marked: tuple[set[int], ...] = (set(), set(), set(), set())
    outcomes: dict[int, Outcome] = {}
    new_number: dict[int, int] = {}
    possible: dict[int, frozenset[Meant]] = {}
    """What can still be meant from a state on; of what is waited for, and of what is not, two are
    as good as many."""
    stack = [(0, False)]
    while stack:
        state, ready = stack.pop()
        if state in new_number:
            continue
        if not ready:
            stack.append((state, True))
            stack.extend((one, False) for one in moves[state].values())
            continue
        mine = {word: new_number[target] for word, target in moves[state].items()}
        one = meant[state]
        here = _meaning(one, state)
        following = {other for target in moves[state].values() for other in possible[target]}
        following |= here
        waited_for = {other for other in following if other[0] in WAITED_FOR}
        beside = list(following - waited_for)
        possible[state] = frozenset([*list(waited_for)[:2], *beside[:2]])
        likely = one is not None and one.stakes is Stakes.STOP and waited_for == here
        marks = (one is not None, bool(here) and len(following) == 1, likely, hasty[state])
        future = (marks, one, tuple(mine.items()))
        if future not in joined:
            joined[future] = len(arcs)
            arcs.append(mine)
            if one is not None:
                outcomes[joined[future]] = one
            for states, holds in zip(marked, marks, strict=True):
                if holds:
                    states.add(joined[future])
        new_number[state] = joined[future]
    last = len(arcs) - 1
    flipped = tuple(
        {word: last - target for word, target in mine.items()} for mine in reversed(arcs)
    )
    return (
        flipped,
        tuple(frozenset(last - one for one in states) for states in marked),
        {last - state: one for state, one in outcomes.items()},
    )


def _meaning(outcome: Outcome | None, state: int) -> set[Meant]:
    """What a phrase that ends in this state means, as one thing among all that may be meant."""
    if outcome is None:
        return set()
    if outcome.stakes is Stakes.NOTHING:
        return {(outcome.stakes, NOT_MEANT)}
    return {(outcome.stakes, (outcome.meaning, state) if outcome.by_words else outcome.meaning)}
