"""What small Vosk models understand: `python -m benchmarks.tiny_model [--only=TEXT] [FOLDER …]`.

Rules: measured by vosk itself, each model in a process of its own, all on the same sound. The
recordings of people (shared/speech) and the synthetic voices used here are in no model's
training and nothing is tuned on them. A percentage is of whole phrases, word for word; a phrase
with `[unk]` in it counts as none.
"""

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16
from voice_ally.engine.armed import phrases_for, phrases_of
from voice_ally.engine.state import State
from voice_ally.hear.engines.vosk_engine import MOST_PHRASES, UNKNOWN
from voice_ally.hear.gate import SileroGate
from voice_ally.hear.segmenter import More, Segmenter
from voice_ally.interpret.understanding import (
    Understanding,
    Understandings,
    WordGraph,
    word_graph,
)
from voice_ally.language.model import Ask
from voice_ally.language.reader import read_folders, vocabulary
from voice_ally.settings.places import bundled_dialogs, bundled_model

SPEECH = (
    Path(os.environ.get("VOICE_ALLY_SHARED", Path(__file__).resolve().parents[2] / "shared"))
    / "speech"
)
ALLY_COMMANDS = tuple(
    one.strip()
    for one in """
i need to repair; we want to make up; calming pause; we need a calming pause; help us calm
down; five minute pause; ten minutes of box breathing; breathe with me; start a daily
check in; help us listen to each other; how can i love you through this; help me find the
words; i feel scared; i need some space; not now; we had a setback; something from my
past; help me be an ally; i want to say thank you; let's celebrate; five senses; what can
you do; stop; please stop; pause; continue; say that again; go back; skip this part; help;
slower please; speak up; turn it down; start over; yes please; i don't think so; we are
ready; i'm done; give us a moment; goodbye
""".replace("\n", " ").split(";")
)
MEASURING_VOICES = ("flite rms", "espeak-ng en-us+f4", "kokoro af_sarah", "kokoro bm_lewis")
MOST_ORDERS = 1_500
"""Of the millions the coffee grammar allows, so many are set as phrases."""
FRESH_EVERY = 20
"""A decoder keeps all of the graph it has ever walked: hundreds of megabytes in the end."""
Cut = Sequence[tuple[str, np.ndarray]]


