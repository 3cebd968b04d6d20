"""An echo canceller that knows the room because it was told."""

import numpy

from voice_ally.core.audio import BLOCK_SAMPLES, Pcm16


class FakeEchoCanceller:
    """Takes out `gain` times what was played `delay_blocks` ago."""

    name = "fake"

    def __init__(self, gain: float = 0.0, delay_blocks: int = 0) -> None:
        self.gain, self.delay_blocks = gain, delay_blocks
        self.resets = 0
        self.moves = 0
        """What moved() tells next."""
        self.late = self.closed = False
        self._played: list[Pcm16] = []

    def cancel(self, heard: Pcm16, played: Pcm16) -> Pcm16:
        assert len(heard) == len(played) == BLOCK_SAMPLES * 2
        self._played.append(played)
        echo = numpy.zeros(BLOCK_SAMPLES)
        if len(self._played) > self.delay_blocks:
            echo = numpy.frombuffer(self._played[-1 - self.delay_blocks], "<i2") * self.gain
        rest = numpy.frombuffer(heard, "<i2") - echo
        return Pcm16(rest.round().clip(-32768, 32767).astype("<i2").tobytes())

    def out_of_step(self) -> bool:
        return self.late

    def moved(self) -> int:
        moved, self.moves = self.moves, 0
        return moved

    def reset(self) -> None:
        self.resets += 1
        self._played.clear()

    def close(self) -> None:
        self.closed = True
