"""Whatever comes in, as 10 ms blocks of the one format.

Rules: any rate, any number of channels, int16 samples in; mono 16 kHz out, without gaps. Several
channels become their mean, so that a microphone on either side is heard.
"""

from typing import Any

from voice_ally.core.audio import BLOCK_BYTES, SAMPLE_BYTES, SAMPLE_RATE_HZ, Pcm16


class BlockMaker:
    """Resamples, mixes down and cuts into blocks."""

    def __init__(self, rate_hz: int, channels: int) -> None:
        self._channels = channels
        self._cut_frame = b""
        """The beginning of a frame whose other bytes have not come yet."""
        self._ready = bytearray()
        self._resampler: Any = None
        if rate_hz != SAMPLE_RATE_HZ:
            import soxr

            self._resampler = soxr.ResampleStream(
                rate_hz, SAMPLE_RATE_HZ, 1, dtype="int16", quality="HQ"
            )

    def feed(self, samples: bytes, *, last: bool = False) -> list[Pcm16]:
        """Interleaved int16 samples in, whole blocks out; the last one is filled with silence."""
        samples = self._cut_frame + samples
        whole_bytes = len(samples) - len(samples) % (self._channels * SAMPLE_BYTES)
        self._cut_frame = samples[whole_bytes:]
        self._ready += self._converted(samples[:whole_bytes], last=last)
        if last and len(self._ready) % BLOCK_BYTES:
            self._ready += bytes(BLOCK_BYTES - len(self._ready) % BLOCK_BYTES)
        end = len(self._ready) // BLOCK_BYTES * BLOCK_BYTES
        taken = bytes(self._ready[:end])
        del self._ready[:end]
        return [Pcm16(taken[at : at + BLOCK_BYTES]) for at in range(0, end, BLOCK_BYTES)]

    def _converted(self, samples: bytes, *, last: bool) -> bytes:
        if self._channels == 1 and self._resampler is None:
            return samples
        import numpy

        array = numpy.frombuffer(samples, "<i2")
        if self._channels > 1:
            array = array.reshape(-1, self._channels).mean(axis=1).round().astype(numpy.int16)
        if self._resampler is not None:
            array = self._resampler.resample_chunk(array, last=last)
        return bytes(array.astype("<i2").tobytes())
