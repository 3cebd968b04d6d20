"""Opening a device through PortAudio, until it works.

Rules: nobody waits longer than they please; what is opened after nobody wants it any more is
closed again. While a call into PortAudio is stuck, no other is begun before the sound system
answers a child process, which can be ended where a call cannot: each stuck call goes on some day
beside the next opening, and ALSA's library does not always survive that.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

from voice_ally.devices.portaudio import (
    TRIAL,
    TURN_SECONDS,
    begin,
    left_behind,
    still_stuck,
)
from voice_ally.supervised.calls import Call
from voice_ally.supervised.child_process import NoAnswer

T = TypeVar("T")
STUCK_SECONDS, MOST_PATIENCE_SECONDS = 2.5, 20.0
"""Opening a device again: most take a tenth of a second. In 2 of 30 times that a sound server stood
still and went on, one was stuck for good."""
LOST_TURN_SECONDS = 0.5
"""Where the sound system answers, a stuck call goes on within a moment, or is lost."""
END_SECONDS = 0.5


class Question:
    """Does the sound system answer? Asked by a child process."""

    def __init__(self, program: str = "") -> None:
        self._command = [sys.executable, "-I", "-S", "-c", program or TRIAL]
        self._child: subprocess.Popen[bytes] | None = None
        self._begun = 0.0

    def is_answered(self, seconds: float) -> bool:
        """Within so long; asked further where it is not. True where nobody can be asked."""
        if self._child is None:
            if sys.platform != "linux":
                return True
            try:
                self._child = subprocess.Popen(
                    self._command,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            except OSError:
                return True
            self._begun = time.monotonic()
        child = self._child
        try:
            child.wait(seconds)
        except subprocess.TimeoutExpired:
            # it may have been lost by a sound server that goes on again
            if time.monotonic() - self._begun > STUCK_SECONDS:
                self.end()
            return False
        self._child = None
        return True

    def end(self) -> None:
        """Nobody wants to know any more; may be called twice."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            with suppress(subprocess.TimeoutExpired):
                child.wait(END_SECONDS)


class Opening(Generic[T]):
    """Opening a device, until it works: one call at a time, and another in the place of one that
    is stuck (a sound server may lose a question, and PortAudio waits for the answer for ever).

    undo: what is done with a stream that comes after nobody wants it any more.
    """

    def __init__(self, what: Callable[[], T], undo: Callable[[T], object]) -> None:
        self._what, self._undo = what, undo
        self._call: Call[T] | None = None
        self._begun = 0.0
        self._patience_seconds = STUCK_SECONDS
        self._question = Question()

    def wait(self, seconds: float) -> T:
        """The stream. Raises NoAnswer, where it may be waited for again, and what the call did."""
        if self._call is None:
            turn_seconds = TURN_SECONDS
            if still_stuck():
                if not self._question.is_answered(seconds):
                    raise NoAnswer("the sound system does not answer")
                turn_seconds = LOST_TURN_SECONDS
            self._call = begin(self._what, self._undo, turn_seconds)
            self._begun = time.monotonic()
        try:
            found = self._call.wait(seconds)
        except NoAnswer:
            left_behind()
            if time.monotonic() - self._begun > self._patience_seconds:
                self.abandon()
                # a slow device gets the time it needs, though not at once
                self._patience_seconds = min(2 * self._patience_seconds, MOST_PATIENCE_SECONDS)
            raise
        except BaseException:  # Ctrl-C too
            self.abandon()
            raise
        self._call, self._patience_seconds = None, STUCK_SECONDS
        return found

    def abandon(self) -> None:
        """Nobody will wait for it any more; may be called twice."""
        self._question.end()
        call, self._call = self._call, None
        if call is not None:
            call.abandon()
