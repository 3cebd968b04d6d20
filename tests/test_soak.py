"""A minute of the soak; all of it: make soak."""

from benchmarks import soak


def test_turn_after_turn_each_stop_is_heard() -> None:
    household = soak.run(1 / 60)
    assert household.turns == household.started == household.stopped >= 1
    assert household.samples[-1][2] <= household.samples[0][2] + 5
