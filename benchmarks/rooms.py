"""Rooms in which the microphone hears the loudspeaker, and a person over it.

Rules: deterministic by seed; runs block by block beside a session in lockstep, so that what the
session does (falling silent, speaking softly) is heard as it does it. The room is a direct path
followed by a tail of noise that dies away by 60 dB in the time given (Polack's model; Jot,
Cerveau and Warusfel, "Analysis and synthesis of room reverberation", AES 103rd Convention, 1997).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy

from voice_ally.core.audio import BLOCK_SAMPLES, SAMPLE_RATE_HZ, Pcm16, to_samples

Samples = numpy.ndarray[Any, numpy.dtype[numpy.float64]]
NOISE_RMS = 5.0
"""A quiet room: -76 dB of full scale."""
CLEAR_SECONDS = 0.003
"""After the direct sound, before the first reflections."""
STUTTERS_SECONDS = (4.0, 9.0)
"""From one stutter of the loudspeaker to the next."""
NEVER = 1 << 60
MOST_LATE = 330
"""Samples by which it is then late. In sound that was recorded through PulseAudio on a machine
with five times as much to do as it can, such jumps were of 1 to 332 samples."""


@dataclass(frozen=True)
class Room:
    """Where the two stand, and what the walls do."""

    delay_seconds: float
    """From the loudspeaker's driver to the microphone's, with all the buffers between."""
    level_db: float
    """Of the echo, beside what is played."""
    rt60_seconds: float
    """Until the tail has died away by 60 dB."""
    seed: int = 0

    def response(self) -> Samples:
        """From what is played to what the microphone hears."""
        random = numpy.random.default_rng(self.seed)
        time = numpy.arange(to_samples(self.rt60_seconds)) / SAMPLE_RATE_HZ
        tail = random.standard_normal(len(time)) * 10 ** (-3 * time / self.rt60_seconds)
        tail[: to_samples(CLEAR_SECONDS)] = 0
        tail /= numpy.sqrt(tail @ tail)
        tail[0] = 1.0
        tail *= 10 ** (self.level_db / 20) / numpy.sqrt(tail @ tail)
        return numpy.concatenate((numpy.zeros(to_samples(self.delay_seconds)), tail))

    def __str__(self) -> str:
        return (
            f"{self.delay_seconds * 1000:3.0f} ms {self.level_db:5.1f} dB"
            f" RT60 {self.rt60_seconds:.2f} s"
        )


def rooms(count: int, seed: int) -> list[Room]:
    """The corners of 10-150 ms, -6 to -20 dB, RT60 0.25-0.6 s, and others between them."""
    corners = [
        Room(delay, level, rt60, seed + number)
        for number, (delay, level, rt60) in enumerate(
            (
                (0.010, -6.0, 0.25),
                (0.150, -6.0, 0.6),
                (0.010, -20.0, 0.6),
                (0.150, -20.0, 0.25),
            )
        )
    ]
    random = numpy.random.default_rng(seed)
    between = [
        Room(
            float(random.uniform(0.01, 0.15)),
            float(random.uniform(-20, -6)),
            float(random.uniform(0.25, 0.6)),
            seed + 100 + number,
        )
        for number in range(max(0, count - len(corners)))
    ]
    return [*corners, *between][:count]


class MicrophoneInRoom:
    """Its blocks are what the room makes of what was played, and what a person says."""

    def __init__(
        self, room: Room, *, loudspeaker_bends: float = 0.0, stutters: bool = False
    ) -> None:
        self._bends = loudspeaker_bends
        """How much of a small loudspeaker's distortion: 0 none, 1 clearly audible."""
        self._late, self._chance = 0, numpy.random.default_rng(room.seed + 1)
        """By how many samples the loudspeaker plays later than at first."""
        self._late_at = self._next_stutter(0) if stutters else NEVER
        self._waiting = numpy.zeros(0)
        """What it has been given and not played yet, for being late."""
        # nothing is heard in the block in which it is played: one block of the delay is the loop's
        response = room.response()[BLOCK_SAMPLES:]
        partitions = -(-len(response) // BLOCK_SAMPLES)
        padded = numpy.zeros(partitions * BLOCK_SAMPLES)
        padded[: len(response)] = response
        self._room = numpy.fft.rfft(padded.reshape(partitions, -1), 2 * BLOCK_SAMPLES)
        self._spectra = numpy.zeros_like(self._room)
        """Of what was played, the newest first."""
        self._before = numpy.zeros(BLOCK_SAMPLES)
        self._silent_blocks = partitions + 1
        self._coming = numpy.zeros(BLOCK_SAMPLES)
        """The echo in the next block."""
        self._noise = numpy.random.default_rng(room.seed)
        self._person: list[tuple[int, Samples]] = []
        self.position = 0
        """Samples heard."""

    def played(self, _heard: Pcm16, pcm16: Pcm16) -> None:
        """The loudspeaker gave this block, beginning where the microphone's last one began."""
        block = self._lately(numpy.frombuffer(pcm16, "<i2").astype(float))
        self._silent_blocks = 0 if block.any() else self._silent_blocks + 1
        if self._silent_blocks > len(self._room):
            self._coming = numpy.zeros(BLOCK_SAMPLES)
            return
        if self._bends:
            drive = 1 + 2 * self._bends
            block = numpy.tanh(block / 32768 * drive) / drive * 32768
        self._spectra[1:] = self._spectra[:-1]
        self._spectra[0] = numpy.fft.rfft(numpy.concatenate((self._before, block)))
        self._before = block
        self._coming = numpy.fft.irfft((self._spectra * self._room).sum(axis=0))[BLOCK_SAMPLES:]

    def _lately(self, block: Samples) -> Samples:
        """The block as the loudspeaker plays it, which may have become later or earlier."""
        if self.position >= self._late_at:
            late, self._late = self._late, int(self._chance.integers(MOST_LATE))
            gap = numpy.zeros(max(0, self._late - late))
            self._waiting = numpy.concatenate((gap, self._waiting[max(0, late - self._late) :]))
            self._late_at = self._next_stutter(self.position)
        if not len(self._waiting):
            return block
        waiting = numpy.concatenate((self._waiting, block))
        self._waiting = waiting[BLOCK_SAMPLES:]
        return waiting[:BLOCK_SAMPLES]

    def _next_stutter(self, now: int) -> int:
        return now + to_samples(float(self._chance.uniform(*STUTTERS_SECONDS)))

    def say(self, sound: Samples, at_sample: int) -> None:
        """A person says this, beginning at that sample of the microphone."""
        self._person.append((at_sample, sound))

    def blocks(self, seconds: float) -> Iterator[Pcm16]:
        """So much of it."""
        while self.position < to_samples(seconds):
            block = self._coming + self._noise.standard_normal(BLOCK_SAMPLES) * NOISE_RMS
            for start, sound in self._person:
                offset = self.position - start
                part = sound[max(0, offset) : max(0, offset + BLOCK_SAMPLES)]
                into = max(0, -offset)
                block[into : into + len(part)] += part[: BLOCK_SAMPLES - into]
            self.position += BLOCK_SAMPLES
            yield Pcm16(block.round().clip(-32768, 32767).astype("<i2").tobytes())
