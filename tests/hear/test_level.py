"""What a meter says of silence, noise, speech and shouting."""

from array import array

import pytest

from voice_ally.core.audio import Pcm16
from voice_ally.hear.level import SILENT_DB, Level, level_of


def block(value: int, count: int = 160) -> Pcm16:
    return Pcm16(array("h", [value, -value] * (count // 2)).tobytes())


def test_silence_is_dead_and_noise_is_not() -> None:
    assert level_of([]) == level_of([block(0)]) == Level(SILENT_DB, SILENT_DB, SILENT_DB, 0.0)
    assert level_of([block(0)]).dead
    assert not level_of([block(2), Pcm16(b"")]).dead


def test_the_floor_is_the_quietest_part_and_the_peak_the_loudest() -> None:
    level = level_of([block(33)] * 20 + [block(3277)] * 20)
    assert level.peak_db == pytest.approx(-20, abs=0.1)
    assert level.floor_db == pytest.approx(-60, abs=0.2)
    assert level.mean_db == pytest.approx(-23, abs=0.1)


def test_what_is_too_loud_is_counted() -> None:
    assert level_of([block(32767), block(100)]).clipped == 0.5


@pytest.mark.parametrize(("peak", "cells"), [(0, 0), (33, 0), (1036, 10), (32767, 20)])
def test_the_meter_grows_with_the_peak(peak: int, cells: int) -> None:
    meter = level_of([block(peak)]).meter()
    assert (meter.count("#"), len(meter)) == (cells, 20)
