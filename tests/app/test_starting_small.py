"""Somebody begins with one dialog of their own, draws it, and lets voices say its phrases."""

from pathlib import Path

import pytest

from tests.cli.test_on_file import call
from voice_ally.app.sound_check import Result, Said, SoundCheck
from voice_ally.core.errors import UsageProblem


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICE_ALLY_CONFIG", str(tmp_path / "config"))
    folder = tmp_path / "mine"
    result = call("init", folder, "--new", "Good Evening")
    assert result.exit_code == 0
    return folder


def test_one_dialog_and_its_test_that_passes(begun: Path) -> None:
    assert sorted(one.name for one in begun.iterdir()) == [
        "good_evening.talk.txt",
        "good_evening.yaml",
    ]
    assert call("check", begun).output == "0 errors, 0 warnings\n"
    talk = begun / "good_evening.talk.txt"
    assert "Would you like to breathe with me?" in talk.read_text(encoding="utf-8")
    assert talk.read_text(encoding="utf-8").startswith("# A test: lines behind > are typed")
    assert call("try", "--pack", begun, "--replay", talk).exit_code == 0


def test_nothing_that_is_there_is_overwritten(begun: Path) -> None:
    before = (begun / "good_evening.yaml").read_bytes()
    assert isinstance(call("init", begun, "--new", "good evening").exception, UsageProblem)
    assert (begun / "good_evening.yaml").read_bytes() == before
    assert isinstance(call("init", begun, "--new", "phrases").exception, UsageProblem)
    assert isinstance(call("init", begun, "--new", "!?").exception, UsageProblem)


def test_it_is_drawn_with_its_ways_out(begun: Path, tmp_path: Path) -> None:
    drawn = call("graph", begun, "good_evening").output
    assert "flowchart TD" in drawn
    assert '-->|"“yes”"| s1' in drawn
    picture = tmp_path / "evening.svg"
    assert call("graph", begun, "good_evening", "--output", picture).exit_code == 0
    assert "<svg" in picture.read_text(encoding="utf-8")
    assert call("graph", begun, "good_evening", "--output", picture).exit_code == 0
    precious = begun / "good_evening.yaml"
    for file in (precious, tmp_path / "x.png", tmp_path / "no" / "x.svg"):
        assert isinstance(call("graph", begun, "--output", file).exception, UsageProblem)
    (tmp_path / "notes.svg").write_text("mine", encoding="utf-8")
    assert isinstance(
        call("graph", begun, "--output", tmp_path / "notes.svg").exception, UsageProblem
    )
    assert (tmp_path / "notes.svg").read_text(encoding="utf-8") == "mine"


def test_every_bundled_dialog_can_be_drawn() -> None:
    whole = call("graph").output
    assert "calming_pause" in whole
    assert call("graph", "calming_pause").exit_code == 0
    assert isinstance(call("graph", "calming_puase").exception, UsageProblem)


def test_a_step_that_nothing_leads_to_is_drawn_as_such(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(
        'dialog: own\ntriggers: ["my own"]\nsteps:\n  a: [{end: true}]\n  b: [{say: "B."}]\n',
        encoding="utf-8",
    )
    assert "class s1 never" in call("graph", tmp_path, "own").output
    assert call("graph", tmp_path, "own", "--output", tmp_path / "own.svg").exit_code == 0
    assert "never reached" in (tmp_path / "own.svg").read_text(encoding="utf-8")


def test_what_is_to_be_said_and_where(begun: Path) -> None:
    told: list[str] = []
    check = SoundCheck(begun, at="", voices=2, noise=True, warn=told.append)
    wanted = check.said(())
    assert [(one.phrase, one.at) for one in wanted] == [
        ("good evening", ""),
        ("start good evening", ""),
        ("yes", "good_evening/begin"),
        ("no", "good_evening/begin"),
    ]
    assert check.count(wanted) == 16
    assert [one.at for one in check.said(("stop",))] == [""]
    with pytest.raises(UsageProblem):
        check.said(("none of this",))
    assert told == ['"none of this" means nothing here.']


def test_the_worst_is_told_first_and_remembered(
    begun: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    told: list[str] = []
    check = SoundCheck(begun, at="good_evening/begin", voices=1, noise=False, warn=told.append)
    steps: list[int] = []
    results = check.listen(check.said(()), lambda: steps.append(1))
    assert len(steps) == 2
    assert [one.of for one in results] == [1, 1]
    again = SoundCheck(begun, at="good_evening/begin", voices=1, noise=False, warn=told.append)
    again._cache.set = None  # type: ignore[method-assign, assignment]  # nothing is heard anew
    assert again.listen(again.said(()), lambda: None) == results
    assert "heard (" in again.summary(results)


def test_a_result_reads_as_a_line() -> None:
    result = Result(Said("stop", "a/b", "command:stop"), 2, 3, {"calm": 1})
    assert str(result) == '  2 of 3  "stop"  [a/b]  taken for: calm (1)'
    assert result.as_dict()["instead"] == {"calm": 1}
