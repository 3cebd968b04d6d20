"""Who holds the microphone, read from what the kernel writes about its sound cards."""

import os
from pathlib import Path

import pytest

from voice_ally.devices.sound_cards import microphone_holder
from voice_ally.hear.device import _none_to_open

RUNNING = """state: RUNNING
owner_pid   : {owner}
trigger_time: 5402.117936
tstamp      : 0.000000
delay       : 64
avail       : 64
avail_max   : 320
-----
hw_ptr      : 21120
appl_ptr    : 21056
"""


class Machine:
    def __init__(self, folder: Path) -> None:
        self.cards, self.processes = folder / "asound", folder / "proc"

    def card(self, path: str, status: str) -> None:
        file = self.cards / path / "sub0" / "status"
        file.parent.mkdir(parents=True)
        file.write_text(status)

    def process(self, number: int, name: str) -> None:
        (self.processes / str(number)).mkdir(parents=True)
        (self.processes / str(number) / "comm").write_text(f"{name}\n")

    def holder(self) -> str | None:
        return microphone_holder(self.cards, self.processes)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_nobody_holds_a_microphone_that_is_closed_or_not_there(machine: Machine) -> None:
    assert machine.holder() is None
    machine.card("card1/pcm0c", "closed\n")
    machine.card("card0/pcm0p", RUNNING.format(owner=812))
    assert machine.holder() is None


def test_another_program_that_records_is_named(machine: Machine) -> None:
    machine.card("card0/pcm0c", "closed\n")
    machine.card("card1/pcm0c", RUNNING.format(owner=812))
    machine.process(812, "arecord")
    assert machine.holder() == "arecord"


def test_one_whose_name_is_hidden_is_still_told_of(machine: Machine) -> None:
    machine.card("card1/pcm0c", RUNNING.format(owner=812))
    assert machine.holder() == ""


def test_we_are_not_in_our_own_way_and_nonsense_does_no_harm(machine: Machine) -> None:
    machine.card("card0/pcm0c", RUNNING.format(owner=os.getpid()))
    machine.card("card1/pcm0c", RUNNING.format(owner="somebody"))
    (machine.cards / "card2/pcm0c/sub0/status").mkdir(parents=True)
    assert machine.holder() is None


@pytest.mark.parametrize(
    ("device", "holder", "sentence"),
    [
        (None, None, "No microphone was found. Connect one, or see: voice-ally devices"),
        ("USB", None, 'There is no microphone "USB". Connect one, or see: voice-ally devices'),
        (
            None,
            "arecord",
            "The microphone is in use by another program (arecord). Close it, then start again.",
        ),
        ("USB", "", "The microphone is in use by another program. Close it, then start again."),
        (
            None,
            "pipewire",
            "The microphone is in use by another program (pipewire). "
            "To share it: sudo apt install pipewire-alsa",
        ),
    ],
)
def test_why_there_is_nothing_to_open(
    device: str | None, holder: str | None, sentence: str
) -> None:
    assert str(_none_to_open(device, holder)) == sentence
