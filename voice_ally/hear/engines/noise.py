"""Noise taken out of an utterance before PocketSphinx decodes it: WebRTC's suppressor.

Rules: only where there is noise, since it costs a little of what is clear (figures in
docs/hearing.md). Each utterance for itself, so that the same sound always gives the same. Where
the library is missing, as it is where there is no Linux, nothing is taken out.
"""

from voice_ally.core.audio import BLOCK_BYTES, BLOCK_SAMPLES, Pcm16

NOISY_BELOW_DB = 29.0
"""Between the loud tenth and the quiet tenth of an utterance's 10 ms blocks. People in a quiet room
have 51 and more (nine in ten of them), in kitchen noise at 24 dB 33, at 12 dB 22, at 6 dB 17."""
LOUD_PERCENTILE, QUIET_PERCENTILE = 95, 10
SUPPRESSION_LEVEL = 1
"""Of 4; more of it makes words worse than the noise does."""


def without_noise(pcm16: Pcm16) -> Pcm16:
    """The same utterance, with less noise if it has much."""
    return _suppressed(pcm16) if is_noisy(pcm16) else pcm16


def is_noisy(pcm16: Pcm16) -> bool:
    """Is what is quiet in it not far below what is loud?"""
    import numpy

    samples = numpy.frombuffer(pcm16, "<i2").astype(numpy.float64)
    blocks = samples[: samples.size // BLOCK_SAMPLES * BLOCK_SAMPLES].reshape(-1, BLOCK_SAMPLES)
    if not len(blocks):
        return False
    levels_db = 10 * numpy.log10((blocks**2).mean(axis=1) + 1)
    loud, quiet = numpy.percentile(levels_db, [LOUD_PERCENTILE, QUIET_PERCENTILE])
    return bool(loud - quiet < NOISY_BELOW_DB)


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
