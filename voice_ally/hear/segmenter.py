"""Cutting the stream into utterances.

Rules: pure; counts samples. An utterance begins a little before the voice sets in (pre-roll),
so that no first sound is lost, and ends when the voice has been gone for the hang time. Of
that quiet only the beginning belongs to it.
"""

from collections import deque
from dataclasses import dataclass

from voice_ally.core.audio import SAMPLE_BYTES, Pcm16, samples_in, to_samples
from voice_ally.core.ports import SpeechGate


@dataclass(frozen=True)
class SegmenterSettings:
    """Measured on human recordings in quiet and in kitchen noise: none of 64 was missed."""

    enter: float = 0.7
    """Probability from which speech may have begun …"""
    enter_chunks: int = 2
    """… and for how many chunks of the gate in a row."""
    exit: float = 0.5
    """Probability below which it may have ended."""
    hang_seconds: float = 0.5
    """Quiet that ends an utterance."""
    pre_roll_seconds: float = 0.4
    """Sound from before the voice was noticed that is kept for the recogniser."""
    thinking_seconds: float = 1.0
    """The same where what was said is only the beginning of a phrase."""
    kept_tail_seconds: float = 0.3
    """Of the hang time, so much is left to the recogniser."""
    shortest_seconds: float = 0.09
    """A voice shorter than this is a click or a cough, not a word."""
    longest_seconds: float = 15.0
    """Nobody's phrase: decided here although the voice goes on."""


@dataclass(frozen=True)
class Began:
    """An utterance has begun."""

    first_sample: int
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
    """Where the voice was last heard; the sound handed on goes a little further."""
    too_short: bool


Piece = Began | More | Ended


class Segmenter:
    """Feed it sound; it tells what that means for the utterance under way."""

    def __init__(self, gate: SpeechGate, settings: SegmenterSettings | None = None) -> None:
        self._gate = gate
        self._settings = settings or SegmenterSettings()
        self._hang = to_samples(self._settings.hang_seconds)
        self._thinking = to_samples(self._settings.thinking_seconds)
        self._patience = self._hang
        """The quiet that ends the utterance under way, unless the voice comes back before."""
        self._tail = to_samples(self._settings.kept_tail_seconds)
        self._shortest = to_samples(self._settings.shortest_seconds)
        self._longest = to_samples(self._settings.longest_seconds)
        self.position = 0
        """Samples that have passed."""
        self._pending = bytearray()
        """Less than a chunk that the gate has not seen yet."""
        kept = to_samples(self._settings.pre_roll_seconds) // gate.chunk_samples
        self._history: deque[Pcm16] = deque(maxlen=kept + self._settings.enter_chunks)
        self._above_enter = self._above_exit = 0
        """Chunks in a row, up to now, while nobody speaks."""
        self._rest_until = 0
        """Up to this sample no voice is a new one."""
        self._first = self._last_voice = -1
        self._held: list[Pcm16] = []
        """Chunks of quiet that belong to the utterance only if the voice comes back."""

    @property
    def speaking(self) -> bool:
        """Is an utterance under way?"""
        return self._first >= 0

    @property
    def first_sample(self) -> int:
        """Where the utterance under way began."""
        return self._first

    @property
    def last_sample(self) -> int:
        """Where the voice was last heard in it."""
        return self._last_voice

    @property
    def voiced_samples(self) -> int:
        """How long the utterance under way is, without the quiet after it; 0 if there is none."""
        return self._last_voice - self._first

    @property
    def quiet_samples(self) -> int:
        """For how long the gate has heard no voice in the utterance under way."""
        return self.position - len(self._pending) // SAMPLE_BYTES - self._last_voice

    @property
    def unseen(self) -> Pcm16:
        """What came last and is too short yet for the gate to judge."""
        return Pcm16(bytes(self._pending))

    def wait_for_more(self) -> None:
        """Give whoever speaks time to think, until the voice comes back."""
        self._patience = self._thinking

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
            probability = self._gate.probability(chunk)
            step = self._within if self.speaking else self._before
            pieces.extend(step(chunk, end, probability))
        return pieces

    def _before(self, chunk: Pcm16, end: int, probability: float) -> list[Piece]:
        self._history.append(chunk)
        enters = probability >= self._settings.enter and end > self._rest_until
        self._above_enter = self._above_enter + 1 if enters else 0
        self._above_exit = self._above_exit + 1 if probability >= self._settings.exit else 0
        if self._above_enter < self._settings.enter_chunks:
            return []
        voiced_chunks = min(self._above_exit, len(self._history))
        self._first = end - voiced_chunks * self._gate.chunk_samples
        self._last_voice = end
        sound = Pcm16(b"".join(self._history))
        self._history.clear()
        return [Began(self._first), More(sound)]

    def _within(self, chunk: Pcm16, end: int, probability: float) -> list[Piece]:
        pieces: list[Piece] = []
        if probability >= self._settings.exit:
            self._last_voice = end
            self._patience = self._hang
            pieces.extend(More(one) for one in self._held)
            self._held.clear()
            pieces.append(More(chunk))
        elif end - self._last_voice <= self._tail:
            pieces.append(More(chunk))
        else:
            self._held.append(chunk)
        if end - self._last_voice >= self._patience or end - self._first >= self._longest:
            pieces.append(self.end_now())
        return pieces

    def flush(self) -> list[Piece]:
        """The sound has ended, and with it an utterance under way."""
        rest, speaking = Pcm16(bytes(self._pending)), self.speaking
        self._pending.clear()
        return [More(rest), self.end_now()] if speaking else []

    def skip(self, block: Pcm16) -> None:
        """Samples that must not be listened to: forgets whatever was heard before them."""
        self.position += samples_in(block)
        if self._pending or self._history or self.speaking:
            self._pending.clear()
            self._gate.reset()
            self._forget()

    def end_now(self, rest_seconds: float = 0.0) -> Ended:
        """End the utterance under way. The quiet after it is nobody's; a voice is a new one, if
        it is still there when the rest of the last word must be over."""
        too_short = self._last_voice - self._first < self._shortest
        ended = Ended(self._first, self._last_voice, too_short)
        self._forget()
        self._rest_until = self.position + to_samples(rest_seconds)
        return ended

    def _forget(self) -> None:
        self._first = self._last_voice = -1
        self._patience = self._hang
        self._above_enter = self._above_exit = 0
        self._held.clear()
        self._history.clear()
