"""The mixer between what is to be heard and whatever plays it.

Rules: counts samples, knows no clock; pull() gives exactly what is asked for; cut() silences
everything within a fade of 5 ms, and what was cut never reports an end. While a voice sounds,
all else is lowered under it. What adds up to too much is rounded off, never clipped. Safe to
call from the audio callback and from another thread.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voice_ally.core.sound import SAMPLE_RATE_HZ, Sound, silence, to_samples
from voice_ally.speak.beds import FADE_IN_SECONDS, FADE_OUT_SECONDS
from voice_ally.speak.ducking import Ducking

if TYPE_CHECKING:
    import numpy

    Samples = numpy.ndarray[Any, numpy.dtype[numpy.float32]]

FADE_SAMPLES = 120
UNDER_VOICE = 0.4
"""What is left of a tone under a voice (-8 dB): the words stay clear."""
LOWER_SAMPLES, RAISE_SAMPLES = 2400, 12_000
"""0.1 s down and 0.5 s up again, so that nobody notices."""
QUIET_SAMPLES = 120_000
"""After 5 s of silence an output may have gone to sleep."""
LEAD_IN_LEVEL, LEAD_IN_RISE = 10.0, 0.05
"""Of 32,768: noise at -70 dB, which no ear hears and an output takes for sound; its rise in s."""
NO_TICKET = -(1 << 40)
"""Of what nobody waits for the end of."""
KNEE, CEILING = 23_000, 31_000
"""Up to the knee (-3 dB) the sum is left as it is; it never passes the ceiling (-0.5 dB)."""


@dataclass
class _Clip:
    ticket: int
    samples: "Samples"
    start: int
    voice: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.samples)


class Playback:
    """Clips mixed on one line of samples."""

    def __init__(self) -> None:
        # Loaded here, before any stream runs: an import in the audio callback takes long and can
        # wait for ever on another thread's, and then nothing can be stopped any more.
        import numpy

        self._numpy = numpy
        self.on_finished: Callable[[int, int], None] | None = None
        """Called from pull() with the ticket and the sample its clip ended at. Must not block."""
        self.on_played: Callable[[Sound], None] | None = None
        """Called from pull() with what it gives: what a microphone will hear. Must not block."""
        self._ducking = Ducking()
        self._clips: list[_Clip] = []
        self._voiced: list[tuple[int, int]] = []
        """From where to where a voice sounds or sounded a moment ago."""
        self._position = 0
        self._lead_in: Samples | None = None
        self._quiet_since = -QUIET_SAMPLES
        """Since which sample nothing has sounded; it begins as if it had been quiet for long."""
        self._fading: Samples | None = None
        self._bed: Samples | None = None
        """A loop that sounds under everything else."""
        self._bed_at, self._bed_gain, self._bed_wanted = 0, 0.0, 0.0
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

    def lay_bed(self, loop: "Samples | None") -> None:
        """From now on this sounds under everything, again and again; None: nothing any more.

        It comes and goes slowly (beds.py says how); a cut silences it at once, and then it comes
        back as slowly if it is still wanted.
        """
        with self._lock:
            if loop is not None:
                if self._bed_gain == 0.0:
                    self._bed_at = 0
                self._bed = loop
            self._bed_wanted = 0.0 if loop is None else 1.0

    def play(
        self,
        ticket: int,
        pcm16: Sound,
        *,
        start_sample: int | None = None,
        whole: bool = False,
        voice: bool = False,
    ) -> int:
        """Mix a clip in from that sample on (or from now); gives the sample it begins at.

        A start that has passed loses what is late of the clip, so that its end stays in place;
        a whole one begins now instead. Under a voice all other clips are lowered.
        """
        numpy = self._numpy
        samples = numpy.frombuffer(pcm16, "<i2").astype(numpy.float32)
        with self._lock:
            start = self._position if start_sample is None else start_sample
            late = self._position - start
            if whole:
                start = self._after_lead_in(max(start, self._position))
            elif late > 0:
                ramp = samples[late : late + FADE_SAMPLES]
                ramp *= numpy.linspace(0, 1, FADE_SAMPLES)[: len(ramp)]
            clip = _Clip(ticket, samples, start, voice)
            self._clips.append(clip)
            if voice:
                self._voiced.append((clip.start, clip.end))
            return start

    def wake_output(self, seconds: float) -> None:
        """From now on, so much faint noise goes before what comes after real silence.

        For outputs (HDMI, Bluetooth) that fall asleep on silence and swallow what wakes them.
        Breath tones are not moved: they always follow something.
        """
        numpy = self._numpy
        count = to_samples(seconds)
        noise = numpy.random.default_rng(1).normal(0.0, LEAD_IN_LEVEL, count)
        swell = numpy.minimum(1.0, numpy.arange(count) / (LEAD_IN_RISE * SAMPLE_RATE_HZ))
        with self._lock:
            self._lead_in = (noise * swell).astype(numpy.float32) if count else None

    def _after_lead_in(self, start: int) -> int:
        """The sample to begin at, behind the lead-in if one is needed now."""
        quiet = not self._clips and start - self._quiet_since >= QUIET_SAMPLES
        if self._lead_in is None or not quiet:
            return start
        self._clips.append(_Clip(NO_TICKET, self._lead_in, start))
        return start + len(self._lead_in)

    def cut(self) -> None:
        """Drop everything; the next pull only fades out what was sounding."""
        numpy = self._numpy
        with self._lock:
            self._generation += 1
            # what has not begun yet is not heard at all
            self._clips = [one for one in self._clips if one.start < self._position]
            if self._clips or self._bed_gain:
                tail = self._mix(FADE_SAMPLES)
                self._bed_gain = 0.0
                ramp = numpy.linspace(1, 0, FADE_SAMPLES, endpoint=False)
                faded = tail * ramp
                if self._fading is not None:
                    faded[: len(self._fading)] += self._fading
                self._fading = faded
            self._clips = []
            self._voiced = []

    def lower(self, lowered: bool) -> None:
        """Sound softly while somebody speaks, or at full volume again."""
        self._ducking.lower(lowered)

    def pull(self, n_samples: int) -> Sound:
        """The next n_samples; silence where nothing plays."""
        pcm16 = self._ducking.apply(self._next(n_samples))
        if self.on_played is not None:
            self.on_played(pcm16)
        return pcm16

    def _next(self, n_samples: int) -> Sound:
        with self._lock:
            if not self._clips and self._fading is None and not self._bed_sounds:
                self._position += n_samples
                return silence(n_samples)
            mixed = self._mix(n_samples)
            if self._fading is not None:
                fading = self._fading
                part = fading[:n_samples]
                mixed[: len(part)] += part
                self._fading = fading[n_samples:] if len(fading) > n_samples else None
            self._position += n_samples
            self._quiet_since = self._position
            ended = [one for one in self._clips if one.end <= self._position]
            self._clips = [one for one in self._clips if one.end > self._position]
            self._voiced = [one for one in self._voiced if one[1] + RAISE_SAMPLES > self._position]
            generation = self._generation
            for clip in sorted(ended, key=lambda one: one.end):
                if clip.ticket == NO_TICKET or generation != self._generation:
                    continue
                if self.on_finished is not None:
                    self.on_finished(clip.ticket, clip.end)
        return self._rounded_off(mixed)

    def _mix(self, n_samples: int) -> "Samples":
        mixed: Samples = self._numpy.zeros(n_samples, self._numpy.float32)
        voices: Samples = self._numpy.zeros(n_samples, self._numpy.float32)
        for clip in self._clips:
            offset = self._position - clip.start
            into = max(0, -offset)
            part = clip.samples[max(0, offset) : max(0, offset) + max(0, n_samples - into)]
            line = voices if clip.voice else mixed
            line[into : into + len(part)] += part
        if self._bed_sounds:
            mixed += self._bed_part(n_samples)
        if self._voiced:
            mixed *= self._gain_under_voice(n_samples)
        return mixed + voices

    @property
    def _bed_sounds(self) -> bool:
        return bool(self._bed_wanted or self._bed_gain)

    def _bed_part(self, n_samples: int) -> "Samples":
        """The loop's next samples, on their way to the gain that is wanted."""
        numpy, loop = self._numpy, self._bed
        assert loop is not None
        places = (self._bed_at + numpy.arange(n_samples)) % len(loop)
        self._bed_at = (self._bed_at + n_samples) % len(loop)
        wanted, gain = self._bed_wanted, self._bed_gain
        seconds = FADE_IN_SECONDS if wanted > gain else -FADE_OUT_SECONDS
        steps = numpy.arange(1, n_samples + 1) / (seconds * SAMPLE_RATE_HZ)
        gains = numpy.clip(gain + steps, min(gain, wanted), max(gain, wanted))
        self._bed_gain = float(gains[-1]) if len(gains) else gain
        # softly at both ends of a fade
        part: Samples = (loop[places] * (gains * gains * (3 - 2 * gains))).astype(numpy.float32)
        return part

    def _gain_under_voice(self, n_samples: int) -> "Samples":
        numpy = self._numpy
        time = numpy.arange(self._position, self._position + n_samples)
        gain: Samples = numpy.ones(n_samples, numpy.float32)
        for start, end in self._voiced:
            down = (time - start) / LOWER_SAMPLES
            up = (end + RAISE_SAMPLES - time) / RAISE_SAMPLES
            depth = numpy.clip(numpy.minimum(down, up), 0, 1)
            smooth = depth * depth * (3 - 2 * depth)
            gain = numpy.minimum(gain, 1 - (1 - UNDER_VOICE) * smooth)
        return gain

    def _rounded_off(self, mixed: "Samples") -> Sound:
        """As int16; what passes the knee is bent towards the ceiling."""
        numpy = self._numpy
        # in double precision, so that the length of a pull never shows in the last bit
        size = numpy.abs(mixed.astype(numpy.float64))
        if len(size) and size.max() > KNEE:
            room = CEILING - KNEE
            bent = KNEE + room * numpy.tanh((size - KNEE) / room)
            mixed = numpy.where(size > KNEE, numpy.copysign(bent, mixed), mixed)
        return Sound(numpy.rint(mixed).astype("<i2").tobytes())
