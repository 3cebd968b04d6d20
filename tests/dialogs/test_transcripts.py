"""What every bundled dialog says, word for word, held against what it said before.

The files in transcripts/ are conversations to be read; `make transcripts` renews them. For every
dialog there is the straight way, and one in which people say no, say nothing, ask for help, go
back, pause and stop.
"""

import re
from pathlib import Path

import pytest

from tests.cli.test_on_file import call
from voice_ally.app import rehearse
from voice_ally.core.errors import UsageProblem
from voice_ally.ui.transcript import Transcript

FOLDER = Path(__file__).parent / "transcripts"
FILES = sorted(FOLDER.glob("*.txt"))
DIALOGS = sorted(
    file.stem
    for file in (Path(__file__).parents[2] / "dialogs" / "en").glob("*.yaml")
    if file.name != "phrases.yaml"
)
TALK = {
    "nothing": r"^\.\.\.$",
    "help": "what can I say",
    "go back": "go back",
    "pause": "^pause$",
    "stop": "^stop$",
}


@pytest.fixture(autouse=True)
def _nothing_of_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ALLY_CONFIG", str(tmp_path))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_says_what_it_said_before(file: Path) -> None:
    told: list[str] = []
    assert rehearse.transcribe(None, (file,), renew=False, say=told.append) == 0, told


@pytest.mark.parametrize("dialog", DIALOGS)
def test_there_are_two_transcripts_of_every_dialog(dialog: str) -> None:
    straight = Transcript.read(FOLDER / f"{dialog}.straight.txt")
    assert "not understood" not in straight.text
    hard = Transcript.read(FOLDER / f"{dialog}.hard.txt")
    for what, pattern in TALK.items():
        if dialog == "no_reminders" and what in ("nothing", "help", "go back", "pause"):
            continue  # it is over before anybody could say so
        assert any(re.search(pattern, typed) for typed in hard.typed), what


def test_a_dialog_with_a_no_is_told_no() -> None:
    """Every question that can be answered with no is, somewhere."""
    said = {typed for file in FILES for typed in Transcript.read(file).typed}
    assert {"no", "not really", "not now", "never"} <= said


def test_a_difference_is_shown_and_can_be_renewed(tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("# start: calming_pause\n# seed: 3\n\n  Ally  Hello.\n> stop\n")
    shown = call("try", "--replay", file)
    assert shown.exit_code == 1
    assert f"{file}:4: 'Ally  Hello.' was said, now it is '— A calming pause —'" in shown.output
    assert call("try", "--replay", file, "--renew").exit_code == 0
    assert "Ally  Alone or together, breathe with me." in file.read_text()
    assert call("try", "--replay", file).exit_code == 0


def test_a_transcript_ends_where_somebody_quits(tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("# seed: 2\n> :quit\n> calming pause\n")
    call("try", "--replay", file, "--renew")
    assert file.read_text() == "# seed: 2\n\n> :quit\n"


def test_what_is_no_transcript_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="is no transcript"):
        Transcript.read(tmp_path)
    with pytest.raises(UsageProblem, match="seed must be a number"):
        Transcript.of("# seed: x\n")
    assert Transcript.of("same\n").first_difference("same\n") == (0, "", "")


def test_a_text_without_a_line_to_type_is_left_as_it_is(tmp_path: Path) -> None:
    for text in ("tea for two please\n", "dialog: tea\n", "", "# only this\n"):
        file = tmp_path / "mine.txt"
        file.write_text(text)
        assert isinstance(call("try", "--replay", file, "--renew").exception, UsageProblem)
        assert file.read_text() == text


def test_what_would_be_lost_is_named_instead(tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    text = "> stop\nHere she pauses.\n>calming pause\n"
    file.write_text(text)
    shown = call("try", "--replay", file, "--renew")
    assert isinstance(shown.exception, UsageProblem)
    assert f"{file}:2" in str(shown.exception)
    assert file.read_text() == text


def test_comments_and_a_byte_order_mark_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "mine.txt"
    file.write_text(
        "\ufeff# seed: 2\n\n# she is tired\n> calming pause\n> stop\n# the end\n", "utf-8"
    )
    assert call("try", "--replay", file, "--renew").exit_code == 0
    renewed = file.read_text("utf-8")
    assert renewed.startswith("# seed: 2\n\n# she is tired\n> calming pause\n")
    assert renewed.endswith("# the end\n")
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"], "no file in between is left"
