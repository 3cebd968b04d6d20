"""Flite's voices, softer than espeak-ng's; used where flite is installed.

Rules: flite runs once for each piece, in a process of its own; one that dies is started again.
The text goes in by standard input, so that it shows in no list of processes.
"""

import contextlib
import io
import os
import shutil
import subprocess
import tempfile
import threading
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.sound import Sound
from voice_ally.speak.shaping import plain, shaped, unmarked

PROGRAM = "flite"
USUAL_VOICE = "slt"
UNHURRIED_STRETCH = 1.12
LOW_SHIFT = 0.88
RENDER_SECONDS = 10.0
ATTEMPTS = 8
"""A piece that so many processes died over is given up."""


class FliteVoice:
    """Renders lines with one of flite's built-in voices. Raises VoiceProblem if it is not there."""

    at_commas = True

    def __init__(
        self, name: str = "", *, language: str = "en", render_seconds: float = RENDER_SECONDS
    ) -> None:
        voices = list_flite_voices()
        self._voice = name or USUAL_VOICE
        if not voices:
            raise VoiceProblem("Flite is not installed.", mend="Install it: sudo apt install flite")
        if self._voice not in voices:
            raise VoiceProblem(
                f'Flite has no voice "{name}".', mend=f"There are: {', '.join(voices)}."
            )
        self.name = f"flite:{self._voice}"
        self._language, self._render_seconds = language, render_seconds
        self._running: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._closed = False

    def warm_up(self) -> None:
        """Nothing to start ahead."""

    def render(self, text: str, style: Style) -> Sound:
        """The spoken line. Raises VoiceProblem."""
        self._check_open()
        if not plain(text):
            return Sound(b"")
        return shaped(
            text,
            style,
            lambda piece: self._piece(piece, style),
            language=self._language,
            at_commas=self.at_commas,
        )

    def _piece(self, text: str, style: Style) -> tuple[int, bytes]:
        how = [f"duration_stretch={UNHURRIED_STRETCH / style.rate:.3f}"]
        if style.low:
            how.append(f"f0_shift={LOW_SHIFT}")
        options = [word for one in how for word in ("--setf", one)]
        for _ in range(ATTEMPTS):
            self._check_open()
            with _nameless_file() as (path, descriptors, read):
                command = [PROGRAM, "-voice", self._voice, *options, "-f", "/dev/stdin", "-o", path]
                if self._run(command, unmarked(text).encode(errors="replace"), descriptors):
                    with (
                        contextlib.suppress(wave.Error, EOFError),
                        wave.open(io.BytesIO(read())) as sound,
                    ):
                        return sound.getframerate(), sound.readframes(sound.getnframes())
        raise VoiceProblem("Flite could not speak a line.", mend="Run: voice-ally doctor")

    def _run(self, command: list[str], text: bytes, descriptors: tuple[int, ...]) -> bool:
        try:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=descriptors,
                start_new_session=True,
            )
        except OSError as error:
            raise VoiceProblem(f"Flite cannot be started ({error}).") from error
        with self._lock:
            self._running = process
        try:
            process.communicate(text, timeout=self._render_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        return process.returncode == 0

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The process that is rendering, or was last."""
        with self._lock:
            return (self._running.pid,) if self._running else ()

    def _check_open(self) -> None:
        if self._closed:
            raise VoiceProblem("The voice has been closed.")

    def close(self) -> None:
        """End a render under way; may be called twice."""
        self._closed = True
        with self._lock:
            if self._running is not None:
                self._running.kill()


def list_flite_voices() -> list[str]:
    """The voices built into the flite that is installed; none where it is not."""
    if os.name != "posix" or not shutil.which(PROGRAM):
        return []
    try:
        told = subprocess.run(
            [PROGRAM, "-lv"], capture_output=True, text=True, timeout=RENDER_SECONDS, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return []
    return sorted(told.partition(":")[2].split())


def list_voices(language: str) -> Iterator[tuple[str, str]]:
    """See voices.Engine."""
    if language.startswith("en"):
        for name in list_flite_voices():
            yield f"flite:{name}", "flite, soft" if name == USUAL_VOICE else "flite"


def open_voice(name: str, language: str) -> FliteVoice:
    """See voices.Engine."""
    return FliteVoice(name, language=language)


@contextmanager
def _nameless_file() -> Iterator[tuple[str, tuple[int, ...], Callable[[], bytes]]]:
    """A path to write to, what to pass on for that, and how to read it; it leaves no trace."""
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("line"), "rb") as file:
            yield f"/proc/self/fd/{file.fileno()}", (file.fileno(),), file.read
        return
    with tempfile.TemporaryDirectory(prefix="voice-ally-") as private:
        path = Path(private) / "line.wav"
        yield str(path), (), path.read_bytes
