import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy
import pytest

from voice_ally.core.errors import SpeakerProblem
from voice_ally.core.sound import Sound
from voice_ally.speak import device_speaker
from voice_ally.speak.device_speaker import DeviceSpeaker
from voice_ally.speak.playback import Playback

SMOOTH, UNDERFLOW = SimpleNamespace(output_underflow=False), SimpleNamespace(output_underflow=True)


class PortAudioError(Exception):
    pass


class FakeStream:
    latency = 0.02

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - whatever sounddevice takes
        self.settings = settings
        self.closed = False

    def start(self) -> None:
        pass

    def ask(self, status: SimpleNamespace = SMOOTH) -> list[int]:
        """The device wants the next block."""
        frames = self.settings["blocksize"]
        out = bytearray(frames * 2 * self.settings["channels"])
        self.settings["callback"](memoryview(out), frames, None, status)
        return numpy.frombuffer(bytes(out), "<i2").tolist()

    def unplug(self) -> None:
        self.settings["finished_callback"]()

    def abort(self, ignore_errors: bool) -> None:
        self.settings["finished_callback"]()

    def close(self, ignore_errors: bool) -> None:
        self.closed = True


class FakeSoundDevice:
    """Stands in for the module `sounddevice`."""

    # answers: until this is set, opening waits, as with a sound server that stands still

    PortAudioError = PortAudioError

    def __init__(self) -> None:
        self.rates = {24_000, 48_000}
        self.channels = {1, 2}
        self.missing = False
        self.answers = threading.Event()
        self.answers.set()
        self.opened: queue.Queue[FakeStream] = queue.Queue()

    def query_devices(self, device: object = None, kind: str = "") -> Any:  # noqa: ANN401
        if not kind:
            return [
                {"name": "HDMI", "max_output_channels": 2},
                {"name": "USB loudspeaker", "max_output_channels": 2},
            ]
        if self.missing:
            raise PortAudioError("Error querying device -1")
        return {"default_samplerate": 48_000.0, "hostapi": 0}

    def query_hostapis(self) -> list[dict[str, str]]:
        return [{"name": "ALSA"}]

    def check_output_settings(
        self, _device: object, *, samplerate: int, channels: int, **_: object
    ) -> None:
        if samplerate not in self.rates:
            raise PortAudioError("Invalid sample rate")
        if channels not in self.channels:
            raise PortAudioError("Invalid number of channels")

    def RawOutputStream(self, **settings: object) -> FakeStream:  # noqa: N802 - its name there
        self.answers.wait(30)
        stream = FakeStream(**settings)
        self.opened.put(stream)
        return stream


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> FakeSoundDevice:
    devices = FakeSoundDevice()
    monkeypatch.setitem(sys.modules, "sounddevice", devices)
    monkeypatch.setattr(device_speaker, "RETRY_SECONDS", 0.01)
    return devices


@pytest.fixture
def failures() -> queue.Queue:
    return queue.Queue()


@pytest.fixture
def playback() -> Playback:
    return Playback()


@pytest.fixture
def open_speaker(
    playback: Playback, failures: queue.Queue[tuple[str, Exception]]
) -> Iterator[Callable[..., DeviceSpeaker]]:
    opened = []

    def open_it(device: str | None = None) -> DeviceSpeaker:
        speaker = DeviceSpeaker(playback, device, lambda *failure: failures.put(failure))
        opened.append(speaker)
        speaker.start()
        return speaker

    yield open_it
    for speaker in opened:
        speaker.close()
        speaker.close()


def tone(count: int) -> Sound:
    return Sound(b"\x05\x00" * count)


def test_the_device_gets_what_is_mixed_in_blocks_of_ten_milliseconds(
    devices: FakeSoundDevice, playback: Playback, open_speaker: Callable[..., DeviceSpeaker]
) -> None:
    speaker = open_speaker("usb")
    stream = devices.opened.get(timeout=5)
    assert stream.settings["device"] == 1, "by name; the number is looked up each time"
    playback.play(1, tone(250))
    assert stream.ask() == [5] * 240
    assert stream.ask() == [5] * 10 + [0] * 230
    assert speaker.latency_seconds == 0.02
    speaker.close()
    assert stream.closed


