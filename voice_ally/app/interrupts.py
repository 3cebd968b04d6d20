"""Ctrl-C, so that it is never lost.

Rules: an interrupt that falls into an import is dropped by Python itself (it prints a traceback
and goes on), which would leave somebody unable to stop the program. So each is remembered, and
the loops that could run on ask after it.
"""

import signal
import sys
from types import FrameType

_requested = False


def install() -> None:
    """From now on every Ctrl-C is remembered, and none prints a traceback."""
    signal.signal(signal.SIGINT, _remember)
    usual = sys.unraisablehook

    def quietly(unraisable: "sys.UnraisableHookArgs") -> None:
        if unraisable.exc_type is not KeyboardInterrupt:
            usual(unraisable)

    sys.unraisablehook = quietly


def _remember(_signal: int, _frame: FrameType | None) -> None:
    global _requested
    _requested = True
    raise KeyboardInterrupt


def check() -> None:
    """Raises KeyboardInterrupt if there was one that went nowhere."""
    if _requested:
        raise KeyboardInterrupt
