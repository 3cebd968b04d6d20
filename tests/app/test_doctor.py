"""Somebody asks what is wrong: on a machine with sound, without, and with things broken."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_on_file import call
from tests.virtual_sound import VirtualSound
from voice_ally.app.findings import MISSING, NOTE, OK
from voice_ally.app.round_trip import every_word
from voice_ally.language.reader import read_pack
from voice_ally.runtime.only_one import only_one
from voice_ally.settings.places import reminders_file, user_config_file, user_state_folder

EVERY_CHECK = [
    "python", "packages", "settings", "country", "dialogs", "voice", "recogniser", "microphone",
    "loudspeaker", "round trip", "speed", "reminders", "service", "kept in",
]  # fmt: skip
Report = dict[str, dict[str, str]]


def report(*options: str, env: dict[str, str] | None = None) -> tuple[Report, int]:
    done = subprocess.run(
        [sys.executable, "-m", "voice_ally", "doctor", "--json", *options],
        env=env or {**os.environ, "PULSE_SERVER": "unix:/nowhere"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    findings = json.loads(done.stdout)
    assert [one["check"] for one in findings] == EVERY_CHECK
    return {one["check"]: one for one in findings}, done.returncode


def test_on_a_machine_without_sound_everything_else_is_examined() -> None:
    found, code = report()
    if found["microphone"]["verdict"] != MISSING:
        pytest.skip("this machine has a microphone")
    assert found["microphone"]["mend"] == "Connect one."
    assert {one["verdict"] for one in found.values()} <= {OK, NOTE, MISSING}
    assert "understood (within the machine)" in found["round trip"]["found"]
    assert "vosk, pocketsphinx, verifier" in found["recogniser"]["found"]
    assert code == 1


def test_with_a_microphone_and_a_loudspeaker_all_is_well(virtual_sound: VirtualSound) -> None:
    env = {**virtual_sound.env, "VOICE_ALLY_STATE": str(user_state_folder())}
    found, code = report(env=env)
    assert code == 0, found
    assert "Hz, peak" in found["microphone"]["found"]
    assert found["microphone"]["mend"] == "It hears nothing at all: is it muted?"
    assert "ms to the ear" in found["loudspeaker"]["found"]
    assert "not heard through the air" in found["round trip"]["found"], "they are apart here"
    with only_one(user_state_folder()):
        found, _ = report(env=env)
    assert "in use by Voice Ally" in found["microphone"]["found"]
    assert "within the machine" in found["round trip"]["found"], "it would hear itself"


def test_each_microphone_is_listened_to(virtual_sound: VirtualSound) -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "voice_ally", "devices"],
        env=virtual_sound.env,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert "[....................] -96 dB (muted?)" in listed.stdout
    assert listed.stderr == ""


def test_what_is_broken_is_named_with_its_mend_and_the_rest_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("VOICE_ALLY_ECHO")
    monkeypatch.delenv("VOICE_ALLY_WELCOME")
    monkeypatch.delenv("VOICE_ALLY_VOICE")
    user_config_file().write_text('voice = "nobody"\npack = "/nowhere"\n')
    reminders_file().write_bytes(b"no database at all" * 100)
    result = call("doctor")
    lines = {line.split(":")[0].split(maxsplit=1)[1]: line for line in result.output.splitlines()}
    assert list(lines) == EVERY_CHECK
    assert lines["voice"].startswith('broken   voice: There is no voice "nobody".')
    assert lines["dialogs"].startswith("broken   dialogs: There is no folder /nowhere.")
    assert lines["settings"] == "ok       settings: voice, pack set"
    assert result.exit_code == 1


def test_mistakes_in_dialogs_and_odd_variables_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.yaml").write_text("dialog: mine\nsteps: {a: [{sya: x}]}\n")
    monkeypatch.delenv("VOICE_ALLY_ECHO")
    monkeypatch.delenv("VOICE_ALLY_WELCOME")
    monkeypatch.delenv("VOICE_ALLY_VOICE")
    monkeypatch.setenv("VOICE_ALLY_PACK", str(tmp_path))
    monkeypatch.setenv("VOICE_ALLY_VIOCE", "x")
    output = call("doctor").output
    assert "mistakes. Run: voice-ally check" in output
    assert 'note     settings: pack set; VOICE_ALLY_VIOCE is no setting, did you mean "voice"?' in (
        output
    )


def test_a_country_that_is_not_set_is_named_and_the_likely_one_offered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_IE.UTF-8")
    output = call("doctor").output
    assert "note     country: No country is set, so no help line is named by its number." in output
    assert (
        'Are you in IE? Set it in the settings (voice-ally settings --write): country = "IE".'
        in (output)
    )
    monkeypatch.setenv("VOICE_ALLY_COUNTRY", "uk")
    assert "ok       country: GB, whose help lines are named" in call("doctor").output
    monkeypatch.setenv("VOICE_ALLY_COUNTRY", "XX")
    assert "broken   country: No help lines are known for the country XX" in call("doctor").output


def test_every_word_of_a_pack_is_asked_after() -> None:
    pack = read_pack(
        {
            "talk.yaml": b"dialog: talk\ntriggers: [alpha]\nsteps:\n  a:\n"
            b"    - ask: Well?\n      answers: {bravo: a}\n"
            b"    - hold: {for: 5s, until: charlie}\n"
        }
    ).pack
    assert {"alpha", "bravo", "charlie"} <= every_word(pack).words
