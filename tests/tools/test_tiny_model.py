"""The pipeline that makes the bundled model: what it writes, Vosk can read.

Training needs libraries that are not installed for testing; what it hands on is made up here.
"""

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.speech_samples import conversation, spoken
from tools.tiny_model import kokoro, noise, synthesis, texts, voices
from tools.tiny_model.export import conf_files, final_mdl
from tools.tiny_model.shape import MEL_BANDS, OUTPUTS, Affine
from voice_ally.models.graph import graph_files
from voice_ally.models.store import verify
from voice_ally.settings.places import bundled_model

WORDS = {"pause": [("P", "AO", "Z")], "stop": [("S", "T", "AA", "P")]}
LOADED = """
import json, sys, vosk
model = vosk.Model(sys.argv[1])
engine = vosk.KaldiRecognizer(model, 16000, json.dumps(["pause", "stop", "[unk]"]))
engine.AcceptWaveform(sys.stdin.buffer.read())
print(engine.FinalResult())
"""


def made_up_layers(width: int = 16) -> list[Affine]:
    chance = np.random.default_rng(1)

    def layer(offsets: tuple[int, ...], inputs: int, outputs: int, rectified: bool) -> Affine:
        weights = chance.normal(0, 0.02, (outputs, len(offsets) * inputs)).astype(np.float32)
        return Affine(offsets, weights, np.zeros(outputs, np.float32), rectified)

    return [
        layer(tuple(range(-4, 5)), MEL_BANDS, width, True),
        layer((-3, 0, 3), width, width, True),
        layer((0,), width, OUTPUTS, False),
    ]


def put(folder: Path, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def test_what_is_written_is_a_model_that_vosk_loads_and_runs(tmp_path: Path) -> None:
    layers = made_up_layers()
    put(tmp_path, {"am/final.mdl": final_mdl(layers), **conf_files(), **graph_files(WORDS)})
    assert verify(tmp_path) == []
    done = subprocess.run(
        [sys.executable, "-c", LOADED, str(tmp_path)],
        input=bytes(conversation(0.3, spoken("stop", "rms"), 0.3)),
        capture_output=True,
        check=True,
    )
    assert b"WARNING" not in done.stderr
    assert b"ERROR" not in done.stderr
    assert "text" in json.loads(done.stdout)


def test_the_settings_of_the_bundled_model_are_those_that_are_written() -> None:
    for name, content in conf_files().items():
        assert (bundled_model() / name).read_bytes() == content


def test_the_same_seed_gives_the_same_sentences() -> None:
    assert texts.sentences(50, 3) == texts.sentences(50, 3)
    assert texts.sentences(50, 3) != texts.sentences(50, 4)


def test_every_sentence_can_be_pronounced() -> None:
    known = texts.dictionary()
    for sentence in texts.sentences(300, 5):
        assert all(word in known for word in sentence.split()), sentence


def test_every_word_that_is_written_down_is_in_the_dictionary() -> None:
    written = (Path(texts.__file__).parent / "words.txt").read_text(encoding="utf-8").split()
    assert set(written) <= texts.dictionary().keys()


def test_as_many_short_answers_are_said_as_are_asked_for() -> None:
    def short(share: float) -> int:
        return sum(len(one.split()) <= 2 for one in texts.sentences(600, 3, short=share))

    assert short(0.0) < 150
    assert 250 < short(0.5) < 450
    assert short(0.9) > 500


def test_words_most_like_an_answer_are_said_and_known() -> None:
    known = texts.vocabulary_words()
    said = set(texts.sentences(4000, 1, short=0.9))
    for word in ("now", "know", "so", "oh", "hello", "go", "step", "yet", "yup", "nope"):
        assert word in known, word
        assert word in said, word


@pytest.mark.parametrize("manner", sorted(synthesis.MANNERS))
def test_every_manner_gives_sound_that_is_finite_and_not_silent(manner: str) -> None:
    if shutil.which("sox") is None:
        pytest.skip("sox is for making the small model only")
    sound = np.frombuffer(bytes(spoken("stop", "rms")), "<i2").astype(np.float32) / 32768
    for number in range(3):
        found = synthesis.MANNERS[manner][1](sound, random.Random(number))
        assert found.ndim == 1
        assert np.isfinite(found).all()
        assert 0.3 * len(sound) < len(found) < 3 * len(sound)
        assert float(np.abs(found).max()) > 0.01


def test_through_a_headset_nothing_is_left_above_four_kilohertz() -> None:
    chance = np.random.default_rng(1)
    sound = chance.normal(0, 0.1, 16_001).astype(np.float32)
    for _ in range(8):
        narrow = noise.through_headset(sound, chance)
        assert narrow.shape == sound.shape
        power = np.abs(np.fft.rfft(narrow)) ** 2
        hertz = np.fft.rfftfreq(len(narrow), 1 / 16_000)
        assert power[hertz > 4_200].sum() < 1e-3 * power.sum()
        assert power[(hertz > 500) & (hertz < 3_000)].sum() > 0.5 * power.sum()


def test_voices_held_back_are_never_drawn() -> None:
    drawn = {line.voice for line in synthesis.plan(3000, 1)}
    assert not any(voices.held_back(voice) for voice in drawn)
    assert voices.held_back("flite rms")
    assert voices.held_back("kokoro af_bella&af_sarah")
    assert len(drawn) > 150


def test_a_way_of_speaking_is_kept_up_through_an_utterance() -> None:
    said = [kokoro.in_foreign_way("wˈɪðwˌWt", "german", random.Random(n)) for n in range(40)]
    assert {one.count("v") for one in said} == {0, 2}
    assert "wˈɪzwˌWt" in said
    assert said[3] == kokoro.in_foreign_way("wˈɪðwˌWt", "german", random.Random(3))


def test_a_voice_held_back_stays_so_whatever_its_accent() -> None:
    assert voices.held_back("kokoro bm_lewis+french")
    assert voices.held_back("kokoro af_bella&af_sarah+indian")
    assert not voices.held_back("kokoro af_bella+indian")
    assert voices.held_back("espeak-ng en-us+f4")


def test_the_program_never_imports_the_tools() -> None:
    root = Path(__file__).resolve().parents[2] / "voice_ally"
    for path in root.rglob("*.py"):
        assert "tiny_model" not in path.read_text(encoding="utf-8"), path
