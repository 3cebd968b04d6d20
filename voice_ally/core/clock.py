"""The session's clock where sound devices set the pace.

Rules: monotonic seconds since it was made; the only place in core that asks what time it is.
"""

import time


class RealClock:
    """Seconds since this clock was made."""

    def __init__(self) -> None:
        self._start = time.monotonic()

    def now(self) -> float:
        """The present moment."""
        return time.monotonic() - self._start
