"""A process that renders lines, and may die or hang at any moment.

Rules: what it runs is a module of ours that takes one argument (JSON, how to speak), greets
with one JSON line, and answers each request line with a JSON line and so many bytes of PCM.
Waiting for it, and for it to take a request, is bounded (supervised/child_process.py).
"""

import json
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import IO, Any, TypeVar

from voice_ally.core.errors import VoiceProblem
from voice_ally.supervised.child_process import (
    BrokenChild,
    ChildProcess,
    DeadChild,
    NoAnswer,
)

__all__ = ["BrokenChild", "Child", "DeadChild", "Head", "HungChild"]

T = TypeVar("T")
Head = dict[str, Any]
MOST_BYTES = 100_000_000
"""Of one line's sound: half an hour. A head that announces more makes no sense."""


class LateChild(BrokenChild):
    """It has not greeted yet, and is left to go on with that."""


class HungChild(BrokenChild):
    """It did not answer in time."""


class Child:
    """One rendering process that speaks in one way. ended is called when it is gone."""

    def __init__(
        self, module: str, how: Head, ended: Callable[["Child"], None] | None = None
    ) -> None:
        self._process = ChildProcess(
            module, [json.dumps(how)], (lambda _: ended(self)) if ended else lambda _: None
        )
        self._greeting = self._process.submit(lambda _, back: _head(back))

    @property
    def process_id(self) -> int:
        """For tests and the curious."""
        return self._process.process_id

    def render(
        self, request: Head, seconds: float, start_seconds: float | None = None
    ) -> tuple[int, bytes]:
        """Sample rate and samples. Raises BrokenChild, or VoiceProblem if no child can do it.

        start_seconds: how long a child that has only begun is waited for; it goes on after that.
        """
        if start_seconds is not None and not wait([self._greeting], start_seconds).done:
            raise LateChild("it is still starting")
        return self._bounded(
            self._process.submit(lambda to, back: self._render(request, to, back)), seconds
        )

    def greeting(self, seconds: float) -> Head:
        """What it said at its start. Raises BrokenChild."""
        return self._bounded(self._greeting, seconds)

    def _bounded(self, answer: "Future[T]", seconds: float) -> T:
        try:
            return self._process.wait_for(answer, seconds)
        except NoAnswer as late:
            self._process.kill()
            raise HungChild("it took too long") from late

    def _render(self, request: Head, to: IO[bytes], back: IO[bytes]) -> tuple[int, bytes]:
        # it was read before: they are talked to one after the other
        if problem := self._greeting.result().get("error"):
            raise VoiceProblem(problem)
        to.write(json.dumps(request).encode() + b"\n")
        to.flush()
        head = _head(back)
        if "error" in head:
            raise BrokenChild(head["error"])
        rate_hz, size_bytes = head.get("rate"), head.get("bytes")
        if not isinstance(rate_hz, int) or not isinstance(size_bytes, int):
            raise BrokenChild("it makes no sense")
        if not 0 <= size_bytes <= MOST_BYTES:
            raise BrokenChild("it makes no sense")
        pcm16 = back.read(size_bytes)
        if len(pcm16) != size_bytes:
            raise DeadChild("the line is incomplete")
        return rate_hz, pcm16

    def end(self) -> None:
        """Kill it; a render under way in another thread ends with BrokenChild."""
        self._process.end()


def _head(back: IO[bytes]) -> Head:
    line = back.readline()
    if not line:
        raise DeadChild("its process ended")
    try:
        head: Head = json.loads(line)
        if mend := head.get("mend"):
            head["error"] = f"{head['error']} {mend}"
    except (ValueError, KeyError, AttributeError, RecursionError) as error:
        raise BrokenChild("it makes no sense") from error
    return head
