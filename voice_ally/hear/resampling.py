"""What is played, at the rate of what is heard: the echo's reference, and lines heard back.

Rules: 24 kHz in, 16 kHz out. A stream is shaped by a short filter of its own and not by soxr, which
holds back 20 ms and more: the reference must be there before its echo. Costs the audio callback
some microseconds a block.
"""

from typing import Any

from voice_ally.core import audio, sound
from voice_ally.core.audio import Pcm16
from voice_ally.core.sound import Sound

UP, DOWN = 2, 3
TAPS = 40
"""Of each of the two filters: flat to 6.5 kHz, gone (-60 dB) from 9 kHz on, 0.8 ms late."""
CUTOFF = 0.96
BETA = 6.0
"""Kaiser's window."""


class Downsampler:
    """A stream of played sound, any length at a time; never waits for what comes next."""

    def __init__(self) -> None:
        # loaded before any stream runs: see speak/playback.py
        import numpy

        self._numpy = numpy
        half = UP * TAPS
        time = numpy.arange(half) - (half - 1) / 2
        ratio = CUTOFF / DOWN
        low_pass = numpy.sinc(time * ratio) * numpy.kaiser(half, BETA)
        low_pass *= UP / low_pass.sum()
        # every second tap meets a sample, the others the zeros between: two filters, one for the
        # output samples that fall on an input sample and one for those between two
        self._filters = low_pass[0::2], low_pass[1::2]
        self._kept: Any = numpy.zeros(TAPS - 1)
        self._silent = True
        """Is what is kept all silence?"""

    def take(self, played: Sound) -> Pcm16:
        """The next samples; two for each three that are complete."""
        numpy = self._numpy
        samples = numpy.concatenate((self._kept, numpy.frombuffer(played, "<i2")))
        triples = (len(samples) - TAPS + 1) // DOWN
        self._kept = samples[triples * DOWN :]
        was_silent, self._silent = self._silent, not self._kept.any()
        if was_silent and self._silent and not any(played):
            return audio.silence(triples * UP)
        on, between = self._filters
        even = numpy.convolve(samples, on, "valid")[: triples * DOWN : DOWN]
        odd = numpy.convolve(samples, between, "valid")[1 : triples * DOWN + 1 : DOWN]
        both = numpy.stack((even, odd), axis=1).ravel()
        return Pcm16(numpy.rint(both).clip(-32768, 32767).astype("<i2").tobytes())


def as_heard(played: Sound) -> Pcm16:
    """A whole sound as a microphone right beside the loudspeaker would bring it."""
    import numpy
    import soxr

    samples = numpy.frombuffer(played, "<i2")
    if not len(samples):
        return Pcm16(b"")
    resampled = soxr.resample(samples, sound.SAMPLE_RATE_HZ, audio.SAMPLE_RATE_HZ)
    return Pcm16(resampled.astype("<i2").tobytes())
