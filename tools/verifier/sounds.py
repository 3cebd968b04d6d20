"""What is learned from: windows of sound that end just behind a word.

Rules: people's recordings are cut by the program's own gate, at the moment at which it first looks,
and again at the end of the utterance; each once more in kitchen noise at 12 dB and three times
changed (speed, room, timbre, noise); synthetic words are always changed.
"""

import random
import re
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy
import soundfile
import soxr
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from benchmarks.people import FITTED_SETS, Word, words
from benchmarks.people import sound as recorded
from tools.verifier.vocabulary import ALIKE, CLASSES, MORE_WORDS, MOST_OTHER, RECORDED
from voice_ally.core.audio import BLOCK_BYTES, SAMPLE_BYTES, SAMPLE_RATE_HZ, Pcm16
from voice_ally.hear.gate import SileroGate
from voice_ally.hear.segmenter import Began, Ended, More, Segmenter

LOOK_QUIET_SAMPLES = 480
"""The listener's first look comes after so much quiet."""
CHANGED = 3
LONGEST_WORD = 7
"""Letters of a word of everything else that the voices say."""
VOICES = "en-us en-gb en-gb-x-rp en-gb-scotland en-gb-x-gbclan en-gb-x-gbcwmd en-029".split()
VARIANTS = (
    " m1 m2 m3 m4 m5 m6 m7 m8 f1 f2 f3 f5 klatt klatt2 klatt3 klatt4 croak whisper whisperf"
).split(" ")
FLITE = ("kal16", "awb", "slt")
SAID_OFTEN, SAID, SAID_SELDOM = (45, 15), (10, 3), (3, 1)
"""How often by espeak-ng and by flite: a class, a word alike, any other word."""
Sound = NDArray[numpy.float32]


def of_people(held_out: bool) -> Iterator[tuple[str, Sound]]:
    """What was said, and a window's sound; of the speakers that are held out, or of the others."""
    gate, chance = SileroGate(), numpy.random.default_rng(5)
    for one in words(*FITTED_SETS):
        if one.held_out is held_out and one.set not in ("ami", "alnum"):
            yield from ((one.said, sound) for sound in _windows(one, gate, chance))


def _windows(one: Word, gate: SileroGate, chance: numpy.random.Generator) -> Iterator[Sound]:
    clean = _cut(recorded(one), gate)
    if clean is not None:
        sound, looked = clean
        yield sound[:looked]
        yield sound
        for _ in range(CHANGED):
            until = looked + int(chance.uniform(-0.03, 0.2) * SAMPLE_RATE_HZ)
            yield changed(sound[: min(sound.size, max(4000, until))], chance)
    noisy = _cut(recorded(one, 12.0), gate)
    if noisy is not None:
        yield noisy[0][: noisy[1]]


