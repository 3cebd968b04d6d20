"""Waits, one after the other: who speaks when, and when each is over."""

from voice_ally.core.actions import Wait
from voice_ally.runtime.timers import MOST_OVERTIME_SECONDS, NEVER, Due, Timers

HOLD = Wait(1, 60.0, after_speech_seconds=2.0)
UNTIL_QUIET = Wait(1, 60.0, after_speech_seconds=6.0, until_quiet_seconds=6.0)


def waiting(wait: Wait, lead_seconds: float = 0.0) -> Timers:
    timers = Timers()
    timers.wait(wait, 0.0, lead_seconds)
    return timers


def test_without_a_word_it_is_over_on_its_time() -> None:
    for wait in (Wait(1, 60.0), HOLD, UNTIL_QUIET):
        timers = waiting(wait, lead_seconds=0.15)
        assert timers.next_told_at(somebody_speaks=False) == 60.0 - 0.15
        assert timers.pop_next(somebody_speaks=False) == Due(1, 60.0)
        assert timers.next_told_at(somebody_speaks=False) == NEVER


def test_an_answer_is_waited_for_while_somebody_speaks() -> None:
    timers = waiting(Wait(1, 12.0, for_speech=True))
    assert timers.next_told_at(somebody_speaks=True) == NEVER
    assert timers.next_told_at(somebody_speaks=False) == 12.0


def test_a_speaker_is_never_cut_off_but_has_a_moment_after_the_last_word() -> None:
    timers = waiting(HOLD)
    assert timers.next_told_at(somebody_speaks=True) == 60.0 + MOST_OVERTIME_SECONDS
    timers.spoken(71.5)
    assert timers.pop_next(somebody_speaks=False) == Due(1, 73.5)


def test_who_spoke_long_before_the_end_does_not_move_it() -> None:
    timers = waiting(HOLD)
    timers.spoken(20.0)
    timers.spoken(10.0)
    assert timers.pop_next(somebody_speaks=False) == Due(1, 60.0)


def test_it_is_over_before_its_time_when_they_have_fallen_silent() -> None:
    timers = waiting(UNTIL_QUIET)
    timers.spoken(12.0)
    assert timers.next_told_at(somebody_speaks=False) == 18.0
    assert timers.next_told_at(somebody_speaks=True) > 60.0, "they go on"
    timers.spoken(30.0)
    assert timers.pop_next(somebody_speaks=False) == Due(1, 36.0, fell_silent=True)


def test_a_last_word_shortly_before_the_end_leaves_the_same_quiet_behind_it() -> None:
    timers = waiting(UNTIL_QUIET)
    timers.spoken(58.0)
    assert timers.pop_next(somebody_speaks=False) == Due(1, 64.0)


def test_a_warning_comes_on_its_time_over_words_and_what_follows_knows_of_them() -> None:
    timers = waiting(Wait(1, 45.0, until_quiet_seconds=6.0))
    assert timers.next_told_at(somebody_speaks=True) == 45.0
    timers.spoken(44.0)
    assert timers.pop_next(somebody_speaks=False) == Due(1, 45.0)
    rest = Wait(2, 15.0, after_speech_seconds=6.0, until_quiet_seconds=6.0, carries_on=True)
    timers.wait(rest, 45.0, 0.0)
    assert timers.pop_next(somebody_speaks=False) == Due(2, 50.0, fell_silent=True)


def test_another_wait_knows_nothing_of_what_was_spoken_before() -> None:
    timers = waiting(UNTIL_QUIET)
    timers.spoken(1.0)
    timers.pop_next(somebody_speaks=False)
    timers.wait(Wait(2, 60.0, until_quiet_seconds=6.0), 7.0, 0.0)
    assert timers.pop_next(somebody_speaks=False) == Due(2, 67.0)
    timers.wait(HOLD, 0.0, 0.0)
    timers.clear()
    assert timers.next_told_at(somebody_speaks=False) == NEVER
