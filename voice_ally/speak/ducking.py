"""Turned down while somebody speaks.

Rules: the volume moves along a ramp, never in a step. Runs in the audio callback: only
arithmetic on one block.
"""

from voice_ally.core.sound import Sound, samples_in

LOWERED = 0.25
"""-12 dB: still to be followed, but a person speaks easily over it."""
LOWER_SAMPLES, RAISE_SAMPLES = 1200, 7200
"""Of the whole way: 50 ms down, 0.3 s up."""


class Ducking:
    """Full, lowered, or on the way between the two."""

    def __init__(self) -> None:
        # Loaded before any stream runs: see playback.py.
        import numpy

        self._numpy = numpy
        self._gain = self._wanted = 1.0

    def lower(self, lowered: bool) -> None:
        """Sound under somebody who speaks, or at full volume again. From any thread."""
        self._wanted = LOWERED if lowered else 1.0

    def apply(self, pcm16: Sound) -> Sound:
        """The next samples, as loud as they should be."""
        numpy, gain, wanted = self._numpy, self._gain, self._wanted
        if gain == wanted == 1.0:
            return pcm16
        slope = (1 - LOWERED) / (LOWER_SAMPLES if wanted < gain else RAISE_SAMPLES)
        steps = numpy.arange(1, samples_in(pcm16) + 1) * slope
        if wanted < gain:
            gains = numpy.maximum(gain - steps, wanted)
        else:
            gains = numpy.minimum(gain + steps, wanted)
        self._gain = float(gains[-1]) if len(gains) else gain
        samples = numpy.frombuffer(pcm16, "<i2") * gains
        return Sound(numpy.rint(samples).astype("<i2").tobytes())
