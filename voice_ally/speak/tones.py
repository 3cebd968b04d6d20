"""Bells and breath tones, made here.

Rules: a breath tone is exactly as long as asked, begins and ends at nothing, and is the same
each time, to the sample. The pitch of one phase begins where the phase before it ended; only a
sip on top of a full breath goes a step above it, so that it is heard as a second one. Each
sound is as loud as LEVELS says, by the measure of loudness.py, which is also the voice's. There
are three kinds of breath tone: "soft" hums, "bowl" sings like a bowl that is rubbed, "wave" is
noise like the sea; each tells by its loudness and its height which way the breath goes.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from voice_ally.core.sound import SAMPLE_RATE_HZ, Sound, silence, to_samples
from voice_ally.speak.loudness import TARGET_LUFS, amplified, loudest_lufs, loudness_lufs

if TYPE_CHECKING:
    from voice_ally.speak.loudness import Wave

LOW_HZ, HIGH_HZ = 174.6, 261.6
"""F3 and C4: a fifth that most voices could hum."""
SIP_HZ = 329.6
"""E4, a third above the full breath: where the second, smaller sip of a sigh ends."""
WARMTH = (1.0, 0.42, 0.2, 0.08, 0.03)
"""How strong each partial of a breath tone is at its brightest; the upper ones breathe too."""
DRIFT_HZ = 0.5
"""A second layer this far beside the first keeps the tone alive, like two people humming."""
RISE_SECONDS, FALL_SECONDS = 0.25, 0.4
"""The edges of a breath tone. A third of it at most, so that a short sip has a middle too."""
BELLS = {
    # hertz, seconds, attack in seconds; then (ratio, weight, seconds to a thousandth)
    "bell": (311.1, 3.2, 0.010, ((1.0, 1.0, 7.0), (2.71, 0.5, 3.4), (5.15, 0.16, 1.6))),
    "soft": (392.0, 1.8, 0.030, ((1.0, 1.0, 4.0), (2.71, 0.2, 1.6), (5.15, 0.03, 0.7))),
}
"""The partials of a struck bowl: bending waves run round its rim, so they are not harmonic.
Ratios as in Inacio, Henrique and Antunes, "The dynamics of Tibetan singing bowls", 2006."""
BEAT = 0.0016
"""Each partial is a pair this far apart (no bowl is quite round): a slow, natural beating."""
BELL_FALL_SECONDS = 0.8
TONE_LU, HOLD_LU, SIP_LU = -7.0, -6.0, -3.0
"""Tones beside the voice; a hold, which is only there to lean on, and a sip beside other tones."""
LEVELS = {
    "in": TARGET_LUFS + TONE_LU,
    "sip": TARGET_LUFS + TONE_LU + SIP_LU,
    "hold": TARGET_LUFS + TONE_LU + HOLD_LU,
    "out": TARGET_LUFS + TONE_LU,
    "bell": TARGET_LUFS + TONE_LU,
    "soft": TARGET_LUFS + TONE_LU,
}
"""LUFS at volume 1; of bells, their loudest 0.4 s."""
KINDS = ("soft", "bowl", "wave")
BOWL = ((1.0, 1.0), (2.71, 0.35), (5.15, 0.06))
"""Ratio and weight of a rubbed bowl's partials: those of the bells, the upper ones fainter."""
BOWL_BEAT_HZ = 0.8
SURF_HZ = ((120.0, 500.0), (300.0, 1600.0))
"""Corners of the wave's noise with empty and with full lungs."""
KEPT_SOUNDS = 64


class Tones:
    """Makes the sounds a session asks for. volume: of the breath tones, beside all else."""

    def __init__(self, kind: str = "soft", volume: float = 1.0) -> None:
        self._kind, self._volume = kind, volume

    def chime(self, sound: str, volume: float) -> Sound:
        """ "bell" or "soft"; volume 1 is as loud as the voice at 1."""
        return _bell(sound, round(volume, 3))

    def breath(self, name: str, seconds: float, volume: float) -> Sound:
        """A tone of exactly this length: rising for in and sip, falling for out, level for hold."""
        count = to_samples(seconds)
        return silence(count) if name == "rest" or not count else self._breath(name, count, volume)

    def _breath(self, name: str, count: int, volume: float) -> Sound:
        return _breath(self._kind, name, count, round(volume * self._volume, 3))