def test_a_device_that_refuses_our_rate_gets_its_own(
    devices: FakeSoundDevice, playback: Playback, open_speaker: Callable[..., DeviceSpeaker]
) -> None:
    devices.rates = {48_000}
    open_speaker()
    stream = devices.opened.get(timeout=5)
    assert stream.settings["samplerate"] == 48_000
    playback.play(1, Sound(b"\xe8\x03" * 16_000))
    blocks = [stream.ask() for _ in range(20)]
    assert {len(block) for block in blocks} == {480}
    assert blocks[-1] == pytest.approx([1000] * 480, abs=5)


def test_a_device_that_has_two_channels_alone_gets_the_same_on_both(
    devices: FakeSoundDevice, playback: Playback, open_speaker: Callable[..., DeviceSpeaker]
) -> None:
    devices.channels = {2}
    open_speaker()
    stream = devices.opened.get(timeout=5)
    assert (stream.settings["samplerate"], stream.settings["channels"]) == (24_000, 2)
    playback.play(1, Sound(b"".join(bytes((n % 256, n // 256)) for n in range(960))))
    block = stream.ask()
    assert len(block) == 480
    assert block[::2] == block[1::2]


@pytest.mark.parametrize(
    ("device", "sentence"),
    [(None, "No loudspeaker was found."), ("the moon", 'There is no loudspeaker "the moon".')],
)
def test_no_such_loudspeaker_is_one_sentence(
    devices: FakeSoundDevice,
    open_speaker: Callable[..., DeviceSpeaker],
    device: str | None,
    sentence: str,
) -> None:
    devices.missing = device is None
    with pytest.raises(SpeakerProblem, match=f"{sentence} Connect one"):
        open_speaker(device)


def test_without_portaudio_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, open_speaker: Callable[..., DeviceSpeaker]
) -> None:
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(SpeakerProblem, match="apt install libportaudio2"):
        open_speaker()


def test_an_unplugged_device_is_opened_again(
    devices: FakeSoundDevice,
    playback: Playback,
    open_speaker: Callable[..., DeviceSpeaker],
    failures: queue.Queue[tuple[str, Exception]],
) -> None:
    open_speaker()
    first = devices.opened.get(timeout=5)
    first.unplug()
    second = devices.opened.get(timeout=5)
    assert first.closed
    deadline = time.monotonic() + 5
    while second.ask() != [5] * 240:  # it is silent until it is taken
        assert time.monotonic() < deadline
        playback.play(1, tone(240))
    assert failures.empty()


def test_while_there_is_no_device_sound_passes_and_it_is_told_once(
    devices: FakeSoundDevice,
    playback: Playback,
    open_speaker: Callable[..., DeviceSpeaker],
    failures: queue.Queue[tuple[str, Exception]],
) -> None:
    ended: queue.Queue[int] = queue.Queue()
    playback.on_finished = lambda ticket, _sample: ended.put(ticket)
    open_speaker()
    first = devices.opened.get(timeout=5)
    devices.missing = True
    playback.play(1, tone(800))
    first.unplug()
    assert ended.get(timeout=5) == 1
    devices.missing = False
    assert devices.opened.get(timeout=5) is not first
    assert failures.get(timeout=5)[0] == "speaker"
    assert failures.empty()


def test_closing_while_there_is_no_device_ends_the_waiting(
    devices: FakeSoundDevice,
    open_speaker: Callable[..., DeviceSpeaker],
    failures: queue.Queue[tuple[str, Exception]],
) -> None:
    speaker = open_speaker()
    devices.missing = True
    devices.opened.get(timeout=5).unplug()
    failures.get(timeout=5)
    speaker.close()
    assert devices.opened.empty()


def test_a_device_that_stutters_gets_longer_blocks_once(
    devices: FakeSoundDevice, open_speaker: Callable[..., DeviceSpeaker]
) -> None:
    open_speaker()
    stream = devices.opened.get(timeout=5)
    deadline = time.monotonic() + 5
    while devices.opened.empty():  # whoever watches may begin to count anew in between
        assert time.monotonic() < deadline
        stream.ask(UNDERFLOW)
    assert devices.opened.get(timeout=5).settings["blocksize"] == 480


def test_an_error_while_mixing_is_silence_and_told_once(
    devices: FakeSoundDevice,
    playback: Playback,
    open_speaker: Callable[..., DeviceSpeaker],
    failures: queue.Queue[tuple[str, Exception]],
) -> None:
    def fail(*_: int) -> None:
        raise RuntimeError("a defect")

    open_speaker()
    stream = devices.opened.get(timeout=5)
    playback.on_finished = fail
    for ticket in range(2):
        playback.play(ticket, tone(1))
        assert stream.ask() == [0] * 240
    assert failures.get(timeout=5)[0] == "speaker"
    assert failures.empty()


def test_whoever_wants_to_know_is_told_of_its_going_and_coming(
    devices: FakeSoundDevice,
    open_speaker: Callable[..., DeviceSpeaker],
    failures: queue.Queue[tuple[str, Exception]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(device_speaker, "REFRESH_SECONDS", 0.02)
    told: queue.Queue[bool | str] = queue.Queue()
    speaker = open_speaker()
    speaker.on_presence = told.put
    speaker.on_missing = lambda: told.put("look")
    stream = devices.opened.get(timeout=5)
    devices.missing = True
    stream.unplug()
    assert told.get(timeout=5) is False
    assert told.get(timeout=5) == "look"
    devices.missing = False
    devices.opened.get(timeout=5)
    while (last := told.get(timeout=5)) == "look":
        continue
    assert last is True
    assert failures.empty()


def test_let_go_of_for_a_moment_it_is_opened_again(
    devices: FakeSoundDevice, open_speaker: Callable[..., DeviceSpeaker]
) -> None:
    speaker = open_speaker()
    first = devices.opened.get(timeout=5)
    with speaker.let_go():
        assert first.closed
        assert devices.opened.empty()
    assert devices.opened.get(timeout=5) is not first


def test_one_that_is_missing_at_the_start_is_taken_when_it_comes(
    devices: FakeSoundDevice, playback: Playback, failures: queue.Queue[tuple[str, Exception]]
) -> None:
    devices.missing = True
    speaker = DeviceSpeaker(playback, None, lambda *failure: failures.put(failure))
    with pytest.raises(SpeakerProblem):
        speaker.start()
    speaker.wait_for_device()
    devices.missing = False
    assert devices.opened.get(timeout=5)
    speaker.close()
    assert failures.empty()


class TestASoundServerThatStandsStill:
    def test_starting_does_not_wait_for_it_and_it_is_used_when_it_goes_on(
        self,
        devices: FakeSoundDevice,
        playback: Playback,
        failures: queue.Queue[tuple[str, Exception]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(device_speaker, "OPEN_SECONDS", 0.05)
        devices.answers.clear()
        speaker = DeviceSpeaker(playback, None, lambda *failure: failures.put(failure))
        with pytest.raises(SpeakerProblem, match="does not answer"):
            speaker.start()
        there: queue.Queue[bool] = queue.Queue()
        speaker.on_presence = there.put
        speaker.wait_for_device()
        devices.answers.set()
        stream = devices.opened.get(timeout=5)
        assert there.get(timeout=5) is True
        playback.play(1, tone(240))
        assert stream.ask() == [5] * 240
        assert devices.opened.empty(), "it was opened once"
        speaker.close()
        assert stream.closed

    def test_sound_passes_meanwhile_and_closing_does_not_wait(
        self,
        devices: FakeSoundDevice,
        playback: Playback,
        open_speaker: Callable[..., DeviceSpeaker],
        failures: queue.Queue[tuple[str, Exception]],
    ) -> None:
        ended: queue.Queue[int] = queue.Queue()
        playback.on_finished = lambda ticket, _sample: ended.put(ticket)
        speaker = open_speaker()
        first = devices.opened.get(timeout=5)
        devices.answers.clear()
        playback.play(1, tone(800))
        first.unplug()
        assert ended.get(timeout=5) == 1
        assert "does not answer" in str(failures.get(timeout=5)[1])
        speaker.close()
        devices.answers.set()
        late = devices.opened.get(timeout=5)
        deadline = time.monotonic() + 5
        while not late.closed:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        assert late.ask() == [0] * 240
