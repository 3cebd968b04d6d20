"""A microphone whose device is played by hand."""

import queue
import subprocess
import sys
import threading
from array import array
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from tests.hear.portaudio_by_hand import FakeSoundDevice
from voice_ally.core.audio import BLOCK_BYTES
from voice_ally.core.errors import MicrophoneProblem
from voice_ally.devices import portaudio
from voice_ally.devices.device_list import DeviceInfo, list_devices
from voice_ally.hear import device
from voice_ally.hear.device import DeviceMicrophone

ROOT = Path(__file__).parents[2]


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch) -> FakeSoundDevice:
    devices = FakeSoundDevice()
    monkeypatch.setitem(sys.modules, "sounddevice", devices)
    monkeypatch.setattr(device, "RETRY_SECONDS", 0.01)
    return devices


@pytest.fixture
def open_microphone(devices: FakeSoundDevice) -> Iterator[Callable[..., DeviceMicrophone]]:
    opened = []

    def open_it(name: int | str | None = None) -> DeviceMicrophone:
        microphone = DeviceMicrophone(name)
        opened.append(microphone)
        return microphone

    yield open_it
    for one in opened:
        one.close()
        one.close()


Open = Callable[..., DeviceMicrophone]


def sound(value: int, count: int = 160) -> bytes:
    return array("h", [value] * count).tobytes()


def test_what_the_device_delivers_comes_out_in_blocks_of_ten_milliseconds(
    devices: FakeSoundDevice, open_microphone: Open
) -> None:
    microphone = open_microphone()
    stream = devices.opened.get_nowait()
    assert (stream.settings["samplerate"], stream.settings["blocksize"]) == (16_000, 160)
    assert (stream.settings["channels"], stream.settings["latency"]) == (1, "low")
    stream.hear(sound(5))
    stream.hear(sound(6, 100))
    stream.hear(sound(6, 60))
    assert list(islice(microphone.blocks(), 2)) == [sound(5), sound(6)]
    assert microphone.name == "microphone"
    microphone.close()
    assert stream.closed


def test_a_device_that_refuses_our_rate_is_taken_at_its_own(
    devices: FakeSoundDevice, open_microphone: Open
) -> None:
    devices.rates = {48_000}
    microphone = open_microphone()
    stream = devices.opened.get_nowait()
    assert (stream.settings["samplerate"], stream.settings["blocksize"]) == (48_000, 480)
    for _ in range(100):
        stream.hear(sound(1000, 480))
    blocks = list(islice(microphone.blocks(), 90))
    assert {len(one) for one in blocks} == {BLOCK_BYTES}
    assert array("h", blocks[50]).tolist() == pytest.approx([1000] * 160, abs=5)


