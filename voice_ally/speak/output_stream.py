"""One opening of a loudspeaker.

Rules: the callback only copies; silent until it is taken, since it may be opened after nobody
waits for it any more.
"""

from collections.abc import Callable
from typing import Any

from voice_ally.core.errors import SpeakerProblem
from voice_ally.core.sound import BLOCK_SAMPLES, SAMPLE_BYTES, SAMPLE_RATE_HZ, Sound
from voice_ally.devices.portaudio import let_go_of
from voice_ally.speak.speakers import Source, reason_of


class OutputStream:
    """One opening of the device: silent until it is taken. Raises SpeakerProblem.

    fill: gives the samples of a callback, and is told of it.
    """

    def __init__(
        self,
        sounddevice: Any,  # noqa: ANN401 - the module
        device: int | None,
        info: Any,  # noqa: ANN401 - a device of it
        block_seconds: float,
        source: Source,
        fill: Callable[[Any, int, Any, Source], None],
        finished: Callable[[], None],
    ) -> None:
        self.name = str(info.get("name", ""))
        self._taken = False
        self._stream: Any = None
        try:
            rate, channels = _taken_by(sounddevice, device, int(info["default_samplerate"]))
            if rate != SAMPLE_RATE_HZ:
                source = _Upsampler(source, rate)

            def callback(outdata: Any, frames: int, _time: object, status: Any) -> None:  # noqa: ANN401
                mono = outdata if channels == 1 else bytearray(frames * SAMPLE_BYTES)
                if self._taken:
                    fill(mono, frames, status, source)
                else:
                    mono[:] = bytes(frames * SAMPLE_BYTES)
                if channels > 1:
                    outdata[:] = _on_both_sides(mono)

            self._stream = sounddevice.RawOutputStream(
                samplerate=rate,
                blocksize=round(rate * block_seconds),
                device=device,
                channels=channels,
                dtype="int16",
                latency="low",
                callback=callback,
                finished_callback=lambda: finished() if self._taken else None,
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            if self._stream is not None:
                self.end()
            raise SpeakerProblem(
                f"The loudspeaker cannot be opened ({reason_of(error)}).",
                mend="Is another program using it? See: voice-ally devices",
            ) from error
        self.latency_seconds = float(self._stream.latency)

    def take(self) -> None:
        """From now on it asks for samples."""
        self._taken = True

    def end(self) -> None:
        """Free the device; nobody is told of that."""
        self._taken = False
        let_go_of(self._stream)


def _taken_by(sounddevice: Any, device: int | None, own_rate: int) -> tuple[int, int]:  # noqa: ANN401
    """The rate and the number of channels that the device takes: ours, its own, or two channels
    where it has no fewer."""
    for channels in (1, 2):
        for rate in (SAMPLE_RATE_HZ, own_rate):
            try:
                sounddevice.check_output_settings(
                    device, channels=channels, dtype="int16", samplerate=rate
                )
            except sounddevice.PortAudioError:
                continue
            return rate, channels
    return own_rate, 1  # opening it says why not


def _on_both_sides(mono: bytearray) -> bytes:
    """Each sample twice, for left and right."""
    both = bytearray(2 * len(mono))
    for at in range(2 * SAMPLE_BYTES):
        both[at :: 2 * SAMPLE_BYTES] = mono[at % SAMPLE_BYTES :: SAMPLE_BYTES]
    return bytes(both)


class _Upsampler:
    """For devices that refuse 24 kHz."""

    def __init__(self, source: Source, rate_hz: int) -> None:
        # Both here and not in pull(), which runs in the audio callback: see playback.py.
        import numpy
        import soxr

        self._numpy = numpy
        self._source = source
        self._stream = soxr.ResampleStream(SAMPLE_RATE_HZ, rate_hz, 1, dtype="int16")
        self._ready = bytearray()

    def pull(self, n_samples: int) -> Sound:
        """n_samples at the device's rate."""
        wanted = n_samples * SAMPLE_BYTES
        while len(self._ready) < wanted:
            block = self._numpy.frombuffer(self._source.pull(BLOCK_SAMPLES), "<i2")
            self._ready += self._stream.resample_chunk(block).tobytes()
        taken = bytes(self._ready[:wanted])
        del self._ready[:wanted]
        return Sound(taken)
