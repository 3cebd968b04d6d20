"""The loudspeaker.

Rules: the stream is always open, so nothing waits for hardware to wake; its callback only copies;
an exception never escapes it; a device that goes away is waited for. Opening one may hang in the
sound server: nobody waits for that longer than OPEN_SECONDS, and what is opened after all is used.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from voice_ally.core.errors import SpeakerProblem
from voice_ally.core.sound import BLOCK_SECONDS, SAMPLE_BYTES, Sound
from voice_ally.devices.device_list import find_device
from voice_ally.devices.opening import Opening
from voice_ally.devices.portaudio import (
    NO_ANSWER,
    OPEN_SECONDS,
    RESTART_MEND,
    opens_anew,
    sound_library,
)
from voice_ally.speak.output_stream import OutputStream
from voice_ally.speak.speakers import Failed, PacedSpeaker, Source
from voice_ally.supervised.child_process import NoAnswer

STALE_SECONDS = 1.0
"""A callback that has not come for so long will not come again."""
RETRY_SECONDS = 0.2
REFRESH_SECONDS = 1.0
"""PortAudio knows only the devices it found when it was loaded; so often it has to look again."""
MANY_UNDERFLOWS = 10
"""So many in half a second, and the blocks are made longer, once."""
LONGEST_BLOCK_SECONDS = 0.02
CLOSE_SECONDS = 0.5


class DeviceSpeaker:
    """The loudspeaker."""

    def __init__(self, source: Source, device: int | str | None, failed: Failed) -> None:
        self._source, self._device, self._failed = source, device, failed
        self._stream: OutputStream | None = None
        self._opening = Opening(self._open, OutputStream.end)
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
        sound_library(SpeakerProblem)
        try:
            self._take(self._opening.wait(OPEN_SECONDS))
        except NoAnswer as late:
            raise SpeakerProblem(NO_ANSWER, mend=RESTART_MEND) from late
        self._watch.start()

    def wait_for_device(self) -> None:
        """After start() failed: take the device as soon as there is one."""
        self._told = True
        self._broken.set()
        self._watch.start()

    def _take(self, stream: OutputStream) -> None:
        self._stream = stream
        self.name, self.latency_seconds = stream.name, stream.latency_seconds
        self._last_callback = time.monotonic()
        stream.take()

    def _open(self) -> OutputStream:
        sounddevice = sound_library(SpeakerProblem)
        device, info = self._find(sounddevice)
        return OutputStream(
            sounddevice,
            device,
            info,
            self._block_seconds,
            self._source,
            self._fill,
            self._broken.set,
        )

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

    def _fill(self, outdata: Any, frames: int, status: Any, source: Source) -> None:  # noqa: ANN401
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
        self._end_stream()
        stand_in: PacedSpeaker | None = None
        refresh_at = time.monotonic() + REFRESH_SECONDS
        while not self._closing:
            if time.monotonic() >= refresh_at and self.on_missing is not None:
                self.on_missing()
                refresh_at = time.monotonic() + REFRESH_SECONDS
            if self._open_again(stand_in):
                return
            if stand_in is None:
                stand_in = PacedSpeaker(self._source, _unheard, self._failed)
                stand_in.start()
            self._closed.wait(RETRY_SECONDS)
        # begun, perhaps, just after close() looked for one
        self._opening.abandon()
        if stand_in is not None:
            stand_in.close()

    def _open_again(self, stand_in: PacedSpeaker | None) -> bool:
        self._broken.clear()
        try:
            sound_library(SpeakerProblem)
            stream = self._opening.wait(STALE_SECONDS if stand_in is None else RETRY_SECONDS)
        except SpeakerProblem as problem:
            self._tell_gone(problem)
            return False
        except NoAnswer:
            self._tell_gone(SpeakerProblem(NO_ANSWER, mend=RESTART_MEND))
            return False
        if stand_in is not None:
            stand_in.close()  # not two at a time: each would take half the samples
        with self._lock:
            if self._closing:
                stream.end()
                return True
            self._take(stream)
        self._tell_presence(True)
        return True

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
            self._drop_stream()
            yield
        self._broken.set()

    def _end_stream(self) -> None:
        with self._lock:
            self._drop_stream()

    def _drop_stream(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.end()

    def close(self) -> None:
        """Silence, and let go of the device; may be called twice. Waits for a second at most."""
        self._closing = True
        self._broken.set()
        self._closed.set()
        self._opening.abandon()
        # somebody may be looking for devices, in a sound server that stands still
        mine = self._lock.acquire(timeout=CLOSE_SECONDS)
        self._drop_stream()
        if mine:
            self._lock.release()
        if self._watch.is_alive() and self._watch is not threading.current_thread():
            self._watch.join(timeout=CLOSE_SECONDS)


def _unheard(_block: Sound) -> None:
    return None
