"""The echo canceller that is always there: a filter that learns the room.

Rules: 10 ms in, the same 10 ms out; where nothing was played for as long as the filter reaches
back, the microphone passes unchanged and costs nothing. Only takes away what it knows to be echo:
what turns down frequencies beyond that (WebRTC's, and one of our own that was tried) takes the
person's words with it.

Method: the partitioned frequency-domain Kalman filter (Enzner and Vary, "Frequency-domain
adaptive Kalman filter for acoustic echo control in hands-free telephones", Signal Processing 86,
2006; in partitions Kuech, Mabande and Enzner, "State-space architecture of the partitioned-block-
based acoustic echo controller", ICASSP 2014). It weighs each step by how unsure it is of the
room and by how much of the sound is somebody else's, so a person who speaks over the
loudspeaker does not spoil it.
"""

from collections import deque
from typing import TYPE_CHECKING, Any

from voice_ally.core.audio import BLOCK_SAMPLES, Pcm16, to_samples

if TYPE_CHECKING:
    import numpy

    Array = numpy.ndarray[Any, Any]

REACH_SECONDS = 0.4
"""From a sound's leaving to the last of its echo that is taken out."""
STEADINESS = 0.9995
"""How much of the room is believed to stay as it is from one block to the next."""
FIRST_DOUBT, DOUBT_FALLS_SECONDS = 0.02, 0.15
"""How strong an echo may be before anything is known, and how soon later ones are weaker."""
SMOOTHING = 0.7
HALF_OVERLAP = 0.5
"""A block is half of the stretch that is transformed."""
WATCHED_BLOCKS, EVERY_BLOCKS = 40, 20
"""Over so much sound of its own, and so often, it is looked whether the echo still comes when it
did: a loudspeaker that had to wait for its sound (a busy machine) plays what follows later."""
FARTHEST_SAMPLES = 800
KNOWN = 0.1
"""Where so little is left of what was heard, the room is known well enough to recognise it."""
ALIKE, CLEARER = 0.5, 1.3
"""How alike what is heard and the moved echo must be, and how much clearer than the unmoved one.
In recordings of such jumps by 32 and 44 samples 0.66 to 0.86, and 1.5 to 3; with a person
speaking over it and no jump, the unmoved echo was always the clearest."""
FULL_SCALE = 32768.0
TINY = 1e-9


