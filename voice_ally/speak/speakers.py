"""Where the mixed sound goes: a device, a WAV file, or nowhere.

Rules: the device stream is always open, so nothing waits for hardware to wake; its callback
only copies; an exception never escapes it. Files are valid however the program ends.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from voice_ally.core.audio import (
    BLOCK_SAMPLES,
    BLOCK_SECONDS,
    SAMPLE_BYTES,
    SAMPLE_RATE_HZ,
    Pcm16,
)
from voice_ally.core.errors import SpeakerProblem

Failed = Callable[[str, Exception], None]
STALE_SECONDS = 1.0
PORTAUDIO_MEND = "Install it: sudo apt install libportaudio2 (macOS: brew install portaudio)"


class Source(Protocol):
    """Gives the next samples to play; see playback.py."""

    def pull(self, n_samples: int) -> Pcm16:
        """Exactly n_samples."""


class DeviceSpeaker:
    """The loudspeaker."""

    def __init__(self, source: Source, device: int | str | None, failed: Failed) -> None:
        self._source, self._device, self._failed = source, device, failed
        self._stream: Any = None
        self._closing = False
        self._watch = threading.Thread(target=self._watch_stream, daemon=True, name="speaker")
        self._broken = threading.Event()
        self._last_callback = 0.0
        self.latency_seconds = 0.0

    def start(self) -> None:
        """Open the device. Raises SpeakerProblem."""
        self._open()
        self._watch.start()

    def _open(self) -> None:
        try:
            import sounddevice
        except OSError as error:
            raise SpeakerProblem(
                "The sound library PortAudio is missing.", mend=PORTAUDIO_MEND
            ) from error
        rate, convert = SAMPLE_RATE_HZ, None
        try:
            info = sounddevice.query_devices(self._device, "output")
            try:
                sounddevice.check_output_settings(
                    self._device, channels=1, dtype="int16", samplerate=rate
                )
            except sounddevice.PortAudioError:
                rate = int(info["default_samplerate"])
                convert = _Upsampler(self._source, rate)
            self._stream = sounddevice.RawOutputStream(
                samplerate=rate,
                blocksize=rate // 100,
                device=self._device,
                channels=1,
                dtype="int16",
                latency="low",
                callback=self._callback(convert or self._source),
                finished_callback=self._broken.set,
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SpeakerProblem(
                f"The loudspeaker cannot be opened ({_reason(error)}).",
                mend="Is one connected, and not in use? See: voice-ally devices",
            ) from error
        self.latency_seconds = float(self._stream.latency)
        self._last_callback = time.monotonic()

    def _callback(self, source: Source) -> Callable[..., None]:
        def fill(outdata: Any, frames: int, _time: object, _status: object) -> None:  # noqa: ANN401
            self._last_callback = time.monotonic()
            try:
                outdata[:] = source.pull(frames)
            except Exception as error:
                outdata[:] = bytes(frames * SAMPLE_BYTES)
                self._failed("speaker", error)

        return fill

    def _watch_stream(self) -> None:
        while not self._closing:
            self._broken.wait(timeout=STALE_SECONDS / 2)
            stale = time.monotonic() - self._last_callback > STALE_SECONDS
            if self._closing or not (stale or self._broken.is_set()):
                continue
            self._broken.clear()
            self._end_stream()
            try:
                self._open()
            except SpeakerProblem as problem:
                self._failed("speaker", problem)
                self._last_callback = time.monotonic() + 5 * STALE_SECONDS

    def _end_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)

    def close(self) -> None:
        """Silence, and let go of the device; may be called twice."""
        self._closing = True
        self._broken.set()
        self._end_stream()


class _Upsampler:
    """For devices that refuse 16 kHz."""

    def __init__(self, source: Source, rate_hz: int) -> None:
        import soxr

        self._source = source
        self._stream = soxr.ResampleStream(SAMPLE_RATE_HZ, rate_hz, 1, dtype="int16")
        self._ready = bytearray()

    def pull(self, n_samples: int) -> Pcm16:
        """n_samples at the device's rate."""
        import numpy

        wanted = n_samples * SAMPLE_BYTES
        while len(self._ready) < wanted:
            block = numpy.frombuffer(self._source.pull(BLOCK_SAMPLES), "<i2")
            self._ready += self._stream.resample_chunk(block).tobytes()
        taken = bytes(self._ready[:wanted])
        del self._ready[:wanted]
        return Pcm16(taken)


class WavWriter:
    """A WAV file that grows block by block. Opened at once, so that a bad path shows early."""

    def __init__(self, path: Path, channels: int = 1) -> None:
        import soundfile

        self._path = path
        self._channels = channels
        try:
            path.open("ab").close()
            self._file = soundfile.SoundFile(
                path, "w", SAMPLE_RATE_HZ, channels, format="WAV", subtype="PCM_16"
            )
        except (OSError, RuntimeError, TypeError) as error:
            raise SpeakerProblem(
                f"The sound cannot be written to {path} ({_reason(error)})."
            ) from error

    def write(self, *channels: Pcm16) -> None:
        """One block, a channel each. Raises SpeakerProblem, for example when a disk is full."""
        import numpy

        columns = [numpy.frombuffer(one, "<i2") for one in channels]
        try:
            self._file.write(numpy.column_stack(columns))
        except (OSError, RuntimeError) as error:
            raise SpeakerProblem(
                f"The sound cannot be written to {self._path} ({_reason(error)})."
            ) from error

    def close(self) -> None:
        """Finish the file; may be called twice."""
        self._file.close()


class PacedSpeaker:
    """Pulls in real time and hands the blocks to a writer, or to nobody."""

    latency_seconds = 0.0

    def __init__(self, source: Source, write: Callable[[Pcm16], None], failed: Failed) -> None:
        self._source, self._write, self._failed = source, write, failed
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="speaker")

    def start(self) -> None:
        """Begin to pull."""
        self._thread.start()

    def _run(self) -> None:
        due = time.monotonic()
        while not self._closing.is_set():
            try:
                self._write(self._source.pull(BLOCK_SAMPLES))
            except Exception as error:
                self._failed("speaker", error)
                return
            due += BLOCK_SECONDS
            self._closing.wait(max(0.0, due - time.monotonic()))

    def close(self) -> None:
        """Stop pulling; may be called twice."""
        self._closing.set()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(timeout=1.0)


def _reason(error: Exception) -> str:
    text = (isinstance(error, OSError) and error.strerror) or str(error)
    return " ".join(text.split()).rstrip(".")
