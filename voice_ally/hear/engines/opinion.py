"""What the two engines of second_opinion.py are asked, besides what every recogniser is.

Rules: Protocols only. The real ones are PocketSphinx (in this process or apart) and Vosk.
"""

from typing import Protocol

from voice_ally.core.audio import Pcm16
from voice_ally.core.ports import Recogniser
from voice_ally.core.speech import Hypothesis
from voice_ally.hear.engines.cry import Asked
from voice_ally.hear.engines.pocketsphinx_engine import Proposal
from voice_ally.hear.engines.rejection import Fit


class Proposer(Recogniser, Protocol):
    """An engine that always finds the best phrase, and says how well it fits."""

    def propose(self, sound: Pcm16 | None = None) -> Proposal | None:
        """What fits the sound so far, or this sound, best."""

    def foresee(self, sound: Pcm16) -> None:
        """It will probably be asked what fits this sound best."""

    def fit_of(self, text: str) -> Fit | None:
        """How well this phrase fits it, None if not at all."""


class Second(Recogniser, Asked, Protocol):
    """An engine that can be asked for one phrase alone."""

    def hear_alone(self, pcm16: Pcm16) -> Hypothesis:
        """What this sound is by itself, beside the utterance under way."""
