"""How loud it is where a microphone stands.

Rules: pure numbers about blocks; what was heard is not kept.
"""

import math
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from voice_ally.core.audio import Pcm16

FULL_SCALE = 32768
CLIPPED = 32_700
SILENT_DB = -96.0
"""What digital silence counts as: one bit."""
QUIETEST_PART = 0.1
"""The noise floor is how loud the quietest tenth of the blocks is."""
METER_FROM_DB, METER_STEP_DB, METER_CELLS = -60.0, 3.0, 20


@dataclass(frozen=True)
class Level:
    """In decibels of full scale: 0 is the loudest there is."""

    peak_db: float
    mean_db: float
    floor_db: float
    clipped: float
    """Which part of the samples was too loud to be told: 0 to 1."""

    @property
    def dead(self) -> bool:
        """Not even noise: muted, or nothing is connected."""
        return self.peak_db <= SILENT_DB

    def meter(self) -> str:
        """The peak as a bar of METER_CELLS cells."""
        filled = round((self.peak_db - METER_FROM_DB) / METER_STEP_DB)
        filled = max(0, min(METER_CELLS, filled))
        return "#" * filled + "." * (METER_CELLS - filled)


def level_of(blocks: Iterable[Pcm16]) -> Level:
    """The level of these blocks; that of silence if there are none."""
    peak = clipped = samples = 0
    powers: list[float] = []
    for block in blocks:
        heard = array("h", block)
        if not heard:
            continue
        peak = max(peak, *map(abs, heard))
        clipped += sum(abs(one) >= CLIPPED for one in heard)
        samples += len(heard)
        powers.append(sum(one * one for one in heard) / len(heard))
    powers.sort()
    quietest = powers[: max(1, int(len(powers) * QUIETEST_PART))]
    return Level(
        _db(peak),
        _db(math.sqrt(_mean(powers))),
        _db(math.sqrt(_mean(quietest))),
        clipped / samples if samples else 0.0,
    )


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _db(amplitude: float) -> float:
    return max(SILENT_DB, 20 * math.log10(amplitude / FULL_SCALE)) if amplitude else SILENT_DB
