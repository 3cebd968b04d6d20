"""The microphone.

Rules: the callback copies bytes into a bounded queue and does nothing else, and no exception
leaves it; what nobody takes in time is dropped and counted; a device that goes away is waited
for, however long that takes. Opening one may hang in the sound server: nobody waits for that
longer than OPEN_SECONDS, and what is opened after all is used then.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16
from voice_ally.core.errors import MicrophoneProblem
from voice_ally.devices.device_list import find_device
from voice_ally.devices.opening import Opening
from voice_ally.devices.portaudio import (
    NO_ANSWER,
    OPEN_SECONDS,
    RESTART_MEND,
    let_go_of,
    opens_anew,
    sound_library,
)
from voice_ally.devices.sound_cards import SHARED_BY, microphone_holder
from voice_ally.hear.blocks import BlockMaker
from voice_ally.supervised.child_process import NoAnswer

QUEUED_BLOCKS = 500
"""Five seconds: longer than any decoding takes, on a machine that is busy with other things too.
What is lost here would also put what was played out of step with its echo."""
STALE_SECONDS = 1.0
"""A stream without a callback for so long is broken, whatever it says of itself."""
FIRST_BLOCK_SECONDS = 3.0
"""A headset over Bluetooth may need so long until its first block."""
TELL_SECONDS = 0.5
"""A gap shorter than this is nobody's business."""
REFRESH_SECONDS = 1.0
"""PortAudio knows only the devices it found when it was loaded; so often it has to look again."""
RETRY_SECONDS = 0.2
CLOSE_SECONDS = 0.5
BLOCKS_A_SECOND = 100


class _Stream:
    """One opening of a device. Raises PortAudioError."""

    def __init__(self, sounddevice: Any, device: int | str | None, info: Any) -> None:  # noqa: ANN401
        self.dropped_blocks = 0
        self.heard_something = False
        self._queue: queue.Queue[bytes | None] = queue.Queue(QUEUED_BLOCKS)
        self.rate_hz, channels = self._format(sounddevice, device, info)
        rate = self.rate_hz
        self._maker = BlockMaker(rate, channels)
        self._stream: Any = sounddevice.RawInputStream(
            samplerate=rate,
            blocksize=rate // BLOCKS_A_SECOND,
            device=device,
            channels=channels,
            dtype="int16",
            latency="low",
            callback=self._callback,
            finished_callback=self.wake,
        )
        try:
            self._stream.start()
        except sounddevice.PortAudioError:
            self._stream.close(ignore_errors=True)
            raise

    @staticmethod
    def _format(sounddevice: Any, device: int | str | None, info: Any) -> tuple[int, int]:  # noqa: ANN401
        """The first rate and number of channels the device takes; the last is its own."""
        own_rate, own_channels = int(info["default_samplerate"]), int(info["max_input_channels"])
        wishes = [
            (rate, channels)
            for channels in (1, own_channels)
            for rate in (SAMPLE_RATE_HZ, own_rate)
        ]
        for rate, channels in wishes:
            try:
                sounddevice.check_input_settings(
                    device, channels=channels, dtype="int16", samplerate=rate
                )
            except sounddevice.PortAudioError:
                continue
            return rate, channels
        return wishes[-1]

    def _callback(self, indata: Any, frames: int, time_: object, status: object) -> None:  # noqa: ANN401
        try:
            self._queue.put_nowait(bytes(indata))
        except Exception:
            # Full, or the interpreter is on its way out: an exception here would end the sound.
            self.dropped_blocks += 1

    def wake(self) -> None:
        """No more sound comes from this opening: whoever waits for it need not wait longer."""
        try:
            self._queue.put_nowait(None)
        except queue.Full:
            return

    def next_blocks(self) -> list[Pcm16] | None:
        """What came next (it may still be less than a block), or None when the stream is over."""
        patience = STALE_SECONDS if self.heard_something else FIRST_BLOCK_SECONDS
        try:
            samples = self._queue.get(timeout=patience)
        except queue.Empty:
            return None
        if samples is None:
            return None
        self.heard_something = True
        return self._maker.feed(samples)

    def end(self) -> None:
        """Free the device."""
        let_go_of(self._stream)
        self.wake()


