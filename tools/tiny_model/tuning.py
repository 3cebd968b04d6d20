"""Choosing the acoustic scale, what [unk] costs and how far to train, by voices held back for it.

Rules: changes nothing, only tells; neither the voices nor the speakers for measuring are used.
Commands of the bundled pack and orders of drinks should be heard, clean and in noise; other
sentences should not become a command. Where recordings of people are at hand, their short answers
should be heard as well, through 8 kHz too, and their other words should not become one.
"""

import json
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from tools.tiny_model import people, voices
from tools.tiny_model.export import conf_files, final_mdl
from tools.tiny_model.noise import kitchen, scaled, through_headset
from tools.tiny_model.shape import RATE_HZ, Affine
from tools.tiny_model.texts import bundled_pack, dictionary, expand, pack_graphs, sentences, walk
from voice_ally.models.graph import graph_files

SEED = 77
COMMANDS, OTHERS, ORDERS = 60, 60, 45
OTHER_ORDERS = 500
LONGEST_ORDER_WORDS = 16
NOISES = (10.0, 5.0)
"""Decibels below the speech."""
NOISES_EACH = 2
"""Times each is heard, always in another noise."""
WAYS = (0.0, 0.5, 1.0, 1.5)
UNKNOWN = "[unk]"
ANSWERS = ("yes", "no", "stop")
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ROOM_RMS = 3.0
"""Of a quiet room, in steps of 16 bits."""
Spoken = Sequence[tuple[str, np.ndarray]]


