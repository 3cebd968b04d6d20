import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_ally.core.sound import Sound
from voice_ally.hear.resampling import Downsampler, as_heard

SECOND = 24_000


def sine(hertz: float) -> Sound:
    wave = 10_000 * numpy.sin(2 * numpy.pi * hertz * numpy.arange(SECOND) / SECOND)
    return Sound(wave.astype("<i2").tobytes())


def level(pcm16: bytes) -> float:
    return float(numpy.frombuffer(pcm16, "<i2")[200:].astype(float).std())


@pytest.mark.parametrize("hertz", [100, 1000, 4000, 6500])
def test_what_a_recogniser_hears_comes_through_as_it_is(hertz: float) -> None:
    heard = Downsampler().take(sine(hertz))
    assert len(heard) == 2 * 16_000
    assert level(heard) == pytest.approx(level(sine(hertz)), rel=0.06)


@pytest.mark.parametrize("hertz", [9000, 10_000, 11_500])
def test_what_is_too_high_for_it_is_gone_and_not_folded_down(hertz: float) -> None:
    assert level(Downsampler().take(sine(hertz))) < level(sine(hertz)) / 700


@settings(deadline=None)
@given(st.lists(st.integers(0, 1000), max_size=30))
def test_it_does_not_matter_in_what_lengths_it_comes(lengths: list[int]) -> None:
    sound, downsampler, heard, at = sine(440), Downsampler(), b"", 0
    for length in (*lengths, SECOND):
        heard += downsampler.take(Sound(sound[2 * at : 2 * (at + length)]))
        at += length
    assert heard == Downsampler().take(sound)


def test_a_whole_sound_is_as_long_as_before() -> None:
    assert len(as_heard(sine(440))) == 2 * 16_000
    assert as_heard(Sound(b"")) == b""
