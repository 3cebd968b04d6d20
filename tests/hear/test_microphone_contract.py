"""What every microphone keeps to: the device, recordings and the fake."""

import sys
import threading
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest

from tests.fakes.microphone import FakeMicrophone
from tests.hear.portaudio_by_hand import FakeSoundDevice
from tests.speech_samples import write
from voice_ally.core.audio import BLOCK_BYTES, Pcm16
from voice_ally.core.errors import MicrophoneProblem
from voice_ally.core.ports import Microphone
from voice_ally.hear.device import DeviceMicrophone
from voice_ally.hear.recording import RecordingMicrophone

Make = Callable[[Pcm16], Microphone]


@pytest.fixture(params=["fake", "device", "file", "file in real time"])
def make(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Make:
    """Makes a microphone that hears this."""

    def fake(sound: Pcm16) -> Microphone:
        microphone = FakeMicrophone()
        microphone.push(sound)
        return microphone

    def device(sound: Pcm16) -> Microphone:
        devices = FakeSoundDevice()
        monkeypatch.setitem(sys.modules, "sounddevice", devices)
        microphone = DeviceMicrophone()
        stream = devices.opened.get_nowait()
        for at in range(0, len(sound), BLOCK_BYTES):
            stream.hear(sound[at : at + BLOCK_BYTES])
        return microphone

    def file(sound: Pcm16) -> Microphone:
        real_time = request.param != "file"
        return RecordingMicrophone(str(write(tmp_path / "a.wav", sound)), real_time=real_time)

    return {"fake": fake, "device": device}.get(request.param, file)


SOUND = Pcm16(bytes(range(200)) * 16)


def test_it_gives_what_was_heard_in_whole_blocks(make: Make) -> None:
    microphone = make(SOUND)
    blocks = list(islice(microphone.blocks(), len(SOUND) // BLOCK_BYTES))
    assert {len(one) for one in blocks} == {BLOCK_BYTES}
    assert b"".join(blocks) == SOUND
    assert microphone.dropped_blocks == 0
    assert microphone.name
    microphone.close()


def test_closing_ends_it_also_from_another_thread_and_twice(make: Make) -> None:
    microphone = make(SOUND)
    blocks = microphone.blocks()
    next(blocks)
    closing = threading.Thread(target=microphone.close)
    closing.start()
    closing.join(5)
    microphone.close()
    assert list(blocks) == []


def test_closing_wakes_whoever_waits_for_the_next_block(make: Make) -> None:
    microphone = make(SOUND)
    ended = threading.Event()
    first = threading.Event()

    def take() -> None:
        for _ in microphone.blocks():
            first.set()
        ended.set()

    threading.Thread(target=take, daemon=True).start()
    assert first.wait(5)
    microphone.close()
    assert ended.wait(5)


def test_the_fake_ends_and_breaks_when_told_to() -> None:
    ending, breaking = FakeMicrophone(), FakeMicrophone()
    for one in (ending, breaking):
        one.push(SOUND)
    ending.finish()
    assert len(list(ending.blocks())) == 10
    breaking.break_()
    with pytest.raises(MicrophoneProblem, match="gone"):
        list(breaking.blocks())
