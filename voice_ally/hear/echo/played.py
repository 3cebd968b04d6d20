"""What the loudspeaker has played, for comparing the microphone with.

Rules: written by the audio callback, read by the listening thread, a block for each block of the
microphone; neither waits for the other. Two devices that run stay a fixed number of samples apart
however unevenly their threads are woken, so that distance is kept: reading lags behind by a
cushion, and only a real gap, or two clocks that have drifted apart, moves it.
"""

import threading

from voice_ally.core.audio import BLOCK_BYTES, BLOCK_SAMPLES, SAMPLE_BYTES, Pcm16, silence

KEPT_BLOCKS = 560
"""Somewhat more than the microphone's own queue holds."""
KEPT_GIVEN_BLOCKS = 10
WATCHED_READS = 500
"""A thread that was held up catches up at once; what stays behind for so long has drifted."""
DRIFT_BLOCKS = 4
"""So much further behind than the cushion, and it is time to catch up."""


class PlayedSound:
    """A short queue from the loudspeaker's thread to the microphone's."""

    def __init__(self, cushion_blocks: int = 0) -> None:
        self.cushion_blocks = cushion_blocks
        """How far reading lags behind, to bridge the unevenness of two threads."""
        self._lock = threading.Lock()
        self._waiting = bytearray()
        self._given = bytearray()
        """What was read last, in case it has to be read again."""
        self._running = False
        self._reads, self._least_behind = 0, KEPT_BLOCKS
        self.gaps = self.jumps = self.moves = 0
        """How often the distance had to change."""

    def push(self, pcm16: Pcm16) -> None:
        """This was played; any length."""
        with self._lock:
            self._waiting += pcm16
            del self._waiting[: max(0, len(self._waiting) - KEPT_BLOCKS * BLOCK_BYTES)]

    def next_block(self) -> Pcm16:
        """What goes with the microphone's next block; silence where nothing was played."""
        with self._lock:
            blocks = len(self._waiting) // BLOCK_BYTES
            if self._running and not blocks:
                self.gaps += 1
            self._running = blocks > (0 if self._running else self.cushion_blocks)
            if not self._running:
                return silence(BLOCK_SAMPLES)
            self._keep_near(blocks - 1)
            block = Pcm16(bytes(self._waiting[:BLOCK_BYTES]))
            del self._waiting[:BLOCK_BYTES]
            self._given += block
            del self._given[: max(0, len(self._given) - KEPT_GIVEN_BLOCKS * BLOCK_BYTES)]
            return block

    def move(self, samples: int) -> None:
        """From now on read so many samples later than before (again what was read last), or
        earlier: the loudspeaker plays later, or earlier, than it did."""
        size = abs(samples) * SAMPLE_BYTES
        with self._lock:
            self.moves += 1
            if samples > 0:
                self._waiting[:0] = self._given[-size:]
            else:
                del self._waiting[:size]

    def _keep_near(self, behind: int) -> None:
        self._least_behind = min(self._least_behind, behind)
        self._reads += 1
        if self._reads == WATCHED_READS:
            too_far = self._least_behind - self.cushion_blocks
            if too_far > DRIFT_BLOCKS:
                self.jumps += 1
                del self._waiting[: too_far * BLOCK_BYTES]
            self._reads, self._least_behind = 0, KEPT_BLOCKS
