"""The session never waits for a disk, and nothing that was to be kept is lost by that."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from voice_ally.runtime.event_log import EventLog
from voice_ally.runtime.keeping import (
    ANSWER_SECONDS,
    LOOK_EVERY_SECONDS,
    Keeper,
    PromptReminders,
)
from voice_ally.runtime.people import People
from voice_ally.runtime.reminders import Reminders

NOON = 1_767_614_400.0
"""Of a Monday, in UTC."""


class Disk:
    """Stands still when it is told to."""

    def __init__(self) -> None:
        self.goes = threading.Event()
        self.goes.set()

    def wait(self) -> None:
        assert self.goes.wait(20)


class SlowReminders(Reminders):
    """The real book, on such a disk."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        super().__init__(None, lambda: NOON, lambda: NOON)

    def _do(self, statement: str, values: tuple[object, ...] = ()) -> None:
        self._disk.wait()
        super()._do(statement, values)

    def _rows(self) -> list:  # type: ignore[type-arg]
        self._disk.wait()
        return super()._rows()


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    one = Keeper()
    yield one
    one.close()


class Time:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_on_a_disk_that_goes_it_is_as_without(keeper: Keeper) -> None:
    clock = Time()
    book = PromptReminders(SlowReminders(Disk()), keeper, lambda: NOON, clock)
    assert book.add(600.0, "repair") == 600.0
    assert book.add(0.0, "ally") == 0.0
    assert book.waiting() == [(0.0, "ally"), (600.0, "repair")]
    clock.seconds += LOOK_EVERY_SECONDS
    assert book.take_due() == ["ally"]
    assert book.take_due() == [], "it was asked a moment ago"
    book.clear()
    assert book.waiting() == []


def test_while_it_stands_still_nobody_waits_and_then_all_is_kept(keeper: Keeper) -> None:
    disk, clock = Disk(), Time()
    book = PromptReminders(SlowReminders(disk), keeper, lambda: NOON, clock)
    book.add(600.0, "repair")
    assert book.waiting() == [(600.0, "repair")]
    disk.goes.clear()
    began = time.monotonic()
    assert book.add(0.0, "ally") == 0.0
    assert book.waiting() == [(0.0, "ally"), (600.0, "repair")], "as far as is known"
    for _ in range(50):
        clock.seconds += LOOK_EVERY_SECONDS
        assert book.take_due() == []
    assert time.monotonic() - began < 10 * ANSWER_SECONDS, "it is waited for once, not each time"
    disk.goes.set()
    keeper.begin(lambda: None).result(5)
    clock.seconds += LOOK_EVERY_SECONDS
    assert book.take_due() == ["ally"], "what was found too late is not lost"
    assert book.waiting() == [(600.0, "repair")]


@pytest.mark.parametrize(
    "promise",
    [
        {"seconds": 90.0},
        {"seconds": 0.0, "days": 1},
        {"seconds": 0.0, "at": "21:00", "every": "day"},
        {"seconds": 0.0, "at": "09:30", "every": "sunday"},
    ],
)
def test_how_long_it_takes_is_known_without_the_disk(
    keeper: Keeper, promise: dict[str, object]
) -> None:
    disk, clock = Disk(), Time()
    seconds = Reminders(None, lambda: NOON, lambda: NOON).add(dialog="ally", **promise)  # type: ignore[arg-type]
    book = PromptReminders(SlowReminders(disk), keeper, lambda: NOON, clock)
    disk.goes.clear()
    assert book.add(dialog="ally", **promise) == seconds  # type: ignore[arg-type]
    clock.seconds += 60.0
    assert book.waiting() == [(seconds - 60.0, "ally")], "what was promised meanwhile is known"
    disk.goes.set()


def test_after_it_stood_still_it_is_waited_for_again(keeper: Keeper) -> None:
    disk = Disk()
    book = PromptReminders(SlowReminders(disk), keeper, lambda: NOON, Time())
    disk.goes.clear()
    book.add(600.0, "repair")
    disk.goes.set()
    keeper.begin(lambda: None).result(5)
    book.add(60.0, "ally")
    assert book.waiting() == [(60.0, "ally"), (600.0, "repair")], "as the disk has it, not as known"


def test_what_is_taken_back_while_it_stands_still_is_gone_when_it_goes_on(keeper: Keeper) -> None:
    disk = Disk()
    kept = SlowReminders(disk)
    book = PromptReminders(kept, keeper, lambda: NOON, Time())
    disk.goes.clear()
    book.add(600.0, "repair")
    book.clear()
    assert book.waiting() == []
    disk.goes.set()
    keeper.begin(lambda: None).result(5)
    assert kept.waiting() == []


def test_what_an_act_raises_reaches_only_who_waits(keeper: Keeper) -> None:
    def breaks() -> None:
        raise ZeroDivisionError

    keeper.later(breaks)
    with pytest.raises(ZeroDivisionError):
        keeper.answer(keeper.begin(breaks))
    assert keeper.answer(keeper.begin(lambda: "still here")) == "still here"


def test_at_the_end_all_is_written_but_a_disk_is_not_waited_for_long(tmp_path: Path) -> None:
    disk = Disk()
    keeper = Keeper()
    keeper.later((tmp_path / "kept").touch)
    keeper.later(disk.wait)
    disk.goes.clear()
    began = time.monotonic()
    keeper.close()
    assert time.monotonic() - began < 5.0
    assert (tmp_path / "kept").exists()
    disk.goes.set()


def test_a_name_is_known_at_once_and_written_in_its_turn(tmp_path: Path) -> None:
    acts = []
    people = People(tmp_path / "people.json", later=acts.append)
    people.remember("name", "Alex")
    people.remember("other_name", "Sam")
    assert people.names == ("Alex", "Sam")
    assert not (tmp_path / "people.json").exists()
    for act in acts:
        act()
    assert People(tmp_path / "people.json").names == ("Alex", "Sam")
    people.forget()
    acts[-1]()
    assert not (tmp_path / "people.json").exists()


def test_events_that_cannot_be_written_are_told_of_by_who_tells(tmp_path: Path) -> None:
    acts = []
    told = []
    log = EventLog(tmp_path / "events", acts.append)
    log.watch(lambda _at, event, data: told.append((event, data.get("message"))))
    log.tell(1.0, "speech")
    assert log._file is not None
    log._file.close()

    class Full:
        def write(self, text: str) -> int:
            raise OSError(28, "No space left on device")

    log._file = Full()  # type: ignore[assignment]
    acts.pop()()
    log.tell(2.0, "speech")
    log.tell(3.0, "speech")
    assert told == [
        ("speech", None),
        ("failed", f"{tmp_path / 'events'}: No space left on device"),
        ("speech", None),
        ("speech", None),
    ]
    assert acts == [], "no more is written"
