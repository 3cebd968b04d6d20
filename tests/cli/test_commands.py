"""The commands that need no sound."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_on_file import call

HEAVY = ("vosk", "pocketsphinx", "sounddevice", "numpy", "soundfile", "soxr", "hassil", "pyttsx3")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nsys.argv = ['voice-ally', '--help']\nfrom voice_ally.cli import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def main(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voice_ally", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_wrong_usage_is_one_line_and_exit_code_2() -> None:
    for words in (["--nonsense"], ["--pace", "fast"], ["try", "repiar"], ["hear", "/nowhere.wav"]):
        done = main(*words)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
        assert done.stderr.startswith("voice-ally: ")
    assert 'Did you mean "repair"?' in main("try", "repiar").stderr


def test_rehearsing_a_repair_by_typing() -> None:
    lines = (
        "I need to repair\nyes\nyes\nyes please\n:state\nwhat can I say\nback\n:undo\n:nope\nstop\n"
    )
    result = call("try", "--seed", "3", typed=lines)
    assert result.exit_code == 0
    assert "— Repair after a rift —" in result.output
    assert '{"frames": [{"dialog": "repair"' in result.output
    assert "(back to where 5 lines had been typed)" in result.output
    assert ":undo  :state" in result.output
    assert result.output.rstrip().endswith("Stopped.")


def test_rehearsing_a_named_dialog_in_silence_reaches_its_end() -> None:
    result = call("try", "calming_pause", typed="\n" * 20 + ":seed 4\n:quit\n")
    assert "Breathe in." in result.output
    assert "Done." in result.output


def test_a_typo_in_a_dialog_is_explained(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        'dialog: mine\ntriggers: ["say hello"]\nsteps:\n  hello:\n    - sya: "Hello."\n'
    )
    result = call("check", tmp_path)
    assert result.exit_code == 1
    assert "mine.yaml:5:7: error VA010" in result.output
    assert 'Did you mean "say"?' in result.output
    told = [json.loads(line) for line in call("check", tmp_path, "--json").output.splitlines()]
    assert [(one["line"], one["code"]) for one in told] == [(5, "VA010")]
    assert "left out" in call("try", "--pack", tmp_path, typed=":quit\n").stderr


def test_a_copied_pack_is_usable_and_can_be_changed(tmp_path: Path) -> None:
    folder = tmp_path / "my pack"
    assert call("init", folder).exit_code == 0
    assert call("check", folder).exit_code == 0
    pause = folder / "calming_pause.yaml"
    pause.write_text(pause.read_text().replace("breathe with me.", "breathe along with me."))
    for file in folder.glob("*.yaml"):
        (schema,) = re.findall(r"^# yaml-language-server: \$schema=(.+)$", file.read_text(), re.M)
        assert (folder / schema).is_file(), "editors find it beside the copy, too"
    spoken = call("try", "--pack", folder, typed="calming pause\n:quit\n").output
    assert "breathe along with me." in spoken
    assert call("init", folder).exception is not None


@pytest.mark.parametrize("pack", ["missing", "empty"])
def test_a_pack_that_is_not_there_is_one_sentence(tmp_path: Path, pack: str) -> None:
    (tmp_path / "empty").mkdir()
    assert str(call("check", tmp_path / pack).exception).startswith("There ")


def test_models_are_listed_and_verified() -> None:
    listed = call("models", "list").output
    assert "installed  en-tiny" in listed
    assert "to fetch   vosk-model-small-en-us-0.15" in listed
    assert call("models", "verify").output == "en-tiny: whole\n"
    assert "nope" in str(call("models", "verify", "nope").exception)


def test_a_question_can_be_heard_by_itself(tmp_path: Path) -> None:
    problem = call("hear", tmp_path / "x.wav", "--at", "repair/nowhere").exception
    assert "Nobody is listened to at repair/nowhere" in str(problem)


def test_devices_and_voices_are_listed() -> None:
    listed = call("devices").output.splitlines()
    assert any(line.startswith("voice  ") and "English" in line for line in listed)
    assert not any("Afrikaans" in line for line in listed)


def test_commands_are_completed() -> None:
    asked = {
        "_VOICE_ALLY_COMPLETE": "bash_complete",
        "COMP_WORDS": "voice-ally ch",
        "COMP_CWORD": "1",
    }
    code = "import sys\nsys.argv = ['voice-ally']\nfrom voice_ally.cli import main\nmain()"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **asked},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.stdout == "plain,check\n"


def test_a_command_that_only_groups_others_shows_them_a_line_each() -> None:
    done = main("service")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) > 10
