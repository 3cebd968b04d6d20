"""Phrases that together show all a word graph allows, for a recogniser that takes phrases.

Rules: every arc is in some phrase, since what is in none cannot be heard at all; arcs lead to
higher states; the same graph gives the same phrases in the same order.
"""

from collections.abc import Iterator, Mapping, Sequence

MOST_SAMPLES = 4_000
"""Phrases in a sample, unless it takes more for every arc to be in some phrase."""
Moves = Sequence[Mapping[str, int]]
"""Per state where each word leads."""


def covering_sample(arcs: Moves, finals: frozenset[int]) -> tuple[str, ...]:
    """Phrases in which every arc occurs, and every pair of neighbouring arcs while the sample
    stays below a few thousand. Arcs must lead to higher states."""
    return _Sample(arcs, finals).phrases()


class _Sample:
    def __init__(self, arcs: Moves, finals: frozenset[int]) -> None:
        self._arcs, self._finals = arcs, finals
        self._begin = _first_arcs_in(arcs)
        self._end = _next_words_out(arcs, finals)
        self._phrases: dict[tuple[str, ...], None] = {}
        self._fresh = [dict.fromkeys(mine) for mine in arcs]
        """Of each state the words that are in no phrase yet."""

    def phrases(self) -> tuple[str, ...]:
        """Arcs first: a phrase that is in no sample cannot be heard at all."""
        for state, fresh in enumerate(self._fresh):
            while fresh:
                self._add(state, next(iter(fresh)))
        if len(self._phrases) < MOST_SAMPLES:
            self._add_pairs()
        return tuple(" ".join(words) for words in self._phrases)

    def _add_pairs(self) -> None:
        seen = {pair for words in self._phrases for pair in self._pairs(words)}
        for state, arcs in enumerate(self._arcs):
            for word, target in arcs.items():
                last = [""] if target in self._finals else []
                for second in (*self._arcs[target], *last):
                    if (state, word, second) not in seen:
                        seen.update(self._pairs(self._add(state, word, second)))
                if len(self._phrases) >= MOST_SAMPLES:
                    return

    def _pairs(self, words: tuple[str, ...]) -> Iterator[tuple[int, str, str]]:
        state = 0
        for word, second in zip(words, (*words[1:], ""), strict=True):
            yield state, word, second
            state = self._arcs[state][word]

    def _add(self, state: int, word: str, second: str | None = None) -> tuple[str, ...]:
        """A phrase with this word from this state, then the second ("": none); from there over
        arcs that are in no phrase yet, then the shortest way to an end."""
        begun = state
        words = []
        while begun:
            begun, before = self._begin[begun]
            words.append(before)
        words.reverse()
        at = 0
        for one in words:
            self._fresh[at].pop(one, None)
            at = self._arcs[at][one]
        while word:
            words.append(word)
            self._fresh[at].pop(word, None)
            at = self._arcs[at][word]
            following = next(iter(self._fresh[at]), self._end[at])
            word, second = (following if second is None else second), None
        phrase = tuple(words)
        self._phrases[phrase] = None
        return phrase


def _first_arcs_in(arcs: Moves) -> dict[int, tuple[int, str]]:
    """For each state but the start, one arc that leads to it: on the shortest way."""
    into: dict[int, tuple[int, str]] = {}
    words = {0: 0}
    for state, mine in enumerate(arcs):
        for word, target in mine.items():
            if target not in words or words[target] > words[state] + 1:
                words[target] = words[state] + 1
                into[target] = (state, word)
    return into


def _next_words_out(arcs: Moves, finals: frozenset[int]) -> list[str]:
    """For each state the next word on the shortest way to an end; empty where it may end."""
    words_left = [0] * len(arcs)
    words_out = [""] * len(arcs)
    for state in range(len(arcs) - 1, -1, -1):
        if state not in finals and arcs[state]:
            word, target = min(arcs[state].items(), key=lambda arc: words_left[arc[1]])
            words_left[state], words_out[state] = words_left[target] + 1, word
    return words_out
