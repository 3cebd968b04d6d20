"""Our measure beside pyloudnorm's, and what it is used for."""

import numpy
import pyloudnorm
import pytest

from tests.speech_samples import spoken
from voice_ally.core.sound import SAMPLE_RATE_HZ, Sound
from voice_ally.speak.loudness import (
    PEAK,
    TARGET_LUFS,
    amplified,
    levelled,
    loudest_lufs,
    loudness_lufs,
)
from voice_ally.speak.tones import LEVELS, Tones

METER = pyloudnorm.Meter(SAMPLE_RATE_HZ)
TIME = numpy.arange(3 * SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ


def wave(pcm16: bytes) -> numpy.ndarray:
    return numpy.frombuffer(pcm16, "<i2") / 32768


def pcm(samples: numpy.ndarray) -> Sound:
    return Sound((samples * 32767).astype("<i2").tobytes())


SOUNDS = {
    "a sine of 997 Hz": numpy.sin(2 * numpy.pi * 997 * TIME),
    "a low hum": 0.1 * numpy.sin(2 * numpy.pi * 60 * TIME),
    "noise": numpy.random.default_rng(1).normal(0, 0.05, len(TIME)),
    "speech with a long gap": wave(spoken("I need to repair") + bytes(64_000) + spoken("stop")),
}


@pytest.mark.parametrize("name", SOUNDS)
def test_it_measures_what_pyloudnorm_measures(name: str) -> None:
    assert loudness_lufs(SOUNDS[name]) == pytest.approx(
        METER.integrated_loudness(SOUNDS[name]), abs=0.3
    )


def test_a_full_scale_sine_has_the_loudness_the_standard_says() -> None:
    assert loudness_lufs(SOUNDS["a sine of 997 Hz"]) == pytest.approx(-3.01, abs=0.01)


def test_silence_and_nothing_have_no_loudness_and_stay_as_they_are() -> None:
    assert loudness_lufs(numpy.zeros(0)) == loudness_lufs(numpy.zeros(9000)) == float("-inf")
    for nothing in (Sound(b""), Sound(bytes(18_000))):
        assert levelled(nothing) == nothing


@pytest.mark.parametrize("gain", [0.02, 0.3, 1.0])
def test_soft_and_loud_speech_come_out_equally_loud(gain: float) -> None:
    line = levelled(pcm(wave(spoken("I need to repair")) * gain))
    assert METER.integrated_loudness(wave(line)) == pytest.approx(TARGET_LUFS, abs=0.5)


def test_peaks_are_rounded_off_never_clipped() -> None:
    line = wave(amplified(spoken("I need to repair"), 1.5))
    assert abs(line).max() <= PEAK
    assert len(set(numpy.sort(abs(line))[-20:])) > 3, "no flat top"
    assert amplified(spoken("stop"), 1.0) == spoken("stop")


@pytest.mark.parametrize("name", ["in", "hold", "out"])
@pytest.mark.parametrize("seconds", [1.0, 2.5, 4.0, 8.0])
def test_breath_tones_are_as_loud_as_they_should_be(name: str, seconds: float) -> None:
    tone = wave(Tones().breath(name, seconds, 1.0))
    assert METER.integrated_loudness(tone) == pytest.approx(LEVELS[name], abs=0.5)


@pytest.mark.parametrize("sound", ["bell", "soft"])
def test_bells_lie_under_the_voice(sound: str) -> None:
    assert loudest_lufs(wave(Tones().chime(sound, 1.0))) == pytest.approx(LEVELS[sound], abs=0.1)


@pytest.mark.parametrize("name", ["in", "out", "bell", "soft"])
def test_tones_are_six_to_eight_decibels_under_the_voice(name: str) -> None:
    assert -8 <= LEVELS[name] - TARGET_LUFS <= -6
