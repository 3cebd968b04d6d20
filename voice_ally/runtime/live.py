"""A session in real time: threads bring events into one inbox, one thread handles them.

Rules: workers never touch the session; they post calls. The loop sleeps until something is
posted or due, so it costs nothing while nobody speaks.
"""

import contextlib
import queue
from collections.abc import Callable, Sequence
from typing import Protocol

from voice_ally.core.actions import Style
from voice_ally.core.ports import Clock
from voice_ally.core.sound import Sound, to_samples
from voice_ally.core.speech import Grammar
from voice_ally.interpret.understanding import Understanding
from voice_ally.runtime.lockstep import Mixer
from voice_ally.runtime.session import Session

LEAD_SECONDS = 0.15
"""What follows a wait is scheduled this far ahead, so that it is never late for its beginning."""
IDLE_WAKE_SECONDS = 0.5
"""How often reminders are looked at while nothing else happens."""

Inbox = queue.SimpleQueue[Callable[[], None]]


class ListenerControl(Protocol):
    """The commands a listening thread understands; see hear/thread.py."""

    def use(self, make: Callable[[], Grammar]) -> None:
        """Only these phrases from now on; made by the listening thread, as it takes a while."""

    def hear(self) -> None:
        """Listen."""

    def break_off(self) -> None:
        """Decide now what is under way."""


class NarratorControl(Protocol):
    """The commands a speaking thread understands; see speak/narrator.py."""

    def say(self, ticket: int, text: str, style: Style, start_sample: int) -> None:
        """Render a line and play it from that sample on, or as soon after it as possible."""

    def prepare(self, texts: Sequence[str], style: Style) -> None:
        """Render ahead."""

    def cut(self) -> None:
        """Drop what has been asked for."""


class LiveEars:
    """Hands the session's wishes to the listening thread."""

    def __init__(self, listener: ListenerControl) -> None:
        self._listener = listener

    def arm(self, understanding: Understanding) -> None:
        """Only these phrases from now on."""
        self._listener.use(lambda: understanding.grammar)

    def open(self) -> None:
        """Listen."""
        self._listener.hear()

    def break_off(self) -> None:
        """Decide now what is under way; a voice that goes on is a new utterance."""
        self._listener.break_off()


class NoEars:
    """For typed sessions: there is nothing to arm."""

    def arm(self, understanding: Understanding) -> None:
        """Typed words need no grammar."""

    def open(self) -> None:
        """Nothing to open."""

    def break_off(self) -> None:
        """Nothing is under way."""


class LiveMouth:
    """Hands lines to the speaking thread and tones straight to the mixer.

    The session's clock counts the samples of the output (see output_clock.py), so a moment is a
    sample and nothing can drift.
    """

    lead_seconds = LEAD_SECONDS

    def __init__(self, narrator: NarratorControl, mixer: Mixer) -> None:
        self._narrator, self._mixer = narrator, mixer

    def say(self, ticket: int, text: str, style: Style, at: float) -> None:
        """Render in the speaking thread, sound at that moment or as soon as that is done."""
        self._narrator.say(ticket, text, style, to_samples(at))

    def tone(self, ticket: int, pcm16: Sound, at: float, *, exact: bool = False) -> None:
        """Sound from that moment on."""
        self._mixer.play(ticket, pcm16, start_sample=to_samples(at), whole=not exact)

    def prepare(self, texts: Sequence[str], style: Style) -> None:
        """Render ahead."""
        self._narrator.prepare(texts, style)

    def lower(self, lowered: bool) -> None:
        """Sound softly while somebody speaks."""
        self._mixer.lower(lowered)

    def cut(self) -> None:
        """Silence."""
        self._mixer.cut()
        self._narrator.cut()


def run_live(
    session: Session,
    inbox: Inbox,
    clock: Clock,
    *,
    finished: Callable[[], bool],
    begun: Callable[[], None],
    dialog: str = "",
) -> None:
    """Begin, tell so, and handle what is posted and what is due, until finished."""
    session.begin(clock.now(), dialog)
    begun()
    while not finished():
        wait = min(session.next_deadline() - clock.now(), IDLE_WAKE_SECONDS)
        with contextlib.suppress(queue.Empty):
            inbox.get(timeout=max(0.0, wait))()
        session.tick(clock.now())
