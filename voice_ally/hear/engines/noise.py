"""Noise taken out of an utterance before PocketSphinx decodes it, by RNNoise; or a little put in.

Rules: out only where there is noise, since it costs a little of what is clear (figures in
docs/hearing-notebook.md). Each utterance for itself, so that the same sound always gives the
same. Where the library is missing WebRTC's suppressor does it, and where that is missing too
nothing does.
Digital silence, as of microphones that mute themselves, gets the hiss of a quiet room.
"""

from functools import lru_cache
from math import inf

from voice_ally.core.audio import BLOCK_BYTES, BLOCK_SAMPLES, SAMPLE_BYTES, Pcm16, to_samples
from voice_ally.hear.engines.rnnoise import denoised

NOISY_BELOW_DB = 29.0
"""Between the loud tenth and the quiet tenth of an utterance's 10 ms blocks. People in a quiet room
have 51 and more (nine in ten of them), in kitchen noise at 24 dB 33, at 12 dB 22, at 6 dB 17."""
LOUD_PERCENTILE, QUIET_PERCENTILE = 95, 10
SHORT_BYTES = to_samples(2.0) * SAMPLE_BYTES
"""Of an utterance with the quiet around it: two words or so, little for a network to go by."""
LEFT_OF_SHORT = 0.3
"""So much of a short one's noise is left. People's "computer" and "view glass" (99 of the tuning
half, PocketSphinx alone) at 12 and 6 dB: .838 and .657 with none left, .889 and .737 with this;
long orders (84) .964 and .964 with none left."""
SILENT_BELOW_DB = 3.0
"""Of the quiet tenth: less than one step of a sample."""
HISS_RMS = 3.0
"""Of 32,768. "Calming pause" by espeak-ng in digital silence fitted so badly that it was asked
about a second later; with this, as in any quiet room, it is believed at once."""
SUPPRESSION_LEVEL = 1
"""Of WebRTC's 4; more of it makes words worse than the noise does."""


@lru_cache(maxsize=1)
def without_noise(pcm16: Pcm16) -> Pcm16:
    """The same utterance, with less noise if it has much. The last one is kept: one sound is
    decoded again for each further phrase that is to be weighed."""
    if not is_noisy(pcm16):
        return pcm16
    left = LEFT_OF_SHORT if len(pcm16) < SHORT_BYTES else 0.0
    found = denoised(pcm16, left)
    return _suppressed(pcm16) if found is None else found


def is_noisy(pcm16: Pcm16) -> bool:
    """Is what is quiet in it not far below what is loud?"""
    loud_db, quiet_db = _levels_db(pcm16)
    return loud_db - quiet_db < NOISY_BELOW_DB


def with_hiss(pcm16: Pcm16) -> Pcm16:
    """The same utterance, with a faint hiss if there is digital silence in it: the mean of the
    features, which PocketSphinx takes off all of them, would be that of no sound at all."""
    import numpy

    if not pcm16 or _levels_db(pcm16)[1] >= SILENT_BELOW_DB:
        return pcm16
    samples = numpy.frombuffer(pcm16, "<i2")
    hiss = numpy.random.default_rng(1).normal(0.0, HISS_RMS, samples.size)
    return Pcm16((samples + hiss).round().clip(-32768, 32767).astype("<i2").tobytes())


def _levels_db(pcm16: Pcm16) -> tuple[float, float]:
    """Of its loud and its quiet blocks, above one step of a sample; endlessly far apart where
    there is no block."""
    import numpy

    samples = numpy.frombuffer(pcm16, "<i2").astype(numpy.float64)
    blocks = samples[: samples.size // BLOCK_SAMPLES * BLOCK_SAMPLES].reshape(-1, BLOCK_SAMPLES)
    if not len(blocks):
        return inf, 0.0
    levels_db = 10 * numpy.log10((blocks**2).mean(axis=1) + 1)
    loud_db, quiet_db = numpy.percentile(levels_db, [LOUD_PERCENTILE, QUIET_PERCENTILE])
    return float(loud_db), float(quiet_db)


def _suppressed(pcm16: Pcm16) -> Pcm16:
    try:
        from webrtc_noise_gain import AudioProcessor
    except ImportError:
        return pcm16
    suppressor = AudioProcessor(0, SUPPRESSION_LEVEL)
    blocks = (
        suppressor.Process10ms(pcm16[at : at + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0")).audio
        for at in range(0, len(pcm16), BLOCK_BYTES)
    )
    return Pcm16(b"".join(blocks)[: len(pcm16)])
