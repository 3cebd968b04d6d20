"""Standard output and standard error, as far as they can be relied on: not at all.

Rules: no sign that steers a terminal comes out of text that is not ours (a dialog, a file's name, a
device's name). While a session runs, nothing waits for whoever reads: a reader that has gone, a
full disk, a pipe that nobody empties or a terminal that was held (Ctrl-S) costs what was to be
shown, never the sound or a "stop".
"""

import queue
import sys
import threading
import time
from contextlib import suppress
from typing import Any, TextIO

from voice_ally.core.plain_text import without_unprintable

MOST_WAITING = 1_000
"""Pieces of text that nobody has read yet; the newest are lost beyond that."""
END_SECONDS = 0.5
"""So long whoever reads may take for what is left at the end."""


class Output:
    """Stands in for a text stream."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._waiting: queue.Queue[str] | None = None
        """Where there is a thread that writes; None: whoever writes waits."""
        self._gone = False
        self._written = self._put = 0

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - encoding, isatty, fileno …
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Without what steers a terminal. Raises OSError only while nothing runs."""
        return self.write_as_it_is(without_unprintable(text))

    def write_as_it_is(self, text: str) -> int:
        """For a screen of our own."""
        if self._waiting is None:
            return self._stream.write(text)
        if not self._gone:
            with suppress(queue.Full):
                self._waiting.put_nowait(text)
                self._put += 1
        return len(text)

    def flush(self) -> None:
        """While a session runs somebody else does that."""
        if self._waiting is None:
            self._stream.flush()

    def wait_for_nobody(self) -> None:
        """From now on a thread writes; may be called twice."""
        if self._waiting is None:
            with suppress(OSError, ValueError):
                self._stream.flush()
            self._waiting = queue.Queue(MOST_WAITING)
            threading.Thread(target=self._write, daemon=True, name="output").start()

    def _write(self) -> None:
        assert self._waiting is not None
        while not self._gone:
            text = self._waiting.get()
            try:
                self._stream.write(text)
                self._stream.flush()
            except (OSError, ValueError):
                self._gone = True
            self._written += 1

    def finish(self, seconds: float = END_SECONDS) -> None:
        """What is left, as far as it is taken in time. Never raises."""
        deadline = time.monotonic() + seconds
        while self._waiting is not None and not self._gone and self._written < self._put:
            if time.monotonic() > deadline:
                return
            time.sleep(0.005)


class AsItIs:
    """The same stream for a screen of our own, that steers the terminal itself."""

    def __init__(self, output: Output) -> None:
        self._output = output

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - encoding, isatty, fileno …
        return getattr(self._output, name)

    def write(self, text: str) -> int:
        """All of it."""
        return self._output.write_as_it_is(text)


def stand_in() -> None:
    """From now on for standard output and standard error; may be called twice."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is not None and not isinstance(stream, Output):
            setattr(sys, name, Output(stream))


def wait_for_nobody() -> None:
    """A session begins."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, Output):
            stream.wait_for_nobody()


def finish() -> None:
    """The program ends."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, Output):
            stream.finish()


def for_a_screen() -> Any:  # noqa: ANN401 - a text stream
    """Standard output for one that draws."""
    return AsItIs(sys.stdout) if isinstance(sys.stdout, Output) else sys.stdout
