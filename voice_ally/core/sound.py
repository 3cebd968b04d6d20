"""The format of all that is played.

Rules: mono, signed 16-bit little-endian, 24,000 samples a second, from the voices and tones to the
loudspeaker. Whatever a voice renders otherwise, and a device that wants another rate, is converted
at the edge (speak/). What is heard has a format of its own (audio.py); a block is 10 ms in both.
"""

from typing import NewType

SAMPLE_RATE_HZ = 24_000
"""The usual voice's own."""
SAMPLE_BYTES = 2
BLOCK_SECONDS = 0.01
BLOCK_SAMPLES = 240
BLOCK_BYTES = BLOCK_SAMPLES * SAMPLE_BYTES

Sound = NewType("Sound", bytes)
"""Raw samples: mono, int16 little-endian, at SAMPLE_RATE_HZ."""


def samples_in(sound: bytes) -> int:
    """How many samples these bytes hold."""
    return len(sound) // SAMPLE_BYTES


def seconds_in(sound: bytes) -> float:
    """How long these bytes last when played."""
    return samples_in(sound) / SAMPLE_RATE_HZ


def to_samples(seconds: float) -> int:
    """The nearest whole number of samples in so many seconds."""
    return round(seconds * SAMPLE_RATE_HZ)


def to_seconds(samples: int) -> float:
    """How long so many samples last."""
    return samples / SAMPLE_RATE_HZ


def silence(samples: int) -> Sound:
    """So many samples of digital silence."""
    return Sound(bytes(samples * SAMPLE_BYTES))
