"""What is waited for, by ticket.

Rules: pure. Every wait ends on a whole sample. A wait for an answer stands still while somebody
speaks. A wait in which somebody has the word never ends over them, but when they have been silent
for a while; it may also end before its time, once they have spoken and then fallen silent.
"""

from dataclasses import dataclass

from voice_ally.core.actions import Wait
from voice_ally.core.sound import to_samples, to_seconds

NEVER = float("inf")
MOST_OVERTIME_SECONDS = 600.0
"""So long at most is a speaker waited for beyond the time: a radio left on must not hold it up
for ever. As long as a script that was left alone goes on."""


@dataclass(frozen=True)
class Due:
    """A wait that is over."""

    ticket: int
    at: float
    fell_silent: bool = False
    """Before its time, because whoever spoke has fallen silent."""


@dataclass
class _Timer:
    wait: Wait
    due: float
    lead_seconds: float
    """So much earlier it is told of, for the sound which follows to begin on its sample."""
    spoken_until: float | None = None
    """When somebody last spoke since it began; None: nobody has."""

    def over(self, ticket: int, *, somebody_speaks: bool) -> Due | None:
        """When it is over, as far as can be said now; None: not while somebody speaks."""
        wait = self.wait
        gives_the_word = wait.after_speech_seconds or wait.until_quiet_seconds
        if somebody_speaks and wait.for_speech:
            return None
        if somebody_speaks and gives_the_word:
            last = self.due + MOST_OVERTIME_SECONDS
            return Due(ticket, last if wait.after_speech_seconds else self.due)
        end = self.due
        if self.spoken_until is None:
            return Due(ticket, end)
        if wait.after_speech_seconds:
            end = max(end, exact(self.spoken_until + wait.after_speech_seconds))
        if wait.until_quiet_seconds:
            quiet = exact(self.spoken_until + wait.until_quiet_seconds)
            if quiet < end:
                return Due(ticket, quiet, fell_silent=True)
        return Due(ticket, end)


def exact(seconds: float) -> float:
    """On a whole sample."""
    return to_seconds(to_samples(seconds))


class Timers:
    """All waits under way."""

    def __init__(self) -> None:
        self._timers: dict[int, _Timer] = {}
        self._spoken_before: float | None = None
        """When somebody last spoke in the wait that ended last."""

    def wait(self, wait: Wait, at: float, lead_seconds: float) -> None:
        """Wait from this moment on; its end is told of so long before."""
        lead = 0.0 if wait.for_speech else lead_seconds
        spoken = self._spoken_before if wait.carries_on else None
        self._timers[wait.ticket] = _Timer(wait, exact(at + wait.seconds), lead, spoken)

    def spoken(self, until: float) -> None:
        """Somebody has spoken, up to this moment."""
        for timer in self._timers.values():
            timer.spoken_until = max(until, timer.spoken_until or until)

    def next_told_at(self, *, somebody_speaks: bool) -> float:
        """When the next is to be told of; infinity when none runs."""
        ahead = self._ahead(somebody_speaks=somebody_speaks)
        return min((told_at for told_at, _ in ahead), default=NEVER)

    def pop_next(self, *, somebody_speaks: bool) -> Due:
        """The one to be told of next, which is over. There must be one."""
        ahead = self._ahead(somebody_speaks=somebody_speaks)
        _, due = min(ahead, key=lambda one: (one[0], one[1].ticket))
        self._spoken_before = self._timers.pop(due.ticket).spoken_until
        return due

    def clear(self) -> None:
        """Nothing is waited for any more."""
        self._timers.clear()

    def _ahead(self, *, somebody_speaks: bool) -> list[tuple[float, Due]]:
        """Each that will end if things stay as they are: when it is told of, and its end."""
        ends = (
            (timer.lead_seconds, timer.over(ticket, somebody_speaks=somebody_speaks))
            for ticket, timer in self._timers.items()
        )
        return [(end.at - lead, end) for lead, end in ends if end is not None]