class DeviceMicrophone:
    """Blocks from a sound device: a number, part of a name, or the default one."""

    def __init__(self, device: int | str | None = None) -> None:
        self._device = device
        self._lock = threading.Lock()
        """Held while the stream is exchanged, so that close() always closes the last one."""
        self._closed = threading.Event()
        self._dropped_before = 0
        self.name = ""
        self.on_presence: Callable[[bool], None] | None = None
        """See core.ports.Microphone."""
        self.on_missing: Callable[[], None] | None = None
        """Called every REFRESH_SECONDS while it is gone: whoever owns all streams may refresh."""
        self.needs_looking = False
        """Can it be opened again only after PortAudio has looked for devices?"""
        self._lost_at = 0.0
        """When the last block was overdue; 0 while all is well."""
        self._told = False
        sound_library(MicrophoneProblem)
        self._opening = Opening(self._open, _Stream.end)
        try:
            self._stream = self._opening.wait(OPEN_SECONDS)
        except NoAnswer as late:
            self._opening.abandon()
            raise MicrophoneProblem(NO_ANSWER, mend=RESTART_MEND) from late

    @property
    def dropped_blocks(self) -> int:
        """How many blocks were lost because nobody took them in time."""
        return self._dropped_before + self._stream.dropped_blocks

    @property
    def rate_hz(self) -> int:
        """At which the device itself works."""
        return self._stream.rate_hz

    def _open(self) -> _Stream:
        sounddevice = sound_library(MicrophoneProblem)
        try:
            device = find_device(sounddevice, self._device, "max_input_channels")
            info = sounddevice.query_devices(device, "input")
        except (sounddevice.PortAudioError, ValueError) as error:
            self.needs_looking = True
            raise _none_to_open(self._device, microphone_holder()) from error
        self.name = str(info["name"])
        self.needs_looking = not opens_anew(sounddevice, info)
        try:
            return _Stream(sounddevice, device, info)
        except sounddevice.PortAudioError as error:
            reason = " ".join(str(error.args[0]).split())
            raise MicrophoneProblem(
                f"The microphone {self.name} cannot be opened ({reason}).",
                mend="Is another program using it?",
            ) from error

    def blocks(self) -> Iterator[Pcm16]:
        """10 ms blocks until close(), however often the device goes away meanwhile."""
        while not self._closed.is_set():
            blocks = self._stream.next_blocks()
            if self._closed.is_set():
                return
            if blocks is None:
                self._lost_at = self._lost_at or time.monotonic()
                self._reopen()
                continue
            self._lost_at = 0.0
            self._tell_presence(True)
            yield from blocks

    def _tell_presence(self, present: bool) -> None:
        if present == self._told:
            self._told = not present
            if self.on_presence is not None:
                self.on_presence(present)

    def _reopen(self) -> None:
        self._end_stream()
        refresh_at = self._lost_at + REFRESH_SECONDS
        while not self._closed.is_set():
            now = time.monotonic()
            if now - self._lost_at >= TELL_SECONDS:
                self._tell_presence(False)
            if now >= refresh_at and self.on_missing is not None:
                self.on_missing()
                refresh_at = time.monotonic() + REFRESH_SECONDS
            if self._open_again():
                return
            self._closed.wait(RETRY_SECONDS)
        # begun, perhaps, just after close() looked for one
        self._opening.abandon()

    def _open_again(self) -> bool:
        try:
            sound_library(MicrophoneProblem)
            stream = self._opening.wait(RETRY_SECONDS)
        except (MicrophoneProblem, NoAnswer):
            return False
        with self._lock:
            if self._closed.is_set():
                stream.end()
            else:
                self._dropped_before = self.dropped_blocks
                self._stream = stream
        return True

    def _end_stream(self) -> None:
        with self._lock:
            self._stream.end()

    @contextmanager
    def let_go(self) -> Iterator[None]:
        """Meanwhile the device is closed; afterwards it is opened again, by blocks()."""
        with self._lock:
            self._stream.end()
            yield

    def close(self) -> None:
        """End blocks(), from any thread; may be called twice. Waits for a second at most."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._opening.abandon()
        # somebody may be looking for devices, in a sound server that stands still
        mine = self._lock.acquire(timeout=CLOSE_SECONDS)
        self._stream.end()
        if mine:
            self._lock.release()


def _none_to_open(device: int | str | None, holder: str | None) -> MicrophoneProblem:
    """Why PortAudio offers no such microphone."""
    if holder is not None:
        who = f" ({holder})" if holder else ""
        mend = "Close it, then start again."
        if holder in SHARED_BY:
            mend = f"To share it: sudo apt install {SHARED_BY[holder]}"
        return MicrophoneProblem(f"The microphone is in use by another program{who}.", mend=mend)
    which = "No microphone was found."
    if device is not None:
        which = f'There is no microphone "{device}".'
    return MicrophoneProblem(which, mend="Connect one, or see: voice-ally devices")
