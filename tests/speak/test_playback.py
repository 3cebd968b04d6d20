import builtins
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_ally.core.sound import Sound
from voice_ally.speak.playback import (
    CEILING,
    FADE_SAMPLES,
    KNEE,
    LOWER_SAMPLES,
    QUIET_SAMPLES,
    RAISE_SAMPLES,
    UNDER_VOICE,
    Playback,
)


def clip(*samples: int) -> Sound:
    return Sound(numpy.array(samples, "<i2").tobytes())


def level(value: int, count: int) -> Sound:
    return clip(*[value] * count)


def pulled(playback: Playback, count: int) -> list[int]:
    return numpy.frombuffer(playback.pull(count), "<i2").tolist()


@pytest.fixture
def ends() -> list[tuple[int, int]]:
    return []


@pytest.fixture
def playback(ends: list[tuple[int, int]]) -> Playback:
    playback = Playback()
    playback.on_finished = lambda ticket, sample: ends.append((ticket, sample))
    return playback


def test_nothing_to_play_is_silence_of_the_length_asked_for(playback: Playback) -> None:
    assert pulled(playback, 7) == [0] * 7
    assert playback.position == 7
    assert not playback.sounding


def test_a_clip_starts_now_and_reports_the_sample_it_ended_at(
    playback: Playback, ends: list[tuple[int, int]]
) -> None:
    playback.pull(3)
    playback.play(1, clip(5, 6))
    assert playback.sounding
    assert pulled(playback, 1) == [5]
    assert ends == []
    assert pulled(playback, 4) == [6, 0, 0, 0]
    assert ends == [(1, 5)]
    assert not playback.sounding


def test_a_clip_starts_at_exactly_its_sample(
    playback: Playback, ends: list[tuple[int, int]]
) -> None:
    playback.play(1, clip(9), start_sample=5)
    assert pulled(playback, 4) == [0] * 4
    assert pulled(playback, 4) == [0, 9, 0, 0]
    assert ends == [(1, 6)]


def test_a_late_clip_loses_its_beginning_and_keeps_its_end(
    playback: Playback, ends: list[tuple[int, int]]
) -> None:
    playback.pull(200)
    assert playback.play(1, level(1000, 500), start_sample=0) == 0
    playback.play(2, clip(7), start_sample=0)
    samples = pulled(playback, 400)
    assert samples[:FADE_SAMPLES] == sorted(samples[:FADE_SAMPLES]), "it fades in, no click"
    assert samples[FADE_SAMPLES:] == [1000] * (300 - FADE_SAMPLES) + [0] * 100
    assert ends == [(2, 1), (1, 500)]


def test_a_late_clip_that_must_be_whole_begins_now(
    playback: Playback, ends: list[tuple[int, int]]
) -> None:
    playback.pull(2)
    assert playback.play(1, clip(1, 2, 3), start_sample=0, whole=True) == 2
    assert playback.play(2, clip(5), start_sample=6, whole=True) == 6
    assert pulled(playback, 6) == [1, 2, 3, 0, 5, 0]
    assert ends == [(1, 5), (2, 7)]


def test_tones_are_lowered_under_a_voice_and_come_back_without_a_jump(playback: Playback) -> None:
    playback.play(1, level(10_000, 40_000))
    playback.play(2, level(0, 8000), start_sample=4000, voice=True)
    samples = pulled(playback, 40_000)
    assert set(samples[:4000]) == {10_000}
    assert set(samples[4000 + LOWER_SAMPLES : 12_000]) == {round(10_000 * UNDER_VOICE)}
    assert set(samples[12_000 + RAISE_SAMPLES :]) == {10_000}
    assert max(abs(numpy.diff(samples))) <= 7


def test_a_voice_is_not_lowered_under_another(playback: Playback) -> None:
    playback.play(1, level(3000, 20_000), voice=True)
    playback.play(2, level(1000, 5000), start_sample=10_000, voice=True)
    assert set(pulled(playback, 20_000)) == {3000, 4000}


def test_overlapping_clips_are_added_and_rounded_off_never_clipped(playback: Playback) -> None:
    playback.play(1, clip(32_767, -32_768, 11_500, 1))
    playback.play(2, clip(32_767, -32_768, 11_500, 1))
    playback.play(3, clip(32_767, -32_768, 0, 0))
    loud, louder, most, soft = pulled(playback, 4)
    assert KNEE < loud <= CEILING
    assert louder == -loud
    assert (most, soft) == (KNEE, 2), "up to the knee nothing is changed"


def test_an_empty_clip_is_over_at_once(playback: Playback, ends: list[tuple[int, int]]) -> None:
    playback.play(1, Sound(b""))
    playback.pull(1)
    assert ends == [(1, 0)]


def test_cut_fades_within_five_milliseconds_and_reports_no_end(
    playback: Playback, ends: list[tuple[int, int]]
) -> None:
    playback.play(1, level(8000, 400))
    playback.play(2, level(8000, 400), start_sample=150)
    playback.pull(100)
    playback.cut()
    after = pulled(playback, 500)
    assert after[:FADE_SAMPLES] == sorted(after[:FADE_SAMPLES], reverse=True)
    assert 7900 <= after[0] <= 8000
    assert not any(after[FADE_SAMPLES:])
    assert ends == []


