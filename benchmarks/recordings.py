"""Recordings of people to measure hearing with, and the noise to put over them.

Rules: read-only, nothing is trained on them. Half of each group is for choosing thresholds, the
other half is kept for reporting: which half a recording is in follows from its name alone (an
even or odd checksum), so it never changes. Loudness of noise is counted as the Picovoice
benchmarks count it: the ratio of the loudest 2,048-sample frames of speech and noise.
"""

import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy
import soundfile
from numpy.typing import NDArray

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16

TUNING, TESTING = "tuning", "testing"
GROUPS = ("orders", "computer", "view glass", "prose")
FOLDERS = {
    "orders": "commands",
    "computer": "wake/computer",
    "view glass": "wake/view_glass",
    "prose": "negative",
}
FRAME_SAMPLES = 2048
TAIL_SECONDS = 1.0
"""Of room after the recording, so that an utterance can end by silence."""
ROOM_RMS = 3.0
"""Of the room's hiss where no noise is wanted; no microphone is wholly silent."""
Samples = NDArray[numpy.float64]


@dataclass(frozen=True)
class Recording:
    """One recording of one person."""

    path: Path
    group: str
    slots: Mapping[str, str] = field(default_factory=dict)
    """Of an order: what was wanted."""

    @property
    def name(self) -> str:
        """Group and file."""
        return f"{self.group}/{self.path.stem}"

    @property
    def half(self) -> str:
        """ "tuning" or "testing"."""
        return (TUNING, TESTING)[zlib.crc32(self.path.stem.encode()) % 2]


def folder() -> Path:
    """Where the recordings lie: VOICE_ALLY_SHARED, or "shared" beside the project."""
    default = Path(__file__).resolve().parents[2] / "shared"
    return Path(os.environ.get("VOICE_ALLY_SHARED", str(default))) / "speech"


def recordings(group: str, half: str = "", *, every: int = 1, first: int = 0) -> list[Recording]:
    """Those of a group, in a fixed order; every nth, from which on. Raises FileNotFoundError."""
    where = folder() / FOLDERS[group]
    if not where.is_dir():
        raise FileNotFoundError(f"the recordings {where} are not at hand")
    labels = {}
    if group == "orders":
        labels = json.loads((folder() / "labels.json").read_text(encoding="utf-8"))
    found = [
        Recording(path, group, labels.get(path.name, {}).get("slots", {}))
        for path in sorted(where.glob("*.flac"))
    ]
    return [one for one in found if half in ("", one.half)][first::every]


def sound(recording: Recording, snr_db: float | None = None) -> Pcm16:
    """The recording and a second of room after it, in kitchen noise so far below it."""
    return in_room(samples_of(recording.path), recording.name, snr_db)


def in_room(speech: Samples, name: str, snr_db: float | None = None) -> Pcm16:
    """The same of any speech; which part of the noise it is follows from the name."""
    speech = numpy.concatenate([speech, numpy.zeros(int(TAIL_SECONDS * SAMPLE_RATE_HZ))])
    chance = numpy.random.default_rng(zlib.crc32(name.encode()))
    if snr_db is None:
        noise = chance.normal(0.0, ROOM_RMS, speech.size)
    else:
        kitchen = samples_of(folder() / "kitchen.flac")
        begin = int(chance.integers(0, kitchen.size - speech.size))
        noise = kitchen[begin : begin + speech.size]
        noise = noise * numpy.sqrt(_loudest(speech) / _loudest(noise) / 10 ** (snr_db / 10))
    return Pcm16((speech + noise).clip(-32768, 32767).astype("<i2").tobytes())


@cache
def samples_of(path: Path) -> Samples:
    """Of a file of 16,000 samples a second. Raises ValueError for any other."""
    samples, rate = soundfile.read(path, dtype="int16")
    if rate != SAMPLE_RATE_HZ:
        raise ValueError(f"{path} has {rate} samples a second, not {SAMPLE_RATE_HZ}")
    return samples.astype(numpy.float64)


def _loudest(samples: Samples) -> float:
    """Energy of the loudest frame."""
    whole = samples[: samples.size // FRAME_SAMPLES * FRAME_SAMPLES].reshape(-1, FRAME_SAMPLES)
    return float((whole**2).mean(axis=1).max())
