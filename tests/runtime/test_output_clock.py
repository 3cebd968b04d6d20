import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_ally.runtime.output_clock import SLACK_SECONDS, OutputClock

BLOCK = 240


class Card:
    """A sound card with a speed of its own, which takes its blocks in bursts."""

    def __init__(self, speed: float = 1.0, burst: int = 1) -> None:
        self.speed, self.burst = speed, burst
        self.time = 100.0
        self.position = 0
        self._played = 0.0
        self.clock = OutputClock(lambda: self.position, lambda: self.time)

    def pass_by(self, seconds: float, *, playing: bool = True) -> list[float]:
        """What the clock says, every 10 ms."""
        told = []
        for _ in range(round(seconds * 100)):
            self.time += 0.01
            if playing:
                self._played += 240 * self.speed
                step = BLOCK * self.burst
                self.position += int((self._played - self.position) // step) * step
            told.append(self.clock.now())
        return told


@pytest.mark.parametrize("speed", [0.999, 1.0, 1.001])
def test_after_twenty_minutes_it_is_still_with_the_output(speed: float) -> None:
    card = Card(speed, burst=4)
    told = card.pass_by(1200)
    assert told == sorted(told)
    assert told[-1] == pytest.approx(card.position / 24_000, abs=0.06)


def test_between_two_blocks_it_goes_on() -> None:
    card = Card(burst=4)
    told = card.pass_by(10)[100:]
    steps = [later - sooner for sooner, later in itertools.pairwise(told)]
    assert min(steps) > 0.009
    assert max(steps) < 0.011


def test_while_no_sound_passes_it_stands_still_and_then_goes_on_from_there() -> None:
    card = Card()
    before = card.pass_by(10)[-1]
    assert card.pass_by(5, playing=False)[-1] <= before + SLACK_SECONDS + 0.02
    after = card.pass_by(60)
    assert after == sorted(after)
    assert after[-1] == pytest.approx(70, abs=0.05)


@given(st.lists(st.tuples(st.integers(0, 100), st.floats(0, 2)), max_size=30))
def test_it_never_goes_backwards(passing: list[tuple[int, float]]) -> None:
    card = Card()
    told = []
    for blocks, seconds in passing:
        card.position += blocks * BLOCK
        card.time += seconds
        told.append(card.clock.now())
    assert told == sorted(told)
