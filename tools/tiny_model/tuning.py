"""Choosing the acoustic scale and what [unk] costs, by voices held back for it.

Rules: changes nothing, only tells; neither the voices for measuring nor recordings of people are
used. Commands of the bundled pack should be heard, other sentences should not become one.
"""

import json
import random
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from tools.tiny_model import voices
from tools.tiny_model.network import folded, load
from tools.tiny_model.noise import kitchen, scaled
from tools.tiny_model.shape import RATE_HZ
from tools.tiny_model.texts import bundled_pack, dictionary, pack_graphs, sentences, walk
from voice_ally.models.graph import graph_files

SEED = 77
COMMANDS, OTHERS = 60, 60
Spoken = Sequence[tuple[str, np.ndarray]]


def tell_scales(work: Path, tell: Callable[[str], None]) -> None:
    """A line for each setting: commands heard clean and in noise, others taken for one."""
    commands, others = trial_speech()
    network, _ = load(work / "final.pt")
    from tools.tiny_model.export import conf_files, final_mdl

    lexicon = {word: dictionary()[word] for word in _needed(commands)}
    for scale in (0.4, 0.5, 0.7, 1.0):
        mdl = final_mdl(folded(network, scale))
        for cost in (2.0, 3.0, 4.0):
            with tempfile.TemporaryDirectory() as folder:
                files = {"am/final.mdl": mdl, **conf_files(), **graph_files(lexicon, cost)}
                for name, content in files.items():
                    (Path(folder) / name).parent.mkdir(parents=True, exist_ok=True)
                    (Path(folder) / name).write_bytes(content)
                tell(f"scale {scale}, cost {cost}: {score(Path(folder), commands, others)}")


def score(folder: Path, commands: Spoken, others: Spoken) -> str:
    """How a model does on them."""
    import vosk

    vosk.SetLogLevel(-1)
    model = vosk.Model(str(folder))
    phrases = sorted({text for text, _ in commands})
    rows = []
    for kind, spoken in (("heard", commands), ("in noise", _noisy(commands)), ("taken", others)):
        decoder = vosk.KaldiRecognizer(model, RATE_HZ, json.dumps([*phrases, "[unk]"]))
        good = 0
        for text, sound in spoken:
            decoder.AcceptWaveform(sound.astype("<i2").tobytes())
            heard = json.loads(decoder.FinalResult())["text"]
            good += heard in phrases if kind == "taken" else heard == text
        rows.append(f"{kind} {good}/{len(spoken)}")
    return ", ".join(rows)


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


def _said(text: str, number: int) -> tuple[str, np.ndarray]:
    return text, voices.spoken(voices.FOR_TUNING[number % len(voices.FOR_TUNING)], text)


def _noisy(spoken: Spoken) -> Spoken:
    """With simulated kitchen noise, 10 dB below."""
    chance = np.random.default_rng(SEED)
    noisy = []
    for text, sound in spoken:
        speech = sound.astype(np.float32)
        mixed = speech + scaled(kitchen(len(speech), chance), speech, 10.0)
        noisy.append((text, mixed * min(1.0, 30_000 / np.abs(mixed).max())))
    return noisy


def _needed(commands: Spoken) -> list[str]:
    return sorted({word for text, _ in commands for word in text.split()})
