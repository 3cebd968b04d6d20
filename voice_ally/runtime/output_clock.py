"""The session's clock in real time: the samples of the loudspeaker, counted.

Rules: a moment of this clock is a sample of the output, so what is placed on it cannot drift,
however fast or slow the sound card runs against the computer's own clock. Between two blocks
the computer's clock fills in. Never goes backwards; while no sound passes it stands still.
"""

import threading
import time
from collections.abc import Callable

from voice_ally.core.sound import to_seconds

SLACK_SECONDS = 0.25
"""Devices take their blocks in bursts; beyond this it is no burst but a stop, or a jump."""
FOLLOW_SECONDS = 10.0
"""How slowly it follows the output: bursts even out, a card's true speed is kept up with."""


class OutputClock:
    """Seconds of output since the start. position gives the samples pulled so far."""

    def __init__(
        self, position: Callable[[], int], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._position, self._monotonic = position, monotonic
        self._lock = threading.Lock()
        self._asked = monotonic()
        self._offset = self._asked - to_seconds(position())
        self._latest = 0.0

    def now(self) -> float:
        """The present moment."""
        with self._lock:
            present = self._monotonic()
            played = to_seconds(self._position())
            ahead = present - self._offset - played
            if abs(ahead) > SLACK_SECONDS:
                wanted = SLACK_SECONDS if ahead > 0 else -SLACK_SECONDS
                self._offset += ahead - wanted
            else:
                share = min(1.0, (present - self._asked) / FOLLOW_SECONDS)
                self._offset += ahead * share
            self._asked = present
            self._latest = max(self._latest, present - self._offset)
            return self._latest
