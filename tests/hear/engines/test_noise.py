"""Noise is taken out of what is noisy, and of nothing else."""

import sys
from collections.abc import Iterator
from importlib.util import find_spec

import numpy
import pytest

from tests.speech_samples import conversation, quiet, spoken
from voice_ally.core.audio import SAMPLE_BYTES, Pcm16, samples_in
from voice_ally.hear.engines import rnnoise
from voice_ally.hear.engines.noise import SHORT_BYTES, is_noisy, with_hiss, without_noise
from voice_ally.hear.engines.rnnoise import denoised

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


def test_digital_silence_gets_a_faint_hiss_and_a_room_none() -> None:
    said = conversation(0.4, spoken("calming pause"), 0.4)
    silent = Pcm16(bytes(12_800) + said + bytes(12_800))
    hissed = with_hiss(silent)
    assert samples_in(hissed) == samples_in(silent)
    assert 8 < level_db(Pcm16(hissed[:12_800])) < 12, "3 steps of a sample"
    assert with_hiss(silent) == hissed, "the same each time"
    assert with_hiss(hissed) is hissed
    assert with_hiss(Pcm16(b"")) == b""


def noisy_phrase(after_seconds: float = 0.4, text: str = "calming pause") -> Pcm16:
    return in_noise(conversation(0.4, spoken(text), after_seconds, quiet(0.01)))


def tail_db(pcm16: Pcm16) -> float:
    half_second = 8000 * SAMPLE_BYTES
    return level_db(Pcm16(pcm16[-half_second:]))


def suppressors_at_hand() -> None:
    if sys.platform != "linux":
        pytest.skip("the suppressors are for Linux alone")
    for one in ("webrtc_noise_gain", "pyrnnoise"):
        if find_spec(one) is None:
            pytest.skip(f"{one} is missing: run tools/setup.sh test")


def test_a_noisy_utterance_keeps_its_length_and_loses_noise() -> None:
    suppressors_at_hand()
    noisy = noisy_phrase()
    assert is_noisy(noisy)
    cleaned = without_noise(noisy)
    assert samples_in(cleaned) == samples_in(noisy)
    assert tail_db(cleaned) < tail_db(noisy) - 3
    assert without_noise(noisy) is cleaned, "the work is not done twice"
    without_noise.cache_clear()
    assert without_noise(noisy) == cleaned, "the same each time"


def test_a_long_utterance_loses_all_of_it_a_short_one_keeps_a_share() -> None:
    suppressors_at_hand()
    short, long = noisy_phrase(text="stop"), noisy_phrase(2.0)
    assert len(short) < SHORT_BYTES <= len(long)
    assert tail_db(short) - 12 < tail_db(without_noise(short)) < tail_db(short) - 6
    assert tail_db(without_noise(long)) < tail_db(long) - 15


def test_what_is_said_stays_where_it_is() -> None:
    suppressors_at_hand()
    clear = Pcm16(conversation(0.4, spoken("calming pause"), 0.3))
    cleaned = denoised(clear)
    assert cleaned is not None
    before, after = (numpy.frombuffer(one, "<i2").astype(float) for one in (clear, cleaned))
    likeness = numpy.correlate(before, after[400:-400], "valid")
    assert abs(int(likeness.argmax()) - 400) <= 16, "no later and no sooner than 1 ms"


def test_no_sound_is_no_sound() -> None:
    suppressors_at_hand()
    assert denoised(Pcm16(b"")) == b""


@pytest.fixture
def without_rnnoise(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    rnnoise._library.cache_clear()
    without_noise.cache_clear()
    monkeypatch.setattr(rnnoise, "PACKAGE", "a_package_that_is_missing")
    yield
    rnnoise._library.cache_clear()
    without_noise.cache_clear()


@pytest.mark.usefixtures("without_rnnoise")
def test_without_rnnoise_webrtc_takes_some_of_it_out() -> None:
    suppressors_at_hand()
    noisy = noisy_phrase()
    assert denoised(noisy) is None
    cleaned = without_noise(noisy)
    assert samples_in(cleaned) == samples_in(noisy)
    assert tail_db(cleaned) < tail_db(noisy) - 3


@pytest.mark.usefixtures("without_rnnoise")
def test_without_either_all_of_it_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "webrtc_noise_gain", None)
    noisy = noisy_phrase()
    assert without_noise(noisy) == noisy


def test_a_package_without_its_library_is_none(
    monkeypatch: pytest.MonkeyPatch, without_rnnoise: None
) -> None:
    monkeypatch.setattr(rnnoise, "PACKAGE", "voice_ally")
    assert denoised(noisy_phrase()) is None
