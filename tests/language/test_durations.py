"""Lengths of time as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_ally.language.durations import read_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90), ("2m", 120), ("1m30s", 90), ("1h2m3s", 3723), ("3 sec", 3), ("1 min", 60),
        ("2 Min.", 120), ("two minutes", 120), ("a minute", 60), ("half a minute", 30),
        ("half an hour", 1800), ("1.5 min", 90), ("1,5 min", 90), ("½ minute", 30),
        ("1½ minutes", 90), ("1:30", 90), ("1:00:00", 3600), ("1 m 30 s", 90), ("2 hrs", 7200),
        ("1 hour 30 minutes", 5400), ("1 hour and 30 minutes", 5400), ("an hour and a half", 5400),
        ("two and a half minutes", 150), ("one minute, 30 seconds", 90),
        ("a couple of minutes", 120),
        ("forty-five seconds", 45), ("0s", 0),
    ],
)  # fmt: skip
def test_a_length_of_time(text: str, seconds: float) -> None:
    found = read_duration(text)
    assert found is not None
    assert (found.seconds, found.slot) == (seconds, "")


@pytest.mark.parametrize(
    "text",
    [
        *("", "90", "one", "soon", "10s20s", "30 minutes 1 hour", "5 minutes and", "5 minutes,"),
        *("2 mins or so", "m"),
    ],
)
def test_what_is_none(text: str) -> None:
    assert read_duration(text) is None


def test_a_slot_keeps_its_own_letters() -> None:
    found = read_duration("{Minutes} Min")
    assert found is not None
    assert (found.slot, found.unit_seconds) == ("Minutes", 60)


@given(st.text("0123456789:., hmsandf½{}", max_size=20))
def test_no_text_makes_it_raise(text: str) -> None:
    found = read_duration(text)
    assert found is None or found.seconds >= 0