def tell_scales(layers: Sequence[Affine], scale: float, tell: Callable[[str], None]) -> None:
    """A line for each setting, the layers having this scale: commands heard clean and in noise,
    others taken for one."""
    commands, others = trial_speech()
    *hidden, last = layers
    lexicon = {word: dictionary()[word] for word in _needed(commands)}
    for other in (0.4, 0.5, 0.7, 1.0):
        part = np.float32(other / scale)
        scaled_last = replace(last, weights=last.weights * part, bias=last.bias * part)
        mdl = final_mdl([*hidden, scaled_last])
        for cost in (2.0, 3.0, 4.0):
            with tempfile.TemporaryDirectory() as folder:
                files = {"am/final.mdl": mdl, **conf_files(), **graph_files(lexicon, cost)}
                for name, content in files.items():
                    (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
                    (Path(folder) / name).write_bytes(content)
                tell(f"scale {other}, cost {cost}: {score(Path(folder), commands, others)}")


def tell_ways(
    write: Callable[[float, Path], None],
    tell: Callable[[str], None],
    clips: Sequence[people.Clip] = (),
) -> None:
    """A line for each way from the start: write(way, folder) makes the model."""
    commands, others = trial_speech()
    orders = trial_orders()
    words = [(one.said, np.asarray(people.samples(one) * 32_767)) for one in clips]
    for way in WAYS:
        with tempfile.TemporaryDirectory() as folder:
            write(way, Path(folder))
            found = score(Path(folder), commands, others)
            tell(f"way {way}: {found}; orders {score_orders(Path(folder), orders)}")
            if words:
                tell(f"way {way}: {score_words(Path(folder), words)}")


def score(folder: Path, commands: Spoken, others: Spoken) -> str:
    """How a model does on them."""
    phrases = sorted({text for text, _ in commands})
    rows = [f"heard {_right(folder, commands, [*phrases, UNKNOWN])}"]
    for decibels in NOISES:
        noisy = _noisy(commands, decibels)
        rows.append(f"at {decibels} dB {_right(folder, noisy, [*phrases, UNKNOWN])}")
    taken = [(text, heard) for text, heard in _heard(folder, others, [*phrases, UNKNOWN])]
    rows.append(f"taken {sum(heard in phrases for _, heard in taken)}/{len(taken)}")
    return ", ".join(rows)


def score_orders(folder: Path, orders: Spoken) -> str:
    """How a model does on orders, among many that nobody gave."""
    chance = random.Random(SEED)
    phrases = [text for text, _ in orders] + [expand("order", chance) for _ in range(OTHER_ORDERS)]
    rows = [f"heard {_right(folder, orders, phrases)}"]
    rows += [f"at {one} dB {_right(folder, _noisy(orders, one), phrases)}" for one in NOISES]
    return ", ".join(rows)


def score_words(folder: Path, words: Spoken) -> str:
    """How a model does on people's short answers and digits, and on their other words."""
    chance = np.random.default_rng(SEED)
    narrow = [(text, through_headset(one / 32_768, chance) * 32_768) for text, one in words]
    rows = []
    for name, answers in (("answers", ANSWERS), ("digits", DIGITS)):
        for how, heard in (("", words), (" at 8 kHz", narrow), (" at 10 dB", _noisy(words, 10.0))):
            asked = [(text, in_room(one)) for text, one in heard if text in answers]
            others = [(text, in_room(one)) for text, one in heard if text not in answers]
            grammar = [*answers, UNKNOWN]
            taken = sum(one in answers for _, one in _heard(folder, others, grammar))
            rows.append(
                f"{name}{how} {_right(folder, asked, grammar)}, taken {taken}/{len(others)}"
            )
    return "; ".join(rows)


def in_room(sound: np.ndarray) -> np.ndarray:
    """With half a second of a quiet room before it, and a little more behind."""
    quiet = np.pad(sound.astype(np.float64), (RATE_HZ // 2, RATE_HZ * 4 // 5))
    return quiet + np.random.default_rng(SEED).normal(0, ROOM_RMS, len(quiet))


def _right(folder: Path, spoken: Spoken, phrases: Sequence[str]) -> str:
    heard = _heard(folder, spoken, phrases)
    return f"{sum(one == text for text, one in heard)}/{len(heard)}"


def _heard(folder: Path, spoken: Spoken, phrases: Sequence[str]) -> list[tuple[str, str]]:
    """(what was said, what was heard)."""
    import vosk

    vosk.SetLogLevel(-1)
    model = vosk.Model(str(folder))
    decoder = vosk.KaldiRecognizer(model, RATE_HZ, json.dumps(sorted(set(phrases))))
    found = []
    for text, sound in spoken:
        decoder.AcceptWaveform(sound.astype("<i2").tobytes())
        found.append((text, json.loads(decoder.FinalResult())["text"]))
    return found


def trial_speech() -> tuple[Spoken, Spoken]:
    """(commands, other sentences), by the voices for tuning."""
    chance = random.Random(SEED)
    graphs = pack_graphs(bundled_pack())
    commands = [walk(chance.choice(graphs), chance) for _ in range(COMMANDS)]
    phrases = set(commands)
    others = [one for one in sentences(2 * OTHERS, SEED) if one not in phrases][:OTHERS]
    return [_said(one, n) for n, one in enumerate(commands)], [
        _said(one, n) for n, one in enumerate(others)
    ]


def trial_orders() -> Spoken:
    """Orders of drinks, by the same voices."""
    chance = random.Random(SEED + 1)
    said = (expand("order", chance) for _ in iter(int, 1))
    fit = (one for one in said if " with " in one and len(one.split()) <= LONGEST_ORDER_WORDS)
    return [_said(next(fit), n) for n in range(ORDERS)]


def _said(text: str, number: int) -> tuple[str, np.ndarray]:
    return text, voices.spoken(voices.FOR_TUNING[number % len(voices.FOR_TUNING)], text)


def _noisy(spoken: Spoken, decibels: float) -> Spoken:
    """With simulated kitchen noise so far below, several times with another."""
    chance = np.random.default_rng(SEED)
    noisy = []
    for text, sound in spoken:
        speech = sound.astype(np.float32)
        for _ in range(NOISES_EACH):
            mixed = speech + scaled(kitchen(len(speech), chance), speech, decibels)
            noisy.append((text, mixed * min(1.0, 30_000 / np.abs(mixed).max())))
    return noisy


def _needed(commands: Spoken) -> list[str]:
    return sorted({word for text, _ in commands for word in text.split()})
