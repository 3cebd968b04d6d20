"""Real speech for tests: synthesised on the spot, or recorded by people where that is at hand."""

import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

import numpy
import pytest
import soundfile
import soxr

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16, silence, to_samples

FLITE_VOICES = ("slt", "rms")


@cache
def spoken(text: str, voice: str = "slt") -> Pcm16:
    """The text said by a voice that is not the assistant's: flite's, or espeak-ng's by name."""
    program = "flite" if voice in FLITE_VOICES else "espeak-ng"
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "line.wav")
        if program == "flite":
            command = ["flite", "-voice", voice, "-t", text, "-o", path]
        else:
            command = ["espeak-ng", "-v", voice, "-s", "150", "-w", path, text]
        subprocess.run(command, check=True, capture_output=True, timeout=30)
        return read(Path(path))


def read(path: Path) -> Pcm16:
    """A sound file as mono 16 kHz."""
    samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
    mono = samples[:, 0]
    if rate != SAMPLE_RATE_HZ:
        mono = soxr.resample(mono, rate, SAMPLE_RATE_HZ)
    return Pcm16(mono.astype("<i2").tobytes())


def quiet(seconds: float) -> Pcm16:
    return silence(to_samples(seconds))


def conversation(*parts: Pcm16 | float) -> Pcm16:
    """Lines and pauses (seconds) one after the other."""
    return Pcm16(b"".join(quiet(one) if isinstance(one, float) else one for one in parts))


def write(path: Path, pcm16: Pcm16, rate_hz: int = SAMPLE_RATE_HZ, **kept: object) -> Path:
    """A sound file of any rate; keywords go to soundfile."""
    samples = numpy.frombuffer(pcm16, "<i2")
    if rate_hz != SAMPLE_RATE_HZ:
        samples = soxr.resample(samples, SAMPLE_RATE_HZ, rate_hz)
    if kept.get("subtype") in ("FLOAT", "DOUBLE"):
        samples = samples / 32768
    channels = int(str(kept.pop("channels", 1)))
    soundfile.write(path, numpy.column_stack([samples] * channels), rate_hz, **kept)
    return path


def human_recordings(name: str) -> list[Path]:
    """Recordings by people; skips the test where they are not at hand."""
    default = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("VOICE_ALLY_SHARED", str(default))) / "speech" / name
    if not folder.exists():
        pytest.skip(f"the recordings speech/{name} are not at hand")
    return sorted(folder.glob("*.flac")) if folder.is_dir() else [folder]
