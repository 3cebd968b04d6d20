"""Sentences -> recordings of many voices, in many manners of speaking.

Rules: 16 kHz, mono, 16 bit; utterance n is the same whenever and in whatever order it is made;
what is already there is kept, so that it can be broken off and taken up again.
"""

import csv
import random
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from tools.tiny_model import voices
from tools.tiny_model.noise import reverberate
from tools.tiny_model.texts import SHORT_SHARE, sentences
from tools.tiny_model.voices import Samples

RATE_HZ = 16_000
LONGEST_SECONDS = 9.0
SPOKEN_PER_QUIET = 30
"""So many lines are spoken for each in which nobody speaks."""
LEVEL = 0.08
"""Root mean square after synthesis; gain is varied later."""


@dataclass(frozen=True)
class Line:
    """One utterance."""

    name: str
    """Also its file's name, without the ending."""
    voice: str
    manner: str
    text: str


def plan(count: int, seed: int, short: float = SHORT_SHARE) -> list[Line]:
    """Who says what; such a share of it is short answers."""
    lines = []
    for number, text in enumerate(sentences(count, seed, short)):
        chance = random.Random(f"{seed} {number}")
        kinds = list(voices.SYNTHESISERS.values())
        (kind,) = chance.choices(kinds, [one.share for one in kinds])
        voice = f"{kind.name} {kind.draw(chance)}"
        while voices.held_back(voice):
            voice = f"{kind.name} {kind.draw(chance)}"
        (manner,) = chance.choices(list(MANNERS), [one[0] for one in MANNERS.values()])
        name = f"{seed:02}-{number:05}"
        lines.append(Line(name, voice, manner, text))
        if number % SPOKEN_PER_QUIET == 0:
            lines.append(Line(f"{name}-quiet", f"{voices.NOBODY} room", "plain", ""))
    return lines


def synthesise(
    lines: Iterable[Line], folder: Path, tell: Callable[[str], None] = print
) -> Iterator[Line]:
    """Make what is missing; gives the lines that exist then."""
    folder.mkdir(parents=True, exist_ok=True)
    missing: set[str] = set()
    for line in lines:
        path = folder / f"{line.name}.wav"
        kind = line.voice.split()[0]
        if not path.exists() and kind not in missing:
            try:
                sound = _make(line)
            except voices.VoiceMissing as error:
                tell(f"left out: {error}")
                missing.add(kind)
                continue
            except Exception as error:  # what one voice trips over must not end hours of work
                tell(f"left out: {line.voice}, {line.text!r}: {error!r}")
                continue
            if not RATE_HZ // 5 < len(sound) < LONGEST_SECONDS * RATE_HZ:
                continue
            unfinished = path.with_suffix(".part")
            soundfile.write(unfinished, sound, RATE_HZ, subtype="PCM_16", format="WAV")
            unfinished.replace(path)
        if path.exists():
            yield line


