"""The loudspeaker.

Rules: the stream is always open, so nothing waits for hardware to wake; its callback only copies;
an exception never escapes it; a device that goes away is waited for.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from voice_ally.core.audio import (
    BLOCK_SAMPLES,
    BLOCK_SECONDS,
    SAMPLE_BYTES,
    SAMPLE_RATE_HZ,
    Pcm16,
)
from voice_ally.core.errors import SpeakerProblem
from voice_ally.devices.portaudio import find_device, let_go_of, opens_anew, sound_library
from voice_ally.speak.speakers import Failed, PacedSpeaker, Source, reason_of

STALE_SECONDS = 1.0
"""A callback that has not come for so long will not come again."""
RETRY_SECONDS = 0.2
REFRESH_SECONDS = 1.0
"""PortAudio knows only the devices it found when it was loaded; so often it has to look again."""
MANY_UNDERFLOWS = 10
"""So many in half a second, and the blocks are made longer, once."""
LONGEST_BLOCK_SECONDS = 0.02


class DeviceSpeaker:
    """The loudspeaker."""

    def __init__(self, source: Source, device: int | str | None, failed: Failed) -> None:
        self._source, self._device, self._failed = source, device, failed
        self._stream: Any = None
        self._closing = False
        self._watch = threading.Thread(target=self._watch_stream, daemon=True, name="speaker")
        self._broken = threading.Event()
        self._closed = threading.Event()
        self._lock = threading.Lock()
        self._last_callback = 0.0
        self._told = False
        """Is it known that the device is gone?"""
        self._block_seconds = BLOCK_SECONDS
        self._underflows = 0
        self._told_of_callback = False
        self.on_presence: Callable[[bool], None] | None = None
        """Called with False when the device has gone, with True when it is back; without it a
        device that goes is told of as a failure."""
        self.on_missing: Callable[[], None] | None = None
        """Called every REFRESH_SECONDS while it is gone: whoever owns all streams may refresh."""
        self.needs_looking = False
        """Can it be opened again only after PortAudio has looked for devices?"""
        self.name = ""
        """As the system names the device that is open."""
        self.latency_seconds = 0.0
        """From pull() to the ear, as the device tells it."""

    def start(self) -> None:
        """Open the device. Raises SpeakerProblem."""
        try:
            self._open()
        except SpeakerProblem:
            self._end_stream()
            raise
        self._watch.start()

    def wait_for_device(self) -> None:
        """After start() failed: take the device as soon as there is one."""
        self._told = True
        self._broken.set()
        self._watch.start()

    def _open(self) -> None:
        sounddevice = sound_library(SpeakerProblem)
        rate, convert = SAMPLE_RATE_HZ, None
        try:
            device, info = self._find(sounddevice)
            try:
                sounddevice.check_output_settings(
                    device, channels=1, dtype="int16", samplerate=rate
                )
            except sounddevice.PortAudioError:
                rate = int(info["default_samplerate"])
                convert = _Upsampler(self._source, rate)
            self._stream = sounddevice.RawOutputStream(
                samplerate=rate,
                blocksize=round(rate * self._block_seconds),
                device=device,
                channels=1,
                dtype="int16",
                latency="low",
                callback=self._callback(convert or self._source),
                finished_callback=self._broken.set,
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise SpeakerProblem(
                f"The loudspeaker cannot be opened ({reason_of(error)}).",
                mend="Is another program using it? See: voice-ally devices",
            ) from error
        self.name = str(info.get("name", ""))
        self.latency_seconds = float(self._stream.latency)
        self._last_callback = time.monotonic()

    def _find(self, sounddevice: Any) -> tuple[int | None, Any]:  # noqa: ANN401 - the module
        """The number the device has just now, and what it is. Raises SpeakerProblem."""
        try:
            device = find_device(sounddevice, self._device, "max_output_channels")
            info = sounddevice.query_devices(device, "output")
        except (sounddevice.PortAudioError, ValueError) as error:
            self.needs_looking = True
            which = "No loudspeaker was found."
            if self._device is not None:
                which = f'There is no loudspeaker "{self._device}".'
            raise SpeakerProblem(which, mend="Connect one, or see: voice-ally devices") from error
        self.needs_looking = not opens_anew(sounddevice, info)
        return device, info

    def _callback(self, source: Source) -> Callable[..., None]:
        def fill(outdata: Any, frames: int, _time: object, status: Any) -> None:  # noqa: ANN401
            self._last_callback = time.monotonic()
            if status.output_underflow:
                self._underflows += 1
            try:
                outdata[:] = source.pull(frames)
            except Exception as error:
                outdata[:] = bytes(frames * SAMPLE_BYTES)
                if not self._told_of_callback:
                    self._told_of_callback = True
                    self._failed("speaker", error)

        return fill

    def _watch_stream(self) -> None:
        while not self._closing:
            self._broken.wait(timeout=STALE_SECONDS / 2)
            if self._closing:
                return
            stale = time.monotonic() - self._last_callback > STALE_SECONDS
            stutters = self._underflows >= MANY_UNDERFLOWS
            self._underflows = 0
            if stutters and self._block_seconds < LONGEST_BLOCK_SECONDS:
                self._block_seconds = LONGEST_BLOCK_SECONDS
            elif not (stale or self._broken.is_set()):
                continue
            self._reopen()

    def _reopen(self) -> None:
        """Try until it works. Meanwhile the sound passes unheard, so that nothing waits for it."""
        stand_in: PacedSpeaker | None = None
        refresh_at = time.monotonic() + REFRESH_SECONDS
        while not self._closing:
            if time.monotonic() >= refresh_at and self.on_missing is not None:
                self.on_missing()
                refresh_at = time.monotonic() + REFRESH_SECONDS
            with self._lock:
                self._end_stream()
                self._broken.clear()
                try:
                    if not self._closing:
                        # not two at a time: each would take half the samples
                        if stand_in is not None:
                            stand_in.close()
                        self._open()
                        self._tell_presence(True)
                        return
                except SpeakerProblem as problem:
                    self._tell_gone(problem)
                    stand_in = PacedSpeaker(self._source, _unheard, self._failed)
                    stand_in.start()
            self._closed.wait(RETRY_SECONDS)
        if stand_in is not None:
            stand_in.close()

    def _tell_gone(self, problem: SpeakerProblem) -> None:
        if self.on_presence is not None:
            self._tell_presence(False)
        elif not self._told:
            self._told = True
            self._failed("speaker", problem)

    def _tell_presence(self, present: bool) -> None:
        if present == self._told:
            self._told = not present
            if self.on_presence is not None:
                self.on_presence(present)

    @contextmanager
    def let_go(self) -> Iterator[None]:
        """Meanwhile the device is closed; afterwards it is opened again."""
        with self._lock:
            self._end_stream()
            yield
        self._broken.set()

    def _end_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            let_go_of(stream)

    def close(self) -> None:
        """Silence, and let go of the device; may be called twice."""
        self._closing = True
        self._broken.set()
        self._closed.set()
        with self._lock:
            self._end_stream()
        if self._watch.is_alive() and self._watch is not threading.current_thread():
            self._watch.join(timeout=2.0)


def _unheard(_block: Pcm16) -> None:
    return None


class _Upsampler:
    """For devices that refuse 16 kHz."""

    def __init__(self, source: Source, rate_hz: int) -> None:
        # Both here and not in pull(), which runs in the audio callback: see playback.py.
        import numpy
        import soxr

        self._numpy = numpy
        self._source = source
        self._stream = soxr.ResampleStream(SAMPLE_RATE_HZ, rate_hz, 1, dtype="int16")
        self._ready = bytearray()

    def pull(self, n_samples: int) -> Pcm16:
        """n_samples at the device's rate."""
        wanted = n_samples * SAMPLE_BYTES
        while len(self._ready) < wanted:
            block = self._numpy.frombuffer(self._source.pull(BLOCK_SAMPLES), "<i2")
            self._ready += self._stream.resample_chunk(block).tobytes()
        taken = bytes(self._ready[:wanted])
        del self._ready[:wanted]
        return Pcm16(taken)
