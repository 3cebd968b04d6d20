"""Bells and breath tones, made here.

Rules: a breath tone is exactly as long as asked, begins and ends at nothing, and is the same
each time, to the sample. The pitch of one phase begins where the phase before it ended; only a
sip on top of a full breath goes a step above it, so that it is heard as a second one. Each
sound is as loud as LEVELS says, by the measure of loudness.py, which is also the voice's.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16, silence, to_samples
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
HOLD_LU, SIP_LU = -6.0, -3.0
LEVELS = {
    "in": TARGET_LUFS,
    "sip": TARGET_LUFS + SIP_LU,
    "hold": TARGET_LUFS + HOLD_LU,
    "out": TARGET_LUFS,
    "bell": TARGET_LUFS,
    "soft": TARGET_LUFS,
}
"""LUFS at volume 1; of bells, their loudest 0.4 s. A hold is only there to lean on."""
KEPT_SOUNDS = 64


class Tones:
    """Makes the sounds a session asks for."""

    def chime(self, sound: str, volume: float) -> Pcm16:
        """ "bell" or "soft"; volume 1 is as loud as the voice at 1."""
        return _bell(sound, round(volume, 3))

    def breath(self, name: str, seconds: float, volume: float) -> Pcm16:
        """A tone of exactly this length: rising for in and sip, falling for out, level for hold."""
        count = to_samples(seconds)
        return silence(count) if name == "rest" or not count else _breath(name, count, volume)


@lru_cache(KEPT_SOUNDS)
def _breath(name: str, count: int, volume: float) -> Pcm16:
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
    bright = 0.35 + 0.65 * (fullness if name != "hold" else 0.3 * fullness)
    wave = numpy.zeros(count)
    for aside, weight in ((0.0, 0.9), (DRIFT_HZ, 0.1)):
        angle = 2 * numpy.pi * numpy.cumsum(pitch + aside) / SAMPLE_RATE_HZ
        # each partial from the two before it: much cheaper than another sine
        before, partial, twice = numpy.zeros(count), numpy.sin(angle), 2 * numpy.cos(angle)
        upper = numpy.full(count, weight)
        for strength in WARMTH:
            wave += strength * upper * partial
            before, partial = partial, twice * partial - before
            upper = upper * bright
    wave *= swell * _edges(count, to_samples(RISE_SECONDS), to_samples(FALL_SECONDS))
    return _at(wave, loudness_lufs(wave), LEVELS[name], volume)


@lru_cache(KEPT_SOUNDS)
def _bell(sound: str, volume: float) -> Pcm16:
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


def _at(wave: "Wave", measured_lufs: float, wanted_lufs: float, volume: float) -> Pcm16:
    import numpy

    gain = 10 ** ((wanted_lufs - measured_lufs) / 20)
    if not numpy.isfinite(gain):
        gain = 0.0
    level = Pcm16(numpy.rint(wave * gain * 32767).astype("<i2").tobytes())
    return amplified(level, volume)