def write_plan(lines: Iterable[Line], path: Path) -> None:
    """As tab-separated text."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows(
            (one.name, one.voice, one.manner, one.text) for one in lines
        )


def read_plan(path: Path) -> list[Line]:
    """What write_plan wrote."""
    with path.open(encoding="utf-8", newline="") as file:
        return [Line(*row) for row in csv.reader(file, delimiter="\t")]


def _make(line: Line) -> Samples:
    chance = random.Random(f"how {line.name}")
    sound, rate = voices.speak(line.voice, line.text, chance)
    sound = np.asarray(sound, np.float32).reshape(-1)
    if rate != RATE_HZ:
        sound = soxr.resample(sound, rate, RATE_HZ)
    sound = MANNERS[line.manner][1](_trim(sound), chance)
    level = float(np.sqrt(np.mean(sound**2))) or 1.0
    sound = sound * (LEVEL / level)
    return (sound * min(1.0, 0.98 / (float(np.abs(sound).max()) or 1.0))).astype(np.float32)


def _trim(sound: Samples) -> Samples:
    """Without the silence at both ends, but for a tenth of a second."""
    loud = np.flatnonzero(np.abs(sound) > 0.01 * (float(np.abs(sound).max()) or 1.0))
    if not len(loud):
        return sound
    edge = RATE_HZ // 10
    return sound[max(0, loud[0] - edge) : loud[-1] + edge]


def _sox(sound: Samples, *effects: str) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        source, target = f"{folder}/in.wav", f"{folder}/out.wav"
        soundfile.write(source, sound * (0.5 / (float(np.abs(sound).max()) or 1.0)), RATE_HZ)
        subprocess.run(
            ["sox", "-D", source, target, *effects], check=True, capture_output=True, timeout=60
        )
        return soundfile.read(target, dtype="float32")[0]


def _plain(sound: Samples, chance: random.Random) -> Samples:
    return sound


def _varied(sound: Samples, chance: random.Random) -> Samples:
    return _sox(
        sound,
        "pitch",
        str(chance.randint(-300, 350)),
        "tempo",
        "-s",
        f"{chance.uniform(0.88, 1.15):.2f}",
    )


def _fast(sound: Samples, chance: random.Random) -> Samples:
    return _sox(sound, "tempo", "-s", f"{chance.uniform(1.15, 1.4):.2f}")


def _slow(sound: Samples, chance: random.Random) -> Samples:
    return _sox(
        sound,
        "pitch",
        str(chance.randint(-250, 100)),
        "tempo",
        "-s",
        f"{chance.uniform(0.68, 0.88):.2f}",
    )


def _tearful(sound: Samples, chance: random.Random) -> Samples:
    """Higher, slower, shaking."""
    return _sox(
        sound,
        *("pitch", str(chance.randint(50, 450))),
        *("tempo", "-s", f"{chance.uniform(0.8, 1.0):.2f}"),
        *("vol", "0.6"),
        *("tremolo", f"{chance.uniform(4, 9):.1f}", str(chance.randint(15, 50))),
    )


def _shouted(sound: Samples, chance: random.Random) -> Samples:
    """Higher, brighter, flattened at the top."""
    raised = _sox(
        sound,
        *("pitch", str(chance.randint(100, 500))),
        *("treble", f"+{chance.randint(3, 9)}", "2000"),
    )
    drive = chance.uniform(1.5, 4.0) / (float(np.abs(raised).max()) or 1.0)
    return np.tanh(raised * drive).astype(np.float32)


def _whispered(sound: Samples, chance: random.Random) -> Samples:
    """The vocal tract kept, the voice replaced by breath: linear prediction of order 18."""
    import scipy.linalg
    import scipy.signal

    order, size, step = 18, 400, 160
    window = np.hanning(size)
    noise = np.random.default_rng(chance.randrange(2**31)).standard_normal(len(sound) + size)
    emphasised = np.append(sound[0], sound[1:] - 0.9 * sound[:-1])
    out = np.zeros(len(sound) + size)
    for start in range(0, len(sound) - size, step):
        frame = emphasised[start : start + size] * window
        if float(np.abs(frame).max()) < 1e-4:
            continue
        lags = np.correlate(frame, frame, "full")[size - 1 : size + order]
        lags[0] *= 1.001
        taps = scipy.linalg.solve_toeplitz(lags[:-1], lags[1:])
        error = max(lags[0] - float(taps @ lags[1:]), 0.0)
        breath = noise[start : start + size] * window * np.sqrt(error / size)
        out[start : start + size] += scipy.signal.lfilter([1.0], np.append(1.0, -taps), breath)
    return scipy.signal.lfilter([1.0], [1.0, -0.5], out[: len(sound)]).astype(np.float32)


def _clipped(sound: Samples, chance: random.Random) -> Samples:
    """Curt: quick, and cut into at one end or both, as a gate that opens late does."""
    quick = _sox(sound, "tempo", "-s", f"{chance.uniform(1.0, 1.3):.2f}")
    edge = RATE_HZ // 10
    begin = edge + int(chance.uniform(-0.02, 0.03) * RATE_HZ)
    end = len(quick) - edge + int(chance.uniform(-0.06, 0.02) * RATE_HZ)
    return quick[begin:end] if end - begin > edge else quick


def _drawn(sound: Samples, chance: random.Random) -> Samples:
    """Drawn out, with a voice that sinks or rises."""
    bend = chance.choice((-1, 1)) * chance.randint(50, 250)
    length = f"{len(sound) / RATE_HZ * 0.8:.2f}"
    bent = _sox(sound, "bend", f"0.05,{bend},{length}")
    return _sox(bent, "tempo", "-s", f"{chance.uniform(0.45, 0.7):.2f}")


def _far(sound: Samples, chance: random.Random) -> Samples:
    """Across the room: more of the room than of the speaker, and dull."""
    room = np.random.default_rng(chance.randrange(2**31))
    heard = np.append(sound, np.zeros(RATE_HZ // 5)).astype(np.float32)
    for _ in range(2):
        heard = reverberate(heard, room)
    return _sox(heard, "treble", f"-{chance.randint(3, 12)}", "3000")


MANNERS: dict[str, tuple[float, Callable[[Samples, random.Random], Samples]]] = {
    "plain": (0.28, _plain),
    "varied": (0.32, _varied),
    "fast": (0.07, _fast),
    "slow": (0.07, _slow),
    "tearful": (0.06, _tearful),
    "shouted": (0.06, _shouted),
    "whispered": (0.04, _whispered),
    "clipped": (0.04, _clipped),
    "drawn": (0.03, _drawn),
    "far": (0.03, _far),
}
"""Name -> (share, how it is made)."""
