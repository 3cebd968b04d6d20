"""A person writes a settings file, well or badly."""

from collections.abc import Callable
from pathlib import Path

import pytest

from voice_ally.core.errors import SettingsProblem
from voice_ally.settings.settings import Settings
from voice_ally.settings.sources import choose

Load = Callable[[str], Settings]


@pytest.fixture
def load(tmp_path: Path) -> Load:
    def load(text: str) -> Settings:
        path = tmp_path / "settings.toml"
        path.write_text(text, encoding="utf-8")
        return choose(path, environment={}).settings

    return load


@pytest.fixture
def problem(load: Load, tmp_path: Path) -> Callable[[str], str]:
    """The sentence for a bad file, its path left out."""

    def problem(text: str) -> str:
        with pytest.raises(SettingsProblem) as caught:
            load(text)
        assert caught.value.mend == f"Mend or delete {tmp_path / 'settings.toml'}."
        return caught.value.message.replace(str(tmp_path / "settings.toml"), "FILE")

    return problem


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert choose(tmp_path / "none.toml", environment={}).settings == Settings()
    (tmp_path / "file").touch()
    assert choose(tmp_path / "file" / "settings.toml", environment={}).settings == Settings()


def test_the_user_s_own_file_is_the_usual_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.toml").write_text('country = "GB"')
    monkeypatch.setenv("VOICE_ALLY_CONFIG", str(tmp_path))
    assert choose(environment={}).settings == Settings(country="GB")


def test_everything_set(load: Load) -> None:
    assert load(
        """
        country = "DE"
        voice = " Anna "
        language = "en"
        recogniser = "vosk"
        vosk_model = "~/models/mine"
        microphone = "USB"
        speaker = "HDMI"
        rate = 2
        volume = 0.5
        wake = "dear ally"
        pack = "my-pack"
        headphones = true
        """
    ) == Settings(
        country="DE",
        voice="Anna",
        recogniser="vosk",
        vosk_model="~/models/mine",
        microphone="USB",
        speaker="HDMI",
        rate=2.0,
        volume=0.5,
        wake="dear ally",
        pack="my-pack",
        headphones=True,
    )


def test_an_empty_file_and_a_byte_order_mark(load: Load) -> None:
    assert load("") == Settings()
    assert load('\ufeffvoice = "Anna"') == Settings(voice="Anna")


def test_every_mistake_is_named_at_once(problem: Callable[[str], str]) -> None:
    assert problem('vioce = "Anna"\n\nrate = 9\nheadphones = "yes"\n') == (
        'FILE:1: unknown setting "vioce", did you mean "voice"?; '
        "FILE:3: rate must be between 0.5 and 2, not 9; "
        "FILE:4: headphones must be true or false."
    )


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("rate = true", "rate must be a number"),
        ('rate = "fast"', "rate must be a number"),
        ("rate = nan", "rate must be between 0.5 and 2, not nan"),
        ("volume = 1.5", "volume must be between 0.1 and 1, not 1.5"),
        ("voice = 3", 'voice must be text in "quotes"'),
        ("headphones = 1", "headphones must be true or false"),
        ('country = "Germany"', 'country must be two letters such as "GB", not "Germany"'),
        ('language = "../x"', 'language must be a language such as "en", not "../x"'),
        ('recogniser = "siri"', 'recogniser must be "vosk", "pocketsphinx" or "", not "siri"'),
        ('wake = "!!!"', 'wake must be one to five words such as "hey ally", not "!!!"'),
        (
            'wake = "[hey] ally"',
            'wake must be one to five words such as "hey ally", not "[hey] ally"',
        ),
        ("wake = true", 'wake must be text in "quotes"'),
        ("[voice]", 'voice must be text in "quotes"'),
        ('"rate" = 0', "rate must be between 0.5 and 2, not 0"),
    ],
)
def test_what_cannot_be(problem: Callable[[str], str], line: str, told: str) -> None:
    assert problem(f"# mine\n{line}") == f"FILE:2: {told}."


def test_a_setting_like_no_other(problem: Callable[[str], str]) -> None:
    assert problem("xyzzy = 1").startswith('FILE:1: unknown setting "xyzzy" (known: country, ')
    assert problem('"\\u0071qq" = 1').startswith('FILE:1: unknown setting "qqq" (known: ')


def test_bad_toml(problem: Callable[[str], str]) -> None:
    assert problem("voice = Anna").startswith("FILE:1:9: ")
    assert problem("voice = 'Anna").startswith("FILE")


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem, match="cannot be read"):
        choose(tmp_path, environment={})
    (tmp_path / "latin.toml").write_bytes(b'voice = "Ren\xe9"')
    with pytest.raises(SettingsProblem, match="cannot be read"):
        choose(tmp_path / "latin.toml", environment={})
