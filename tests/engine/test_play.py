"""Sound files in a dialog: played to their end, paused, skipped, and where they may lie."""

import pytest

from tests.engine.test_engine import Talk, dialog
from voice_ally import engine
from voice_ally.core import actions as do
from voice_ally.core.events import Failed
from voice_ally.language.reader import read_pack

RAIN = dialog('  a: [{play: sounds/rain.flac}, {say: "Well."}]')


def playing() -> Talk:
    talk = Talk(RAIN)
    talk.hear("begin")
    assert talk.what == "playing"
    return talk


def test_it_is_played_and_then_it_goes_on() -> None:
    talk = playing()
    assert talk.some(do.Play) == [do.Play(talk.state.doing.ticket, "sounds/rain.flac")]
    assert talk.run() == ["Well."]


def test_a_file_that_cannot_be_played_holds_nothing_up() -> None:
    talk = playing()
    assert talk.event(Failed(talk.at, talk.state.doing.ticket)) == ["Well."]


def test_paused_it_begins_anew_and_it_can_be_skipped_and_stopped() -> None:
    talk = playing()
    talk.hear("pause")
    talk.hear("go on")
    assert talk.what == "playing" and talk.some(do.Play)
    assert talk.hear("skip") == ["Well."]
    talk = playing()
    talk.hear("stop")
    assert talk.some(do.Cut) and talk.what == "idle"


def test_it_is_taken_up_after_a_restart() -> None:
    talk = playing()
    _, actions = engine.begin(talk.pack, talk.state)
    assert any(isinstance(one, do.Play) for one in actions)


def test_the_path_begins_at_the_folder_of_the_dialog() -> None:
    pack = read_pack({"talk.yaml": RAIN.encode()}, named="/home/ada/pack/").pack
    (play, _) = pack.dialogs["talk"].steps["a"]
    assert getattr(play, "file", "") == "/home/ada/pack/sounds/rain.flac"


@pytest.mark.parametrize(
    "file",
    ["/etc/rain.flac", "../rain.flac", "a/../../rain.flac", "rain.exe", "rain", "C:rain.wav"],
)
def test_no_other_place_and_nothing_else(file: str) -> None:
    result = read_pack({"talk.yaml": RAIN.replace("sounds/rain.flac", file).encode()})
    assert [one.code for one in result.problems] == ["VA065"]


@pytest.mark.parametrize("written", ["[rain.flac]", "{file: rain.flac}", '""'])
def test_what_is_no_name_of_a_file_is_told_once(written: str) -> None:
    text = f"dialog: d\ntriggers: [begin]\nsteps: {{a: [{{play: {written}}}]}}\n"
    problems = read_pack({"d.yaml": text.encode()}).problems
    assert [one.place.line for one in problems if one.severity == "error"] == [3]