@dataclass(frozen=True)
class Trial:
    """One row of the table."""

    name: str
    sounds: Callable[[], Cut]
    """(what was said, sound); made only if the row is wanted."""
    phrases: Sequence[str]
    right: Callable[[str, str], bool]
    """(what was said, what was heard)"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tiny_model", description=__doc__)
    parser.add_argument("folder", nargs="*", type=Path, help="models; default: the bundled one")
    parser.add_argument("--only", default="", help="rows whose name matches (a regular expression)")
    parser.add_argument("--every", type=int, default=1, help="only every n-th recording of a row")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    folders = options.folder or [bundled_model()]
    if options.one:
        print(json.dumps(measure(folders[0], options.only, options.every)))
        return
    columns = []
    for folder in folders:
        command = [sys.executable, "-m", "benchmarks.tiny_model", "--one", str(folder)]
        command += ["--only", options.only, "--every", str(options.every)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        columns.append(json.loads(done.stdout.splitlines()[-1]))
    print(f"{'':62}" + "".join(f"{folder.name:>18}" for folder in folders))
    for row in columns[0]:
        print(f"{row:62}" + "".join(f"{column.get(row, ''):>18}" for column in columns))


def measure(folder: Path, only: str, every: int) -> dict[str, str]:
    """The rows of the table for one model."""
    rows: dict[str, str] = {}
    import vosk

    vosk.SetLogLevel(-1)
    began, before = time.perf_counter(), _megabytes()
    model = vosk.Model(str(folder))
    rows["load, s (without importing vosk)"] = f"{time.perf_counter() - began:.3f}"
    rows["memory after loading, MB (before it)"] = f"{_megabytes():.0f} ({before:.0f})"
    size = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
    rows["size on disk, MB"] = f"{size / 1e6:.1f}"
    used, heard_seconds = 0.0, 0.0
    for trial in _trials():
        if not re.search(only, trial.name):
            continue
        sounds = trial.sounds()[::every]
        phrases = [*trial.phrases, *([] if "no [unk]" in trial.name else [UNKNOWN])]
        right = 0
        for number, (said, sound) in enumerate(sounds):
            if number % FRESH_EVERY == 0:
                decoder = vosk.KaldiRecognizer(model, SAMPLE_RATE_HZ, json.dumps(phrases))
            began = time.process_time()
            heard = decode(decoder, sound)
            used += time.process_time() - began
            heard_seconds += len(sound) / SAMPLE_RATE_HZ
            right += trial.right(said, heard)
        if sounds:
            rows[trial.name] = f"{right / len(sounds):.3f} ({right}/{len(sounds)})"
            print(f"{folder.name}: {trial.name}: {rows[trial.name]}", file=sys.stderr, flush=True)
    rows["CPU s per audio s, all rows"] = f"{used / (heard_seconds or 1):.4f}"
    return rows


def decode(decoder: Any, sound: np.ndarray) -> str:  # noqa: ANN401 - vosk.KaldiRecognizer
    """What it heard, endpoints joined."""
    data = sound.astype("<i2").tobytes()
    texts = [
        json.loads(decoder.Result())["text"]
        for at in range(0, len(data), 3200)
        if decoder.AcceptWaveform(data[at : at + 3200])
    ]
    texts.append(json.loads(decoder.FinalResult())["text"])
    return " ".join(one for one in texts if one)


def in_noise(sound: np.ndarray, noise: np.ndarray, decibels: float, seed: int) -> np.ndarray:
    """With a stretch of noise, so much below the level of the speech (its loud half)."""
    frames = sound[: len(sound) // 400 * 400].reshape(-1, 400).astype(float)
    powers = np.sort((frames**2).mean(axis=1))
    speech = powers[len(powers) // 2 :].mean()
    start = int(np.random.default_rng(seed).integers(0, len(noise) - len(sound)))
    added = noise[start : start + len(sound)].astype(float)
    added *= np.sqrt(speech / (added**2).mean()) * 10 ** (-decibels / 20)
    mixed = sound + added
    return mixed * min(1.0, 30_000 / np.abs(mixed).max())


def _trials() -> Iterator[Trial]:
    for voice in MEASURING_VOICES:
        row = f"40 ally commands + [unk], {voice}, "
        said = partial(_commands_by, voice)
        yield Trial(f"{row}clean", said, ALLY_COMMANDS, str.__eq__)
        if SPEECH.is_dir():
            yield Trial(f"{row}kitchen 10 dB", partial(_noisy, said, 10), ALLY_COMMANDS, str.__eq__)
    if not SPEECH.is_dir():
        return
    forty_four = _forty_four()
    row = 'people\'s "computer", "view glass" among 44, '
    yield Trial(f"{row}clean", _woken, forty_four, str.__eq__)
    yield Trial(f"{row}kitchen 12 dB", partial(_noisy, _woken, 12), forty_four, str.__eq__)
    orders, slots, labels = _coffee_phrases(), _coffee_slots(), _coffee_labels()

    def spotted(said: str, heard: str) -> bool:
        return spot(heard, slots) == labels[said]

    row = "people's coffee orders, slots spotted, no [unk], "
    yield Trial(f"{row}clean", _coffee_orders, orders, spotted)
    yield Trial(f"{row}kitchen 12 dB", partial(_noisy, _coffee_orders, 12), orders, spotted)
    yield Trial(
        "foreign speech returned as exactly one of 44 phrases",
        _foreign,
        forty_four,
        lambda said, heard: heard in forty_four,
    )
    ally = _idle()
    yield Trial(
        "foreign speech returned as a phrase of the idle ally",
        lambda: [*_foreign(), *_woken()],
        list(ally.grammar.phrases)[:MOST_PHRASES],
        lambda said, heard: ally.grammar.accepts(heard),
    )


def _noisy(sounds: Callable[[], Cut], decibels: float) -> Cut:
    kitchen = soundfile.read(SPEECH / "kitchen.flac", dtype="int16")[0]
    return [
        (said, in_noise(sound, kitchen, decibels, n)) for n, (said, sound) in enumerate(sounds())
    ]


def _woken() -> Cut:
    return [
        (name.replace("_", " "), soundfile.read(path, dtype="int16")[0])
        for name in ("computer", "view_glass")
        for path in sorted((SPEECH / "wake" / name).glob("*.flac"))
    ]


def _foreign() -> Cut:
    return [*_prose(), *_coffee_orders()]


def _coffee_phrases() -> list[str]:
    pack = read_folders([SPEECH / "coffee-pack"]).pack
    triggers = [one for one in phrases_for(pack, State()) if one.meaning.kind == "trigger"]
    phrases = Understandings(vocabulary(pack)).of(triggers).grammar.phrases
    return random.Random(1).sample(list(phrases), min(MOST_ORDERS, len(phrases)))


def _coffee_labels() -> dict[str, dict[str, str]]:
    labels = json.loads((SPEECH / "labels.json").read_text(encoding="utf-8"))
    return {
        name: {slot: " ".join(value.lower().split()) for slot, value in one["slots"].items()}
        for name, one in labels.items()
    }


def _coffee_slots() -> dict[str, list[str]]:
    """Every value of every slot, longest first."""
    pack = read_folders([SPEECH / "coffee-pack"]).pack
    words = vocabulary(pack)
    return {
        slot: sorted(
            {
                phrase
                for template, _ in spoken.values
                for phrase in _every_way(word_graph(template, words))
            },
            key=len,
            reverse=True,
        )
        for slot, spoken in pack.lists.items()
    }


def _every_way(graph: WordGraph) -> list[str]:
    ways, open_ways = [], [(0, "")]
    while open_ways:
        state, text = open_ways.pop()
        if state in graph.final:
            ways.append(text)
        open_ways += [(arc.target, f"{text} {arc.word}".strip()) for arc in graph.arcs[state]]
    return ways


def spot(text: str, slots: dict[str, list[str]]) -> dict[str, str]:
    """Slots by the longest value that stands in the text, each word used once."""
    found, rest = {}, f" {text} "
    order = ("milkAmount", "sugarAmount", "roast", "size", "numberOfShots", "coffeeDrink")
    for slot in order:
        for value in slots[slot]:
            if f" {value} " in rest:
                found[slot] = value
                rest = rest.replace(f" {value} ", " | ", 1)
                break
    return found


def _coffee_orders() -> Cut:
    return [
        (path.name, soundfile.read(path, dtype="int16")[0])
        for path in sorted((SPEECH / "commands").glob("*.flac"))
    ]


def _forty_four() -> list[str]:
    pack = read_folders([SPEECH / "phrases-pack"]).pack
    (ask,) = (
        one for one in pack.dialogs["phrases_to_measure"].steps["listen"] if isinstance(one, Ask)
    )
    return [one.template for one in phrases_of(pack, ask)]


def _idle() -> Understanding:
    pack = read_folders([bundled_dialogs()]).pack
    return Understandings(vocabulary(pack), pack.not_meant).of(phrases_for(pack, State()))


def _prose() -> list[tuple[str, np.ndarray]]:
    """The negative recordings, cut as the program cuts them."""
    cut = []
    for path in sorted((SPEECH / "negative").glob("*.flac")):
        segmenter = Segmenter(SileroGate())
        sound = soundfile.read(path, dtype="int16")[0]
        pieces = [
            piece
            for at in range(0, len(sound), 160)
            for piece in segmenter.feed(Pcm16(sound[at : at + 160].astype("<i2").tobytes()))
        ]
        spoken = bytearray()
        for piece in [*pieces, *segmenter.flush()]:
            if isinstance(piece, More):
                spoken += piece.pcm16
            elif spoken:
                cut.append((path.name, np.frombuffer(bytes(spoken), "<i2")))
                spoken = bytearray()
    return cut


def _commands_by(voice: str) -> list[tuple[str, np.ndarray]]:
    """The commands said by one voice; none where it is not installed."""
    from tools.tiny_model import voices

    try:
        return [(text, voices.spoken(voice, text)) for text in ALLY_COMMANDS]
    except voices.VoiceMissing:
        return []


def _megabytes() -> float:
    with Path("/proc/self/statm").open() as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


if __name__ == "__main__":
    main()
