"""Whatever comes in, as 10 ms blocks of the one format.

Rules: any rate, any number of channels, int16 samples in; mono 16 kHz out, without gaps.
"""

from typing import Any

from voice_ally.core.audio import BLOCK_BYTES, SAMPLE_RATE_HZ, Pcm16


class BlockMaker:
    """Resamples, mixes down and cuts into blocks."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._channels = channels
        self._ready = bytearray()
        self._resampler: Any = None
        if rate_hz != SAMPLE_RATE_HZ:
            import soxr

            self._resampler = soxr.ResampleStream(
                rate_hz, SAMPLE_RATE_HZ, 1, dtype="int16", quality="HQ"
            )

    def feed(self, samples: bytes, *, last: bool = False) -> list[Pcm16]:
        """Interleaved int16 samples in, whole blocks out; the last one is filled up."""
        import numpy

        array = numpy.frombuffer(samples, "<i2")
        if self._channels > 1:
            frames = array.reshape(-1, self._channels).astype(numpy.int32)
            array = frames.mean(axis=1).astype("<i2")
        if self._resampler is not None:
            array = self._resampler.resample_chunk(array, last=last)
        self._ready += array.astype("<i2").tobytes()
        if last and len(self._ready) % BLOCK_BYTES:
            self._ready += bytes(BLOCK_BYTES - len(self._ready) % BLOCK_BYTES)
        whole = len(self._ready) // BLOCK_BYTES * BLOCK_BYTES
        taken = bytes(self._ready[:whole])
        del self._ready[:whole]
        return [Pcm16(taken[at : at + BLOCK_BYTES]) for at in range(0, whole, BLOCK_BYTES)]
