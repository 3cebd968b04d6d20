"""A child process that is replaced when it ends or hangs.

Rules: asking it never takes longer than the seconds given. Two outcomes are no answer: NoAnswer,
and BrokenChild where not even another child could be started. A child that is late is not waited
for a second time: until it has answered, asking raises NoAnswer at once. One that is late for
patience_seconds is replaced.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

from voice_ally.supervised.child_process import BrokenChild, ChildProcess, NoAnswer, Talk

T = TypeVar("T")
PATIENCE_SECONDS = 30.0
"""Longer than anything takes on a small machine."""
SPARED_SECONDS = 1.0
"""A child that lived shorter than this is not replaced before somebody asks: it would not stop."""
CHILDREN = 2
"""So many are tried for one question; it may be the question that kills them."""


class Answer(Generic[T]):
    """What was asked ahead of time; see Worker.submit()."""

    def __init__(self, child: ChildProcess, future: "Future[T]") -> None:
        self._child, self._future = child, future

    def wait(self, seconds: float) -> T:
        """Raises NoAnswer and BrokenChild."""
        return self._child.wait_for(self._future, seconds)


class Worker:
    """Keeps one child running. Raises OSError where none can be started.

    renewed: what each new child is to be told first, before anything that was asked.
    """

    def __init__(
        self,
        module: str,
        renewed: Callable[[ChildProcess], None],
        arguments: Sequence[str] = (),
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._module, self._renewed, self._arguments = module, renewed, arguments
        self._patience_seconds = patience_seconds
        self._lock = threading.Lock()
        self._closed = False
        self._child = self._start()

    def _start(self) -> ChildProcess:
        child = ChildProcess(self._module, self._arguments, self._ended)
        self._began = time.monotonic()
        self._renewed(child)
        return child

    def _ended(self, child: ChildProcess) -> None:
        """From a thread of the child's: so that the next question need not wait for a new one."""
        if time.monotonic() - self._began > SPARED_SECONDS:
            with self._lock:
                if child is self._child:
                    self._replace()

    def _replace(self) -> None:
        """With the lock held."""
        if self._closed:
            return
        self._child.kill()
        try:
            self._child = self._start()
        except OSError:  # no process may be started just now; asked again, it is tried again
            return

    def _current(self) -> ChildProcess:
        with self._lock:
            if not self._child.is_alive or self._child.busy_seconds > self._patience_seconds:
                self._replace()
            return self._child

    @property
    def process_id(self) -> int:
        """For tests and the curious."""
        return self._child.process_id

    @property
    def answers(self) -> bool:
        """False while it is known that asking would be in vain."""
        child = self._current()
        return child.is_alive and not child.is_late

    @property
    def is_busy(self) -> bool:
        """Would a question have to wait?"""
        return self._child.is_busy

    def tell(self, talk: Talk[T]) -> Answer[T]:
        """Nobody waits for it, or somebody later."""
        child = self._current()
        return Answer(child, child.submit(talk))

    def ask(self, talk: Talk[T], seconds: float) -> T:
        """The answer. Raises NoAnswer, BrokenChild, and what `talk` itself raises."""
        deadline = time.monotonic() + seconds
        broken = BrokenChild("it was closed")
        for _ in range(CHILDREN):
            child = self._current()
            if child.is_late:
                raise NoAnswer("it has not answered before this yet")
            try:
                return child.ask(talk, max(0.0, deadline - time.monotonic()))
            except BrokenChild as error:
                broken = error
        raise broken

    def close(self) -> None:
        """End the child; may be called twice."""
        with self._lock:
            self._closed = True
        self._child.end()
