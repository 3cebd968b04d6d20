"""Calls into libraries that may never return: PortAudio while a sound server stands still.

Rules: each runs in a thread of its own, so that waiting for it has a bound, and Ctrl-C reaches the
waiting thread. A thread that is stuck cannot be ended; it is left behind, and what it opened, if
it ever returns, is undone.
"""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from voice_ally.supervised.child_process import NoAnswer

T = TypeVar("T")


class Call(Generic[T]):
    """One call, begun.

    undo: what is done with a result that comes after nobody wants it any more.
    """

    def __init__(
        self, what: Callable[[], T], undo: Callable[[T], object] = lambda _result: None
    ) -> None:
        self._what, self._undo = what, undo
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._abandoned = False
        self._result: list[T] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True, name="call")
        self._thread.start()

    def _run(self) -> None:
        try:
            result = self._what()
        except BaseException as error:
            self._error = error
        else:
            with self._lock:
                self._result.append(result)
                late = self._abandoned
            if late:
                self._undo(result)
        finally:
            self._over.set()

    @property
    def is_over(self) -> bool:
        """Has it returned?"""
        return self._over.is_set()

    def wait(self, seconds: float) -> T:
        """Its result. Raises NoAnswer when it takes longer (it may be waited for again), or what
        the call raised."""
        self._over.wait(seconds)
        if not self._over.is_set():
            raise NoAnswer(f"no answer within {seconds:.1f} s")
        if self._error is not None:
            raise self._error
        return self._result[0]

    def abandon(self) -> None:
        """Nobody will wait for it any more."""
        with self._lock:
            self._abandoned = True
            late = not self._result
        if not late:
            self._undo(self._result[0])


def within(
    seconds: float, what: Callable[[], T], undo: Callable[[T], object] = lambda _result: None
) -> T:
    """What it returns. Raises NoAnswer when it takes longer, or what it raises itself."""
    call = Call(what, undo)
    try:
        return call.wait(seconds)
    except BaseException:  # Ctrl-C too
        call.abandon()
        raise
