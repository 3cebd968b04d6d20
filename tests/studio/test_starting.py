"""New files, and lines that come into files that are there."""

from pathlib import Path

import pytest
import yaml

from voice_ally.core.errors import UsageProblem
from voice_ally.language.reader import read_folders
from voice_ally.settings.places import bundled_dialogs
from voice_ally.studio.conversations import run_tests
from voice_ally.studio.starting import TEMPLATES, make_new, own_folder, with_sounds_of
from voice_ally.studio.store import Store

KEPT = """\
# mine
rules:   # odd   spaces stay
    soft: "(soft|gentle)"

pronunciations:   # how names are said
    # one a line
    "siobhan": "SH AH V AO N"   # a friend

commands: {stop: [stop]}
"""


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_a_new_dialog_can_be_used_and_its_conversation_passes(
    tmp_path: Path, template: str
) -> None:
    store = Store(tmp_path / "own", bundled_dialogs())
    name = make_new(store, "Evening Rest", template)
    reading = read_folders([bundled_dialogs(), store.own])
    assert name == "evening_rest"
    assert reading.problems == ()
    assert reading.pack.dialogs[name].title == "Evening rest"
    from voice_ally.app.packs import Dialogs

    [test] = run_tests(store.own, Dialogs(reading.pack))
    assert test == {"name": "evening_rest.talk.txt", "ok": True}


@pytest.mark.parametrize("title", ["Safety", "", "!!!", "phrases", "x" * 100])
def test_a_title_that_cannot_be_is_refused(tmp_path: Path, title: str) -> None:
    store = Store(tmp_path / "own", bundled_dialogs())
    with pytest.raises(UsageProblem):
        make_new(store, title, "pause")


def test_sounds_come_into_the_file_and_nothing_else_changes() -> None:
    text = with_sounds_of(KEPT, "xiomara", "s iy ow m aa r ah")
    assert [one for one in text.split("\n") if "xiomara" not in one] == KEPT.split("\n")
    assert yaml.safe_load(text)["pronunciations"] == {
        "xiomara": "S IY OW M AA R AH",
        "siobhan": "SH AH V AO N",
    }


def test_sounds_of_a_word_that_is_there_are_put_in_their_place() -> None:
    text = with_sounds_of(KEPT, "siobhan", "SH IH V")
    assert yaml.safe_load(text)["pronunciations"] == {"siobhan": "SH IH V"}
    assert len(text.split("\n")) == len(KEPT.split("\n"))


@pytest.mark.parametrize("text", ["", "# mine\n", "# mine", 'rules: {"a": "b"}\n'])
def test_sounds_come_below_a_heading_of_their_own(text: str) -> None:
    found = yaml.safe_load(with_sounds_of(text, "xiomara", "S IY"))
    assert found["pronunciations"] == {"xiomara": "S IY"}


@pytest.mark.parametrize(
    ("word", "sounds"),
    [("xiomara", ""), ("xiomara", "QQ"), ("", "S"), ('a": b', "S"), ("a\nb", "S"), ("a b", "S")],
)
def test_what_is_no_word_or_no_sound_is_refused(word: str, sounds: str) -> None:
    with pytest.raises(UsageProblem):
        with_sounds_of(KEPT, word, sounds)


def test_words_on_the_line_of_the_heading_are_left_alone() -> None:
    with pytest.raises(UsageProblem, match="line of its own"):
        with_sounds_of("pronunciations: {a: S}\n", "xiomara", "S")


def test_which_folder_is_worked_on(tmp_path: Path) -> None:
    usual, bundled = tmp_path / "usual", tmp_path / "bundled"
    bundled.mkdir()
    assert own_folder(None, "", usual, bundled) == usual
    assert own_folder(None, str(tmp_path / "set"), usual, bundled) == tmp_path / "set"
    assert own_folder(tmp_path / "named", "", usual, bundled) == tmp_path / "named"
    assert own_folder(bundled, "", usual, bundled) == usual
    (tmp_path / "file").touch()
    with pytest.raises(UsageProblem, match="is a file"):
        own_folder(tmp_path / "file", "", usual, bundled)
