"""Opening a device through PortAudio, until it works.

Rules: nobody waits longer than they please; what is opened after nobody wants it any more is
closed again.
"""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

from voice_ally.devices.portaudio import begin, left_behind
from voice_ally.supervised.calls import Call
from voice_ally.supervised.child_process import NoAnswer

T = TypeVar("T")
STUCK_SECONDS, MOST_PATIENCE_SECONDS = 2.5, 20.0
"""Opening a device again: most take a tenth of a second. In 2 of 30 times that a sound server stood
still and went on, one was stuck for good."""


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

    def wait(self, seconds: float) -> T:
        """The stream. Raises NoAnswer, where it may be waited for again, and what the call did."""
        if self._call is None:
            self._call = begin(self._what, self._undo)
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
        call, self._call = self._call, None
        if call is not None:
            call.abandon()
