"""A setting is given in several places, and the person asks who said so."""

import tomllib
from pathlib import Path

import pytest

from tests.cli.test_on_file import call
from voice_ally.core.errors import SettingsProblem
from voice_ally.settings.default_file import default_text
from voice_ally.settings.settings import Settings, fault_of, meaning_of, table, widened
from voice_ally.settings.sources import NOT_SETTINGS, Chosen, choose, strangers


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text('# mine\nrate = 0.8\nvolume = 0.5\nvoice = "Anna"\n')
    return path


def test_the_command_line_goes_before_the_environment_and_that_before_the_file(
    file: Path,
) -> None:
    chosen = choose(
        file,
        environment={"VOICE_ALLY_RATE": "0.9", "VOICE_ALLY_VOLUME": "0.6"},
        command_line=[("volume", "0.7"), ("headphones", "yes")],
    )
    assert chosen.settings == Settings(rate=0.9, volume=0.7, voice="Anna", headphones=True)
    assert chosen.origins["voice"] == f"{file}:4"
    assert chosen.origins["rate"] == "VOICE_ALLY_RATE"
    assert chosen.origins["volume"] == chosen.origins["headphones"] == "command line"
    assert chosen.origins["country"] == "default"


def test_every_mistake_anywhere_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem) as caught:
        choose(
            tmp_path / "none.toml",
            environment={"VOICE_ALLY_RATE": "brisk", "VOICE_ALLY_HEADPHONES": "perhaps"},
            command_line=[("vioce", "Anna"), ("microphone", "3")],
        )
    assert str(caught.value) == (
        "VOICE_ALLY_RATE: rate must be a number; "
        "VOICE_ALLY_HEADPHONES: headphones must be true or false; "
        'command line: unknown setting "vioce", did you mean "voice"?; '
        "command line: microphone must be part of a device's name, since numbers change "
        '(see: voice-ally devices), not "3".'
    )


def test_variables_that_are_no_settings_are_named_with_the_nearest() -> None:
    environment = dict.fromkeys(["VOICE_ALLY_VIOCE", "VOICE_ALLY_STATE", "PATH"], "x")
    assert strangers(environment) == ['VOICE_ALLY_VIOCE is no setting, did you mean "voice"?']
    assert not {name.lower() for name in NOT_SETTINGS} & set(table())


def test_every_setting_is_explained_and_its_default_and_example_are_allowed() -> None:
    for name, entry in table().items():
        assert meaning_of(entry), f"{name} has no meaning"
        assert fault_of(name, entry.default) == ""
        if example := entry.metadata.get("example"):
            assert fault_of(name, widened(tomllib.loads(f"x = {example}")["x"])) == ""


def test_the_default_file_sets_nothing_and_every_line_of_it_may_be_set(tmp_path: Path) -> None:
    text = default_text()
    assert tomllib.loads(text) == {}
    path = tmp_path / "settings.toml"
    path.write_text(
        "\n".join(line.removeprefix("#") for line in text.splitlines() if line[1:2] != " ")
    )
    chosen = choose(path, environment={})
    assert chosen.settings == Settings()
    assert {origin.rsplit(":", 1)[0] for origin in chosen.origins.values()} == {str(path)}


def test_the_default_file_is_written_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOICE_ALLY_CONFIG", str(tmp_path / "deep" / "er"))
    path = tmp_path / "deep" / "er" / "settings.toml"
    assert call("settings", "--write").output == f"Written to {path}.\n"
    assert path.read_text() == call("settings", "--default").output == default_text()
    assert "already" in str(call("settings", "--write").exception)
    path.unlink()
    path.parent.rmdir()
    path.parent.parent.rmdir()
    path.parent.parent.touch()
    assert "cannot be written" in str(call("settings", "--write").exception)


def test_settings_are_shown_with_their_origins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ALLY_RATE", "0.9")
    monkeypatch.setenv("VOICE_ALLY_RAET", "0.9")
    result = call("settings", "--set", "volume=0.4")
    lines = [line.split() for line in result.output.splitlines()]
    assert ["rate", "=", "0.9", "VOICE_ALLY_RATE"] in lines
    assert ["volume", "=", "0.4", "command", "line"] in lines
    assert ["country", "=", '""', "default"] in lines
    assert "not there yet" in result.output
    assert 'VOICE_ALLY_RAET is no setting, did you mean "rate"?' in result.stderr
    assert '"rate": {"value": 0.9, "from": "VOICE_ALLY_RATE"}' in call("settings", "--json").output
    assert "is not NAME=VALUE" in str(call("settings", "--set", "rate").exception)


def test_text_with_quotes_is_shown_as_toml() -> None:
    from voice_ally.settings.settings import shown

    for text in ('say "hello"', "back\\slash", "plain"):
        assert tomllib.loads(f"x = {shown(text)}")["x"] == text


def test_a_device_by_number_is_refused() -> None:
    assert isinstance(choose(environment={}), Chosen)
    assert "numbers change" in str(call("run", "--microphone", "2").exception)
