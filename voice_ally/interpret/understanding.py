"""Understanding: a set of phrases compiled once, giving what can be heard and what it means.

Rules: a phrase is matched whole or not at all; nothing is ever forced onto the nearest one.
Where two phrases match, the earlier one counts; where a not_meant phrase matches, none does.
Apostrophes and accents count only where they make a difference: "im scared" is "I'm scared".
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from voice_ally.core.actions import Phrase
from voice_ally.core.events import NO_SLOTS, SlotValue
from voice_ally.core.speech import Grammar, Outcome, Stakes
from voice_ally.interpret.grammar import NOT_MEANT, Automaton, minimal_graph
from voice_ally.interpret.text import normalise
from voice_ally.interpret.vocabulary import Vocabulary
from voice_ally.interpret.word_graph import (
    WordGraph,
    example_of,
    has_slots,
    sample,
    slots_of,
    validate,
    word_graph,
    words_of,
)

__all__ = [
    "Match",
    "Understanding",
    "Understandings",
    "WordGraph",
    "sample",
    "validate",
    "word_graph",
    "words_of",
]

CACHED = 64
"""Sets of phrases remembered; a long session arms a few dozen."""


@dataclass(frozen=True)
class Match:
    """What was said, understood."""

    phrase: Phrase
    slots: Mapping[str, SlotValue] = field(default_factory=lambda: NO_SLOTS)


class Understanding:
    """Phrases, compiled. Made by `of`, or by Understandings, which remembers."""

    def __init__(
        self, phrases: Sequence[Phrase], vocabulary: Vocabulary, not_meant: Sequence[str] = ()
    ) -> None:
        self._phrases = tuple(phrases)
        self._vocabulary = vocabulary
        self._templates = [*(one.template for one in phrases), *not_meant]
        """One for each phrase, then those that are not meant."""
        self._graphs = [word_graph(one, vocabulary) for one in self._templates]
        self._automaton = Automaton(self._graphs)

    @classmethod
    def of(
        cls, phrases: Sequence[Phrase], vocabulary: Vocabulary, not_meant: Sequence[str] = ()
    ) -> "Understanding":
        """The phrases, most local first, compiled. Raises TemplateError."""
        return Understandings(vocabulary, not_meant).of(phrases)

    @cached_property
    def grammar(self) -> Grammar:
        """The word graph for the recognisers, not_meant included. Raises TemplateError."""
        outcomes = [
            Outcome(f"{one.meaning.kind} {one.meaning.name}", one.stakes, has_slots(graph))
            for one, graph in zip(self._phrases, self._graphs, strict=False)
        ]
        not_meant = [Outcome(NOT_MEANT, Stakes.NOTHING)] * (len(self._graphs) - len(outcomes))
        urgent = frozenset(number for number, one in enumerate(self._phrases) if one.urgent)
        # one of its own: what is heard is understood by another thread meanwhile
        minimal = [minimal_graph(one, self._vocabulary) for one in self._templates]
        return Automaton(minimal).grammar([*outcomes, *not_meant], urgent)

    @property
    def size(self) -> int:
        """How many states the grammar has. Raises TemplateError."""
        return len(self.grammar.arcs)

    def match(self, text: str) -> Match | None:
        """What this means here, or None. Never raises."""
        words, found = self._found(text)
        if not found:
            return None
        return Match(self._phrases[found[0]], slots_of(self._graphs[found[0]], words))

    def meanings(self, text: str) -> tuple[Phrase, ...]:
        """Every phrase this is a way to say, earliest first; none if it is not meant."""
        return tuple(self._phrases[number] for number in self._found(text)[1])

    def examples(self, phrase: Phrase) -> str:
        """One natural way to say a phrase: options left out, else the first choice."""
        return example_of(phrase.template, self._vocabulary)

    def _found(self, text: str) -> tuple[Sequence[str], list[int]]:
        """The words as they stand in the phrases, and which phrases these are."""
        words: Sequence[str] = normalise(text).split()
        found = self._automaton.matching(words)
        if not found and (alike := self._automaton.alike(words)):
            words, found = alike, self._automaton.matching(alike)
        return words, self._meant(found)

    def _meant(self, found: list[int]) -> list[int]:
        if not found or found[-1] >= len(self._phrases):
            return []
        return [] if self._phrases[found[0]].meaning.kind == NOT_MEANT else found


class Understandings:
    """Compiles sets of phrases over one vocabulary, and remembers them."""

    def __init__(self, vocabulary: Vocabulary, not_meant: Sequence[str] = ()) -> None:
        self._vocabulary = vocabulary
        self._not_meant = tuple(not_meant)
        self._known: OrderedDict[tuple[Phrase, ...], Understanding] = OrderedDict()

    def of(self, phrases: Sequence[Phrase]) -> Understanding:
        """The phrases, compiled. Raises TemplateError for one that cannot be used."""
        key = tuple(phrases)
        if key not in self._known:
            self._known[key] = Understanding(key, self._vocabulary, self._not_meant)
            if len(self._known) > CACHED:
                self._known.popitem(last=False)
        self._known.move_to_end(key)
        return self._known[key]
