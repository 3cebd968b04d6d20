"""The program as it is, with two things that can be broken from outside: for the fault drill.

Rules: everything is real. Signal USR1 makes the recogniser raise at its next call; USR2 moves the
wall clock by the seconds in the file that DRILL_CLOCK names; QUIT writes where each thread is into
the file that DRILL_STACKS names.
"""

import faulthandler
import os
import signal
import time
from pathlib import Path
from typing import Any

_real_time = time.time
_moved_seconds = 0.0
_break_next = False


def _moved_time() -> float:
    return _real_time() + _moved_seconds


def _move_clock(_signal: int, _frame: object) -> None:
    global _moved_seconds
    _moved_seconds = float(Path(os.environ["DRILL_CLOCK"]).read_text())


def _break(_signal: int, _frame: object) -> None:
    global _break_next
    _break_next = True


class Breakable:
    """A recogniser that breaks when it is told to."""

    def __init__(self, recogniser: Any) -> None:  # noqa: ANN401 - any recogniser
        self._recogniser = recogniser

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever it has
        return getattr(self._recogniser, name)

    def _maybe_break(self) -> None:
        global _break_next
        if _break_next:
            _break_next = False
            raise RuntimeError("broken by the drill")

    def feed(self, pcm16: bytes) -> None:
        """More sound."""
        self._maybe_break()
        self._recogniser.feed(pcm16)

    def finish(self) -> object:
        """The end of an utterance."""
        self._maybe_break()
        return self._recogniser.finish()


def main() -> None:
    """`voice-ally`, breakable."""
    stacks = Path(os.environ["DRILL_STACKS"]).open("w")  # noqa: SIM115 - kept open
    faulthandler.register(signal.SIGQUIT, stacks, all_threads=True)
    time.time = _moved_time
    signal.signal(signal.SIGUSR1, _break)
    signal.signal(signal.SIGUSR2, _move_clock)
    from voice_ally.__main__ import start
    from voice_ally.app import parts

    make = parts.make_recogniser
    parts.make_recogniser = lambda *args, **how: Breakable(make(*args, **how))  # type: ignore[assignment]
    # the way every user starts it, and leaves it
    start()


if __name__ == "__main__":
    main()
