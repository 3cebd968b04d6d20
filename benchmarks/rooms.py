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

    def __init__(self, room: Room, *, loudspeaker_bends: float = 0.0) -> None:
        self._response = room.response()
        self._bends = loudspeaker_bends
        """How much of a small loudspeaker's distortion: 0 none, 1 clearly audible."""
        reach = len(self._response) + BLOCK_SAMPLES
        self._size = 1 << (reach - 1).bit_length()
        self._spectrum = numpy.fft.rfft(self._response, self._size)
        self._coming = numpy.zeros(self._size)
        """What is on its way, from the next sample on."""
        self._noise = numpy.random.default_rng(room.seed)
        self._person: list[tuple[int, Samples]] = []
        self.position = 0
        """Samples heard."""

    def played(self, _heard: Pcm16, pcm16: Pcm16) -> None:
        """The loudspeaker gave this block, beginning where the microphone's last one began."""
        block = numpy.frombuffer(pcm16, "<i2").astype(float)
        if not block.any():
            return
        if self._bends:
            drive = 1 + 2 * self._bends
            block = numpy.tanh(block / 32768 * drive) / drive * 32768
        echo = numpy.fft.irfft(numpy.fft.rfft(block, self._size) * self._spectrum, self._size)
        # The block was played while the one before the next was heard.
        self._coming[:-BLOCK_SAMPLES] += echo[BLOCK_SAMPLES:]

    def say(self, sound: Samples, at_sample: int) -> None:
        """A person says this, beginning at that sample of the microphone."""
        self._person.append((at_sample, sound))

    def blocks(self, seconds: float) -> Iterator[Pcm16]:
        """So much of it."""
        while self.position < to_samples(seconds):
            block = self._coming[:BLOCK_SAMPLES].copy()
            self._coming = numpy.concatenate(
                (self._coming[BLOCK_SAMPLES:], numpy.zeros(BLOCK_SAMPLES))
            )
            block += self._noise.standard_normal(BLOCK_SAMPLES) * NOISE_RMS
            for start, sound in self._person:
                offset = self.position - start
                part = sound[max(0, offset) : max(0, offset + BLOCK_SAMPLES)]
                into = max(0, -offset)
                block[into : into + len(part)] += part[: BLOCK_SAMPLES - into]
            self.position += BLOCK_SAMPLES
            yield Pcm16(block.round().clip(-32768, 32767).astype("<i2").tobytes())
