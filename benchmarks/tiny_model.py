"""What small Vosk models understand: `python -m benchmarks.tiny_model [--only=TEXT] [FOLDER …]`.

Rules: measured by vosk itself, each model in a process of its own, all on the same sound. The
recordings of people (shared/speech) and the synthetic voices used here are in no model's
training and nothing is tuned on them. A percentage is of whole phrases, word for word; a phrase
with `[unk]` in it counts as none.
"""

import json
import os
import random
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16
from voice_ally.hear.engines.vosk_engine import MOST_PHRASES, UNKNOWN
from voice_ally.hear.gate import SileroGate
from voice_ally.hear.segmenter import More, Segmenter
from voice_ally.interpret.understanding import (
    Understanding,
    Understandings,
    WordGraph,
    word_graph,
)
from voice_ally.respond.armed import phrases_for, phrases_of
from voice_ally.respond.model import Ask
from voice_ally.respond.reader import read_folders, vocabulary
from voice_ally.respond.state import State
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


def main() -> None:
    """Print the table."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(Path(sys.argv[2]), sys.argv[3])))
        return
    only = "".join(one[7:] for one in sys.argv[1:] if one.startswith("--only="))
    named = [Path(one) for one in sys.argv[1:] if not one.startswith("--")]
    folders = named or [bundled_model()]
    columns = []
    for folder in folders:
        command = [sys.executable, "-m", "benchmarks.tiny_model", "--one", str(folder), only]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        columns.append(json.loads(done.stdout.splitlines()[-1]))
    print(f"{'':58}" + "".join(f"{folder.name:>16}" for folder in folders))
    for row in columns[0]:
        print(f"{row:58}" + "".join(f"{column.get(row, ''):>16}" for column in columns))


def measure(folder: Path, only: str) -> dict[str, str]:
    """The rows of the table (those whose name holds `only`) for one model."""
    rows: dict[str, str] = {}
    import vosk

    vosk.SetLogLevel(-1)
    imported = time.perf_counter()
    before = _megabytes()
    model = vosk.Model(str(folder))
    rows["load, s (without importing vosk)"] = f"{time.perf_counter() - imported:.3f}"
    rows["memory of the process after loading, MB (before: import)"] = (
        f"{_megabytes():.0f} ({before:.0f})"
    )
    rows["size on disk, MB"] = (
        f"{sum(one.stat().st_size for one in folder.rglob('*') if one.is_file()) / 1e6:.1f}"
    )
    clock = [0.0, 0.0]
    for name, sounds, phrases, wanted in _trials():
        if only not in name:
            continue
        right = 0
        for number, (said, sound) in enumerate(sounds):
            if number % FRESH_EVERY == 0:
                text = json.dumps([*phrases, *[UNKNOWN] * ("no [unk]" not in name)])
                decoder = vosk.KaldiRecognizer(model, SAMPLE_RATE_HZ, text)
            used = time.process_time()
            heard = decode(decoder, sound)
            clock[0] += time.process_time() - used
            clock[1] += len(sound) / SAMPLE_RATE_HZ
            right += wanted(said, heard)
        if sounds:
            rows[name] = f"{right / len(sounds):.3f} ({right}/{len(sounds)})"
        print(
            f"{folder.name}: {name}: {rows.get(name, 'nothing to measure with')}", file=sys.stderr
        )
    rows["CPU s per audio s"] = f"{clock[0] / (clock[1] or 1):.4f}"
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


def _trials() -> Iterator[tuple[str, Cut, Sequence[str], Any]]:
    """(row, [(what was said, sound)], phrases, is this right?)"""

    def same(said: str, heard: str) -> bool:
        return said == heard

    if SPEECH.is_dir():
        coffee = _coffee()
        orders, labels = _coffee_orders()

        def ordered(said: str, heard: str) -> bool:
            match = coffee.match(heard)
            return bool(match) and dict(match.slots) == labels[said]

        slots = _coffee_slots()

        def spotted(said: str, heard: str) -> bool:
            return spot(heard, slots) == labels[said]

        phrases = list(coffee.grammar.phrases)
        phrases = random.Random(1).sample(phrases, min(MOST_ORDERS, len(phrases)))
        yield "people's coffee orders, no [unk], slots spotted", orders, phrases, spotted
        yield "people's coffee orders + [unk], word for word", orders, phrases, ordered
        kitchen = soundfile.read(SPEECH / "kitchen.flac", dtype="int16")[0]
        noisy = [(a, in_noise(b, kitchen, 12, n)) for n, (a, b) in enumerate(orders)]
        yield (
            "people's coffee orders, no [unk], slots spotted, kitchen 12 dB",
            noisy,
            phrases,
            spotted,
        )

    for voice in MEASURING_VOICES:
        said = _commands_by(voice)
        yield f"40 ally commands + [unk], {voice}, clean", said, ALLY_COMMANDS, same
        if SPEECH.is_dir():
            noisy = [(a, in_noise(b, kitchen, 10, n)) for n, (a, b) in enumerate(said)]
            yield f"40 ally commands + [unk], {voice}, kitchen 10 dB", noisy, ALLY_COMMANDS, same
    if not SPEECH.is_dir():
        return
    forty_four = _forty_four()
    woken = [
        (name.replace("_", " "), soundfile.read(path, dtype="int16")[0])
        for name in ("computer", "view_glass")
        for path in sorted((SPEECH / "wake" / name).glob("*.flac"))
    ]
    yield 'people\'s "computer", "view glass" among 44, clean', woken, forty_four, same
    noisy = [(a, in_noise(b, kitchen, 12, n)) for n, (a, b) in enumerate(woken)]
    yield 'people\'s "computer", "view glass" among 44, kitchen 12 dB', noisy, forty_four, same

    foreign = [*_prose(), *orders]
    yield (
        "foreign speech returned as exactly one of 44 phrases",
        foreign,
        forty_four,
        (lambda said, heard: heard in forty_four),
    )
    ally = _idle()
    yield (
        "foreign speech returned as a phrase of the idle ally",
        [*foreign, *woken],
        list(ally.grammar.phrases)[:MOST_PHRASES],
        (lambda said, heard: ally.grammar.accepts(heard)),
    )


def _coffee() -> Understanding:
    pack = read_folders([SPEECH / "coffee-pack"]).pack
    triggers = [one for one in phrases_for(pack, State()) if one.meaning.kind == "trigger"]
    return Understandings(vocabulary(pack)).of(triggers)


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


def _coffee_orders() -> tuple[Cut, dict[str, dict[str, str]]]:
    labels = json.loads((SPEECH / "labels.json").read_text(encoding="utf-8"))
    orders = [
        (path.name, soundfile.read(path, dtype="int16")[0])
        for path in sorted((SPEECH / "commands").glob("*.flac"))
    ]
    return orders, {
        name: {slot: " ".join(value.lower().split()) for slot, value in one["slots"].items()}
        for name, one in labels.items()
    }


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
