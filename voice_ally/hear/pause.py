"""A quiet moment within an utterance: when to look whether a phrase is complete, and how much quiet
it takes to believe that it was all.

Rules: pure; time is seconds of the sound.
"""

from dataclasses import dataclass
from math import inf

from voice_ally.core.speech import Decision, Grammar, Hypothesis

HARMLESS_SECONDS = 0.06
"""A "stop" is obeyed after so much quiet, also if it was only probably said. Hardly anybody who
says "stop shouting" is quiet for so long in between; should somebody be, it does no harm."""
LOOKS_SECONDS = (0.03, HARMLESS_SECONDS, 0.25)
"""After so much quiet it is looked at whether a phrase is complete. Within a short phrase the
gate hears no quiet at all: in none of 205 recordings of "computer" and in 9 of 200 of "view
glass", all between its words. What it hears ends some 50 ms after the voice itself."""
MAY_GO_ON_SECONDS = 0.25
"""A phrase that may still become another one is decided after so much quiet."""
LONG_MAY_GO_ON_SECONDS = 0.4
"""The same where it is long already. Of 155 coffee orders none has a longer pause within it; 8
have one of a quarter of a second."""
LONG_WORDS = 5


@dataclass
class Pause:
    """A quiet moment in the utterance under way, and how often it was looked at."""

    voiced_samples: int = 0
    again_seconds: float = inf
    """Of quiet, after which a long phrase is looked at once more."""
    looks: int = 0
    found: bool = False
    """Anything, in one of them?"""
    unfinished: bool = False
    """The beginning of a phrase, in one of them?"""
    likeliest: Hypothesis = Hypothesis()
    """The surest of what was found in it: more quiet behind a phrase does not unsay it."""
    harmless: Hypothesis | None = None
    """A "stop" that was found in it and only waits for more quiet."""

    @property
    def is_hopeless(self) -> bool:
        """Was what came before it looked at, and no phrase, nor the beginning of one?"""
        return self.looks > 0 and not (self.found or self.unfinished)

    def due(self, quiet_seconds: float, *, sparing: bool) -> int:
        """How many looks there should have been by now."""
        spared = sparing and not self.found
        looks = LOOKS_SECONDS[:-1] if spared else (*LOOKS_SECONDS, self.again_seconds)
        return sum(quiet_seconds >= one for one in looks)


def wait_after(found: Hypothesis, grammar: Grammar) -> float:
    """How much quiet it takes to believe that this was all: infinite, where none does."""
    if not found.text or not grammar.accepts(found.text):
        return inf
    sure = found.decision is Decision.ACT
    if grammar.is_settled(found.text) and sure:
        return 0.0
    if grammar.is_harmless(found.text):
        return HARMLESS_SECONDS
    if not sure:
        return inf
    long = len(found.text.split()) >= LONG_WORDS
    return LONG_MAY_GO_ON_SECONDS if long else MAY_GO_ON_SECONDS
