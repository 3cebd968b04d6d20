"""What can be fetched, and from where."""

import re

import pytest

from voice_ally.core.errors import ModelProblem
from voice_ally.models.catalogue import CATALOGUE, SMALL_EN, find


def test_every_model_is_pinned_and_says_what_it_is() -> None:
    for model in CATALOGUE:
        assert re.fullmatch("[0-9a-f]{64}", model.sha256)
        assert model.what
        assert model.licence
        assert find(model.name) is model


def test_the_makers_server_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOICE_ALLY_MODELS_URL", raising=False)
    name = "vosk-model-small-en-us-0.15.zip"
    assert SMALL_EN.url == f"https://alphacephei.com/vosk/models/{name}"
    monkeypatch.setenv("VOICE_ALLY_MODELS_URL", "http://mirror.example/vosk")
    assert SMALL_EN.url == f"http://mirror.example/vosk/{name}"


def test_an_unknown_model() -> None:
    with pytest.raises(ModelProblem, match='Did you mean "vosk-model-small-en-us-'):
        find("vosk-model-small-en-0.15")
    with pytest.raises(ModelProblem, match="There are: vosk-model-small-en-us-"):
        find("q")
