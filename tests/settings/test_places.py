"""Where things are, in a checkout, in a wheel, and when moved."""

from pathlib import Path

import pytest

from voice_ally.core.errors import ModelProblem, SettingsProblem
from voice_ally.settings import places

VARIABLES = ("VOICE_ALLY_DATA", "VOICE_ALLY_CONFIG", "VOICE_ALLY_STATE", "VOICE_ALLY_CACHE")


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program as if it were installed in this folder, with nothing bundled yet."""
    package = tmp_path / "voice_ally"
    monkeypatch.setattr(places, "__file__", str(package / "settings" / "places.py"))
    return package


def test_in_this_checkout() -> None:
    assert (places.bundled_dialogs() / "phrases.yaml").is_file()
    assert (places.bundled_model() / "am" / "final.mdl").is_file()


def test_in_a_wheel(elsewhere: Path) -> None:
    (elsewhere / "bundled/dialogs/de").mkdir(parents=True)
    (elsewhere / "bundled/models/en-tiny").mkdir(parents=True)
    assert places.bundled_dialogs("de") == elsewhere / "bundled/dialogs/de"
    assert places.bundled_model() == elsewhere / "bundled/models/en-tiny"


def test_nothing_bundled(elsewhere: Path) -> None:
    with pytest.raises(SettingsProblem, match="Install Voice Ally again"):
        places.bundled_dialogs()
    with pytest.raises(ModelProblem, match="Install Voice Ally again"):
        places.bundled_model()


@pytest.mark.parametrize("language", ["xx", "../en", ""])
def test_a_language_without_dialogs(language: str) -> None:
    with pytest.raises(SettingsProblem, match=r"There are: .*en"):
        places.bundled_dialogs(language)


def test_the_user_s_places(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    folders = {
        places.user_config_folder(),
        places.user_data_folder(),
        places.user_state_folder(),
        places.user_cache_folder(),
    }
    assert all(folder.is_absolute() and "voice-ally" in folder.parts for folder in folders)


def test_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.setenv(name, str(tmp_path / name))
    assert places.user_models_folder() == tmp_path / "VOICE_ALLY_DATA/models"
    assert places.extended_models_folder() == tmp_path / "VOICE_ALLY_CACHE/models"
    assert places.reminders_file() == tmp_path / "VOICE_ALLY_STATE/reminders.sqlite"
    assert places.user_config_file() == tmp_path / "VOICE_ALLY_CONFIG/settings.toml"
    assert places.user_pack_folder() == tmp_path / "VOICE_ALLY_CONFIG/dialogs"
