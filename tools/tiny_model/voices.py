"""The voices: free speech synthesisers from Debian, PyPI and npm, each behind one function.

Rules: each voice's licence allows this use and is named here; a voice that is held back is never
drawn for training; a synthesiser that is not installed raises VoiceMissing when it is first used.
"""

import os
import random
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

from tools.tiny_model import kokoro
from tools.tiny_model.noise import alone
from tools.tiny_model.shape import RATE_HZ

Samples = npt.NDArray[np.float32]
Sound = tuple[Samples, int]
"""Samples between -1 and 1, and their rate in Hz."""

NPM_PACKAGE = "kokoro-js@1.2.1"
"""Holds the 54 voices of Kokoro-82M; its network comes from PyPI."""

KOKORO_ENGLISH = (
    "af_alloy af_aoede af_bella af_heart af_jessica af_kore af_nicole af_nova af_river af_sarah "
    "af_sky am_adam am_echo am_eric am_fenrir am_liam am_michael am_onyx am_puck am_santa "
    "bf_alice bf_emma bf_isabella bf_lily bm_daniel bm_fable bm_george bm_lewis"
).split()
KOKORO_ACCENTS = (
    "ef_dora em_alex ff_siwis hf_alpha hf_beta hm_omega hm_psi if_sara im_nicola jf_alpha "
    "jf_nezumi jf_tebukuro jm_kumo pf_dora pm_alex zf_xiaobei zf_xiaoni zm_yunjian zm_yunxi"
).split()
ESPEAK_ACCENTS = (
    "en-us en-us en-us en-us-nyc en-gb en-gb-x-rp en-gb-scotland en-gb-x-gbclan "
    "en-gb-x-gbcwmd en-029"
).split()
ESPEAK_VARIANTS = (
    "m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f5 Alex Alicia Andrea Andy Annie Denis Diogo Gene Gene2 "
    "Henrique Hugo Jacky Lee Marco Mario Michael Mike adam anika antonio aunty belinda benjamin "
    "boris caleb david ed edward edward2 gustave iven iven2 iven3 iven4 john linda marcelo max "
    "michel miguel norbert pablo paul pedro quincy rob robert sandro shelby steph steph2 steph3 "
    "travis victor zac grandma grandpa klatt klatt4 whisper whisperf"
).split()

FOR_MEASURING = ("flite rms", "espeak-ng en-us+f4", "kokoro af_sarah", "kokoro bm_lewis")
"""Held back: neither trained on nor tuned on."""
FOR_TUNING = ("espeak-ng en-gb+anika", "kokoro am_eric", "kokoro bf_lily")
"""Held back from training; scales and costs are chosen by them."""


NOBODY = "nobody"
"""Says nothing: the sound of a room."""


class VoiceMissing(Exception):
    """This synthesiser is not installed."""


@dataclass(frozen=True)
class Synthesiser:
    """A family of voices."""

    name: str
    licence: str
    share: int
    """Of every hundred sentences."""
    weight: float
    """How often its utterances are drawn in training, beside others of their length: the more
    like people, the oftener."""
    draw: Callable[[random.Random], str]
    """Picks a voice."""
    speak: Callable[[str, str, random.Random], Sound]
    """(voice, text, chance): the sound, at a rate of speaking of its choice."""


def speak(voice: str, text: str, chance: random.Random) -> Sound:
    """The text said by a voice named "synthesiser voice"."""
    name, _, own = voice.partition(" ")
    return SYNTHESISERS[name].speak(own, text, chance)