@pytest.mark.parametrize("works", [{2}, set()])
def test_a_device_with_two_channels_only_is_heard_on_both(
    devices: FakeSoundDevice, open_microphone: Open, works: set[int]
) -> None:
    devices.channels = works
    devices.rates = {48_000} if not works else devices.rates
    microphone = open_microphone()
    stream = devices.opened.get_nowait()
    assert stream.settings["channels"] == 2
    rate = stream.settings["samplerate"]
    for _ in range(60):
        stream.hear(array("h", [300, 100] * (rate // 100)).tobytes())
    assert array("h", list(islice(microphone.blocks(), 50))[-1])[80] == pytest.approx(200, abs=3)


def test_what_nobody_takes_within_two_seconds_is_dropped_and_counted(
    devices: FakeSoundDevice, open_microphone: Open
) -> None:
    microphone = open_microphone()
    stream = devices.opened.get_nowait()
    for number in range(device.QUEUED_BLOCKS + 7):
        stream.hear(sound(number))
    assert microphone.dropped_blocks == 7
    assert next(microphone.blocks()) == sound(0), "the oldest are kept"


def test_an_unplugged_device_is_opened_again_and_nothing_is_forgotten(
    devices: FakeSoundDevice, open_microphone: Open
) -> None:
    microphone = open_microphone()
    first = devices.opened.get_nowait()
    for _ in range(device.QUEUED_BLOCKS + 1):
        first.hear(sound(1))
    blocks = microphone.blocks()
    assert len(list(islice(blocks, device.QUEUED_BLOCKS))) == device.QUEUED_BLOCKS
    first.unplug()
    threading.Thread(target=lambda: devices.opened.get(timeout=5).hear(sound(2))).start()
    assert next(blocks) == sound(2)
    assert first.closed
    assert microphone.dropped_blocks == 1


def test_a_device_that_falls_silent_without_a_word_is_opened_again(
    devices: FakeSoundDevice, open_microphone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "STALE_SECONDS", 0.01)
    blocks = open_microphone().blocks()
    devices.opened.get_nowait().hear(sound(1))
    assert next(blocks) == sound(1)
    threading.Thread(target=lambda: devices.opened.get(timeout=5).hear(sound(2))).start()
    assert next(blocks) == sound(2)


class Presence:
    """What the microphone says of its comings and goings."""

    def __init__(self, microphone: DeviceMicrophone) -> None:
        self.told: queue.Queue[bool] = queue.Queue()
        self.looked = threading.Event()
        microphone.on_presence = self.told.put
        microphone.on_missing = self.looked.set


def test_a_device_that_stays_away_is_waited_for_and_told_of_once(
    devices: FakeSoundDevice, open_microphone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "TELL_SECONDS", 0.0)
    monkeypatch.setattr(device, "REFRESH_SECONDS", 0.02)
    microphone = open_microphone()
    presence = Presence(microphone)
    taken: queue.Queue[bytes] = queue.Queue()
    listening = threading.Thread(target=lambda: [taken.put(one) for one in microphone.blocks()])
    listening.start()
    for value in (1, 2):
        stream = devices.opened.get(timeout=5)
        devices.missing = True
        stream.unplug()
        assert presence.told.get(timeout=5) is False
        assert presence.looked.wait(5), "PortAudio has to look again"
        presence.looked.clear()
        devices.missing = False
        again = devices.opened.get(timeout=5)
        again.hear(sound(value))
        assert taken.get(timeout=5) == sound(value)
        assert presence.told.get(timeout=5) is True
        devices.opened.put(again)
    assert presence.told.empty()
    microphone.close()
    listening.join(5)


def test_a_device_that_opens_but_never_delivers_is_told_of(
    devices: FakeSoundDevice, open_microphone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "FIRST_BLOCK_SECONDS", 0.01)
    monkeypatch.setattr(device, "TELL_SECONDS", 0.0)
    microphone = open_microphone()
    presence = Presence(microphone)
    listening = threading.Thread(target=lambda: list(microphone.blocks()))
    listening.start()
    assert presence.told.get(timeout=5) is False
    microphone.close()
    listening.join(5)


def test_let_go_of_for_a_moment_it_is_opened_again_and_nobody_is_told(
    devices: FakeSoundDevice, open_microphone: Open
) -> None:
    microphone = open_microphone()
    presence = Presence(microphone)
    first = devices.opened.get_nowait()
    with microphone.let_go():
        assert first.closed
    threading.Thread(target=lambda: devices.opened.get(timeout=5).hear(sound(2))).start()
    assert next(microphone.blocks()) == sound(2)
    assert presence.told.empty()


def test_a_stream_that_cannot_be_ended_is_left_to_itself(
    devices: FakeSoundDevice, open_microphone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PortAudio waits for ever for a stream whose sound server has died."""
    monkeypatch.setattr(portaudio, "LET_GO_SECONDS", 0.05)
    microphone = open_microphone()
    first = devices.opened.get_nowait()
    first.hear(sound(1))
    blocks = microphone.blocks()
    assert next(blocks) == sound(1)
    first.ends.clear()
    first.unplug()
    threading.Thread(target=lambda: devices.opened.get(timeout=5).hear(sound(2))).start()
    assert next(blocks) == sound(2)
    portaudio.look_for_devices()
    assert not devices.looked_again
    first.ends.set()
    while portaudio.still_stuck():
        pass
    portaudio.look_for_devices()
    assert devices.looked_again


def test_closing_ends_the_waiting_for_sound(open_microphone: Open) -> None:
    microphone = open_microphone()
    taken: list[bytes] = []
    waiting = threading.Thread(target=lambda: taken.extend(microphone.blocks()))
    waiting.start()
    microphone.close()
    waiting.join(device.FIRST_BLOCK_SECONDS / 2)
    assert not waiting.is_alive()
    assert list(microphone.blocks()) == taken == []


def test_closing_ends_the_waiting_for_a_device(
    devices: FakeSoundDevice, open_microphone: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "RETRY_SECONDS", 60.0)
    microphone = open_microphone()
    devices.missing = True
    devices.opened.get_nowait().unplug()
    waiting = threading.Thread(target=lambda: list(microphone.blocks()))
    waiting.start()
    microphone.close()
    waiting.join(5)
    assert not waiting.is_alive()


def test_a_sound_that_cannot_be_copied_does_not_end_the_stream(
    devices: FakeSoundDevice, open_microphone: Open
) -> None:
    microphone = open_microphone()
    stream = devices.opened.get_nowait()
    stream.settings["callback"](object(), 160, None, None)
    stream.hear(sound(3))
    assert next(microphone.blocks()) == sound(3)
    assert microphone.dropped_blocks == 1


def test_no_microphone_at_all_is_one_sentence(
    devices: FakeSoundDevice, open_microphone: Open
) -> None:
    devices.missing = True
    with pytest.raises(MicrophoneProblem, match=r"^No microphone was found\. Connect one, or see"):
        open_microphone()


def test_a_microphone_that_is_not_there_is_named(open_microphone: Open) -> None:
    with pytest.raises(MicrophoneProblem, match='There is no microphone "the moon"'):
        open_microphone("the moon")


def test_a_busy_microphone_is_one_sentence(devices: FakeSoundDevice, open_microphone: Open) -> None:
    devices.busy = True
    with pytest.raises(MicrophoneProblem, match="Is another program using it") as problem:
        open_microphone()
    assert "\n" not in str(problem.value)


def test_a_device_that_opens_but_does_not_start_is_freed(
    devices: FakeSoundDevice, open_microphone: Open
) -> None:
    devices.starts = False
    with pytest.raises(MicrophoneProblem, match="cannot be opened"):
        open_microphone()
    assert devices.opened.get_nowait().closed


def test_devices_are_listed_with_what_they_can(devices: FakeSoundDevice) -> None:
    assert list_devices() == [
        DeviceInfo(0, "speaker", 0, 2, 48_000, False, True),
        DeviceInfo(1, "microphone", 2, 0, 48_000, True, False),
    ]


def test_without_portaudio_it_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')")
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(MicrophoneProblem, match="apt install libportaudio2"):
        DeviceMicrophone()


@pytest.mark.parametrize("close_first", [False, True])
def test_what_the_sound_libraries_print_is_not_shown(close_first: bool) -> None:
    code = (
        f"import os\nif {close_first}: os.close(2)\n"
        "from voice_ally.devices.portaudio import quiet_stderr\n"
        "with quiet_stderr():\n"
        "    if not " + str(close_first) + ": os.write(2, b'ALSA lib: chatter\\n')\n"
        "if not " + str(close_first) + ": os.write(2, b'shown\\n')\n"
        "print('done')"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert (ran.stdout, ran.stderr) == ("done\n", "" if close_first else "shown\n")
