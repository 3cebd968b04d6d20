"""A microphone one speaks into by hand."""

import queue
from collections.abc import Callable, Iterator

from voice_ally.core.audio import BLOCK_BYTES, Pcm16
from voice_ally.core.errors import MicrophoneProblem


class FakeMicrophone:
    name = "fake"

    def __init__(self) -> None:
        self.dropped_blocks = 0
        self.on_presence: Callable[[bool], None] | None = None
        self._coming: queue.SimpleQueue[Pcm16 | Exception | bool | None] = queue.SimpleQueue()
        self._closed = False

    def push(self, pcm16: Pcm16) -> None:
        """This is heard next, in blocks; the last one is filled with silence."""
        for at in range(0, len(pcm16), BLOCK_BYTES):
            self._coming.put(Pcm16(pcm16[at : at + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0")))

    def finish(self) -> None:
        """After what was pushed, the sound ends."""
        self._coming.put(None)

    def break_(self, error: Exception | None = None) -> None:
        """After what was pushed, it is gone."""
        self._coming.put(error or MicrophoneProblem("The microphone is gone."))

    def unplug(self) -> None:
        """After what was pushed, it goes away."""
        self._coming.put(False)

    def plug_in(self) -> None:
        """After that, it is back."""
        self._coming.put(True)

    def blocks(self) -> Iterator[Pcm16]:
        while not self._closed:
            block = self._coming.get()
            if block is None or self._closed:
                return
            if isinstance(block, Exception):
                raise block
            if isinstance(block, bool):
                if self.on_presence is not None:
                    self.on_presence(block)
                continue
            yield block

    def close(self) -> None:
        self._closed = True
        self._coming.put(None)
