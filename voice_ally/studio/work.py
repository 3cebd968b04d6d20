"""What takes long is done apart, so that editing never waits for it.

Rules: a lane is one thread that does one thing after the other; what waits in it is bounded, and
what does not fit is refused in one sentence. Nothing that breaks in a lane ends it.
"""

import queue
import threading
from collections.abc import Callable, Iterable

from voice_ally.core.errors import UsageProblem

MOST_WAITING = 16
JOIN_SECONDS = 0.5


class Work:
    """Threads, started as they are first needed."""

    def __init__(self, lanes: Iterable[str]) -> None:
        self._queues: dict[str, queue.Queue[Callable[[], None] | None]] = {
            name: queue.Queue(MOST_WAITING) for name in lanes
        }
        self._threads: dict[str, threading.Thread] = {}
        self._lock = threading.Lock()

    def do(self, lane: str, act: Callable[[], None]) -> None:
        """Later, in its turn; act must not raise. Raises UsageProblem where too much waits."""
        with self._lock:
            try:
                self._queues[lane].put_nowait(act)
            except queue.Full:
                raise UsageProblem("Too much is asked for at once: wait a moment.") from None
            if lane not in self._threads:
                thread = threading.Thread(
                    target=self._run, args=(self._queues[lane],), name=f"studio {lane}", daemon=True
                )
                self._threads[lane] = thread
                thread.start()

    def waiting(self, lane: str) -> int:
        """How much waits there."""
        return self._queues[lane].qsize()

    @staticmethod
    def _run(waiting: "queue.Queue[Callable[[], None] | None]") -> None:
        while (act := waiting.get()) is not None:
            act()

    def close(self) -> None:
        """No more; what is under way is not waited for long."""
        with self._lock:
            threads = dict(self._threads)
        for lane in threads:
            waiting = self._queues[lane]
            while not waiting.empty():
                try:
                    waiting.get_nowait()
                except queue.Empty:
                    break
            waiting.put(None)
        for thread in threads.values():
            thread.join(JOIN_SECONDS)
