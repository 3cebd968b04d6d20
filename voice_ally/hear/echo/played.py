"""What the loudspeaker has played, for comparing the microphone with.

Rules: written by the audio callback, read by the listening thread, a block for each block of the
microphone; neither waits for the other. Each runs on its own clock: where they have drifted
apart, or one of them stood still, reading goes on just behind what was played last, since an
echo never comes before its sound.
"""

import threading

from voice_ally.core.audio import BLOCK_BYTES, BLOCK_SAMPLES, Pcm16, silence

KEPT_BLOCKS = 250
"""Somewhat more than the microphone's own queue holds."""
WATCHED_READS = 100
"""A thread that was held up catches up at once; what stays behind for so long has drifted."""


class PlayedSound:
    """A short queue from the loudspeaker's thread to the microphone's."""

    def __init__(self, behind_blocks: int = 0) -> None:
        self._behind_blocks = behind_blocks
        """So much of a cushion for two threads that are not quite even."""
        self._lock = threading.Lock()
        self._waiting = bytearray()
        self._running = False
        self._reads, self._least_behind = 0, KEPT_BLOCKS

    def push(self, pcm16: Pcm16) -> None:
        """This was played; any length."""
        with self._lock:
            self._waiting += pcm16
            del self._waiting[: max(0, len(self._waiting) - KEPT_BLOCKS * BLOCK_BYTES)]

    def next_block(self) -> Pcm16:
        """What goes with the microphone's next block; silence where nothing was played."""
        with self._lock:
            blocks = len(self._waiting) // BLOCK_BYTES
            self._running = blocks > (0 if self._running else self._behind_blocks)
            if not self._running:
                return silence(BLOCK_SAMPLES)
            self._keep_near(blocks - 1)
            block = Pcm16(bytes(self._waiting[:BLOCK_BYTES]))
            del self._waiting[:BLOCK_BYTES]
            return block

    def _keep_near(self, behind: int) -> None:
        self._least_behind = min(self._least_behind, behind)
        self._reads += 1
        if self._reads == WATCHED_READS:
            too_far = self._least_behind - self._behind_blocks
            if too_far > 1:
                del self._waiting[: too_far * BLOCK_BYTES]
            self._reads, self._least_behind = 0, KEPT_BLOCKS
