import numpy
import pytest

from voice_ally.core.sound import SAMPLE_RATE_HZ, samples_in
from voice_ally.speak.loudness import loudness_lufs
from voice_ally.speak.tones import KINDS, LEVELS, Tones

HALF = 32_767 // 2


def wave(pcm16: bytes) -> numpy.ndarray:
    return numpy.frombuffer(pcm16, "<i2").astype(int)


def pitch_hz(samples: numpy.ndarray) -> float:
    rising = numpy.flatnonzero((samples[:-1] < 0) & (samples[1:] >= 0))
    return SAMPLE_RATE_HZ / float(numpy.diff(rising).mean())


SOUNDS = {
    **{name: Tones().breath(name, 4.0, 1.0) for name in ("in", "sip", "hold", "out", "rest")},
    **{name: Tones().chime(name, 1.0) for name in ("bell", "soft")},
}


@pytest.mark.parametrize("name", ["in", "hold", "out", "rest"])
@pytest.mark.parametrize("seconds", [0.0, 0.00003, 0.05, 1.23456, 4.0])
def test_a_breath_tone_lasts_exactly_as_long_as_asked(name: str, seconds: float) -> None:
    assert samples_in(Tones().breath(name, seconds, 1.0)) == round(seconds * SAMPLE_RATE_HZ)


@pytest.mark.parametrize("name", SOUNDS)
def test_every_sound_is_quiet_and_free_of_clicks(name: str) -> None:
    samples = wave(SOUNDS[name])
    assert abs(samples).max() <= HALF
    assert abs(numpy.diff(samples, prepend=0, append=0)).max() < 3000
    assert abs(samples[:16]).max() < 200
    assert abs(samples[-16:]).max() < 20


@pytest.mark.parametrize("name", ["bell", "soft"])
def test_a_bell_is_struck_softly_and_dies_away(name: str) -> None:
    samples = wave(SOUNDS[name]).astype(float)
    parts = [numpy.sqrt((part**2).mean()) for part in numpy.array_split(samples, 5)]
    assert parts == sorted(parts, reverse=True)
    assert parts[-1] < parts[0] / 5
    rise = numpy.flatnonzero(abs(samples) > abs(samples).max() * 0.9)[0]
    assert rise > SAMPLE_RATE_HZ * 0.005, "no stroke that startles"


@pytest.mark.parametrize("name", ["in", "out"])
def test_a_breath_tone_swells_and_sinks_with_the_breath(name: str) -> None:
    samples = wave(SOUNDS[name]).astype(float)[:: 1 if name == "in" else -1]
    parts = [numpy.sqrt((part**2).mean()) for part in numpy.array_split(samples, 10)]
    assert parts[1] < parts[3] < parts[5] < parts[7]


def test_a_tone_is_the_same_each_time() -> None:
    again = Tones()
    assert again.breath("in", 4.0, 1.0) == SOUNDS["in"]
    assert again.chime("bell", 1.0) == SOUNDS["bell"]


def test_the_pitch_rises_stays_and_falls_without_a_jump() -> None:
    part = SAMPLE_RATE_HZ // 4
    rising, level, falling = (wave(SOUNDS[name])[400:-400] for name in ("in", "hold", "out"))
    assert pitch_hz(rising[:part]) < 180
    top = pitch_hz(rising[-part:])
    assert pitch_hz(level) == pytest.approx(top, rel=0.02)
    assert pitch_hz(falling[:part]) == pytest.approx(top, rel=0.02)
    assert pitch_hz(falling[-part:]) < 180


def test_a_sip_goes_on_above_a_full_breath_softly() -> None:
    part = SAMPLE_RATE_HZ // 4
    full, sip = (wave(SOUNDS[name])[400:-400] for name in ("in", "sip"))
    assert pitch_hz(sip[:part]) == pytest.approx(pitch_hz(full[-part:]), rel=0.02)
    assert pitch_hz(sip[-part:]) > pitch_hz(full[-part:]) * 1.2
    assert abs(sip).max() < abs(full).max()


def test_a_hold_is_quieter_than_a_breath_and_a_rest_is_silent() -> None:
    assert 0 < abs(wave(SOUNDS["hold"])).max() < abs(wave(SOUNDS["in"])).max() / 2
    assert not wave(SOUNDS["rest"]).any()


def test_volume_makes_sounds_softer() -> None:
    assert abs(wave(Tones().chime("bell", 0.5))).max() < abs(wave(SOUNDS["bell"])).max() * 0.6
    assert not wave(Tones().breath("in", 1.0, 0.0)).any()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ["in", "sip", "hold", "out"])
def test_every_kind_is_as_long_and_as_loud_as_any_other_and_free_of_clicks(
    kind: str, name: str
) -> None:
    tone = Tones(kind).breath(name, 2.345, 1.0)
    assert samples_in(tone) == round(2.345 * SAMPLE_RATE_HZ)
    assert tone == Tones(kind).breath(name, 2.345, 1.0)
    samples = wave(tone) / 32768
    assert loudness_lufs(samples) == pytest.approx(LEVELS[name], abs=0.3)
    assert abs(samples[:16]).max() < 0.01
    assert abs(samples[-16:]).max() < 0.001


def test_a_breath_in_is_told_from_a_breath_out_in_every_kind() -> None:
    for kind in KINDS:
        rising, falling = (
            wave(Tones(kind).breath(name, 4.0, 1.0)).astype(float) for name in ("in", "out")
        )
        for one in (rising, falling[::-1]):
            parts = [numpy.sqrt((part**2).mean()) for part in numpy.array_split(one, 8)]
            assert parts[1] < parts[3] < parts[5], kind


def test_breath_tones_have_a_volume_of_their_own() -> None:
    usual, soft, none = (Tones(volume=one).breath("in", 1.0, 1.0) for one in (1.0, 0.5, 0.0))
    assert abs(wave(soft)).max() == pytest.approx(abs(wave(usual)).max() / 2, rel=0.02)
    assert not wave(none).any()
    assert Tones(volume=0.5).chime("bell", 1.0) == Tones().chime("bell", 1.0)
