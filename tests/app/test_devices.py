"""Whoever misses a device has PortAudio look for it, where that helps and no more often."""

import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.hear.portaudio_by_hand import HOSTS, FakeSoundDevice
from voice_ally.app.devices import ANYWAY_TIMES, let_each_other_look
from voice_ally.core.errors import MicrophoneProblem
from voice_ally.devices import portaudio, sound_cards
from voice_ally.hear.device import DeviceMicrophone

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="ALSA is Linux only")


@pytest.fixture
def cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The kernel's list of cards."""
    listing = tmp_path / "cards"
    listing.write_text(" 0 [PCH]: HDA-Intel\n")
    monkeypatch.setattr(portaudio, "cards_now", lambda: sound_cards.cards_now(tmp_path))
    portaudio._cards_found.cache_clear()
    yield listing
    portaudio._cards_found.cache_clear()


@pytest.fixture
def devices(monkeypatch: pytest.MonkeyPatch, cards: Path) -> FakeSoundDevice:
    devices = FakeSoundDevice()
    monkeypatch.setitem(sys.modules, "sounddevice", devices)
    return devices


@pytest.fixture
def microphone(devices: FakeSoundDevice) -> Iterator[DeviceMicrophone]:
    with closing(DeviceMicrophone()) as microphone:
        let_each_other_look(microphone, speaker=None)
        yield microphone


def looks(devices: FakeSoundDevice, microphone: DeviceMicrophone) -> bool:
    devices.looked_again = False
    assert microphone.on_missing is not None
    microphone.on_missing()
    return devices.looked_again


def test_a_sound_server_that_went_is_asked_again_without_looking(
    devices: FakeSoundDevice, microphone: DeviceMicrophone
) -> None:
    looked = [looks(devices, microphone) for _ in range(2 * ANYWAY_TIMES)]
    assert looked == [*[False] * (ANYWAY_TIMES - 1), True] * 2


def test_a_card_that_was_plugged_in_is_looked_for_at_once(
    devices: FakeSoundDevice, microphone: DeviceMicrophone, cards: Path
) -> None:
    cards.write_text(cards.read_text() + " 1 [Mic]: USB-Audio\n")
    assert looks(devices, microphone)
    assert not looks(devices, microphone), "it has been found, or is none of ours"


def test_what_portaudio_does_not_know_of_is_looked_for_each_time(
    devices: FakeSoundDevice, microphone: DeviceMicrophone
) -> None:
    devices.missing = True
    with pytest.raises(MicrophoneProblem):
        microphone._open()
    assert [looks(devices, microphone) for _ in range(3)] == [True] * 3


def test_through_another_host_than_alsa_it_is_looked_for_each_time(
    devices: FakeSoundDevice, microphone: DeviceMicrophone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "query_hostapis", lambda: [{"name": HOSTS[0]}] * len(HOSTS))
    microphone._open().end()
    assert looks(devices, microphone)


def test_where_no_cards_are_told_of_none_has_changed(tmp_path: Path) -> None:
    assert sound_cards.cards_now(tmp_path / "nowhere") is None
