"""A process that renders lines, and may die or hang at any moment.

Rules: what it runs is a module of ours that takes one argument (JSON, how to speak), greets
with one JSON line, and answers each request line with a JSON line and so many bytes of PCM.
A child that has ended is always waited for, so none is left behind as a zombie.
"""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import voice_ally
from voice_ally.core.errors import VoiceProblem

Head = dict[str, Any]


class BrokenChild(Exception):
    """The child died, fell silent or made no sense; another may do better."""


class DeadChild(BrokenChild):
    """Its process is gone, for whatever reason."""


class HungChild(BrokenChild):
    """It did not answer in time."""


class Child:
    """One rendering process that speaks in one way. ended is called when it is gone."""

    def __init__(
        self, module: str, how: Head, ended: Callable[["Child"], None] | None = None
    ) -> None:
        root = str(Path(voice_ally.__file__).parent.parent)
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        # -P: a file called wave.py in somebody's folder must not get in the way.
        # A session of its own: Ctrl-C in the terminal is ours to handle, not the child's.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", module, json.dumps(how)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        self._greeted = False
        self._too_late = False
        self._lock = threading.Lock()
        self._ended = ended
        threading.Thread(target=self._wait, daemon=True, name="voice child").start()

    def _wait(self) -> None:
        self._process.wait()
        if self._ended is not None:
            self._ended(self)

    @property
    def process_id(self) -> int:
        """For tests and the curious."""
        return self._process.pid

    def render(self, request: Head, seconds: float) -> tuple[int, bytes]:
        """Sample rate and samples. Raises BrokenChild, or VoiceProblem if no child can do it."""
        with self._lock:
            watchdog = self._watchdog(seconds)
            try:
                return self._ask(request)
            except BrokenChild as broken:
                if self._too_late:
                    raise HungChild("it took too long") from broken
                raise
            finally:
                watchdog.cancel()

    def greeting(self, seconds: float) -> Head:
        """What it said at its start. Raises BrokenChild."""
        with self._lock:
            watchdog = self._watchdog(seconds)
            try:
                return self._head()
            finally:
                watchdog.cancel()

    def _ask(self, request: Head) -> tuple[int, bytes]:
        try:
            stdin, stdout = self._process.stdin, self._process.stdout
            assert stdin and stdout
            stdin.write(json.dumps(request).encode() + b"\n")
            stdin.flush()
            self._greet()
            head = self._head()
            pcm16 = stdout.read(head.get("bytes", 0))
        except (OSError, ValueError) as error:
            # a child that gave up at once has left the reason
            self._greet()
            raise DeadChild(f"{type(error).__name__}: {error}") from error
        if "error" in head:
            raise BrokenChild(head["error"])
        if len(pcm16) != head["bytes"]:
            raise DeadChild("the line is incomplete")
        return head["rate"], pcm16

    def _greet(self) -> None:
        if not self._greeted:
            self._greeted = True
            if problem := self._head().get("error"):
                raise VoiceProblem(problem)

    def _watchdog(self, seconds: float) -> threading.Timer:
        def give_up() -> None:
            self._too_late = True
            self._process.kill()

        watchdog = threading.Timer(seconds, give_up)
        watchdog.daemon = True
        watchdog.start()
        return watchdog

    def _head(self) -> Head:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise DeadChild("its process ended")
        try:
            head: Head = json.loads(line)
        except ValueError as error:
            raise BrokenChild("it makes no sense") from error
        if mend := head.get("mend"):
            head["error"] = f"{head['error']} {mend}"
        return head

    def end(self) -> None:
        """Kill it; a render under way in another thread ends with BrokenChild."""
        self._process.kill()
        with self._lock:
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
