"""Cutting the stream into utterances.

Rules: pure; counts samples. An utterance begins a little before the voice sets in (pre-roll),
so that no first sound is lost, and ends when the voice has been gone for the hang time.
"""

from collections import deque
from dataclasses import dataclass

from voice_ally.core.audio import SAMPLE_BYTES, SAMPLE_RATE_HZ, Pcm16, samples_in
from voice_ally.core.ports import SpeechGate


@dataclass(frozen=True)
class SegmenterSettings:
    """Values measured on human recordings in quiet and in kitchen noise."""

    enter: float = 0.7
    """Probability at which speech may have begun …"""
    enter_chunks: int = 2
    """… and for how many chunks in a row."""
    exit: float = 0.5
    """Below this it may have ended."""
    hang_seconds: float = 0.5
    """Quiet that ends an utterance."""
    pre_roll_seconds: float = 0.3
    kept_tail_seconds: float = 0.3
    """Of the hang time, so much is left to the recogniser."""
    longest_seconds: float = 15.0


@dataclass(frozen=True)
class Began:
    """An utterance has begun."""

    sample: int
    """Where the voice set in."""


@dataclass(frozen=True)
class More:
    """Sound that belongs to it."""

    pcm16: Pcm16


@dataclass(frozen=True)
class Ended:
    """It is over."""

    first_sample: int
    last_sample: int


Piece = Began | More | Ended


class Segmenter:
    """Feed it blocks; it tells what they mean for the utterance under way."""

    def __init__(self, gate: SpeechGate, settings: SegmenterSettings | None = None) -> None:
        self._gate = gate
        self._settings = settings or SegmenterSettings()
        self.position = 0
        """Samples that have passed."""
        self._pending = bytearray()
        self._history: deque[Pcm16] = deque(
            maxlen=round(self._settings.pre_roll_seconds * SAMPLE_RATE_HZ / gate.chunk_samples)
            + self._settings.enter_chunks
        )
        self._above = 0
        self._first = self._last_voice = -1
        self._held: list[Pcm16] = []
        """Chunks of quiet that belong to the utterance only if the voice comes back."""

    @property
    def speaking(self) -> bool:
        """Is an utterance under way?"""
        return self._first >= 0

    def feed(self, block: Pcm16) -> list[Piece]:
        """The next samples, any number."""
        self.position += samples_in(block)
        self._pending += block
        size = self._gate.chunk_samples * SAMPLE_BYTES
        pieces: list[Piece] = []
        while len(self._pending) >= size:
            chunk = Pcm16(bytes(self._pending[:size]))
            del self._pending[:size]
            end = self.position - len(self._pending) // SAMPLE_BYTES
            pieces.extend(self._chunk(chunk, end))
        return pieces

    def _chunk(self, chunk: Pcm16, end: int) -> list[Piece]:
        probability = self._gate.probability(chunk)
        if not self.speaking:
            self._history.append(chunk)
            self._above = self._above + 1 if probability >= self._settings.enter else 0
            if self._above < self._settings.enter_chunks:
                return []
            self._first = end - self._above * self._gate.chunk_samples
            self._last_voice = end
            before = Pcm16(b"".join(self._history))
            self._history.clear()
            return [Began(self._first), More(before)]
        return self._within(chunk, end, probability)

    def _within(self, chunk: Pcm16, end: int, probability: float) -> list[Piece]:
        pieces: list[Piece] = []
        if probability >= self._settings.exit:
            self._last_voice = end
            pieces.extend(More(one) for one in self._held)
            self._held.clear()
            pieces.append(More(chunk))
        elif end - self._last_voice <= self._settings.kept_tail_seconds * SAMPLE_RATE_HZ:
            pieces.append(More(chunk))
        else:
            self._held.append(chunk)
        quiet = end - self._last_voice >= self._settings.hang_seconds * SAMPLE_RATE_HZ
        if quiet or end - self._first >= self._settings.longest_seconds * SAMPLE_RATE_HZ:
            pieces.append(self._end())
        return pieces

    def _end(self) -> Ended:
        ended = Ended(self._first, self._last_voice)
        self._forget()
        return ended

    def _forget(self) -> None:
        self._first = self._last_voice = -1
        self._above = 0
        self._held.clear()
        self._history.clear()

    def flush(self) -> list[Piece]:
        """The sound has ended."""
        return [self._end()] if self.speaking else []

    def skip(self, block: Pcm16) -> None:
        """Samples that must not be listened to; whatever is under way is forgotten."""
        self.position += samples_in(block)
        if self._pending or self._history or self.speaking:
            self._pending.clear()
            self._gate.reset()
            self._forget()
