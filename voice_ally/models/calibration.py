"""How the scores of an official Vosk model compare with those of the bundled one.

Rules: the acceptance model was fitted on the bundled network's scores; another network's lie on
another scale. A straight line takes the one to the other; it is measured on this machine
(`voice-ally models calibrate`) and kept beside the program's other state, by the model's name and
size. A model without one is not used.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any

from voice_ally.core.errors import ModelProblem
from voice_ally.core.regular_files import read_regular
from voice_ally.core.whole_files import write_whole
from voice_ally.settings.places import user_state_folder

FILE = "calibration.json"
MOST_BYTES = 100_000
LEAST_APART = 1.0
"""Nats between what was said and what was not, without which a model tells nothing."""


@dataclass(frozen=True)
class Calibration:
    """bundled score = slope · score + offset."""

    slope: float = 1.0
    offset: float = 0.0

    def apply(self, score: float) -> float:
        """On the bundled model's scale."""
        return self.slope * score + self.offset


AS_IT_IS = Calibration()


@dataclass(frozen=True)
class Scores:
    """Log likelihood ratios of one model, in nats."""

    said: tuple[float, ...]
    """Of phrases that were said."""
    not_said: tuple[float, ...]
    """Of other phrases, in the same sounds."""


def calibration_of(bundled: Scores, other: Scores) -> Calibration:
    """The line through the medians. Raises ModelProblem where the other tells nothing."""
    said, not_said = median(other.said), median(other.not_said)
    if said - not_said < LEAST_APART:
        raise ModelProblem(
            "This speech model cannot tell what was said from what was not.",
            mend="Remove it, or choose another: voice-ally models list",
        )
    slope = (median(bundled.said) - median(bundled.not_said)) / (said - not_said)
    return Calibration(slope, median(bundled.said) - slope * said)


def read_calibration(model: Path) -> Calibration | None:
    """The one that was kept for this model; None where there is none that can be read."""
    try:
        kept = _kept()[model.name]
        if kept.pop("bytes") != _size_bytes(model):
            return None
        return Calibration(**{name: float(value) for name, value in kept.items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def keep_calibration(model: Path, calibration: Calibration) -> None:
    """For the next start. Raises ModelProblem where it cannot be written."""
    file = _file()
    try:
        kept = _kept()
    except (OSError, ValueError, RecursionError):
        kept = {}
    kept = kept if isinstance(kept, dict) else {}
    kept[model.name] = {"bytes": _size_bytes(model), **asdict(calibration)}
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, json.dumps(kept, indent=1))
    except OSError as error:
        raise ModelProblem(f"The calibration could not be kept: {error}.") from error


def _kept() -> Any:  # noqa: ANN401 - whatever is written there
    return json.loads(read_regular(_file(), MOST_BYTES))


def _file() -> Path:
    return user_state_folder() / FILE


def _size_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
