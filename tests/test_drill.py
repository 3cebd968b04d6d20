"""A sample of the fault drill; all of it: make drill."""

import shutil

import pytest

from benchmarks import drill
from tests.virtual_sound import VirtualSound


def test_a_voice_that_is_killed_does_not_matter(virtual_sound: VirtualSound) -> None:
    del virtual_sound  # only for its being possible here
    tally = drill.run(["voice"], times=1, seed=3)["voice"]
    assert (tally.times, tally.failures) == (1, [])


def test_every_fault_of_the_list_is_drilled() -> None:
    assert set(drill.FAULTS) >= {
        "microphone", "loudspeaker", "sound_server", "voice", "recogniser", "pack", "disk_full",
        "locked", "corrupt", "clock", "terminated", "killed",
    }  # fmt: skip
    assert all(one.__doc__ for one in drill.FAULTS.values())


def test_without_pulseaudio_the_drill_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr("sys.argv", ["drill"])
    assert drill.main() == 2
    assert "PulseAudio is needed" in capsys.readouterr().out
