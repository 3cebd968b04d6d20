"""Wrong turns at the command line: one kind sentence each, and nothing is lost."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.test_on_file import call, named, session
from tests.speech_samples import conversation, spoken, write
from voice_ally.core.errors import PackProblem, SettingsProblem, UsageProblem
from voice_ally.settings.places import may_be_written, user_config_file, user_state_folder

ROOT = Path(__file__).parents[2]
PATIENCE_SECONDS = 60


def program(*words: object, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voice_ally", *map(str, words)]
    settings = {"capture_output": True, "timeout": PATIENCE_SECONDS, "text": True, **options}
    return subprocess.run(command, check=False, **settings)  # type: ignore[call-overload, no-any-return]


# -- a word with a pronunciation of its own ------------------------------------------------------


@pytest.mark.parametrize("engine", ["pocketsphinx", "vosk"])
def test_a_name_that_its_author_says_how_to_say_is_heard(tmp_path: Path, engine: str) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "phrases.yaml").write_text('pronunciations:\n  Siobhan: "SH AH V AO N"\n')
    (pack / "siobhan.yaml").write_text(
        'dialog: siobhan\ntriggers: ["make peace with Siobhan"]\nsteps:\n  one: [{say: "Now."}]\n'
    )
    heard = conversation(0.5, spoken("make peace with shuhvawn"), 2.0, spoken("stop"), 1.0)
    events, _ = session(tmp_path, heard, "--pack", pack, "--recogniser", engine)
    assert [one["intent"] for one in named(events, "heard")][:1] == ["siobhan"]
    assert not named(events, "failed")


# -- files ---------------------------------------------------------------------------------------


def test_a_recording_is_never_written_over_by_what_is_said_to_it(tmp_path: Path) -> None:
    recording = write(tmp_path / "me.wav", spoken("calming pause"))
    before = recording.read_bytes()
    (tmp_path / "elsewhere").symlink_to(tmp_path)
    for option in ("--output", "--events"):
        result = call(
            *("--input", recording, option, tmp_path / "elsewhere" / "me.wav", "--pace", "fast")
        )
        assert isinstance(result.exception, UsageProblem)
        assert f"--input and {option} are the same file" in str(result.exception)
    assert recording.read_bytes() == before


def test_one_recording_that_cannot_be_read_keeps_no_other_from_being_heard(tmp_path: Path) -> None:
    good = write(tmp_path / "good.wav", conversation(0.5, spoken("calming pause"), 1.0))
    (tmp_path / "bad.wav").write_bytes(b"no sound")
    result = call("hear", tmp_path / "bad.wav", good)
    assert '"intent": "calming_pause"' in result.output
    assert str(result.exception) == "1 of 2 recordings could not be read."


def test_a_file_that_is_named_as_a_pack_is_answered_with_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.touch()
    result = call("check", file)
    assert isinstance(result.exception, PackProblem)
    assert str(result.exception) == f"{file} is a file. Name the folder it is in: {tmp_path}"


def test_a_copy_that_does_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

    # coverage would find no room for its own file either
    env = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    done = program("init", tmp_path / "mine", preexec_fn=no_room, env=env)
    assert done.returncode == 2
    assert done.stderr == (
        f"voice-ally: The dialogs cannot be copied to {tmp_path}/mine: File too large.\n"
    )
    assert not (tmp_path / "mine").exists()
    assert program("init", tmp_path / "mine").returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no disk that is always full")
def test_a_full_disk_under_what_is_printed_is_one_sentence() -> None:
    with Path("/dev/full").open("w") as full:
        done = program("settings", "--json", capture_output=False, stdout=full, stderr=-1)
    assert (done.returncode, done.stderr) == (
        2,
        "voice-ally: There is no room left to write to.\n",
    )


# -- settings ------------------------------------------------------------------------------------


def test_a_voice_in_the_settings_that_is_not_there_is_replaced_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("VOICE_ALLY_VOICE", raising=False)
    heard = write(tmp_path / "ask.wav", conversation(0.5, spoken("calming pause"), 1.0))
    user_config_file().write_text('voice = "slt"\n')
    result = call("--input", heard, "--pace", "fast")
    assert 'There is no voice "slt".' in result.output
    assert "speaks instead." in result.output
    assert "Breathe in." in result.output


def test_a_voice_asked_for_just_now_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    heard = write(tmp_path / "ask.wav", conversation(0.5, spoken("calming pause"), 1.0))
    result = call("--input", heard, "--pace", "fast", "--voice", "nosuch")
    assert str(result.exception).startswith('There is no voice "nosuch".')


def test_a_language_without_dialogs_is_refused_with_those_there_are() -> None:
    user_config_file().write_text('language = "de"\n')
    for command in (["--typed"], ["check"], ["try"]):
        problem = call(*command).exception
        assert isinstance(problem, SettingsProblem)
        assert str(problem) == 'There are no bundled dialogs in the language "de". There are: en.'


def test_people_in_the_uk_may_say_so() -> None:
    user_config_file().write_text('country = "uk"\n')
    result = call("try", typed="I don't feel safe\n")
    assert "No help lines" not in result.output
    assert "999" in result.output.replace(" ", "") or "nine nine nine" in result.output.lower()


def test_a_country_without_help_lines_is_told_of_by_the_doctor_too() -> None:
    user_config_file().write_text('country = "XX"\n')
    told = "No help lines are known for the country XX; nothing is made up. Known: "
    assert told in call("try", typed="").output
    examined = call("doctor").output
    assert f"broken   country: {told}" in examined


def test_a_variable_that_is_nearly_a_setting_is_named(tmp_path: Path) -> None:
    heard = write(tmp_path / "ask.wav", conversation(0.5))
    done = program(
        *("--input", heard, "--pace", "fast"), env={**os.environ, "VOICE_ALLY_VOLUM": "2"}
    )
    assert 'VOICE_ALLY_VOLUM is no setting, did you mean "volume"?' in done.stderr


# -- standard input and output -------------------------------------------------------------------


@pytest.mark.parametrize("command", ["run --typed", "try"])
def test_without_a_standard_input_it_ends(command: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"{sys.executable}" -m voice_ally {command} <&-'],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        env={**os.environ, "PULSE_SERVER": "unix:/nowhere"},
    )
    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr


def test_letters_that_are_none_are_not_understood_and_it_goes_on() -> None:
    done = program(
        "--typed",
        input=b"calming \xff\nstop\n",
        text=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8:strict", "PULSE_SERVER": "unix:/nowhere"},
    )
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr  # type: ignore[operator]


def test_a_terminal_without_our_letters_is_no_reason_to_end(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text('dialog: mine\ntriggers: ["—…"]\nsteps: {one: [{sey: x}]}')
    done = program("check", tmp_path, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 1
    assert done.stderr == ""


# -- being asked to end, and nowhere to keep anything --------------------------------------------


@pytest.mark.parametrize(
    ("words", "code"),
    [(("hear", "-"), 128 + signal.SIGTERM), (("--typed",), 0)],
)
def test_asked_to_end_only_a_session_was_done(words: tuple[str, ...], code: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "voice_ally", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, "PULSE_SERVER": "unix:/nowhere"},
    )
    with process:
        time.sleep(3.0)  # it is waiting for what comes from standard input by now
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=PATIENCE_SECONDS)
    assert process.returncode == code
    assert b"Traceback" not in said


def test_a_folder_that_nobody_may_write_to_is_known(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert may_be_written(user_state_folder())
    assert may_be_written(tmp_path / "yet" / "to be made")
    assert not may_be_written(tmp_path / "file" / "below")
