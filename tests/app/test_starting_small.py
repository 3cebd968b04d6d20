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
    result = call("init", folder, "--new", "Quiet Minute")
    assert result.exit_code == 0
    return folder


def test_one_dialog_and_its_test_that_passes(begun: Path) -> None:
    assert sorted(one.name for one in begun.iterdir()) == [
        "quiet_minute.talk.txt",
        "quiet_minute.yaml",
    ]
    assert call("check", begun).output == "0 errors, 0 warnings\n"
    talk = begun / "quiet_minute.talk.txt"
    assert "Would you like to breathe with me?" in talk.read_text(encoding="utf-8")
    assert talk.read_text(encoding="utf-8").startswith("# A test: lines behind > are typed")
    assert call("try", "--pack", begun, "--replay", talk).exit_code == 0


def test_a_phrase_that_means_something_already_is_not_taken_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_ALLY_CONFIG", str(tmp_path / "config"))
    call("init", tmp_path / "mine", "--new", "calming pause one")
    assert '"calming pause one"' in (tmp_path / "mine" / "calming_pause_one.yaml").read_text()
    call("init", tmp_path / "mine", "--new", "Pause")
    assert '- "pause"' not in (tmp_path / "mine" / "pause.yaml").read_text()
    assert call("check", tmp_path / "mine").exit_code == 0


def test_nothing_that_is_there_is_overwritten(begun: Path) -> None:
    before = (begun / "quiet_minute.yaml").read_bytes()
    assert isinstance(call("init", begun, "--new", "quiet minute").exception, UsageProblem)
    assert (begun / "quiet_minute.yaml").read_bytes() == before
    assert isinstance(call("init", begun, "--new", "phrases").exception, UsageProblem)
    assert isinstance(call("init", begun, "--new", "!?").exception, UsageProblem)


def test_it_is_drawn_with_its_ways_out(begun: Path, tmp_path: Path) -> None:
    drawn = call("graph", begun, "quiet_minute").output
    assert "flowchart TD" in drawn
    assert '-->|"“yes”"| s1' in drawn
    picture = tmp_path / "evening.svg"
    assert call("graph", begun, "quiet_minute", "--output", picture).exit_code == 0
    assert "<svg" in picture.read_text(encoding="utf-8")
    assert call("graph", begun, "quiet_minute", "--output", picture).exit_code == 0
    precious = begun / "quiet_minute.yaml"
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
        ("quiet minute", ""),
        ("start quiet minute", ""),
        ("yes", "quiet_minute/begin"),
        ("no", "quiet_minute/begin"),
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
    check = SoundCheck(begun, at="quiet_minute/begin", voices=1, noise=False, warn=told.append)
    steps: list[int] = []
    results = check.listen(check.said(()), lambda: steps.append(1))
    assert len(steps) == 2
    assert [one.of for one in results] == [1, 1]
    again = SoundCheck(begun, at="quiet_minute/begin", voices=1, noise=False, warn=told.append)
    again._cache.set = None  # type: ignore[method-assign, assignment]  # nothing is heard anew
    assert again.listen(again.said(()), lambda: None) == results
    assert "heard (" in again.summary(results)


def test_a_result_reads_as_a_line() -> None:
    result = Result(Said("stop", "a/b", "command:stop"), 2, 3, {"calm": 1})
    assert str(result) == '  2 of 3  "stop"  [a/b]  taken for: calm (1)'
    assert result.as_dict()["instead"] == {"calm": 1}
