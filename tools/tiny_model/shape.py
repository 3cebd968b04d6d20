"""Shapes and numbers that all stages share, without a library that only training needs."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from voice_ally.models.phones import PHONES

RATE_HZ = 16_000
MEL_BANDS = 40
LOW_HZ, HIGH_HZ = 20, 7600
FRAMES_PER_OUTPUT = 3
"""The network says something every 30 ms, as Vosk expects."""

NAMES = ("SIL", *PHONES)
"""The sounds the model tells apart; each has two outputs, one for its first 30 ms, one for the
rest."""
NUMBER = {name: number for number, name in enumerate(NAMES)}
OUTPUTS = 2 * len(NAMES)


@dataclass(frozen=True)
class Affine:
    """One layer as Kaldi has it: out = weights · (frames at the offsets, end to end) + bias."""

    offsets: tuple[int, ...]
    """In frames of 10 ms."""
    weights: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    rectified: bool
