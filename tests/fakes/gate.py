"""A speech gate that takes every loud chunk for speech."""

from array import array

from voice_ally.core.audio import Pcm16

LOUD = 1000


class FakeGate:
    chunk_samples = 512

    def __init__(self) -> None:
        self.resets = 0

    def probability(self, chunk: Pcm16) -> float:
        return 1.0 if max(map(abs, array("h", chunk))) >= LOUD else 0.0

    def reset(self) -> None:
        self.resets += 1
