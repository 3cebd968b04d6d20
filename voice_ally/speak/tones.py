"""Chimes and breath tones.

Rules: exactly as long as asked, quiet, and free of clicks: every tone fades in and out, and the
pitch of one phase begins where the phase before it ended.
"""

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16, silence, to_samples

LOW_HZ, HIGH_HZ = 174.6, 261.6
"""F3 and C4: a fifth that most voices could hum."""
BELL_HZ, SOFT_HZ = 660.0, 392.0
BREATH_PEAK, HOLD_PEAK, CHIME_PEAK = 0.16, 0.05, 0.22
FADE_SECONDS = 0.06
CHIME_SECONDS = {"bell": 1.6, "soft": 0.9}


class Tones:
    """Makes the sounds a session asks for."""

    def chime(self, sound: str, volume: float) -> Pcm16:
        """ "bell" or "soft"; volume 0 to 1."""
        import numpy

        seconds = CHIME_SECONDS[sound]
        time = numpy.arange(to_samples(seconds)) / SAMPLE_RATE_HZ
        base = BELL_HZ if sound == "bell" else SOFT_HZ
        wave = sum(
            weight * numpy.sin(2 * numpy.pi * base * factor * time) * numpy.exp(-decay * time)
            for factor, weight, decay in ((1.0, 0.7, 3.0), (2.0, 0.2, 5.0), (2.76, 0.1, 8.0))
        )
        return _pcm16(wave * CHIME_PEAK, volume)

    def breath(self, name: str, seconds: float, volume: float) -> Pcm16:
        """A tone of exactly this length: rising for in, falling for out, level for hold."""
        import numpy

        count = to_samples(seconds)
        if name == "rest":
            return silence(count)
        turn = (1 - numpy.cos(numpy.linspace(0, numpy.pi, count))) / 2
        if name == "in":
            pitch = LOW_HZ + (HIGH_HZ - LOW_HZ) * turn
        elif name == "out":
            pitch = HIGH_HZ - (HIGH_HZ - LOW_HZ) * turn
        else:
            pitch = numpy.full(count, HIGH_HZ)
        angle = 2 * numpy.pi * numpy.cumsum(pitch) / SAMPLE_RATE_HZ
        wave = 0.8 * numpy.sin(angle) + 0.2 * numpy.sin(2 * angle)
        return _pcm16(wave * (HOLD_PEAK if name == "hold" else BREATH_PEAK), volume)


def _pcm16(wave: object, volume: float) -> Pcm16:
    import numpy

    samples = numpy.asarray(wave)
    fade = min(len(samples) // 2, to_samples(FADE_SECONDS))
    if fade:
        ramp = numpy.linspace(0, 1, fade)
        samples[:fade] *= ramp
        samples[-fade:] *= ramp[::-1]
    return Pcm16((samples * min(1.0, volume) * 32767).astype("<i2").tobytes())
