"""Turned down while somebody speaks: along a ramp, both ways."""

import itertools

import numpy
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_ally.core.sound import Sound
from voice_ally.speak.ducking import LOWER_SAMPLES, LOWERED, RAISE_SAMPLES, Ducking

LEVEL = 20_000
STEEPEST = LEVEL * (1 - LOWERED) / LOWER_SAMPLES


def steady(samples: int) -> Sound:
    return Sound(LEVEL.to_bytes(2, "little", signed=True) * samples)


def levels(pcm16: bytes) -> list[int]:
    return [int(one) for one in numpy.frombuffer(pcm16, "<i2")]


def test_untouched_until_somebody_speaks() -> None:
    sound = steady(1000)
    assert Ducking().apply(sound) is sound


def test_down_within_50_ms_and_up_again_in_a_third_of_a_second() -> None:
    ducking = Ducking()
    ducking.lower(True)
    down = levels(ducking.apply(steady(LOWER_SAMPLES)))
    assert down[-1] == round(LEVEL * LOWERED)
    assert levels(ducking.apply(steady(100))) == [down[-1]] * 100
    ducking.lower(False)
    up = levels(ducking.apply(steady(RAISE_SAMPLES + 1)))
    assert up[RAISE_SAMPLES // 2] < LEVEL
    assert up[-1] == LEVEL
    after = steady(100)
    assert ducking.apply(after) is after


@settings(deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2000)), max_size=20))
def test_no_change_of_mind_ever_clicks(wishes: list[tuple[bool, int]]) -> None:
    ducking = Ducking()
    heard = [LEVEL]
    for lowered, samples in wishes:
        ducking.lower(lowered)
        heard += levels(ducking.apply(steady(samples)))
    assert all(abs(after - before) <= STEEPEST + 1 for before, after in itertools.pairwise(heard))
