"""Somebody writes their settings as they would elsewhere, and is told how to write them here."""

from pathlib import Path

import pytest

from voice_ally.core.errors import SettingsProblem
from voice_ally.settings.settings import Settings
from voice_ally.settings.sources import choose


def told(folder: Path, text: str) -> str:
    file = folder / "settings.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsProblem) as caught:
        choose(file, environment={})
    return caught.value.message.replace(str(file), "FILE")


@pytest.mark.parametrize(
    ("text", "place", "fix"),
    [
        ("country = “GB”", "FILE:1:11", 'country = "GB"'),
        ("country = ‘GB’", "FILE:1:11", 'country = "GB"'),
        ('pack = "C:\\Users\\anna\\ally"', "FILE:1:13", "pack = 'C:\\Users\\anna\\ally'"),
        ('pack = "C:\\temp"', "FILE:1", "pack = 'C:\\temp'"),
        ("log = True", "FILE:1:7", "log = true"),
        ("headphones = yes", "FILE:1:14", "headphones = true"),
        ("screen = off", "FILE:1:10", "screen = false"),
        ("# mine\nvolume = 0,9", "FILE:2:11", "volume = 0.9"),
        ("rate = .9", "FILE:1:8", "rate = 0.9"),
        ("voice = Anna", "FILE:1:9", 'voice = "Anna"'),
        ("voice = Anna Maria # mine", "FILE:1:9", 'voice = "Anna Maria"'),
        ('voice: "Anna"', "FILE:1:6", 'voice = "Anna"'),
        ('voice "Anna"', "FILE:1:7", 'voice = "Anna"'),
        ("voice =", "FILE:1:", 'voice = "…"'),
        ('voice = "Anna', "FILE:1:", 'voice = "Anna"'),
        ("voice = 'Anna", "FILE:1:", "voice = 'Anna'"),
        ('voice = "Anna" // mine', "FILE:1:16", "comments begin with #"),
        ('voice = "A"\nvoice = "B"', "FILE:2:1", "Keep one of the lines"),
        ("= 3", "FILE:1:1", 'such as: country = "GB"'),
        ("voice = [", "FILE:1:", "voice"),
    ],
)
def test_a_mistake_is_shown_as_it_should_be_written(
    tmp_path: Path, text: str, place: str, fix: str
) -> None:
    message = told(tmp_path, text)
    assert message.startswith(place)
    assert fix in message
    for word in ("Invalid", "Expected", "Unescaped", "Illegal", "at line"):
        assert word not in message


def test_what_is_right_stays_right(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("pack = 'C:\\temp'\nrate = 0.9 # slow\n", encoding="utf-8")
    assert choose(file, environment={}).settings == Settings(pack="C:\\temp", rate=0.9)


def test_a_file_in_another_encoding_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes(b'voice = "Ren\xe9"')
    with pytest.raises(SettingsProblem, match="not saved as UTF-8"):
        choose(tmp_path / "latin.toml", environment={})
