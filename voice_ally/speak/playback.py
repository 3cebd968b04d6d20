"""The mixer between what is to be heard and whatever plays it.

Rules: counts samples, knows no clock; pull() gives exactly what is asked for; cut() silences
everything within a fade of 5 ms, and what was cut never reports an end. Safe to call from the
audio callback and from another thread.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voice_ally.core.audio import Pcm16, silence

if TYPE_CHECKING:
    import numpy

    Samples = numpy.ndarray[Any, numpy.dtype[numpy.int32]]

FADE_SAMPLES = 80


@dataclass
class _Clip:
    ticket: int
    samples: "Samples"
    start: int


class Playback:
    """Clips mixed on one line of samples."""

    def __init__(self) -> None:
        # Loaded here, before any stream runs: an import in the audio callback takes long and can
        # wait for ever on another thread's, and then nothing can be stopped any more.
        import numpy

        self._numpy = numpy
        self.on_finished: Callable[[int, int], None] | None = None
        """Called from pull() with the ticket and the sample its clip ended at. Must not block."""
        self._clips: list[_Clip] = []
        self._position = 0
        self._fading: Samples | None = None
        self._generation = 0
        # held while on_finished runs, so that a cut never overtakes it; it may call back in
        self._lock = threading.RLock()

    @property
    def position(self) -> int:
        """Samples pulled so far."""
        return self._position

    @property
    def sounding(self) -> bool:
        """Is anything playing or scheduled?"""
        return bool(self._clips) or self._fading is not None

    def play(self, ticket: int, pcm16: Pcm16, *, start_sample: int | None = None) -> None:
        """Mix a clip in from that sample on (or from now).

        A start that has passed loses what is late of the clip, so that its end stays in place.
        """
        numpy = self._numpy
        samples = numpy.frombuffer(pcm16, "<i2").astype(numpy.int32)
        with self._lock:
            start = self._position if start_sample is None else start_sample
            self._clips.append(_Clip(ticket, samples, start))

    def cut(self) -> None:
        """Drop everything; the next pull only fades out what was sounding."""
        numpy = self._numpy
        with self._lock:
            self._generation += 1
            # what has not begun yet is not heard at all
            self._clips = [one for one in self._clips if one.start < self._position]
            if self._clips:
                tail = self._mix(FADE_SAMPLES)
                ramp = numpy.linspace(1, 0, FADE_SAMPLES, endpoint=False)
                faded = (tail * ramp).astype(numpy.int32)
                if self._fading is not None:
                    faded[: len(self._fading)] += self._fading
                self._fading = faded
            self._clips = []

    def pull(self, n_samples: int) -> Pcm16:
        """The next n_samples; silence where nothing plays."""
        numpy = self._numpy
        with self._lock:
            if not self._clips and self._fading is None:
                self._position += n_samples
                return silence(n_samples)
            mixed = self._mix(n_samples)
            if self._fading is not None:
                fading = self._fading
                part = fading[:n_samples]
                mixed[: len(part)] += part
                self._fading = fading[n_samples:] if len(fading) > n_samples else None
            self._position += n_samples
            ended = [one for one in self._clips if self._end(one) <= self._position]
            self._clips = [one for one in self._clips if self._end(one) > self._position]
            generation = self._generation
            for clip in sorted(ended, key=self._end):
                if self.on_finished is not None and generation == self._generation:
                    self.on_finished(clip.ticket, self._end(clip))
        return Pcm16(numpy.clip(mixed, -32768, 32767).astype("<i2").tobytes())

    def _end(self, clip: _Clip) -> int:
        return clip.start + len(clip.samples)

    def _mix(self, n_samples: int) -> "Samples":
        mixed: Samples = self._numpy.zeros(n_samples, self._numpy.int32)
        for clip in self._clips:
            offset = self._position - clip.start
            into = max(0, -offset)
            part = clip.samples[max(0, offset) : max(0, offset) + max(0, n_samples - into)]
            mixed[into : into + len(part)] += part
        return mixed
