"""Somebody changes their dialogs in an editor while Voice Ally runs."""

import os
import subprocess
import sys
import threading
from pathlib import Path

HELLO = (
    'dialog: mine\ntriggers: ["tell me something kind"]\nsteps:\n  hello:\n    - say: "{line}"\n'
)
PATIENCE_SECONDS = 60.0


class Typing:
    """A session in which one types, and what it has answered."""

    def __init__(self, pack: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "voice_ally", "--typed", "--pack", str(pack)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "PULSE_SERVER": "unix:/nowhere"},
        )
        self._impatient = threading.Timer(PATIENCE_SECONDS, self._process.kill)
        self._impatient.start()

    def types(self, words: str) -> None:
        """A line."""
        assert self._process.stdin
        self._process.stdin.write(f"{words}\n")
        self._process.stdin.flush()

    def answers(self, wanted: str) -> list[str]:
        """All lines up to the first that holds this."""
        assert self._process.stdout
        lines = []
        for line in self._process.stdout:
            lines.append(line.strip())
            if wanted in line:
                return lines
        raise AssertionError(f"it never said {wanted!r}: {lines}")

    def ends(self) -> int:
        """Nothing more is typed."""
        self._process.communicate()
        self._impatient.cancel()
        return self._process.returncode


def test_what_is_saved_is_said_and_what_is_broken_is_named_and_left_out(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(HELLO.format(line="Good morning."))
    somebody = Typing(tmp_path)
    somebody.types("tell me something kind")
    somebody.answers("Good morning.")
    file.write_text(HELLO.format(line="Good evening."))
    somebody.answers("read again")
    somebody.types("tell me something kind")
    somebody.answers("Good evening.")
    file.write_text(HELLO.format(line="Good night.").replace("say:", "sya:"))
    told = somebody.answers("mine.yaml:5:7")
    somebody.types("tell me something kind")
    told += somebody.answers("Good evening.")
    assert not any("Traceback" in line or "Good night" in line for line in told)
    assert somebody.ends() == 0