class AdaptiveEchoCanceller:
    """Needs nothing but numpy: about 25 ms of CPU a second while something is played."""

    name = "adaptive filter"

    def __init__(self, reach_seconds: float = REACH_SECONDS) -> None:
        import numpy

        self._numpy = numpy
        self._partitions = -(-to_samples(reach_seconds) // BLOCK_SAMPLES)
        self.reset()

    def reset(self) -> None:
        """Forget the room."""
        numpy = self._numpy
        shape = (self._partitions, BLOCK_SAMPLES + 1)
        self._played = numpy.zeros(2 * BLOCK_SAMPLES)
        self._spectra = numpy.zeros(shape, complex)
        """Of what was played, the newest first."""
        self._room = numpy.zeros(shape, complex)
        later = numpy.arange(self._partitions) * BLOCK_SAMPLES / to_samples(DOUBT_FALLS_SECONDS)
        self._doubt = numpy.exp(-later)[:, None] * numpy.full(shape, FIRST_DOUBT)
        self._others = numpy.full(shape[1], 1e-6)
        """Power of what is not echo."""
        self._silent_blocks = self._partitions + 1
        self._watched: deque[tuple[Array, Array]] = deque(maxlen=WATCHED_BLOCKS)
        """What was heard, and the echo that was expected in it."""
        self._latest: deque[Array] = deque(maxlen=WATCHED_BLOCKS)
        """The same, always of the last blocks."""
        self._until_look, self._known = EVERY_BLOCKS, False
        self._moved = 0

    def moved(self) -> int:
        """By how many samples the echo comes later (or earlier) than it did; asked once."""
        moved, self._moved = self._moved, 0
        return moved

    def out_of_step(self) -> bool:
        """Is what was heard of late the echo, but at another moment than it is expected?"""
        if len(self._latest) < WATCHED_BLOCKS:
            return False
        heard, expected = self._numpy.concatenate(list(self._latest), axis=1)
        return self._displacement(heard, expected) != 0

    def cancel(self, heard: Pcm16, played: Pcm16) -> Pcm16:
        """The microphone's block without what was played."""
        numpy = self._numpy
        microphone = numpy.frombuffer(heard, "<i2") / FULL_SCALE
        latest = numpy.frombuffer(played, "<i2") / FULL_SCALE
        self._played = numpy.concatenate((self._played[BLOCK_SAMPLES:], latest))
        self._silent_blocks = 0 if latest.any() else self._silent_blocks + 1
        if self._silent_blocks > self._partitions:
            self._latest.clear()
            return heard
        rest = self._without_echo(microphone).clip(-1, 1)
        return Pcm16((rest * (FULL_SCALE - 1)).round().astype("<i2").tobytes())

    def _without_echo(self, microphone: "Array") -> "Array":
        """What is left without the echo as far as it is known; learns from that."""
        numpy = self._numpy
        played, room, doubt = self._spectra, self._room, self._doubt
        played[1:] = played[:-1]
        played[0] = numpy.fft.rfft(self._played)
        echo = numpy.fft.irfft((played * room).sum(axis=0))[BLOCK_SAMPLES:]
        rest: Array = microphone - echo
        self._latest.append(self._numpy.stack((microphone, echo)))
        self._watch(microphone, echo)
        error = numpy.fft.rfft(numpy.concatenate((numpy.zeros(BLOCK_SAMPLES), rest)))
        power = numpy.abs(played) ** 2
        self._others = SMOOTHING * self._others + (1 - SMOOTHING) * numpy.abs(error) ** 2
        expected = HALF_OVERLAP * (doubt * power).sum(axis=0) + self._others + TINY
        step = doubt / expected
        change = numpy.fft.irfft(step * numpy.conj(played) * error, axis=1)
        change[:, BLOCK_SAMPLES:] = 0
        room += numpy.fft.rfft(change, axis=1)
        kept = STEADINESS**2
        doubt *= kept * (1 - HALF_OVERLAP * step * power)
        doubt += (1 - kept) * numpy.abs(room) ** 2 + TINY
        room *= STEADINESS
        return rest

    def _watch(self, microphone: "Array", echo: "Array") -> None:
        self._until_look -= 1
        if self._until_look <= EVERY_BLOCKS:
            self._watched.append((microphone, echo))
        if self._until_look > 0 or len(self._watched) < WATCHED_BLOCKS:
            return
        self._until_look = EVERY_BLOCKS
        numpy = self._numpy
        heard, expected = (numpy.concatenate(one) for one in zip(*self._watched, strict=True))
        rest = heard - expected
        if rest @ rest < KNOWN * (heard @ heard):
            self._known = True
        elif self._known and (moved := self._displacement(heard, expected)):
            self._moved += moved
            # what was played before is still on its way at the old distance
            self._watched.clear()
            self._until_look = self._partitions + EVERY_BLOCKS

    def _displacement(self, heard: "Array", expected: "Array") -> int:
        """How much later the expected echo is found in what was heard; 0 if it is not clear.

        By the phase transform (Knapp and Carter, "The generalized correlation method for
        estimation of time delay", IEEE Transactions on Acoustics, Speech, and Signal Processing
        24, 1976), confirmed by plain correlation.
        """
        numpy = self._numpy
        size = 1 << (len(heard) + FARTHEST_SAMPLES).bit_length()
        both = numpy.fft.rfft(heard, size) * numpy.fft.rfft(expected, size).conj()
        strength = numpy.abs(both)
        sharp = numpy.fft.irfft(both / (strength + 1e-3 * strength.max() + TINY))
        plain = numpy.fft.irfft(both) / numpy.sqrt((heard @ heard) * (expected @ expected) + TINY)
        near = numpy.arange(-FARTHEST_SAMPLES, FARTHEST_SAMPLES + 1)
        lag = int(near[sharp[near].argmax()])
        clear = sharp[lag] > CLEARER * sharp[0] and plain[lag] > ALIKE
        return lag if clear else 0

    def close(self) -> None:
        """Nothing to free."""