def test_what_was_cut_before_it_began_is_not_heard_at_all(
    playback: Playback, ends: list[tuple[int, int]]
) -> None:
    playback.play(1, level(8000, 400))
    playback.cut()
    assert not any(pulled(playback, 500))
    assert ends == []


def test_a_second_cut_makes_no_click(playback: Playback) -> None:
    playback.play(1, level(8000, 400))
    playback.pull(100)
    playback.cut()
    playback.play(2, level(100, 400))
    samples = pulled(playback, 20)
    playback.cut()
    samples += pulled(playback, 200)
    assert max(abs(numpy.diff(samples))) <= 8000 // FADE_SAMPLES + 110
    assert not any(samples[20 + FADE_SAMPLES :])


def test_a_new_clip_sounds_at_once_after_a_cut(
    playback: Playback, ends: list[tuple[int, int]]
) -> None:
    playback.play(1, level(8000, 400))
    playback.pull(100)
    playback.cut()
    playback.play(2, level(50, 200))
    assert pulled(playback, 200)[FADE_SAMPLES:] == [50] * (200 - FADE_SAMPLES)
    assert ends == [(2, 300)]


def test_a_cut_from_within_the_report_stops_the_other_reports(playback: Playback) -> None:
    told = []

    def first_end_cuts(ticket: int, _sample: int) -> None:
        told.append(ticket)
        playback.cut()

    playback.on_finished = first_end_cuts
    playback.play(1, level(5, 3))
    playback.play(2, level(5, 4))
    playback.pull(10)
    assert told == [1]


PULLS = st.lists(st.integers(0, 97), min_size=1, max_size=12)
CLIPS = st.lists(
    st.tuples(
        st.lists(st.integers(-32_768, 32_767), max_size=120), st.integers(0, 400), st.booleans()
    ),
    max_size=5,
)


@given(CLIPS, PULLS)
def test_the_size_of_the_pulls_changes_nothing(
    clips: list[tuple[list[int], int, bool]], pulls: list[int]
) -> None:
    once, often = Playback(), Playback()
    ends: dict[int, list[tuple[int, int]]] = {0: [], 1: []}
    for which, playback in enumerate((once, often)):
        for ticket, (samples, start, voice) in enumerate(clips):
            playback.play(ticket, clip(*samples), start_sample=start, voice=voice)
        playback.on_finished = lambda *end, which=which: ends[which].append(end)
    whole = pulled(once, sum(pulls))
    parts = [sample for count in pulls for sample in pulled(often, count)]
    assert whole == parts
    assert sorted(ends[0]) == sorted(ends[1])


@given(CLIPS, PULLS)
def test_after_a_cut_there_is_a_fade_and_then_nothing(
    clips: list[tuple[list[int], int, bool]], pulls: list[int]
) -> None:
    playback = Playback()
    playback.on_finished = None
    for ticket, (samples, start, voice) in enumerate(clips):
        playback.play(ticket, clip(*samples), start_sample=start, voice=voice)
    for count in pulls:
        playback.pull(count)
    playback.cut()
    assert not any(pulled(playback, 700)[FADE_SAMPLES:])


def test_nothing_is_imported_on_the_way_to_the_loudspeaker() -> None:
    """An import in the audio callback can wait for another thread's, and stop with it."""
    playback = Playback()
    playback.play(1, Sound(bytes(640)))
    imported: list[str] = []
    usual = builtins.__import__

    def watched(name: str, *rest: Any) -> object:  # noqa: ANN401 - whatever import takes
        imported.append(name)
        return usual(name, *rest)

    builtins.__import__ = watched
    try:
        playback.pull(160)
        playback.cut()
        playback.pull(160)
    finally:
        builtins.__import__ = usual
    assert imported == []


# -- outputs that fall asleep ----------------------------------------------------------


def test_after_real_silence_inaudible_noise_goes_before_the_first_word(
    playback: Playback, ends: list[tuple[int, int]]
) -> None:
    playback.wake_output(0.25)
    assert playback.play(1, level(5000, 100), whole=True, voice=True) == 6000
    samples = pulled(playback, 7000)
    noise = numpy.array(samples[:6000])
    assert 0 < abs(noise).max() < 60, "an output takes it for sound, an ear does not"
    assert numpy.count_nonzero(noise[1500:]) > 3000
    assert samples[6000:6100] == [5000] * 100
    assert ends == [(1, 6100)], "nobody is told of the noise"
    assert playback.play(2, level(5000, 100), whole=True) == 7000, "awake now"
    playback.pull(200)
    playback.pull(QUIET_SAMPLES)
    assert playback.play(3, level(5000, 100), whole=True) > playback.position


def test_a_breath_is_never_moved_by_it_and_a_cut_takes_it_away(playback: Playback) -> None:
    playback.wake_output(0.25)
    assert playback.play(1, level(5000, 100), start_sample=10) == 10
    playback.cut()
    playback.play(2, level(5000, 100), whole=True)
    playback.pull(1000)
    playback.cut()
    assert not any(pulled(playback, 5000)[FADE_SAMPLES:])


def test_without_a_lead_in_a_word_comes_at_once(playback: Playback) -> None:
    playback.wake_output(0.0)
    assert playback.play(1, level(5000, 100), whole=True) == 0
