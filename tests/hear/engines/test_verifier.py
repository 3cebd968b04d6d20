"""The network that knows a few short words by their sound."""

from pathlib import Path

import numpy
import pytest

from tests.speech_samples import conversation, spoken
from voice_ally.core.audio import Pcm16, to_samples
from voice_ally.hear.engines.verifier import FILE, ShortWordVerifier, open_verifier
from voice_ally.settings.places import bundled_model


@pytest.fixture(scope="module")
def verifier() -> ShortWordVerifier:
    found = open_verifier(bundled_model())
    assert found is not None
    return found


@pytest.mark.parametrize("word", ["yes", "no", "stop", "five", "seven"])
def test_it_knows_its_words_and_tells_them_from_others(
    verifier: ShortWordVerifier, word: str
) -> None:
    odds = verifier.log_odds(conversation(0.4, spoken(word, "rms"), 0.1))
    assert max(odds, key=odds.__getitem__) == word
    other = verifier.log_odds(conversation(0.4, spoken("repair", "rms"), 0.1))
    assert other[word] < odds[word] - 2


def test_loudness_does_not_count(verifier: ShortWordVerifier) -> None:
    sound = conversation(0.4, spoken("no", "rms"), 0.1)
    samples = numpy.frombuffer(sound, "<i2")
    louder, softer = (
        verifier.log_odds(Pcm16((samples * gain).astype("<i2").tobytes()))["no"]
        for gain in (1.0, 0.25)
    )
    assert abs(louder - softer) < 0.5


def test_only_the_end_counts(verifier: ShortWordVerifier) -> None:
    word = conversation(0.4, spoken("stop", "rms"), 0.1)
    before = Pcm16(spoken("the train leaves at noon", "rms")[: to_samples(1.0) * 2])
    alone, behind = (verifier.log_odds(one) for one in (word, Pcm16(before + bytes(32_000) + word)))
    assert abs(alone["stop"] - behind["stop"]) < 2.0


def test_sound_of_any_length_is_answered(verifier: ShortWordVerifier) -> None:
    for samples in (0, 1, 511, 40_000):
        odds = verifier.log_odds(Pcm16(bytes(2 * samples)))
        assert odds.keys() == verifier.words


def test_without_a_file_or_with_a_damaged_one_there_is_none(tmp_path: Path) -> None:
    assert open_verifier(tmp_path) is None
    (tmp_path / FILE).write_bytes(b"rubbish" * 100)
    assert open_verifier(tmp_path) is None


def test_without_onnxruntime_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert open_verifier(bundled_model()) is None
