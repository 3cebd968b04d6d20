"""A small network that knows a few short words by their sound: yes, no, stop and the numbers.

Rules: looks at the last 1.6 s, whatever it is given; loudness does not count. It only tells those
words from all others, and is asked only about utterances that are about one word long: on its own
it is no spotter. It needs onnxruntime and its file beside the bundled Vosk model; without either
there is no verifier, and the engines decide alone. The network grew out of Google's speech
embedding and learned from people (models/en-tiny/MODEL_CARD.md, tools/verifier).
"""

import importlib.util
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16

if TYPE_CHECKING:
    import numpy
    from numpy.typing import NDArray

    Samples = NDArray[numpy.float32]

FILE = "verifier.onnx"
WINDOW_SAMPLES = round(1.6 * SAMPLE_RATE_HZ)
HISS_RMS = 3.0
"""Of 32,768: what stands before a sound that is shorter."""
FFT, HANN, HOP = 512, 400, 160
"""Samples of the front end that the embedding was trained with: 25 ms windows every 10 ms."""
LEAST_SHARE = 1e-6


class ShortWordVerifier:
    """The network, ready to be asked. Raises OSError for a file that is none."""

    def __init__(self, file: Path) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session: Any = onnxruntime.InferenceSession(str(file), options)
            about = self._session.get_modelmeta().custom_metadata_map
            self._classes: list[str] = json.loads(about["classes"])
            self.words = frozenset(json.loads(about["words"]))
        except Exception as error:
            raise OSError(f"{file.name} cannot be read ({type(error).__name__})") from error
        self._asked: tuple[Pcm16, Mapping[str, float]] | None = None

    def log_odds(self, pcm16: Pcm16) -> Mapping[str, float]:
        """For each word it knows, that the end of this sound is that word and nothing else."""
        if self._asked is None or self._asked[0] != pcm16:
            self._asked = (pcm16, self._computed(pcm16))
        return self._asked[1]

    def forget(self) -> None:
        """Nothing of what it was asked about is kept."""
        self._asked = None

    def _computed(self, pcm16: Pcm16) -> Mapping[str, float]:
        import numpy

        samples = numpy.frombuffer(pcm16, "<i2").astype(numpy.float32)
        power = power_spectrum(window(samples))
        (scores,) = self._session.run(None, {"power": power[None]})
        shares = numpy.exp(scores[0] - scores[0].max())
        shares /= shares.sum()
        return {
            word: _log_odds(float(share))
            for word, share in zip(self._classes, shares, strict=True)
            if word in self.words
        }


def window(samples: "Samples") -> "Samples":
    """The last 1.6 s of these samples, with a faint hiss before what is shorter."""
    import numpy

    hiss = numpy.random.default_rng(1).normal(0.0, HISS_RMS, WINDOW_SAMPLES)
    missing = max(0, WINDOW_SAMPLES - samples.size)
    kept = samples[-WINDOW_SAMPLES:]
    return numpy.concatenate([hiss[:missing], kept]).astype(numpy.float32)


def power_spectrum(samples: "Samples") -> "Samples":
    """(frames, bins) of the windows of the front end."""
    import numpy

    before = (FFT - HANN) // 2
    hann = numpy.pad(numpy.hanning(HANN + 1)[:HANN], (before, FFT - HANN - before))
    frames = numpy.lib.stride_tricks.sliding_window_view(samples, FFT)[::HOP]
    power = numpy.abs(numpy.fft.rfft(frames * hann.astype(numpy.float32))) ** 2
    return power.astype(numpy.float32)


def _log_odds(share: float) -> float:
    share = min(max(share, LEAST_SHARE), 1 - LEAST_SHARE)
    return math.log(share / (1 - share))


def open_verifier(model_folder: Path) -> ShortWordVerifier | None:
    """The one beside this model; None where there is none, or nothing that runs it."""
    file = model_folder / FILE
    if importlib.util.find_spec("onnxruntime") is None or not file.is_file():
        return None
    try:
        return ShortWordVerifier(file)
    except OSError:
        return None
