"""What the recogniser of two passes asks of its engines, besides what every recogniser is.

Rules: Protocols only. The real ones are Vosk, PocketSphinx (in this process or in one of its own)
and the verifier of short words; tests have hand-written ones.
"""

from collections.abc import Mapping
from typing import Protocol

from voice_ally.core.audio import Pcm16
from voice_ally.core.ports import Recogniser
from voice_ally.core.speech import Grammar, Hypothesis
from voice_ally.hear.engines.acceptance import Fit
from voice_ally.hear.engines.pocketsphinx_engine import Proposal


class Streaming(Recogniser, Protocol):
    """An engine that decodes while sound comes in, and can be asked for one phrase alone."""

    def hear_alone(self, pcm16: Pcm16, grammar: Grammar) -> Hypothesis:
        """Which of these phrases this sound is by itself, beside the utterance under way."""

    def support(self, text: str, pcm16: Pcm16) -> float:
        """How much likelier than no phrase at all it is, as a logarithm."""


class Batch(Recogniser, Protocol):
    """An engine that decodes a whole utterance at once, and says how well a phrase fits."""

    def prepare(self, grammar: Grammar) -> None:
        """Among these phrases, too, it will be asked to choose."""

    def propose(self, sound: Pcm16, grammar: Grammar) -> Proposal | None:
        """Which of the phrases fits this sound best, however badly."""

    def foresee(self, sound: Pcm16, grammar: Grammar) -> None:
        """It will probably be asked the same in a moment."""

    def fit_of(self, text: str, sound: Pcm16) -> Fit | None:
        """How well this phrase fits, None if not at all."""


class Verifier(Protocol):
    """Knows a few words by their sound, and tells them from all others."""

    words: frozenset[str]
    """Those it knows."""

    def log_odds(self, pcm16: Pcm16) -> Mapping[str, float]:
        """For each word it knows, that the end of this sound is that word and nothing else."""

    def forget(self) -> None:
        """Nothing of what it was asked about is kept."""
