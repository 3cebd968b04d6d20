"""Ctrl-C, and being asked to end, so that neither is ever lost.

Rules: an interrupt that falls into an import is dropped by Python itself (it prints a traceback
and goes on), which would leave somebody unable to stop the program. So each is remembered, the
loops that could run on ask after it, and until the program says that it is ending it is raised
again every second. While a session runs the first one breaks nothing off: an exception in the midst
of a lock would leave other threads waiting for it for ever.
"""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_requested: int | None = None
"""The signal that came."""
_ends_well = False
"""Is being asked to end what it runs until?"""
_ending = False
"""It is too late to interrupt anything."""
_ENDING = ("SIGTERM", "SIGHUP")
"""A service is ended; a terminal was closed. The latter does not exist on Windows."""
EXIT_INTERRUPTED = 130
AGAIN_SECONDS = 1.0
"""Longer than most tidying up takes."""
_wake: Callable[[], None] | None = None
"""Of a loop that asks check() each time it goes round."""
_HAS_TIMER = hasattr(signal, "setitimer")
"""Not on Windows."""


def install() -> None:
    """From now on every Ctrl-C is remembered, and none prints a traceback."""
    signal.signal(signal.SIGINT, _remember)
    for name in _ENDING:
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) != signal.SIG_IGN:
            signal.signal(getattr(signal, name), _remember)
    if _HAS_TIMER:
        signal.signal(signal.SIGALRM, _once_more)
    usual = sys.unraisablehook

    def quietly(unraisable: "sys.UnraisableHookArgs") -> None:
        # What an interrupt broke off (a model half loaded) may complain as it is thrown away.
        if unraisable.exc_type is not KeyboardInterrupt and _requested is None:
            usual(unraisable)

    sys.unraisablehook = quietly


def ignore() -> None:
    """It is ending already: no second signal may leave anything open, nor one that has come and
    was not handled yet."""
    global _ending
    _ending = True
    if _HAS_TIMER:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
    for name in ("SIGINT", *_ENDING):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)


def ending_is_success() -> None:
    """From now on nothing is left half done when somebody asks it to end: a session is over."""
    global _ends_well
    _ends_well = True


@contextmanager
def first_only_noted(wake: Callable[[], None]) -> Iterator[None]:
    """Meanwhile a first Ctrl-C only calls `wake`, for a loop that asks check(); a second one, or a
    second later, it is raised wherever the program is. `wake` must be safe in a signal handler.
    """
    global _wake
    _wake = wake
    try:
        yield
    finally:
        _wake = None


def exit_code() -> int:
    """A session that is asked to end succeeds; broken off by hand, or with work left, nothing
    does: as the shell has it, 128 and the number of the signal."""
    if _requested in (None, signal.SIGINT):
        return EXIT_INTERRUPTED
    return 0 if _ends_well else 128 + int(_requested)


def _remember(number: int, _frame: FrameType | None) -> None:
    global _requested
    if _ending:
        return
    first, _requested = _requested is None, number
    if _HAS_TIMER:
        signal.setitimer(signal.ITIMER_REAL, AGAIN_SECONDS, AGAIN_SECONDS)
    if first and _wake is not None:
        _wake()
        return
    raise KeyboardInterrupt


def _once_more(_number: int, _frame: FrameType | None) -> None:
    if not _ending:
        raise KeyboardInterrupt


def check() -> None:
    """Raises KeyboardInterrupt if there was one that went nowhere."""
    if _requested is not None:
        raise KeyboardInterrupt
