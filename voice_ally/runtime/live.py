"""A session in real time: threads bring events into one inbox, one thread handles them.

Rules: workers never touch the session; they post calls. The loop sleeps until something is
posted or due, so it costs nothing while nobody speaks.
"""

import contextlib
import queue
from collections.abc import Callable, Sequence
from typing import Protocol

from voice_ally.core.actions import Style
from voice_ally.core.audio import Pcm16, to_samples, to_seconds
from voice_ally.core.ports import Clock
from voice_ally.core.speech import Grammar
from voice_ally.runtime.lockstep import Mixer
from voice_ally.runtime.session import Session

LEAD_SECONDS = 0.03
"""Tones are scheduled this far ahead, so that none is ever late for its own beginning."""
DRIFT_ALLOWED_SECONDS = 0.05
IDLE_WAKE_SECONDS = 0.5
"""How often reminders are looked at while nothing else happens."""

Inbox = queue.SimpleQueue[Callable[[], None]]


class ListenerControl(Protocol):
    """The commands a listening thread understands; see hear/thread.py."""

    def use(self, grammar: Grammar) -> None:
        """Only these phrases from now on."""

    def deafen(self) -> None:
        """Let sound pass by."""

    def hear(self) -> None:
        """Listen."""


class NarratorControl(Protocol):
    """The commands a speaking thread understands; see speak/narrator.py."""

    def say(self, ticket: int, text: str, style: Style) -> None:
        """Render and play a line."""

    def prepare(self, texts: Sequence[str], style: Style) -> None:
        """Render ahead."""

    def cut(self) -> None:
        """Drop what has been asked for."""


class LiveEars:
    """Hands the session's wishes to the listening thread."""

    def __init__(self, listener: ListenerControl) -> None:
        self._listener = listener

    def arm(self, grammar: Grammar) -> None:
        """Only these phrases from now on."""
        self._listener.use(grammar)

    def open(self) -> None:
        """Listen."""
        self._listener.hear()

    def shut(self) -> None:
        """Do not listen."""
        self._listener.deafen()


class NoEars:
    """For typed sessions: there is nothing to arm or shut."""

    def arm(self, grammar: Grammar) -> None:
        """Typed words need no grammar."""

    def open(self) -> None:
        """Nothing to open."""

    def shut(self) -> None:
        """Nothing to shut."""


class LiveMouth:
    """Hands lines to the speaking thread and tones straight to the mixer."""

    def __init__(self, narrator: NarratorControl, mixer: Mixer, clock: Clock) -> None:
        self._narrator, self._mixer, self._clock = narrator, mixer, clock
        self._anchor: float | None = None

    def say(self, ticket: int, text: str, style: Style, at: float) -> None:
        """Render in the speaking thread, sound as soon as that is done."""
        self._narrator.say(ticket, text, style)

    def tone(self, ticket: int, pcm16: Pcm16, at: float) -> None:
        """Sound from that moment on, on the grid of the output's own samples."""
        start = self._sample_at(at + LEAD_SECONDS)
        self._mixer.play(ticket, pcm16, start_sample=start)

    def prepare(self, texts: Sequence[str], style: Style) -> None:
        """Render ahead."""
        self._narrator.prepare(texts, style)

    def cut(self) -> None:
        """Silence."""
        self._mixer.cut()
        self._narrator.cut()

    def time_of(self, sample: int) -> float:
        """When this sample of the output is played, on the session's clock."""
        return to_seconds(sample) + self._offset()

    def _sample_at(self, at: float) -> int:
        return max(0, to_samples(at - self._offset()))

    def _offset(self) -> float:
        """Clock minus output position; kept while it stays true, so that tones stay even."""
        offset = self._clock.now() - to_seconds(self._mixer.position)
        if self._anchor is None or abs(offset - self._anchor) > DRIFT_ALLOWED_SECONDS:
            self._anchor = offset
        return self._anchor


def run_live(
    session: Session,
    inbox: Inbox,
    clock: Clock,
    *,
    finished: Callable[[], bool],
    dialog: str = "",
) -> None:
    """Handle what is posted and what is due, until finished."""
    session.begin(clock.now(), dialog)
    while not finished():
        wait = min(session.next_deadline() - clock.now(), IDLE_WAKE_SECONDS)
        with contextlib.suppress(queue.Empty):
            inbox.get(timeout=max(0.0, wait))()
        session.tick(clock.now())
