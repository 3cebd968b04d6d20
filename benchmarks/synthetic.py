"""Synthetic speech by voices that nothing was trained or tuned on (tools/tiny_model/voices.py,
FOR_MEASURING): for what no recordings of people are at hand, above all "stop".

Rules: said anew each time, several speeds and pitches; deterministic. Kokoro's are heard where they
were made before, by `python -m benchmarks.measuring_voices` (TINY_MODEL_WORK says where); flite and
espeak-ng are always there.
"""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy
import soundfile
import soxr

from benchmarks.recordings import Samples
from voice_ally.core.audio import SAMPLE_RATE_HZ

STOPS = ("stop", "stop please", "please stop", "stop now", "stop it", "enough", "that's enough")
FLITE_MANNERS = ((1.0, 100), (0.8, 110), (1.25, 95), (1.0, 130), (1.1, 85))
"""Of rms: stretched by so much, mean pitch in Hz."""
ESPEAK_MANNERS = ((150, 50), (120, 50), (185, 50), (150, 30), (150, 70))
"""Of en-us+f4: words a minute, pitch."""
PROSE = (
    "She put the keys on the table and looked out of the window.",
    "The train to the coast leaves at half past nine on platform four.",
    "He said that the soup needed salt, and nobody disagreed.",
    "In the spring the river rises and the lower fields are under water.",
    "You told me yesterday that you would call your mother back.",
    "There were two letters and a bill in the box this morning.",
    "The committee met again on Tuesday and put off its decision.",
    "I never know what to cook when your brother comes for dinner.",
    "A cold wind blew over the square, and the market closed early.",
    "They had been married for eleven years when they moved to the north.",
    "Turn left at the church and follow the road down to the lake.",
    "We should have left an hour ago, and you know that as well as I do.",
    "The dog barked at the postman until he was gone.",
    "My favourite part of the book is where they find the old boat.",
    "If it rains tomorrow we will stay in and play cards.",
    "Doctors advise at least seven hours of sleep for grown people.",
)
"""Nothing in it is meant for the assistant."""


def stops() -> Iterator[tuple[str, Samples]]:
    """Ways to say stop: (voice, manner and words; sound)."""
    for text in STOPS:
        for stretch, pitch in FLITE_MANNERS:
            yield f"flite rms {stretch:g} {pitch}: {text}", _flite(text, stretch, pitch)
        for speed, pitch in ESPEAK_MANNERS:
            yield f"espeak-ng en-us+f4 {speed} {pitch}: {text}", _espeak(text, speed, pitch)
    made = Path(os.environ.get("TINY_MODEL_WORK", "build/tiny_model"), "measuring")
    for path in sorted(made.glob("kokoro *.wav")):
        yield path.stem, _read(path)


def measuring(text: str) -> Iterator[tuple[str, Samples]]:
    """Any text, in the plain manner of the two voices that are always there."""
    yield "flite rms", _flite(text, *FLITE_MANNERS[0])
    yield "espeak-ng en-us+f4", _espeak(text, *ESPEAK_MANNERS[0])


def prose() -> Iterator[tuple[str, Samples]]:
    """Sentences that mean nothing here, each by both voices."""
    for text in PROSE:
        for voice, samples in measuring(text):
            yield f"{voice}: {text}", samples


def _flite(text: str, stretch: float, pitch_hz: int) -> Samples:
    settings = ("--setf", f"duration_stretch={stretch}", "--setf", f"int_f0_target_mean={pitch_hz}")
    return _said(("flite", "-voice", "rms", *settings, "-t", text, "-o"))


def _espeak(text: str, words_a_minute: int, pitch: int) -> Samples:
    manner = ("-s", str(words_a_minute), "-p", str(pitch))
    return _said(("espeak-ng", "-v", "en-us+f4", *manner, text, "-w"))


@cache
def _said(command: tuple[str, ...]) -> Samples:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "line.wav"
        subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=60)
        return _read(path)


def _read(path: Path) -> Samples:
    """At 16 kHz, as loud as a person at a desk, a moment of quiet before it."""
    sound, rate = soundfile.read(path, dtype="float64", always_2d=True)
    mono = soxr.resample(sound[:, 0], rate, SAMPLE_RATE_HZ)
    loud = mono * (8000.0 / max(1e-9, float(numpy.abs(mono).max())))
    return numpy.concatenate([numpy.zeros(SAMPLE_RATE_HZ // 2), loud])
