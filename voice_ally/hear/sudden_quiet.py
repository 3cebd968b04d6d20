"""Where a voice has just broken off, told by loudness alone, and sooner than the gate can tell.

Rules: 10 ms at a time; what counts is how much softer it is than it was of late. What goes on
behind it, softer, is no voice.
"""

from voice_ally.core.audio import Pcm16

FALLEN, RISEN = 0.02, 0.1
"""Of the loudest power of late: under the first (-17 dB) the voice has broken off, as it does
behind a word and between the vowel and the last sound of "stop"; from the second on (-10 dB) it
is there."""
KEPT = 0.955
"""Of the loudest power, after each block without a louder one: 20 dB less in a second."""
LOOKS_BLOCKS = (2, 6, 10)
"""After so many quiet blocks it is worth looking at what was said."""
MAY_BE_OVER_BLOCKS = range(2, 30, 2)
"""After so many it is worth beginning to decode; by the last of them the gate has heard it too."""


class SuddenQuiet:
    """Feed it sound; it tells when to look."""

    def __init__(self) -> None:
        import numpy

        self._numpy = numpy
        self._loudest = 0.0
        self._quiet_blocks = 0

    def note(self, block: Pcm16) -> bool:
        """The next 10 ms. Is this a moment to look at what was said before it?"""
        samples = self._numpy.frombuffer(block, "<i2").astype(self._numpy.float32)
        power = float(samples @ samples)
        self._loudest = max(power, self._loudest * KEPT)
        if power >= RISEN * self._loudest:
            self._quiet_blocks = 0
        elif power < FALLEN * self._loudest or self._quiet_blocks:
            self._quiet_blocks += 1
        return self._quiet_blocks in LOOKS_BLOCKS

    @property
    def may_be_over(self) -> bool:
        """May this be the quiet after the last word?"""
        return self._quiet_blocks in MAY_BE_OVER_BLOCKS
