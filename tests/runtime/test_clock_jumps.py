"""Promises with the program's own clocks, while time-machine moves the wall clock under them.

Only the clock on the wall is moved; the steady one goes on as it does on every machine. So what is
moved here is what a network, a person or a change to summer time moves.
"""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_ally.core.calendar import Moment
from voice_ally.runtime.reminders import Reminders

pytestmark = pytest.mark.skipif(not hasattr(time, "tzset"), reason="no time zone can be set here")

HOUR = 3600.0
ZONES = (
    "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe",
    "Asia/Kathmandu", "Pacific/Apia", "Africa/Casablanca", "UTC",
)  # fmt: skip


def there(zone: str, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Reminders]:
    made = Reminders(tmp_path / "reminders.sqlite")
    yield made
    made.close()


@pytest.mark.parametrize(
    "text",
    ["1970-01-01 00:00", "2026-03-10 03:00", "2026-03-10 20:59", "2026-03-11 12:00", "2037-01-01"],
)
def test_half_an_hour_is_half_an_hour_wherever_the_clock_jumps(book: Reminders, text: str) -> None:
    with time_machine.travel(there("Europe/Berlin", "2026-03-10 12:00")) as traveller:
        book.add(HOUR / 2, "repair")
        traveller.move_to(there("Europe/Berlin", text))
        ((left, dialog),) = book.waiting()
        assert dialog == "repair"
        assert HOUR / 2 - 60 < left <= HOUR / 2
        assert book.take_due() == []


@pytest.mark.parametrize("zone", ZONES)
def test_an_hour_on_the_nights_when_clocks_change_is_an_hour(book: Reminders, zone: str) -> None:
    for night in ("2026-03-29 01:30", "2026-10-25 01:30", "2026-03-08 01:30", "2026-04-05 01:30"):
        with time_machine.travel(there(zone, night)):
            assert book.add(HOUR, "repair") == pytest.approx(HOUR, abs=60)
            book.clear()


@pytest.mark.parametrize(
    ("zone", "now", "hours"),
    [
        ("Europe/Berlin", "2026-03-28 21:00", 23.0),
        ("Europe/Berlin", "2026-10-24 21:00", 25.0),
        ("America/New_York", "2026-03-07 21:00", 23.0),
        ("America/New_York", "2026-10-31 21:00", 25.0),
        ("Australia/Lord_Howe", "2026-04-04 21:00", 24.5),
        ("Australia/Lord_Howe", "2026-10-03 21:00", 23.5),
        ("Asia/Kathmandu", "2026-03-28 21:00", 24.0),
        ("Pacific/Apia", "2011-12-29 21:00", 24.0),  # the 30th was left out
    ],
)
def test_the_next_evening_at_nine_is_when_the_clock_shows_nine(
    zone: str, now: str, hours: float
) -> None:
    with time_machine.travel(there(zone, now), tick=False):
        then = Moment("21:00").after(time.time())
        assert then - time.time() == hours * HOUR
        assert datetime.fromtimestamp(then).strftime("%H:%M") == "21:00"


def test_what_comes_every_day_is_set_by_the_clock_that_knows_the_day(book: Reminders) -> None:
    with time_machine.travel(there("Europe/Berlin", "1970-01-01 00:30")) as traveller:
        book.add(0, "evening", at="21:00", every="day")
        traveller.move_to(there("Europe/Berlin", "2026-03-28 20:30"))
        assert book.take_due() == []
        ((left, _),) = book.waiting()
        assert HOUR / 2 - 60 < left <= HOUR / 2


def test_a_journey_to_another_zone_is_a_clock_that_was_set(book: Reminders) -> None:
    with time_machine.travel(there("Europe/Berlin", "2026-03-10 12:00")):
        book.add(HOUR, "repair")
    with time_machine.travel(there("America/New_York", "2026-03-10 07:10")):
        ((left, _),) = book.waiting()
        assert HOUR - 60 < left <= HOUR


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    jumps=st.lists(
        st.timedeltas(timedelta(days=-400), timedelta(days=400)), min_size=1, max_size=6
    ),
    every=st.sampled_from(("day", "weekday", "weekend", "sunday")),
)
def test_after_any_jumps_it_is_still_promised_once_and_ahead(
    zone: str, jumps: list[timedelta], every: str
) -> None:
    book = Reminders(None)
    with time_machine.travel(there(zone, "2026-03-20 12:00")) as traveller:
        book.add(0, "evening", at="21:00", every=every)
        for jump in jumps:
            traveller.shift(jump)
            book._next_check = 0.0  # without waiting for the second between two looks
            book.take_due()
            ((left, dialog),) = book.waiting()
            assert dialog == "evening"
            assert 0 <= left <= 8 * 24 * HOUR
    book.close()
