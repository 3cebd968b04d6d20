"""A recording in place of the microphone.

Rules: any WAV, FLAC or OGG; read piece by piece; a file that holds no sound is refused before
anything starts, in one sentence.
"""

import io
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from voice_ally.core.audio import BLOCK_SECONDS, SAMPLE_RATE_HZ, Pcm16
from voice_ally.core.errors import RecordingProblem
from voice_ally.hear.blocks import BlockMaker

FRAMES_AT_ONCE = 4096
STANDARD_INPUT = "-"


class RecordingMicrophone:
    """Blocks from a file, or from standard input for "-"."""

    dropped_blocks = 0

    def __init__(self, path: str, *, real_time: bool) -> None:
        self.name = "standard input" if path == STANDARD_INPUT else path
        self._real_time = real_time
        self._closed = threading.Event()
        self._file = self._open(path)

    def _open(self, path: str) -> Any:  # noqa: ANN401 - a soundfile.SoundFile
        import soundfile

        if path != STANDARD_INPUT and not Path(path).exists():
            raise RecordingProblem(f"There is no recording {self.name}.")
        try:
            if path != STANDARD_INPUT:
                file = soundfile.SoundFile(path)
            else:
                content = sys.stdin.buffer.read()
                known = content[:4] in (b"RIFF", b"fLaC", b"OggS")
                file = (
                    soundfile.SoundFile(io.BytesIO(content))
                    if known
                    else soundfile.SoundFile(
                        io.BytesIO(content),
                        samplerate=SAMPLE_RATE_HZ,
                        channels=1,
                        format="RAW",
                        subtype="PCM_16",
                    )
                )
        except (OSError, RuntimeError, TypeError) as error:
            raise RecordingProblem(
                f"{self.name} cannot be read as a recording.", mend="WAV, FLAC and OGG can."
            ) from error
        if file.frames == 0:
            file.close()
            raise RecordingProblem(f"{self.name} holds no sound.")
        return file

    def blocks(self) -> Iterator[Pcm16]:
        """10 ms blocks until the end; paced if asked for. Raises RecordingProblem."""
        maker = BlockMaker(self._file.samplerate, self._file.channels)
        due = time.monotonic()
        last = False
        while not last:
            try:
                frames = self._file.read(FRAMES_AT_ONCE, dtype="int16", always_2d=True)
            except (OSError, RuntimeError) as error:
                raise RecordingProblem(f"{self.name} breaks off: it is damaged.") from error
            last = len(frames) < FRAMES_AT_ONCE
            for block in maker.feed(frames.tobytes(), last=last):
                if self._real_time:
                    due += BLOCK_SECONDS
                    self._closed.wait(max(0.0, due - time.monotonic()))
                if self._closed.is_set():
                    return
                yield block

    def close(self) -> None:
        """End blocks(); may be called twice."""
        self._closed.set()
