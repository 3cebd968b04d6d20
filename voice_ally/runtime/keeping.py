"""What is kept on disk, by a thread of its own: the session never waits for a disk.

Rules: in the order it was asked for, and nothing is lost because a disk stands still: it is written
when that goes on. Who needs an answer waits for a moment at most, and then goes by what is known.
"""

import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from typing import TypeVar

from voice_ally.core.calendar import Moment, same_time
from voice_ally.runtime.ports import ReminderBook

T = TypeVar("T")
ANSWER_SECONDS = 0.25
"""A small machine's worn-out card takes a tenth; somebody who says "stop" is not kept waiting."""
CLOSE_SECONDS = 1.0
LOOK_EVERY_SECONDS = 0.5


class Keeper:
    """Does one thing after the other."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._is_late = False
        """Has somebody given up waiting, and is that not done yet?"""
        self._thread = threading.Thread(target=self._run, daemon=True, name="keeping")
        self._thread.start()

    def later(self, act: Callable[[], object]) -> None:
        """Nobody waits for it. What it raises is nobody's business."""
        self.begin(act)

    def begin(self, act: Callable[[], T]) -> "Future[T]":
        """Its result, some day."""
        result: Future[T] = Future()

        def do() -> None:
            try:
                result.set_result(act())
            except BaseException as error:
                result.set_exception(error)

        self._jobs.put(do)
        return result

    def answer(self, result: "Future[T]") -> T:
        """Raises TimeoutError where it does not come in time, and what the act itself raised."""
        try:
            found = result.result(0.0 if self._is_late else ANSWER_SECONDS)
        except TimeoutError:
            self._is_late = not result.done()
            raise
        self._is_late = False
        return found

    def _run(self) -> None:
        while (do := self._jobs.get()) is not None:
            do()

    def close(self) -> None:
        """What is asked for is done, as far as it takes no longer than a second."""
        self._jobs.put(None)
        self._thread.join(timeout=CLOSE_SECONDS)


class PromptReminders:
    """A book of reminders that never keeps anybody waiting for its disk."""

    def __init__(
        self,
        book: ReminderBook,
        keeper: Keeper,
        wall_clock: Callable[[], float] = time.time,
        steady_clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._book, self._keeper = book, keeper
        self._now, self._steady = wall_clock, steady_clock
        self._look_at = 0.0
        """When to ask next whether something is due."""
        self._known: list[tuple[float, str]] = []
        """What was waiting when that was last answered."""
        self._due: Future[list[str]] | None = None

    def add(
        self, seconds: float, dialog: str, *, days: int = 0, at: str = "", every: str = ""
    ) -> float:
        """See ports.ReminderBook."""
        begun = self._keeper.begin(
            lambda: self._book.add(seconds, dialog, days=days, at=at, every=every)
        )
        try:
            return self._keeper.answer(begun)
        except TimeoutError:
            return seconds_until(self._now(), seconds, days=days, at=at, every=every)

    def clear(self) -> None:
        """See ports.ReminderBook."""
        self._known = []
        self._keeper.later(self._book.clear)

    def waiting(self) -> list[tuple[float, str]]:
        """See ports.ReminderBook; where the disk stands still, as it was last."""
        with suppress(TimeoutError):
            self._known = self._keeper.answer(self._keeper.begin(self._book.waiting))
        return self._known

    def take_due(self) -> list[str]:
        """See ports.ReminderBook; what comes too late is given the next time."""
        if self._due is None and self._steady() < self._look_at:
            return []
        self._look_at = self._steady() + LOOK_EVERY_SECONDS
        self._due = self._due or self._keeper.begin(self._book.take_due)
        try:
            found = self._keeper.answer(self._due)
        except TimeoutError:
            return []
        self._due = None
        return found


def seconds_until(now: float, seconds: float, *, days: int, at: str, every: str) -> float:
    """From now to what is promised: see core.actions.Remind."""
    if not (at or days):
        return seconds
    moment = Moment(at, every) if at else same_time(now)
    return moment.after(now, days) - now
