"""A terminal one can look at: what was written to it, as a person sees it."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time

import pyte

PATIENCE_SECONDS = 40.0


class Terminal:
    """A program on a real pseudo-terminal, and the picture it makes."""

    def __init__(
        self, command: list[str], env: dict[str, str], columns: int = 80, rows: int = 24
    ) -> None:
        self._keeper, ours = pty.openpty()
        self.written = b""
        self.settings_before = termios.tcgetattr(ours)
        self._ours = ours
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self._set_size(columns, rows)
        self.process = subprocess.Popen(
            command,
            env=env,
            stdin=ours,
            stdout=ours,
            stderr=ours,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - for Ctrl-C
        )

    def _set_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        self._screen.resize(rows, columns)
        self._set_size(columns, rows)

    def press(self, keys: bytes) -> None:
        os.write(self._keeper, keys)

    def look(self, seconds: float = 0.0) -> str:
        """What is to be seen now (or after so many seconds)."""
        until = time.monotonic() + seconds
        while True:
            left = max(0.0, until - time.monotonic())
            if not select.select([self._keeper], [], [], left)[0]:
                break
            try:
                written = os.read(self._keeper, 65536)
            except OSError:
                break
            self.written += written
            self._stream.feed(written)
        return "\n".join(line.rstrip() for line in self._screen.display)

    def wait_for(self, text: str) -> str:
        until = time.monotonic() + PATIENCE_SECONDS
        while text not in (seen := self.look(0.05)):
            assert time.monotonic() < until, f"no {text!r} in:\n{seen}"
        return seen

    def end(self) -> int:
        """Wait for the program, and let go of the terminal."""
        until = time.monotonic() + PATIENCE_SECONDS
        while self.process.poll() is None:
            assert time.monotonic() < until, self.look()
            self.look(0.05)
        self.look(0.1)
        return self.process.returncode

    @property
    def settings(self) -> list[object]:
        return termios.tcgetattr(self._ours)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(timeout=10)
        os.close(self._keeper)
        os.close(self._ours)


def picture(written: str, columns: int, rows: int) -> str:
    """What these characters look like on a terminal of that size."""
    screen = pyte.Screen(columns, rows)
    pyte.Stream(screen).feed(written)
    return "\n".join(line.rstrip() for line in screen.display)
