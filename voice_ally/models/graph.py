"""Words with their pronunciations -> the graph of a Vosk model.

Rules: pure; the same words give the same bytes; nothing of the network depends on the words, so
new ones need no training. Vosk puts the phrases to listen for in front while it runs.

The graph is a tree of pronunciations that leads back to its root: a word is told on the arc where
it is the only one left, words that sound alike are told apart behind their last sound, and
silence may stand before each. A word may also be said as in Britain. `[unk]` is any sequence of
sounds, each at a cost.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

from voice_ally.models.accents import both
from voice_ally.models.openfst import Arc, Intervals, output_lookahead_fst, vector_fst
from voice_ally.models.phones import (
    PHONES,
    POSITIONS,
    SILENCE,
    TRANSITIONS,
    enter,
    kaldi_phone,
    stay,
)

Lexicon = Mapping[str, Sequence[tuple[str, ...]]]
"""Word -> its pronunciations, each a sequence of phones."""
UNKNOWN = "[unk]"
SOUND_COST = 3.0
"""Of each sound of [unk]: lower, and words are missed; higher, and foreign speech is a word."""
UNKNOWN_COST = 5.0
"""Of [unk] beside a word, where no phrases are set."""
SILENCE_COST = math.log(2)


def graph_files(lexicon: Lexicon, sound_cost: float = SOUND_COST) -> dict[str, bytes]:
    """Path within the model folder -> content. Raises ValueError for an unknown phone."""
    said = _ways(lexicon)
    # numbered in the order of the tree, the words behind any state are neighbours
    words = list(dict.fromkeys(word for sounds in sorted(said) for word in said[sounds]))
    tree = _Tree(words, said, sound_cost)
    symbols = ("<eps>", *words, UNKNOWN)
    likely = math.log(len(symbols) - 1)
    grammar = [
        Arc(0, 0, number, number, likely + (UNKNOWN_COST if word == UNKNOWN else 0.0))
        for number, word in enumerate(symbols)
        if number
    ]
    return {
        "graph/HCLr.fst": output_lookahead_fst(
            tree.arcs, tree.final, tree.states, tree.reachable(), tree.end_label
        ),
        "graph/Gr.fst": vector_fst(grammar, {0: 1.0}, 1, symbols),
        "graph/disambig_tid.int": _lines(tree.telling_apart),
        "graph/phones/word_boundary.int": _lines(_word_boundaries()),
    }


def _ways(lexicon: Lexicon) -> dict[tuple[int, ...], list[str]]:
    """Kaldi's phones -> the words that are said so."""
    said: dict[tuple[int, ...], list[str]] = {}
    for word in sorted(lexicon):
        for phones in sorted({way for one in lexicon[word] for way in both(one)}):
            try:
                said.setdefault(_positioned(phones), []).append(word)
            except (KeyError, ValueError) as error:
                raise ValueError(f'"{word}" has an unknown phone: {" ".join(phones)}') from error
    return said


def _lines(items: Sequence[object]) -> bytes:
    return "".join(f"{item}\n" for item in items).encode()


def _word_boundaries() -> list[str]:
    return [f"{SILENCE} nonword"] + [
        f"{kaldi_phone(phone, position)} {position}" for phone in PHONES for position in POSITIONS
    ]


def _positioned(phones: Sequence[str]) -> tuple[int, ...]:
    """Kaldi's numbers for the phones of one word."""
    if len(phones) == 1:
        return (kaldi_phone(phones[0], "singleton"),)
    first, *middle, last = phones
    return (
        kaldi_phone(first, "begin"),
        *(kaldi_phone(phone, "internal") for phone in middle),
        kaldi_phone(last, "end"),
    )