@lru_cache(KEPT_SOUNDS)
def _breath(kind: str, name: str, count: int, volume: float) -> Sound:
    import numpy

    progress = numpy.linspace(0, 1, count, endpoint=False)
    if name == "out":
        progress = 1 - progress
    elif name == "hold":
        progress = numpy.ones(count)
    fullness = (1 - numpy.cos(numpy.pi * progress)) / 2
    low, high = (HIGH_HZ, SIP_HZ) if name == "sip" else (LOW_HZ, HIGH_HZ)
    pitch = low * (high / low) ** fullness
    # a breath swells and sinks; a hold neither, and it is the dullest of all
    swell = 0.45 + 0.55 * fullness if name != "hold" else numpy.ones(count)
    full = fullness if name != "hold" else 0.3 * fullness
    wave = {"soft": _hum, "bowl": _bowl, "wave": _surf}[kind](pitch, full)
    wave *= swell * _edges(count, to_samples(RISE_SECONDS), to_samples(FALL_SECONDS))
    return _at(wave, loudness_lufs(wave), LEVELS[name], volume)


def _hum(pitch: "Wave", fullness: "Wave") -> "Wave":
    """Harmonics, brighter the fuller the lungs."""
    import numpy

    count, bright = len(pitch), 0.35 + 0.65 * fullness
    wave: Wave = numpy.zeros(count)
    for aside, weight in ((0.0, 0.9), (DRIFT_HZ, 0.1)):
        angle = 2 * numpy.pi * numpy.cumsum(pitch + aside) / SAMPLE_RATE_HZ
        # each partial from the two before it: much cheaper than another sine
        before, partial, twice = numpy.zeros(count), numpy.sin(angle), 2 * numpy.cos(angle)
        upper = numpy.full(count, weight)
        for strength in WARMTH:
            wave += strength * upper * partial
            before, partial = partial, twice * partial - before
            upper = upper * bright
    return wave


def _bowl(pitch: "Wave", fullness: "Wave") -> "Wave":
    """A bowl's partials, each a pair that beats slowly."""
    import numpy

    wave: Wave = numpy.zeros(len(pitch))
    for number, (ratio, weight) in enumerate(BOWL):
        strength = weight * (0.4 + 0.6 * fullness) ** number
        for aside, share in ((0.0, 0.75), (BOWL_BEAT_HZ, 0.25)):
            angle = 2 * numpy.pi * numpy.cumsum(pitch * ratio + aside) / SAMPLE_RATE_HZ
            wave += strength * share * numpy.sin(angle)
    return wave


def _surf(pitch: "Wave", fullness: "Wave") -> "Wave":
    """Noise, dark with empty lungs and brighter with full ones."""
    import numpy

    count = len(pitch)
    length = 1 << max(1, count - 1).bit_length()
    spectrum = numpy.fft.rfft(numpy.random.default_rng(count).standard_normal(length))
    hertz = numpy.fft.rfftfreq(length, 1 / SAMPLE_RATE_HZ)
    dark, light = (
        numpy.fft.irfft(
            spectrum * (hertz / low) ** 2 / (1 + (hertz / low) ** 2) / (1 + (hertz / high) ** 2),
            length,
        )[:count]
        for low, high in SURF_HZ
    )
    wave: Wave = dark * (1 - fullness) / dark.std() + light * fullness / light.std()
    return wave


@lru_cache(KEPT_SOUNDS)
def _bell(sound: str, volume: float) -> Sound:
    import numpy

    hertz, seconds, attack_seconds, partials = BELLS[sound]
    time = numpy.arange(to_samples(seconds)) / SAMPLE_RATE_HZ
    wave = numpy.zeros(len(time))
    for ratio, weight, thousandth_seconds in partials:
        decay = numpy.exp(-numpy.log(1000) * time / thousandth_seconds)
        for side, share in ((1.0, 0.85), (1.0 + BEAT, 0.15)):
            angle = 2 * numpy.pi * hertz * ratio * side * time
            wave += weight * share * decay * numpy.sin(angle)
    # the stick is soft: high partials are not there from the first instant
    fall = to_samples(BELL_FALL_SECONDS)
    wave *= _edges(len(wave), to_samples(attack_seconds), fall)
    return _at(wave, loudest_lufs(wave), LEVELS[sound], volume)


def _edges(count: int, rise: int, fall: int) -> "Wave":
    """From nothing up to 1, and down to nothing, without a corner."""
    import numpy

    envelope: Wave = numpy.ones(count)
    rise, fall = min(rise, count // 3), min(fall, count // 3)
    envelope[:rise] *= numpy.sin(numpy.pi / 2 * numpy.arange(rise) / max(1, rise)) ** 2
    envelope[count - fall :] *= numpy.cos(numpy.pi / 2 * numpy.arange(1, fall + 1) / fall) ** 2
    return envelope


def _at(wave: "Wave", measured_lufs: float, wanted_lufs: float, volume: float) -> Sound:
    import numpy

    gain = 10 ** ((wanted_lufs - measured_lufs) / 20)
    if not numpy.isfinite(gain):
        gain = 0.0
    level = Sound(numpy.rint(wave * gain * 32767).astype("<i2").tobytes())
    return amplified(level, volume)
