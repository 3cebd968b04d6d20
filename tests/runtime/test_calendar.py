"""Promises by the calendar, where the clocks go forward and back."""

import os
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_ally.core.calendar import EVERY, WEEKDAYS, Moment, is_time, promised
from voice_ally.runtime.reminders import Reminders

pytestmark = pytest.mark.skipif(not hasattr(time, "tzset"), reason="no time zone can be set here")


@pytest.fixture(autouse=True)
def _in_berlin() -> Iterator[None]:
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


def on(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def shown(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).isoformat(" ", "minutes")


@pytest.mark.parametrize(
    ("now", "moment", "days", "then"),
    [
        ("2026-03-10 20:00", Moment("21:00"), 0, "2026-03-10 21:00"),
        ("2026-03-10 21:00", Moment("21:00"), 0, "2026-03-11 21:00"),
        ("2026-03-10 20:00", Moment("7:30"), 1, "2026-03-11 07:30"),
        ("2026-03-10 20:00", Moment("07:30"), 2, "2026-03-12 07:30"),
        ("2026-03-13 22:00", Moment("21:00", "weekday"), 0, "2026-03-16 21:00"),
        ("2026-03-13 22:00", Moment("21:00", "weekend"), 0, "2026-03-14 21:00"),
        ("2026-03-15 21:30", Moment("21:00", "sunday"), 0, "2026-03-22 21:00"),
        ("2026-03-15 20:30", Moment("21:00", "sunday"), 0, "2026-03-15 21:00"),
        # clocks go forward on 29 March, back on 25 October
        ("2026-03-28 22:00", Moment("21:00", "day"), 0, "2026-03-29 21:00"),
        ("2026-10-24 22:00", Moment("21:00", "day"), 0, "2026-10-25 21:00"),
        ("2026-03-28 22:00", Moment("02:30"), 0, "2026-03-29 03:30"),
        ("2026-10-24 22:00", Moment("02:30"), 0, "2026-10-25 02:30"),
    ],
)
def test_the_next_time(now: str, moment: Moment, days: int, then: str) -> None:
    assert shown(moment.after(on(now), days)) == then


@given(
    now=st.integers(0, 2**31),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    every=st.sampled_from(("", *EVERY)),
)
def test_it_is_ahead_on_the_right_day_and_shows_the_right_time(
    now: int, hour: int, minute: int, every: str
) -> None:
    found = Moment(f"{hour:02}:{minute:02}", every).after(float(now))
    there = datetime.fromtimestamp(found)
    assert 0 < found - now <= 8 * 24 * 3600 + 3600
    in_the_gap = there.fold == 0 and there.timestamp() != found
    assert (there.hour, there.minute) == (hour, minute) or in_the_gap or hour in (2, 3)
    if every in WEEKDAYS:
        assert there.strftime("%A").lower() == every


def test_what_is_a_time_of_day() -> None:
    assert all(is_time(one) for one in ("0:00", "07:30", "21:00", "23:59"))
    assert not any(is_time(one) for one in ("", "9", "24:00", "9:60", "21:00 ", "nine"))
    now = on("2026-03-10 07:05")
    assert promised(now, 1, "", "") == Moment("07:05")
    assert promised(now, 0, "21:00", "day") == Moment("21:00", "day")
    assert promised(now, 0, "", "") is None
    assert shown(Moment("nonsense").after(on("2026-03-10 20:00"))) == "2026-03-11 00:00"


class World:
    """A wall clock that can be set, and a steady one."""

    def __init__(self, now: str, path: Path | None = None) -> None:
        self.wall, self.steady, self.path = on(now), 0.0, path
        self.book = self.opened()

    def opened(self) -> Reminders:
        return Reminders(self.path, lambda: self.wall, lambda: self.steady)

    def restart(self) -> None:
        self.book.close()
        self.book = self.opened()

    def go_to(self, moment: str) -> list[str]:
        self.steady += on(moment) - self.wall
        self.wall = on(moment)
        return self.book.take_due()

    def next(self) -> list[str]:
        return [shown(self.wall + seconds) for seconds, _ in self.book.waiting()]


def test_every_evening_it_comes_at_nine_also_when_the_clocks_change() -> None:
    world = World("2026-03-27 12:00")
    assert world.book.add(0, "evening", at="21:00", every="day") == 9 * 3600
    for day in ("2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30"):
        assert world.go_to(f"{day} 20:59") == []
        assert world.go_to(f"{day} 21:00") == ["evening"]
        assert world.go_to(f"{day} 21:01") == []


def test_tomorrow_is_the_same_time_of_day_on_a_day_of_23_hours() -> None:
    world = World("2026-03-28 20:15")
    assert world.book.add(0, "talk", days=1) == 23 * 3600
    assert world.next() == ["2026-03-29 20:15"]
    assert world.go_to("2026-03-29 20:15") == ["talk"]
    assert world.next() == []


def test_what_comes_again_is_not_given_hours_late_what_was_promised_once_is(tmp_path: Path) -> None:
    world = World("2026-03-10 12:00", tmp_path / "reminders.sqlite")
    world.book.add(0, "evening", at="21:00", every="day")
    world.book.add(0, "once", at="21:30")
    world.restart()
    assert world.go_to("2026-03-12 08:00") == ["once"]
    assert world.next() == ["2026-03-12 21:00"]
    assert world.go_to("2026-03-12 22:30") == ["evening"], "a little late is not too late"


def test_a_clock_that_is_set_does_not_move_nine_in_the_evening() -> None:
    world = World("2026-03-10 12:00")
    world.book.add(0, "evening", at="21:00", every="day")
    world.book.add(1800, "soon")
    world.wall += 600
    assert world.next() == ["2026-03-10 12:40", "2026-03-10 21:00"]


def test_a_clock_that_did_not_know_the_day() -> None:
    world = World("1970-01-02 00:10")
    world.book.add(0, "evening", at="21:00", every="day")
    world.wall = on("2026-03-10 12:00")
    assert world.go_to("2026-03-10 12:01") == []
    assert world.next() == ["2026-03-10 21:00"]


def test_all_of_them_can_be_taken_back() -> None:
    world = World("2026-03-10 12:00")
    world.book.add(0, "evening", at="21:00", every="day")
    world.book.clear()
    assert world.go_to("2026-03-11 21:00") == []


def test_they_outlive_a_broken_file(tmp_path: Path) -> None:
    file = tmp_path / "reminders.sqlite"
    world = World("2026-03-10 12:00", file)
    world.book.add(0, "evening", at="21:00", every="sunday")
    world.book.close()
    file.write_bytes(b"no database at all" * 100)
    world.book = world.opened()
    assert world.next() == ["2026-03-15 21:00"]
    assert world.go_to("2026-03-15 21:00") == ["evening"]
    assert world.next() == ["2026-03-22 21:00"]


def test_a_file_of_an_earlier_version_is_taken_over(tmp_path: Path) -> None:
    import sqlite3

    file = tmp_path / "reminders.sqlite"
    old = sqlite3.connect(file)
    old.execute("CREATE TABLE promise (due REAL NOT NULL, dialog TEXT NOT NULL)")
    old.execute("INSERT INTO promise VALUES (?, 'talk')", (on("2026-03-10 13:00"),))
    old.commit()
    old.close()
    world = World("2026-03-10 12:00", file)
    world.book.add(0, "evening", at="21:00", every="day")
    assert world.next() == ["2026-03-10 13:00", "2026-03-10 21:00"]
