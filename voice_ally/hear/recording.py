"""A recording in place of the microphone.

Rules: any WAV, FLAC or OGG; read piece by piece; what holds no sound is refused before anything
starts, in one sentence. Raw samples and 16-bit WAV from standard input are heard as
they come.
"""

import io
import sys
import threading
import time
from collections.abc import Callable, Iterator
from math import inf
from pathlib import Path
from typing import Any, BinaryIO

from voice_ally.core.audio import BLOCK_BYTES, BLOCK_SECONDS, SAMPLE_RATE_HZ, Pcm16
from voice_ally.core.errors import RecordingProblem
from voice_ally.hear.blocks import BlockMaker
from voice_ally.hear.wav_stream import WavHead, read_head

FRAMES_AT_ONCE = 4096
MOST_BYTES = 500_000_000
"""Of a whole recording through standard input, which has to be in memory: four hours."""
STANDARD_INPUT = "-"
CONTAINERS = (b"RIFF", b"RIFX", b"RF64", b"fLaC", b"OggS")
"""How a sound file begins; standard input that begins otherwise is raw samples."""

Opened = tuple[BlockMaker, Callable[[], bytes]]
"""What makes blocks of it, and what reads on (nothing at the end)."""


class RecordingMicrophone:
    """Blocks from a file, from standard input for "-", or from what a file holds."""

    dropped_blocks = 0
    on_presence: Callable[[bool], None] | None = None
    """Never called: a recording is there or it is not."""

    def __init__(self, path: str, *, real_time: bool, content: BinaryIO | None = None) -> None:
        """content: what the file of this name holds; it is not looked for then."""
        from_input = path == STANDARD_INPUT and content is None
        self.name = "standard input" if from_input else path
        self._real_time = real_time
        self._closed = threading.Event()
        self._maker, self._read_on = (
            self._open_container(content)
            if content is not None
            else self._open_standard_input()
            if from_input
            else self._open_path(Path(path))
        )

    def _open_path(self, path: Path) -> Opened:
        if not path.exists():
            raise RecordingProblem(f"There is no recording {self.name}.")
        if path.is_dir():
            raise RecordingProblem(f"{self.name} is a folder, not a recording.")
        if not path.is_file():
            # a pipe may never be written to, a device never end
            raise RecordingProblem(f"{self.name} is no ordinary file, so it is not read.")
        if path.stat().st_size == 0:
            raise RecordingProblem(f"{self.name} is empty: it cannot be read as a recording.")
        return self._open_container(str(path))

    def _open_standard_input(self) -> Opened:
        if sys.stdin is None or sys.stdin.isatty():
            raise RecordingProblem(
                "No recording comes through standard input.", mend="Pipe one in, or name a file."
            )
        source = sys.stdin.buffer
        first = source.read(BLOCK_BYTES)
        if not first:
            raise RecordingProblem(f"{self.name} is empty: it cannot be read as a recording.")
        if first.startswith(CONTAINERS):
            head, begun = read_head(source, first)
            if head is not None:
                return self._open_stream(source, head, begun)
            content = begun + source.read(MOST_BYTES)
            if len(content) > MOST_BYTES:
                raise RecordingProblem(f"{self.name} is longer than any recording.")
            return self._open_container(io.BytesIO(content))
        at_first = iter((first,))
        return BlockMaker(
            SAMPLE_RATE_HZ, 1
        ), lambda: next(at_first, b"") or source.read(BLOCK_BYTES)

    def _open_stream(self, source: BinaryIO, head: WavHead, begun: bytes) -> Opened:
        """A WAV file whose end may not be written yet."""
        begun = begun or source.read(BLOCK_BYTES)
        if not begun:
            raise RecordingProblem(f"{self.name} holds no sound.")
        left = head.n_bytes or inf

        def read_on() -> bytes:
            nonlocal begun, left
            piece = begun or source.read(int(min(BLOCK_BYTES * head.channels, left)))
            piece = piece[: int(min(len(piece), left))]
            begun, left = b"", left - len(piece)
            return piece

        return BlockMaker(head.rate_hz, head.channels), read_on

    def _open_container(self, source: str | BinaryIO) -> Opened:
        import soundfile

        try:
            file = soundfile.SoundFile(source)
        except (OSError, RuntimeError, TypeError, ValueError) as error:
            raise RecordingProblem(
                f"{self.name} cannot be read as a recording.", mend="WAV, FLAC and OGG can."
            ) from error
        if file.frames == 0:
            file.close()
            raise RecordingProblem(f"{self.name} holds no sound.")
        return BlockMaker(file.samplerate, file.channels), lambda: self._frames(file)

    def _frames(self, file: Any) -> bytes:  # noqa: ANN401 - a soundfile.SoundFile
        import numpy

        try:
            # Asked for int16, libsndfile does not scale floating-point files: all would be silent.
            frames = file.read(FRAMES_AT_ONCE, dtype="float32")
        except (OSError, RuntimeError) as error:
            raise RecordingProblem(f"{self.name} breaks off: it is damaged.") from error
        whole = numpy.nan_to_num(frames * 32768).round().clip(-32768, 32767)
        return bytes(whole.astype("<i2").tobytes())

    def blocks(self) -> Iterator[Pcm16]:
        """10 ms blocks until the end; paced if asked for. Raises RecordingProblem."""
        due = time.monotonic()
        more = True
        while more:
            samples = self._read_on()
            more = bool(samples)
            for block in self._maker.feed(samples, last=not more):
                if self._real_time:
                    due += BLOCK_SECONDS
                    self._closed.wait(max(0.0, due - time.monotonic()))
                if self._closed.is_set():
                    return
                yield block

    def close(self) -> None:
        """End blocks(), from any thread; may be called twice."""
        self._closed.set()


CANCELLED = 0.01
"""So little of the channels' power is left where they are mixed (-20 dB)."""


def channels_cancel(path: Path) -> bool:
    """Do the channels of this recording cancel each other out where they are mixed to one? So it
    is with one microphone wired the wrong way round. Raises RecordingProblem."""
    import numpy
    import soundfile

    apart = mixed = 0.0
    try:
        for block in soundfile.blocks(str(path), FRAMES_AT_ONCE, dtype="float32", always_2d=True):
            apart += float(numpy.square(block).mean(axis=1).sum())
            mixed += float(numpy.square(block.mean(axis=1)).sum())
    except (OSError, RuntimeError) as error:
        raise RecordingProblem(f"{path} breaks off: it is damaged.") from error
    return mixed < CANCELLED * apart
