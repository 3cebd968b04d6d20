"""What a recogniser may be able to do besides, and the listener uses where it can."""

from typing import Protocol

from voice_ally.core.audio import Pcm16
from voice_ally.core.speech import Hypothesis


class Spotter(Protocol):
    """Finds an urgent phrase without a pause after it; the recogniser itself, if it can."""

    reach_seconds: float
    """It looks at the last sound, so much of it."""

    def seems_urgent(self, after: Pcm16) -> bool:
        """Does it look as if one was just said? After what it was fed comes this."""

    def spot(self, after: Pcm16) -> Hypothesis:
        """One that was just said, or nothing."""


class Foreseer(Protocol):
    """Can begin to decode before it is known that the voice has ended; the recogniser itself, if
    it can."""

    def foresee(self, after: Pcm16) -> None:
        """It may just have ended. After what it was fed comes this."""
