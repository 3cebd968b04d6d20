"""Where the mixed sound goes other than to a device: a WAV file, or nowhere.

Rules: whoever pulls is on time, with or without a device. Files are valid however the program
ends.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from voice_ally.core.errors import SpeakerProblem
from voice_ally.core.sound import BLOCK_SAMPLES, BLOCK_SECONDS, SAMPLE_RATE_HZ, Sound
from voice_ally.core.whole_files import may_replace

Failed = Callable[[str, Exception], None]


class Source(Protocol):
    """Gives the next samples to play; see playback.py."""

    def pull(self, n_samples: int) -> Sound:
        """Exactly n_samples."""


class WavWriter:
    """A WAV file that grows block by block. Opened at once, so that a bad path shows early."""

    def __init__(self, path: Path, channels: int = 1) -> None:
        import soundfile

        self._path = path
        if not may_replace(path, b"RIFF"):
            raise SpeakerProblem(
                f"{path} is there already, and is no WAV file.", mend="Name another file."
            )
        if path.is_fifo():
            # its length is written at the end, at the beginning of the file
            raise SpeakerProblem(
                f"{path} is a pipe: sound is written to files only.", mend="Name a file."
            )
        try:
            # Python says why a file cannot be opened, libsndfile does not
            path.open("wb").close()
            self._file = soundfile.SoundFile(
                path, "w", SAMPLE_RATE_HZ, channels, format="WAV", subtype="PCM_16"
            )
        except (OSError, RuntimeError) as error:
            raise self._problem(error) from error

    def write(self, *channels: Sound) -> None:
        """One block, a channel each. Raises SpeakerProblem, for example when a disk is full."""
        try:
            self._file.buffer_write(_interleaved(channels), dtype="int16")
        except (OSError, RuntimeError, AssertionError) as error:
            raise self._problem(error) from error

    def _problem(self, error: Exception) -> SpeakerProblem:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else None
        return SpeakerProblem(
            f"The sound cannot be written to {self._path} ({reason or reason_of(error)}).",
            mend="Is there room, and may you write there?",
        )

    def close(self) -> None:
        """Finish the file; may be called twice. Raises SpeakerProblem."""
        try:
            self._file.close()
        except (OSError, RuntimeError) as error:
            raise self._problem(error) from error


def _interleaved(channels: tuple[Sound, ...]) -> bytes:
    if len(channels) == 1:
        return channels[0]
    import numpy

    columns = [numpy.frombuffer(one, "<i2") for one in channels]
    return numpy.column_stack(columns).tobytes()


class PacedSpeaker:
    """Pulls in real time and hands the blocks to a writer, or to nobody."""

    latency_seconds = 0.0

    def __init__(self, source: Source, write: Callable[[Sound], None], failed: Failed) -> None:
        self._source, self._write, self._failed = source, write, failed
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="speaker")

    def start(self) -> None:
        """Begin to pull."""
        self._thread.start()

    def _run(self) -> None:
        due = time.monotonic()
        writing = True
        while not self._closing.is_set():
            block = self._source.pull(BLOCK_SAMPLES)
            try:
                if writing:
                    self._write(block)
            except Exception as error:
                # the session's sense of time hangs on being pulled: go on without the file
                writing = False
                self._failed("speaker", error)
            due += BLOCK_SECONDS
            self._closing.wait(max(0.0, due - time.monotonic()))

    def close(self) -> None:
        """Stop pulling; may be called twice."""
        self._closing.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=1.0)


class FileSpeaker(PacedSpeaker):
    """Plays into a WAV file, in real time, at once. Raises SpeakerProblem."""

    def __init__(self, source: Source, path: Path, failed: Failed) -> None:
        self._writer = WavWriter(path)
        super().__init__(source, self._writer.write, failed)
        self.start()

    def close(self) -> None:
        """Stop, and finish the file; may be called twice. Raises SpeakerProblem."""
        super().close()
        self._writer.close()


def reason_of(error: Exception) -> str:
    """What a library said, on one line."""
    text = str(error.args[0] if error.args else error)
    return " ".join(text.split()).rstrip(".")
