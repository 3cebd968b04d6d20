"""A small sample of benchmarks/echo.py: whole sessions in simulated rooms."""

import shutil

import pytest

from benchmarks.echo_lines import line_blocks, saying
from benchmarks.echo_trials import (
    TUNING,
    Trial,
    hears_itself,
    interrupt,
    over_tones,
)
from benchmarks.rooms import Room
from tests.speech_samples import FLITE_VOICES
from voice_ally.app import parts
from voice_ally.language.model import Pack
from voice_ally.settings.settings import Settings
from voice_ally.speak.narrator import RememberingVoice
from voice_ally.speak.pyttsx3_voice import Pyttsx3Voice

NEAR = Room(0.02, -8.0, 0.3, seed=1)
FAR = Room(0.12, -12.0, 0.5, seed=2)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return parts.dialogs(None, Settings(), print).dialogs.pack


@pytest.fixture(scope="module")
def voice() -> RememberingVoice:
    return RememberingVoice(Pyttsx3Voice(""))


@pytest.mark.parametrize(("mode", "room"), [("without extras", NEAR), ("barge-in", FAR)])
def test_it_does_not_hear_itself(
    pack: Pack, voice: RememberingVoice, room: Room, mode: str
) -> None:
    if mode == "barge-in":
        pytest.importorskip("livekit.rtc")
    some = line_blocks(pack)[1::60]
    log = hears_itself(Trial(saying(pack, some), voice, mode, room))
    assert len(log.named("said")) >= len(some)
    assert log.named("heard") == []


@pytest.mark.parametrize("mode", ["without extras", "barge-in"])
def test_stop_is_heard_over_a_line(pack: Pack, voice: RememberingVoice, mode: str) -> None:
    if shutil.which("flite") is None:
        pytest.skip("flite is not installed")
    if mode == "barge-in":
        pytest.importorskip("livekit.rtc")
    found = [
        interrupt(Trial(pack, voice, mode, room, f"flite {name}", TUNING))
        for room, name in zip((NEAR, FAR), FLITE_VOICES, strict=True)
    ]
    assert [one.heard for one in found] == [True, True]


@pytest.mark.skipif(shutil.which("flite") is None, reason="flite is not installed")
def test_stop_is_heard_over_breathing_tones(pack: Pack, voice: RememberingVoice) -> None:
    trial = Trial(pack, voice, "without extras", NEAR, "flite slt", TUNING)
    found = over_tones(trial, guide="tone", wanted="stop")
    assert found.heard == ("stop",)
    assert found.decided_after_seconds < 0.5