def _cut(pcm16: Pcm16, gate: SileroGate) -> tuple[Sound, int] | None:
    """The longest utterance, and after how many of its samples it is looked at first."""
    gate.reset()
    segmenter, found, sound = Segmenter(gate), [], bytearray()
    looked = voiced = length = 0
    for at in range(0, len(pcm16), BLOCK_BYTES):
        block = Pcm16(pcm16[at : at + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0"))
        for piece in segmenter.feed(block):
            match piece:
                case Began():
                    sound, looked, voiced = bytearray(), 0, 0
                case More():
                    sound += piece.pcm16
                case Ended() if not piece.too_short:
                    length = piece.last_sample - piece.first_sample
                    found.append((length, bytes(sound), looked or len(sound) // SAMPLE_BYTES))
        again = segmenter.voiced_samples != voiced
        if segmenter.speaking and again and segmenter.quiet_samples >= LOOK_QUIET_SAMPLES:
            voiced, looked = segmenter.voiced_samples, len(sound) // SAMPLE_BYTES
    if not found:
        return None
    _, longest, look = max(found)
    return numpy.frombuffer(longest, "<i2").astype(numpy.float32), look


def changed(sound: Sound, chance: numpy.random.Generator) -> Sound:
    """Faster or slower, in a room, of another timbre, in noise: each by chance."""
    speed = chance.uniform(0.86, 1.16)
    sound = soxr.resample(sound, SAMPLE_RATE_HZ, SAMPLE_RATE_HZ * speed, quality="LQ")
    if chance.random() < 0.3:
        length = int(chance.uniform(0.05, 0.35) * SAMPLE_RATE_HZ)
        room = chance.normal(size=length) * numpy.exp(-numpy.arange(length) / (length / 6))
        room[0] = chance.uniform(3, 12) * numpy.sqrt((room**2).sum())
        whole = fftconvolve(sound, room / numpy.abs(room).max())
        sound = whole[: sound.size + length // 3].astype(numpy.float32)
    if chance.random() < 0.4:
        spectrum = numpy.fft.rfft(sound)
        tilt = chance.uniform(-12, 12) * numpy.linspace(0, 1, spectrum.size) * 2
        sound = numpy.fft.irfft(spectrum * 10 ** (tilt / 20), sound.size).astype(numpy.float32)
    if chance.random() < 0.6:
        loud = numpy.sort((sound[: sound.size // 400 * 400].reshape(-1, 400) ** 2).mean(1))[-3:]
        noise = _noise(sound.size, chance)
        level = loud.mean() / (noise**2).mean() / 10 ** (chance.uniform(5, 30) / 10)
        sound = (sound + noise * numpy.sqrt(level)).astype(numpy.float32)
    return sound


def _noise(length: int, chance: numpy.random.Generator) -> NDArray[numpy.float64]:
    """White, pink, brown, or a kitchen's clatter."""
    kind = int(chance.integers(0, 4))
    noise = chance.normal(size=length)
    if kind in (1, 2):
        spectrum = numpy.fft.rfft(noise) / (numpy.arange(length // 2 + 1) + 1) ** (kind / 2)
        return numpy.fft.irfft(spectrum, length)
    if kind == 3:
        noise *= 0.3
        for _ in range(int(chance.integers(2, 12))):
            at, long = int(chance.integers(0, max(1, length - 800))), int(chance.integers(200, 800))
            time = numpy.arange(min(long, length - at))
            ring = numpy.sin(2 * numpy.pi * chance.uniform(300, 5000) * time / SAMPLE_RATE_HZ)
            fall = numpy.exp(-time / chance.uniform(40, 200))
            noise[at : at + time.size] += chance.uniform(1, 6) * fall * ring
    return noise


def of_voices(share: float) -> Iterator[tuple[str, Sound]]:
    """The same of single words said by espeak-ng and flite."""
    dice, chance = random.Random(7), numpy.random.default_rng(6)
    classes = set(CLASSES) - {"other"} - set(RECORDED) - set(ALIKE)
    known = re.findall(r"[a-z']+", MORE_WORDS.read_text(encoding="utf-8").lower())
    other = sorted({w for w in known if 2 <= len(w) <= LONGEST_WORD} - set(CLASSES))
    dice.shuffle(other)
    for word in (*sorted(classes), *RECORDED, *ALIKE, *other[:MOST_OTHER]):
        often = SAID_OFTEN if word in classes else SAID if word in CLASSES else SAID_SELDOM
        for count, say in zip(often, (_espeak, _flite), strict=True):
            for _ in range(round(count * share + dice.random() / 2)):
                sound = _placed(say(word, dice), chance)
                if sound is not None:
                    yield word, changed(sound, chance)


def _placed(sound: Sound, chance: numpy.random.Generator) -> Sound | None:
    """The word alone, at any loudness, with the quiet around it that the gate leaves."""
    blocks = sound[: sound.size // 160 * 160].reshape(-1, 160)
    level = numpy.sqrt((blocks**2).mean(axis=1)) if len(blocks) else numpy.zeros(1)
    if not level.max():
        return None
    (on,) = numpy.nonzero(level > level.max() * 0.02)
    word = sound[on[0] * 160 : (on[-1] + 1) * 160]
    word = word / numpy.abs(word).max() * chance.uniform(1500, 20000)
    tail = numpy.zeros(int(chance.uniform(0.04, 0.3) * SAMPLE_RATE_HZ))
    placed = numpy.concatenate([numpy.zeros(6400), word, tail])
    return (placed + chance.normal(0, 3, placed.size)).astype(numpy.float32)


def _espeak(word: str, dice: random.Random) -> Sound:
    variant = dice.choice(VARIANTS)
    voice = dice.choice(VOICES) + (f"+{variant}" if variant else "")
    speed, pitch = str(dice.randint(90, 230)), str(dice.randint(15, 85))
    return _said(["espeak-ng", "-v", voice, "-s", speed, "-p", pitch, word, "-w"])


def _flite(word: str, dice: random.Random) -> Sound:
    stretch, pitch = f"{dice.uniform(0.7, 1.7):.2f}", str(dice.randint(85, 220))
    how = [f"duration_stretch={stretch}", f"int_f0_target_mean={pitch}"]
    voice = dice.choice(FLITE)
    return _said(["flite", "-voice", voice, "--setf", how[0], "--setf", how[1], "-t", word, "-o"])


def _said(command: list[str]) -> Sound:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "word.wav"
        subprocess.run([*command, str(file)], check=True, capture_output=True)
        sound, rate = soundfile.read(file, dtype="int16")
    return soxr.resample(sound.astype(numpy.float32), rate, SAMPLE_RATE_HZ)
