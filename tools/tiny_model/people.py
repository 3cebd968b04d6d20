"""Recordings of people saying single words, from a folder that lies outside the project.

Rules: the folder has an index.tsv (file, said, speaker, seconds, licence, note), read only; only
the sets in TRAINABLE are used, and of them what is said in words that have a pronunciation. Of
five speakers one is for reporting and one for tuning, by a checksum of the speaker's name; neither
is ever trained on, whatever set the recording is in.
"""

import csv
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

from tools.tiny_model.shape import RATE_HZ
from tools.tiny_model.synthesis import Line
from tools.tiny_model.texts import dictionary

INDEX = "index.tsv"
TRAINABLE = {
    "gsc": "CC-BY-4.0",
    "gsc_other": "CC-BY-4.0",
    "gsc_more": "CC-BY-4.0",
    "mycroft": "public domain",
}
"""Folder -> licence. Sets that may be measured on only, and those nobody wrote down word for word,
are left out."""
REPORTING, TUNING, TRAINING = "reporting", "tuning", "training"
_PARTS = (REPORTING, TUNING, TRAINING, TRAINING, TRAINING)
VOICE = "people"
"""First word of a line's voice; the second is the speaker."""
WEIGHT = 2.0
"""How often a recording is drawn in training, beside a synthetic one of its length."""
RARE_WORD = 2.0
"""So many times that at most, where its word is rarer than others."""


@dataclass(frozen=True)
class Clip:
    """One recording."""

    path: Path
    said: str
    speaker: str

    @property
    def name(self) -> str:
        """Also of the file it becomes, without the ending."""
        return f"{VOICE}-{self.path.parent.name}-{self.path.stem}"


def part(speaker: str) -> str:
    """What a speaker's recordings are for: REPORTING, TUNING or TRAINING."""
    return _PARTS[zlib.crc32(speaker.encode()) % len(_PARTS)]


def clips(folder: Path, wanted: str) -> list[Clip]:
    """The recordings of one part, in the order of the index. OSError where there is none."""
    with (folder / INDEX).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Clip(folder / row["file"], row["said"].lower(), row["speaker"])
        for row in rows
        if row["file"].split("/")[0] in TRAINABLE
        and part(row["speaker"]) == wanted
        and all(word in dictionary() for word in row["said"].lower().split())
        and row["said"] not in NOT_SAID
    ]


NOT_SAID = ("various",)
"""Stands in the index for recordings of which nobody wrote down what is said."""


def samples(clip: Clip) -> npt.NDArray[np.float32]:
    """Between -1 and 1. ValueError at another rate than 16 kHz."""
    sound, rate = soundfile.read(clip.path, dtype="float32")
    if rate != RATE_HZ:
        raise ValueError(f"{clip.path} has {rate} samples a second, not {RATE_HZ}")
    return np.asarray(sound, np.float32)


def recorded(clips: Iterable[Clip], speech: Path) -> Iterator[Line]:
    """Put them beside what the synthetic voices said; what is there is kept."""
    speech.mkdir(parents=True, exist_ok=True)
    for clip in clips:
        path = speech / f"{clip.name}.wav"
        if not path.exists():
            unfinished = path.with_suffix(".part")
            soundfile.write(unfinished, samples(clip), RATE_HZ, subtype="PCM_16", format="WAV")
            unfinished.replace(path)
        yield Line(clip.name, f"{VOICE} {clip.speaker}", "recorded", clip.said)


def weights(lines: Iterable[Line]) -> dict[str, float]:
    """Name -> how often it is drawn: rare words oftener than frequent ones, and each word's
    recordings together still less often."""
    lines = list(lines)
    count = Counter(line.text for line in lines)
    usual = sum(number**2 for number in count.values()) / (len(lines) or 1)
    return {
        line.name: WEIGHT * min(RARE_WORD, float(np.sqrt(usual / count[line.text])))
        for line in lines
    }
