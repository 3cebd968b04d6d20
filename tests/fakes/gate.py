"""A speech gate one can see into: a function tells what is speech, by default whatever is loud."""

from array import array
from collections.abc import Callable

from voice_ally.core.audio import Pcm16, samples_in, to_samples

LOUD = 1000


def voice(seconds: float) -> Pcm16:
    """What the gate takes for one."""
    return Pcm16(array("h", [LOUD] * to_samples(seconds)).tobytes())


def loudness(chunk: Pcm16) -> float:
    """1 for a chunk with any loud sample, else 0."""
    return 1.0 if max(map(abs, array("h", chunk))) >= LOUD else 0.0


def steps_of(*probabilities: float) -> Callable[[Pcm16], float]:
    """These, one a chunk, whatever it sounds like; 0 when they are used up."""
    left = iter(probabilities)
    return lambda _chunk: next(left, 0.0)


class FakeGate:
    chunk_samples = 512

    def __init__(self, probability: Callable[[Pcm16], float] = loudness) -> None:
        self._probability = probability
        self.chunks: list[Pcm16] = []
        """What it was asked about since the last reset."""
        self.resets = 0

    def probability(self, chunk: Pcm16) -> float:
        if samples_in(chunk) != self.chunk_samples:
            raise ValueError(f"{self.chunk_samples} samples at a time, not {samples_in(chunk)}")
        self.chunks.append(chunk)
        return self._probability(chunk)

    def reset(self) -> None:
        self.chunks.clear()
        self.resets += 1
