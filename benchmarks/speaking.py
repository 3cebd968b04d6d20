"""How soon it is heard, how soon it is silent, how loud it all is: `python -m benchmarks.speaking`.

Rules: times are taken on a real sound stream through virtual devices (PulseAudio), in 10 ms
blocks, and include what recording the loudspeaker takes: the true figures are lower. Loudness is
measured by pyloudnorm, not by our own measure. With `--picture FILE` the waveform of a calming
pause is drawn, with its phases.
"""

import os
import queue
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy

from benchmarks.recorded_breathing import Recording, record
from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceAllyError
from voice_ally.core.sound import BLOCK_BYTES, SAMPLE_RATE_HZ
from voice_ally.engine.ahead import fixed_lines
from voice_ally.language.reader import read_folders
from voice_ally.settings.places import bundled_dialogs
from voice_ally.speak.loudness import TARGET_LUFS
from voice_ally.speak.tones import LEVELS, Tones
from voice_ally.speak.voices import open_voice

TIMES = 15
AUDIBLE = 60
"""Of 32,768; the virtual devices are digitally silent."""
VOICES = ("", "flite:slt")
INSIDE = "--inside"


def sound_times(voice: str) -> None:  # noqa: PLR0915 - one measurement, from end to end
    """Print the times for one voice; runs where the virtual devices are the only ones."""
    from voice_ally.speak.device_speaker import DeviceSpeaker
    from voice_ally.speak.narrator import Narrator, RememberingVoice
    from voice_ally.speak.playback import Playback

    mixer = Playback()
    ended: queue.Queue[int] = queue.Queue()
    mixer.on_finished = lambda ticket, _end: ended.put(ticket)
    speaker = DeviceSpeaker(mixer, None, print)
    speaker.start()
    spoken = open_voice(voice)
    spoken.warm_up()
    spoken.render("Here.", Style())
    narrator = Narrator(
        RememberingVoice(spoken),
        mixer,
        started=lambda _ticket, _start: None,
        failed=lambda _ticket, error: print(error),
    )
    loud: queue.Queue[float] = queue.Queue()
    command = "parec -d speaker.monitor --rate=16000 --channels=1 --format=s16le --latency-msec=10"
    recorder = subprocess.Popen(command.split(), stdout=subprocess.PIPE)
    stdout = recorder.stdout
    assert stdout is not None

    def listen() -> None:
        while len(block := stdout.read(BLOCK_BYTES)) == BLOCK_BYTES:
            if numpy.abs(numpy.frombuffer(block, "<i2").astype(int)).max() > AUDIBLE:
                loud.put(time.monotonic())

    threading.Thread(target=listen, daemon=True).start()
    time.sleep(1.0)
    times: dict[str, list[float]] = {"cold": [], "cached": [], "cut": [], "recorded": []}
    pulled: list[float] = []

    def note(block: bytes) -> None:
        if not pulled and numpy.abs(numpy.frombuffer(block, "<i2").astype(int)).max() > AUDIBLE:
            pulled.append(time.monotonic())

    mixer.on_played = note
    ticket = 0
    for number in range(TIMES):
        for kind in ("cold", "cached"):
            ticket += 1
            _drain(loud)
            pulled.clear()
            asked = time.monotonic()
            narrator.say(ticket, f"Take your time, number {number}.", Style())
            heard = loud.get(timeout=10)
            times[kind].append(heard - asked)
            times["recorded"].append(heard - pulled[0])
            if kind == "cached":
                time.sleep(0.3 + 0.007 * number)
                cut = time.monotonic()
                narrator.cut()
                time.sleep(0.4)
                times["cut"].append(max(0.0, max(_drain(loud), default=cut) - cut))
            else:
                ended.get(timeout=10)
                time.sleep(0.25)
    recorder.terminate()
    narrator.close()
    speaker.close()
    print(f"  {'played to recorded':28}{_ms(times['recorded'])}   (part of each figure below)")
    for kind, name in (
        ("cold", "text to audible, new line"),
        ("cached", "… a line rendered ahead"),
    ):
        print(f"  {name:28}{_ms(times[kind])}")
    print(f"  {'cut to silent':28}{_ms(times['cut'])}")


def _ms(seconds: list[float]) -> str:
    p95 = statistics.quantiles(seconds, n=20, method="inclusive")[-1]
    return f"p50 {1000 * statistics.median(seconds):4.0f} ms   p95 {1000 * p95:4.0f} ms"


def _drain(from_queue: "queue.Queue[float]") -> list[float]:
    found = []
    while not from_queue.empty():
        found.append(from_queue.get())
    return found


def loudness() -> None:
    """How loud voices, tones and bells are, beside what they should be."""
    import pyloudnorm

    meter = pyloudnorm.Meter(SAMPLE_RATE_HZ)

    def lufs(pcm16: bytes) -> float:
        return float(meter.integrated_loudness(numpy.frombuffer(pcm16, "<i2") / 32768))

    def tell(name: str, found: float, wanted: float, more: str = "") -> None:
        print(f"  {name:28}{found:7.1f} LUFS  ({found - wanted:+.1f} LU){more}")

    print(f"loudness (target {TARGET_LUFS:.0f} LUFS)")
    lines = sorted(fixed_lines(read_folders([bundled_dialogs()]).pack))[::8]
    for name in VOICES:
        try:
            voice = open_voice(name)
        except VoiceAllyError as problem:
            print(f"  {name}: {problem}")
            continue
        rendered = [voice.render(one, Style()) for one in lines]
        voice.close()
        long = [lufs(one) for one in rendered if len(one) > SAMPLE_RATE_HZ * 2]
        spread = f"   single lines {min(long):.1f} to {max(long):.1f}"
        tell(f"voice {name or 'pyttsx3'}", lufs(b"".join(rendered)), TARGET_LUFS, spread)
    tones = Tones()
    for name in ("in", "sip", "hold", "out"):
        tell(f"breath tone {name}", lufs(tones.breath(name, 4.0, 1.0)), LEVELS[name])
    for sound in ("bell", "soft"):
        samples = numpy.frombuffer(tones.chime(sound, 1.0), "<i2") / 32768
        starts = range(0, len(samples) - 6400, 1600)
        loudest = max(float(meter.integrated_loudness(samples[at : at + 6401])) for at in starts)
        tell(f"{sound} (loudest 0.4 s)", loudest, LEVELS[sound])


