"""The microphone.

Rules: the callback copies bytes into a bounded queue and does nothing else; what nobody takes
in time is dropped and counted; a device that goes away is opened again, or said to be gone.
"""

import os
import queue
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16
from voice_ally.core.errors import MicrophoneProblem
from voice_ally.hear.blocks import BlockMaker

QUEUED_BLOCKS = 200
"""Two seconds: longer than any decoding takes."""
STALE_SECONDS = 1.0
"""A stream without a callback for so long is broken, whatever it says of itself."""
REOPEN_TRIES = 3
PORTAUDIO_MEND = "Install it: sudo apt install libportaudio2 (macOS: brew install portaudio)"


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """ALSA and JACK print to standard error whatever they fail to find; nobody needs that."""
    saved = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)
        os.close(nowhere)


def sound_library() -> Any:  # noqa: ANN401 - the sounddevice module
    """The sounddevice module. Raises MicrophoneProblem where PortAudio is missing."""
    try:
        with quiet_stderr():
            import sounddevice
    except OSError as error:
        raise MicrophoneProblem(
            "The sound library PortAudio is missing.", mend=PORTAUDIO_MEND
        ) from error
    return sounddevice


@dataclass(frozen=True)
class DeviceInfo:
    """One sound device."""

    index: int
    name: str
    input_channels: int
    output_channels: int
    rate_hz: int
    default_input: bool
    default_output: bool


def list_devices() -> list[DeviceInfo]:
    """All of them. Raises MicrophoneProblem where PortAudio is missing."""
    sounddevice = sound_library()
    default_in, default_out = sounddevice.default.device
    return [
        DeviceInfo(
            number,
            str(one["name"]),
            int(one["max_input_channels"]),
            int(one["max_output_channels"]),
            int(one["default_samplerate"]),
            number == default_in,
            number == default_out,
        )
        for number, one in enumerate(sounddevice.query_devices())
    ]


class DeviceMicrophone:
    """Blocks from a sound device."""

    def __init__(self, device: int | str | None = None) -> None:
        self._device = device
        self._queue: queue.Queue[bytes | None] = queue.Queue(QUEUED_BLOCKS)
        self.dropped_blocks = 0
        self._closed = False
        self._opening = 0
        self._stream: Any = None
        self._maker = BlockMaker(SAMPLE_RATE_HZ, 1)
        self.name = ""
        self._open()

    def _open(self) -> None:
        sounddevice = sound_library()
        try:
            info = sounddevice.query_devices(self._device, "input")
        except (sounddevice.PortAudioError, ValueError) as error:
            raise MicrophoneProblem(
                "No microphone was found.", mend="Connect one, or see: voice-ally devices"
            ) from error
        self.name = str(info["name"])
        rate = SAMPLE_RATE_HZ
        try:
            with quiet_stderr():
                try:
                    sounddevice.check_input_settings(
                        self._device, channels=1, dtype="int16", samplerate=rate
                    )
                except sounddevice.PortAudioError:
                    rate = int(info["default_samplerate"])
                self._maker = BlockMaker(rate, 1)
                self._stream = sounddevice.RawInputStream(
                    samplerate=rate,
                    blocksize=rate // 100,
                    device=self._device,
                    channels=1,
                    dtype="int16",
                    latency="low",
                    callback=self._callback,
                    finished_callback=self._ended_callback(),
                )
                self._stream.start()
        except sounddevice.PortAudioError as error:
            reason = " ".join(str(error.args[0]).split())
            raise MicrophoneProblem(
                f"The microphone {self.name} cannot be opened ({reason}).",
                mend="Is another program using it?",
            ) from error

    def _callback(self, indata: Any, frames: int, time_: object, status: object) -> None:  # noqa: ANN401
        try:
            self._queue.put_nowait(bytes(indata))
        except queue.Full:
            self.dropped_blocks += 1

    def _ended_callback(self) -> Callable[[], None]:
        """Speaks for one opening of the device only: a stream we closed ourselves is no news."""
        self._opening += 1
        mine = self._opening

        def ended() -> None:
            if mine == self._opening:
                self._stream_ended()

        return ended

    def _stream_ended(self) -> None:
        try:
            self._queue.put_nowait(None)
        except queue.Full:
            return

    def blocks(self) -> Iterator[Pcm16]:
        """10 ms blocks until close(). Raises MicrophoneProblem when it is gone for good."""
        while not self._closed:
            try:
                samples = self._queue.get(timeout=STALE_SECONDS)
            except queue.Empty:
                samples = None
            if self._closed:
                return
            if samples is None:
                self._reopen()
            else:
                yield from self._maker.feed(samples)

    def _reopen(self) -> None:
        self._end_stream()
        for attempt in range(REOPEN_TRIES):
            if self._closed:
                return
            try:
                self._open()
                return
            except MicrophoneProblem as problem:
                if attempt == REOPEN_TRIES - 1:
                    raise MicrophoneProblem(
                        "The microphone is gone.", mend="Connect it and start again."
                    ) from problem
                time.sleep(0.2)

    def _end_stream(self) -> None:
        self._opening += 1
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)

    def close(self) -> None:
        """End blocks(); may be called twice."""
        self._closed = True
        self._end_stream()
        self._stream_ended()