def spoken(voice: str, text: str) -> npt.NDArray[np.int16]:
    """The same at 16 kHz and half the full level, with silence around it; kept, as some voices
    take long."""
    path = work_folder() / "spoken" / voice / f"{text}.wav"
    if not path.exists():
        sound, rate = speak(voice, text, random.Random(text))
        if rate != RATE_HZ:
            sound = soxr.resample(sound, rate, RATE_HZ)
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, sound * (0.5 / np.abs(sound).max()), RATE_HZ)
    sound = soundfile.read(path, dtype="int16")[0]
    return np.pad(sound, (RATE_HZ * 3 // 10, RATE_HZ // 2))


def work_folder() -> Path:
    """Where everything that is made on the way lies."""
    return Path(os.environ.get("TINY_MODEL_WORK", "build/tiny_model"))


def held_back(voice: str) -> bool:
    """Is this voice kept for measuring or tuning?"""
    own = voice.split(" ", 1)[1].partition("+")[0]
    parts = own.split("&") if voice.startswith("kokoro ") else ()
    return any(
        one in FOR_MEASURING + FOR_TUNING for one in (voice, *(f"kokoro {p}" for p in parts))
    )


def _run(command: Sequence[str], text: str | None = None) -> None:
    try:
        subprocess.run(command, input=text, text=True, check=True, capture_output=True, timeout=60)
    except FileNotFoundError as error:
        raise VoiceMissing(f"{command[0]} is not installed") from error


def _from_file(command: Callable[[str], Sequence[str]], text: str | None = None) -> Sound:
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/line.wav"
        _run(command(path), text)
        samples, rate = soundfile.read(path, dtype="float32")
        return samples, rate


def _flite(voice: str, text: str, chance: random.Random) -> Sound:
    stretch = f"duration_stretch={chance.uniform(0.8, 1.3):.2f}"
    return _from_file(
        lambda path: ["flite", "-voice", voice, "--setf", stretch, "-t", text, "-o", path]
    )


def _festival(voice: str, text: str, chance: random.Random) -> Sound:
    stretch = chance.uniform(0.85, 1.3)

    def script(path: str) -> str:
        return (
            f"(voice_{voice})(Parameter.set 'Duration_Stretch {stretch:.2f})"
            f'(set! said (Utterance Text "{text}"))(utt.synth said)(utt.save.wave said "{path}")'
        )

    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/line.wav"
        _run(["festival", "--pipe"], script(path))
        samples, rate = soundfile.read(path, dtype="float32")
        return samples, rate


def _espeak(voice: str, text: str, chance: random.Random) -> Sound:
    rate, pitch = str(chance.randint(115, 200)), str(chance.randint(20, 80))
    return _from_file(
        lambda path: ["espeak-ng", "-v", voice, "-s", rate, "-p", pitch, "-w", path, text]
    )


def _draw_espeak(chance: random.Random) -> str:
    accent = chance.choice(ESPEAK_ACCENTS)
    return accent if chance.random() < 0.1 else f"{accent}+{chance.choice(ESPEAK_VARIANTS)}"


_PICO = """
import sys
from py_nanotts import NanoTTS
text, voice, speed, pitch, path = sys.argv[1:]
sound = NanoTTS().speak(text, voice=voice, speed=float(speed), pitch=float(pitch))
open(path, "wb").write(sound)
"""


def _pico(voice: str, text: str, chance: random.Random) -> Sound:
    # in a process of its own each time: the second sentence of an engine is never twice the same
    if find_spec("py_nanotts") is None:
        raise VoiceMissing("py-nanotts is not installed")
    speed, pitch = chance.uniform(0.75, 1.3), chance.uniform(0.75, 1.35)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "line.raw")
        _run([sys.executable, "-c", _PICO, text, voice, str(speed), str(pitch), str(path)])
        return np.fromfile(path, "<i2").astype(np.float32) / 32768, RATE_HZ


def _hibari(voice: str, text: str, chance: random.Random) -> Sound:
    try:
        return kokoro.hibari(text, chance)
    except ImportError as error:
        raise VoiceMissing("hibari-tts is not installed") from error


def _kokoro(voice: str, text: str, chance: random.Random) -> Sound:
    try:
        return kokoro.speak(voice, text, chance, kokoro_voices_folder() / "package" / "voices")
    except ImportError as error:
        raise VoiceMissing("the kokoro packages are not installed") from error


def _nobody(voice: str, text: str, chance: random.Random) -> Sound:
    """What a room sounds like when nobody speaks."""
    return alone(np.random.default_rng(chance.randrange(2**31))), RATE_HZ


def _draw_kokoro(chance: random.Random) -> str:
    voice = _draw_kokoro_voice(chance)
    if chance.random() < kokoro.FOREIGN_SHARE:
        return f"{voice}+{chance.choice(list(kokoro.FOREIGN_WAYS))}"
    return voice


def _draw_kokoro_voice(chance: random.Random) -> str:
    english = [one for one in KOKORO_ENGLISH if not held_back(f"kokoro {one}")]
    kind = chance.random()
    if kind < 0.45:
        return chance.choice(english)
    if kind < 0.6:
        return chance.choice(KOKORO_ACCENTS)
    first = chance.choice(english)
    return f"{first}&{chance.choice([one for one in english if one[1] == first[1]])}"


@cache
def kokoro_voices_folder() -> Path:
    """Where the npm package lies unpacked; fetched the first time."""
    folder = work_folder() / "kokoro-js"
    if not (folder / "package" / "voices").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        _run(["npm", "pack", "--silent", "--pack-destination", str(folder), NPM_PACKAGE])
        with tarfile.open(next(folder.glob("*.tgz"))) as archive:
            archive.extractall(folder, filter="data")
    return folder


SYNTHESISERS = {
    one.name: one
    for one in (
        Synthesiser("kokoro", "Apache-2.0", 40, 4.0, _draw_kokoro, _kokoro),
        Synthesiser("hibari", "Apache-2.0", 10, 2.0, lambda chance: "heart", _hibari),
        Synthesiser(
            "pico", "Apache-2.0", 14, 1.0, lambda chance: chance.choice(("en-US", "en-GB")), _pico
        ),
        Synthesiser(
            "flite",
            "BSD-like (CMU)",
            14,
            1.0,
            lambda chance: chance.choice(("kal16", "awb", "awb", "slt", "slt")),
            _flite,
        ),
        Synthesiser(
            "festival",
            "BSD-like (CMU, Edinburgh)",
            6,
            1.0,
            lambda chance: chance.choice(("kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts")),
            _festival,
        ),
        Synthesiser(NOBODY, "made here", 0, 1.0, lambda chance: "room", _nobody),
        Synthesiser("espeak-ng", "GPL-3.0-or-later", 16, 0.7, _draw_espeak, _espeak),
    )
}
