"""The format of all that is heard.

Rules: mono, signed 16-bit little-endian, 16,000 samples a second, from the microphone to the
recognisers, which know no other rate. Whatever comes in otherwise is converted at the edge (hear/).
"""

from typing import NewType

SAMPLE_RATE_HZ = 16_000
SAMPLE_BYTES = 2
BLOCK_SECONDS = 0.01
BLOCK_SAMPLES = 160
BLOCK_BYTES = BLOCK_SAMPLES * SAMPLE_BYTES

Pcm16 = NewType("Pcm16", bytes)
"""Raw samples: mono, int16 little-endian, at SAMPLE_RATE_HZ."""


def samples_in(pcm16: bytes) -> int:
    """How many samples these bytes hold."""
    return len(pcm16) // SAMPLE_BYTES


def seconds_in(pcm16: bytes) -> float:
    """How long these bytes last when played."""
    return samples_in(pcm16) / SAMPLE_RATE_HZ


def to_samples(seconds: float) -> int:
    """The nearest whole number of samples in so many seconds."""
    return round(seconds * SAMPLE_RATE_HZ)


def to_seconds(samples: int) -> float:
    """How long so many samples last."""
    return samples / SAMPLE_RATE_HZ


def silence(samples: int) -> Pcm16:
    """So many samples of digital silence."""
    return Pcm16(bytes(samples * SAMPLE_BYTES))
