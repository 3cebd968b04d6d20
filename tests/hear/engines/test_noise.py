"""Noise is taken out of what is noisy, and of nothing else."""

import sys

import numpy
import pytest

from tests.speech_samples import conversation, quiet, spoken
from voice_ally.core.audio import SAMPLE_BYTES, Pcm16, samples_in
from voice_ally.hear.engines.noise import is_noisy, without_noise

NOISE_RMS = 500.0


def level_db(pcm16: Pcm16) -> float:
    samples = numpy.frombuffer(pcm16, "<i2").astype(numpy.float64)
    return float(10 * numpy.log10((samples**2).mean() + 1))


def in_noise(pcm16: Pcm16) -> Pcm16:
    samples = numpy.frombuffer(pcm16, "<i2").astype(numpy.float64)
    noise = numpy.random.default_rng(1).normal(0.0, NOISE_RMS, samples.size)
    return Pcm16((samples + noise).clip(-32768, 32767).astype("<i2").tobytes())


def test_what_is_clear_stays_as_it_is() -> None:
    clear = conversation(0.4, spoken("calming pause"), 0.3)
    assert not is_noisy(clear)
    assert without_noise(clear) is clear


def test_next_to_no_sound_has_no_noise() -> None:
    assert without_noise(Pcm16(b"\1\0" * 100)) == b"\1\0" * 100


def test_a_noisy_utterance_keeps_its_length_and_loses_noise() -> None:
    if sys.platform != "linux":
        pytest.skip("the suppressor is for Linux alone")
    pytest.importorskip("webrtc_noise_gain", reason="run tools/setup.sh test")
    noisy = in_noise(conversation(0.4, spoken("calming pause"), 0.4, quiet(0.01)))
    assert is_noisy(noisy)
    cleaned = without_noise(noisy)
    assert samples_in(cleaned) == samples_in(noisy)
    half_second = 8000 * SAMPLE_BYTES
    assert level_db(Pcm16(cleaned[-half_second:])) < level_db(Pcm16(noisy[-half_second:])) - 3
    assert without_noise(noisy) == cleaned, "the same each time"
