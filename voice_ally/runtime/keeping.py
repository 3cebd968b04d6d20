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
from typing import Any, TypeVar

from voice_ally.core.calendar import promised
from voice_ally.runtime.ports import ReminderBook

T = TypeVar("T")
ANSWER_SECONDS = 0.25
"""A small machine's worn-out card takes a tenth; somebody who says "stop" is not kept waiting."""
CLOSE_SECONDS = 1.0
LOOK_EVERY_SECONDS = 0.5
"""The session asks at every tick; each question takes two threads."""


class Keeper:
    """Does one thing after the other."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], object] | None] = queue.SimpleQueue()
        self._waited_for: Future[Any] | None = None
        """What somebody has given up waiting for: until it is done nobody waits for anything."""
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
        late = self._waited_for is not None and not self._waited_for.done()
        try:
            return result.result(0.0 if late else ANSWER_SECONDS)
        except TimeoutError:
            self._waited_for = self._waited_for if late else result
            raise

    def _run(self) -> None:
        while (do := self._jobs.get()) is not None:
            do()

    def end(self) -> None:
        """What was asked for until now is the last; does not wait."""
        self._jobs.put(None)

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """What is asked for is done, as far as it takes no longer than that."""
        self.end()
        self._thread.join(timeout=seconds)


def close_together(*keepers: Keeper) -> None:
    """All of them, in the time that one may take."""
    deadline = time.monotonic() + CLOSE_SECONDS
    for one in keepers:
        one.end()
    for one in keepers:
        one.close(max(0.0, deadline - time.monotonic()))


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
        """When what is due by the steady clock, as far as is known without the disk."""
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
            now = self._now()
            moment = promised(now, days, at, every)
            left = seconds if moment is None else moment.after(now, days) - now
            self._known = sorted([*self._known, (self._steady() + left, dialog)])
            return left

    def clear(self) -> None:
        """See ports.ReminderBook."""
        self._known = []
        self._keeper.later(self._book.clear)

    def waiting(self) -> list[tuple[float, str]]:
        """See ports.ReminderBook; where the disk stands still, as it was last."""
        now = self._steady()
        with suppress(TimeoutError):
            found = self._keeper.answer(self._keeper.begin(self._book.waiting))
            self._known = [(now + left, dialog) for left, dialog in found]
            return found
        return [(max(0.0, due - now), dialog) for due, dialog in self._known]

    def take_due(self, most: int | None = None) -> list[str]:
        """See ports.ReminderBook; what comes too late is given the next time."""
        if self._due is None and self._steady() < self._look_at:
            return []
        self._look_at = self._steady() + LOOK_EVERY_SECONDS
        self._due = self._due or self._keeper.begin(lambda: self._book.take_due(most))
        try:
            found = self._keeper.answer(self._due)
        except TimeoutError:
            return []
        self._due = None
        return found