def _intervals(numbers: Iterable[int]) -> Intervals:
    """From each first to behind each last of neighbouring numbers."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number:
            found[-1] = (found[-1][0], number + 1)
        else:
            found.append((number, number + 1))
    return found


class _Tree:
    """Arcs from transition ids to words."""

    def __init__(
        self, words: Sequence[str], said: Mapping[tuple[int, ...], Sequence[str]], sound_cost: float
    ) -> None:
        self.arcs: list[Arc] = []
        self.states = 0
        self.end_label = len(words) + 2
        """Stands for the end among the labels that can be reached."""
        self._undecided: dict[int, set[int]] = {}
        """State -> the words it may still become; elsewhere any word may come next."""
        start, root, quiet = self._new(), self._new(), self._new()
        self.final = {start: 0.0, root: 0.0}
        self._link(start, root, 0, weight=SILENCE_COST)
        self._link(start, quiet, enter(SILENCE), weight=SILENCE_COST)
        self._link(quiet, quiet, stay(SILENCE))
        self._link(quiet, root, 0)
        number = {word: place for place, word in enumerate(words, 1)}
        most_alike = self._add_words(
            {sounds: sorted(number[word] for word in said[sounds]) for sounds in said}, start, root
        )
        self._add_unknown(len(words) + 1, start, root, sound_cost)
        first = TRANSITIONS + 1
        self.telling_apart = range(first, first + max(most_alike, 1))
        """Input labels that make no sound but carry the word where several sound the same."""

    def reachable(self) -> list[Intervals]:
        """For each state, which words can be told next."""
        anything = [(1, self.end_label + 1)]
        return [
            _intervals(self._undecided[state]) if state in self._undecided else anything
            for state in range(self.states)
        ]

    def _new(self) -> int:
        self.states += 1
        return self.states - 1

    def _link(
        self, source: int, target: int, sound: int, word: int = 0, weight: float = 0.0
    ) -> None:
        self.arcs.append(Arc(source, target, sound, word, weight))

    def _sound(self, source: int, phone: int, word: int = 0, weight: float = 0.0) -> int:
        """A phone, said for one frame or many, and the state behind it."""
        target = self._new()
        self._link(source, target, enter(phone), word, weight)
        self._link(target, target, stay(phone))
        return target

    def _add_words(
        self, said: Mapping[tuple[int, ...], Sequence[int]], start: int, root: int
    ) -> int:
        begun_by: dict[tuple[int, ...], set[int]] = {}
        for sounds, numbers in said.items():
            for length in range(1, len(sounds) + 1):
                begun_by.setdefault(sounds[:length], set()).update(numbers)
        behind: dict[tuple[int, ...], int] = {(): root}
        for sounds in sorted(said):
            for length in range(1, len(sounds) + 1):
                prefix = sounds[:length]
                if prefix in behind:
                    continue
                words = begun_by[prefix]
                told = length > 1 and len(begun_by[prefix[:-1]]) == 1
                tells = min(words) if len(words) == 1 and not told else 0
                behind[prefix] = self._sound(behind[prefix[:-1]], prefix[-1], tells)
                if len(words) > 1:
                    self._undecided[behind[prefix]] = words
        most = 0
        for sounds in sorted(said):
            if len(begun_by[sounds]) == 1:
                self._link(behind[sounds], start, 0)
                continue
            most = max(most, len(said[sounds]))
            for place, number in enumerate(said[sounds], 1):
                self._link(behind[sounds], start, TRANSITIONS + place, number)
        return most

    def _add_unknown(self, word: int, start: int, root: int, cost: float) -> None:
        """Two sounds or more."""
        first, further = self._new(), self._new()
        self._link(root, first, 0, word)
        for phone in PHONES:
            begin = self._sound(first, kaldi_phone(phone, "begin"), weight=cost)
            self._link(begin, further, 0)
            middle = self._sound(further, kaldi_phone(phone, "internal"), weight=cost)
            self._link(middle, further, 0)
            end = self._sound(further, kaldi_phone(phone, "end"), weight=cost)
            self._link(end, start, 0)