def joins() -> None:
    """The steepest step between two samples, and the highest sample, of whole sessions."""
    calm = "{say: Breathe with me.}, {breathe: {pattern: box, rounds: 4}}, {chime: bell}"
    tones = "{breathe: {pattern: box, rounds: 4, guide: tone}}, {chime: bell}"
    for name, steps, words in (
        ("tones and bell", tones, ()),
        ("… stopped in a tone", tones, ((6.77, "stop"),)),
        ("with the voice", calm, ()),
    ):
        samples = record(steps, words).samples
        step = numpy.abs(numpy.diff(samples)).max() / 327.68
        peak = 20 * numpy.log10(numpy.abs(samples).max() / 32768)
        print(f"  {name:28}steepest step {step:4.1f} % of full scale   peak {peak:5.1f} dBFS")


def draw(path: Path, seconds: float = 43.0) -> None:
    """The waveform of a calming pause, with its phases."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plot

    recording = record(
        '{say: "Alone or together, breathe with me."}, {breathe: {pattern: box, rounds: 3}}'
    )
    colours = {"in": "#9ecae1", "hold": "#c7e9c0", "out": "#fdd0a2", "rest": "#f0f0f0"}
    plot.rcParams.update({"font.size": 9, "font.family": "DejaVu Sans", "svg.fonttype": "none"})
    figure, (wave, pitch) = plot.subplots(
        2, 1, figsize=(10, 4.6), sharex=True, height_ratios=(3, 2), constrained_layout=True
    )
    _shade(wave, pitch, recording, colours)
    _wave(wave, recording, seconds)
    spectrum = recording.samples[: int(seconds * SAMPLE_RATE_HZ)] / 32768
    pitch.specgram(
        spectrum + numpy.random.default_rng(1).normal(0, 1e-7, len(spectrum)),
        NFFT=2048,
        Fs=SAMPLE_RATE_HZ,
        noverlap=1536,
        cmap="magma",
        vmin=-110,
        vmax=-35,
    )
    pitch.set(ylim=(0, 1500), ylabel="pitch (Hz)", xlabel="seconds", xlim=(0, seconds))
    figure.savefig(path, dpi=90)


def _shade(wave: Any, pitch: Any, recording: Recording, colours: dict[str, str]) -> None:  # noqa: ANN401
    for at, name, length in recording.phases:
        wave.axvspan(at, at + length, color=colours[name], alpha=0.55, lw=0)
        wave.text(at + length / 2, 0.57, name, ha="center", va="top", color="#444444", clip_on=True)
        pitch.axvline(at, color="white", lw=0.5, alpha=0.5)


def _wave(axes: Any, recording: Recording, seconds: float) -> None:  # noqa: ANN401
    count = int(seconds * SAMPLE_RATE_HZ) // 400 * 400
    blocks = (recording.samples[:count] / 32768).reshape(-1, 400)
    time_axis = numpy.arange(len(blocks)) * 400 / SAMPLE_RATE_HZ
    axes.fill_between(
        time_axis, blocks.min(axis=1), blocks.max(axis=1), color="#33557a", lw=0.2, alpha=0.85
    )
    for number, (start, end, text) in enumerate(recording.lines):
        row = -0.62 if number else -0.72
        axes.plot((start, end), (row, row), color="#a6342e", lw=2)
        axes.text(start, row - 0.02, text, color="#a6342e", fontsize=7.5, va="top", clip_on=True)
    axes.set(ylim=(-0.84, 0.6), ylabel="output", yticks=(-0.5, 0, 0.5))
    axes.set_title(
        "A calming pause, as it is played: box breathing, with the tones lowered under the voice"
    )


def main() -> None:
    """Print the tables."""
    if sys.argv[1:2] == [INSIDE]:
        sound_times(sys.argv[2])
        return
    if sys.argv[1:2] == ["--picture"]:
        draw(Path(sys.argv[2]))
        return
    from tests.virtual_sound import VirtualSound

    try:
        with (
            tempfile.TemporaryDirectory(prefix="sound-") as folder,
            VirtualSound(Path(folder)) as sound,
        ):
            for voice in VOICES:
                print(f"voice {voice or 'pyttsx3'}", flush=True)
                subprocess.run(
                    [sys.executable, "-m", "benchmarks.speaking", INSIDE, voice],
                    env={**os.environ, **sound.env},
                    stderr=subprocess.DEVNULL,
                    check=False,
                )
    except (FileNotFoundError, RuntimeError) as problem:
        print(f"times: not measured ({problem})")
    loudness()
    print("joins and peaks")
    joins()


if __name__ == "__main__":
    main()
