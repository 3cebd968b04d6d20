"""What is waited for, by ticket.

Rules: pure. Every wait ends on a whole sample; one that waits for somebody to begin to speak
stands still while somebody speaks.
"""

from dataclasses import dataclass

from voice_ally.core.audio import to_samples, to_seconds

NEVER = float("inf")


@dataclass(frozen=True)
class _Timer:
    due: float
    for_speech: bool
    told_at: float
    """A little before it is due, so that the sound which follows begins on its sample."""


class Timers:
    """All waits under way."""

    def __init__(self) -> None:
        self._timers: dict[int, _Timer] = {}

    def wait(self, ticket: int, due: float, *, for_speech: bool, lead_seconds: float) -> None:
        """Until this moment; it is told of so long before."""
        exact = to_seconds(to_samples(due))
        lead = 0.0 if for_speech else lead_seconds
        self._timers[ticket] = _Timer(exact, for_speech, exact - lead)

    def next_told_at(self, *, somebody_speaks: bool) -> float:
        """When the next is to be told of; infinity when none runs."""
        running = self._running(somebody_speaks=somebody_speaks)
        return min((self._timers[one].told_at for one in running), default=NEVER)

    def pop_next(self, *, somebody_speaks: bool) -> tuple[int, float]:
        """Ticket and due time of the one to be told of next, which is over. There must be one."""
        running = self._running(somebody_speaks=somebody_speaks)
        ticket = min(running, key=lambda one: (self._timers[one].told_at, one))
        return ticket, self._timers.pop(ticket).due

    def clear(self) -> None:
        """Nothing is waited for any more."""
        self._timers.clear()

    def _running(self, *, somebody_speaks: bool) -> list[int]:
        return [
            ticket
            for ticket, timer in self._timers.items()
            if not (timer.for_speech and somebody_speaks)
        ]
