"""Ctrl-C, and being asked to end, so that neither is ever lost.

Rules: an interrupt that falls into an import is dropped by Python itself (it prints a traceback
and goes on), which would leave somebody unable to stop the program. So each is remembered, and
the loops that could run on ask after it.
"""

import signal
import sys
from types import FrameType

_requested: int | None = None
"""The signal that came."""
_ENDING = ("SIGTERM", "SIGHUP")
"""A service is ended; a terminal was closed. The latter does not exist on Windows."""
EXIT_INTERRUPTED = 130


def install() -> None:
    """From now on every Ctrl-C is remembered, and none prints a traceback."""
    signal.signal(signal.SIGINT, _remember)
    for name in _ENDING:
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) != signal.SIG_IGN:
            signal.signal(getattr(signal, name), _remember)
    usual = sys.unraisablehook

    def quietly(unraisable: "sys.UnraisableHookArgs") -> None:
        if unraisable.exc_type is not KeyboardInterrupt:
            usual(unraisable)

    sys.unraisablehook = quietly


def ignore() -> None:
    """It is ending already: no second signal may leave anything open."""
    for name in ("SIGINT", *_ENDING):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def exit_code() -> int:
    """Asked to end, ending is success; broken off by hand it is not."""
    return EXIT_INTERRUPTED if _requested in (None, signal.SIGINT) else 0


def _remember(number: int, _frame: FrameType | None) -> None:
    global _requested
    _requested = number
    raise KeyboardInterrupt


def check() -> None:
    """Raises KeyboardInterrupt if there was one that went nowhere."""
    if _requested is not None:
        raise KeyboardInterrupt
