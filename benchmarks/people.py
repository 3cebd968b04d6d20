"""Recordings of people saying single words, and where in a session each is heard.

Rules: read-only. The speakers are split in fifths by a checksum. The first is kept out of all
training and fitting, and figures are of it alone unless they say otherwise; the second is for
choosing and fitting (the acceptance model), the others are for training networks. The recordings
are cut to one second, so half a second of a room is put before them and a second behind.
VOICE_ALLY_SHARED says where they lie.
"""

import csv
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy
import soxr

from benchmarks.recordings import Samples, folder, in_room, samples_of
from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16

LEAD_SECONDS = 0.5
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
FITTED_SETS = ("gsc", "gsc_other", "gsc_more", "mycroft", "ami", "alnum")
"""What their licences let a model learn from."""
NARROW_HZ = 8_000
HELD_OUT, CHOSEN_BY = 0, 1


@dataclass(frozen=True)
class Word:
    """One recording of one person."""

    path: Path
    said: str
    speaker: str
    set: str

    @property
    def fifth(self) -> int:
        """Which part of the speakers it belongs to: HELD_OUT, CHOSEN_BY, or another."""
        return zlib.crc32(self.speaker.encode()) % 5

    @property
    def held_out(self) -> bool:
        """Is the speaker kept out of all training and fitting?"""
        return self.fifth == HELD_OUT


def words(*sets: str) -> list[Word]:
    """Those of these sets, of all without any, in a fixed order. Raises FileNotFoundError."""
    index = folder() / "words" / "index.tsv"
    if not index.is_file():
        raise FileNotFoundError(f"the recordings {index.parent} are not at hand")
    with index.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    found = []
    for row in rows:
        name = row["file"].split("/")[0]
        path = index.parent / row["file"]
        if path.suffix == ".flac" and (not sets or name in sets):
            found.append(Word(path, row["said"], row["speaker"], name))
    return found


def one_each(spoken: list[Word]) -> list[Word]:
    """One recording of each word by each speaker: the first."""
    first: dict[tuple[str, str], Word] = {}
    for one in spoken:
        first.setdefault((one.said, one.speaker), one)
    return list(first.values())


def sound(word: Word, snr_db: float | None = None, *, narrow: bool = False) -> Pcm16:
    """The recording in a room; so far above kitchen noise; as a Bluetooth headset sends it."""
    speech: Samples = samples_of(word.path)
    if narrow:
        low = soxr.resample(speech, SAMPLE_RATE_HZ, NARROW_HZ)
        speech = soxr.resample(low, NARROW_HZ, SAMPLE_RATE_HZ)
    lead = numpy.zeros(int(LEAD_SECONDS * SAMPLE_RATE_HZ))
    return in_room(numpy.concatenate([lead, speech]), word.path.stem, snr_db)
