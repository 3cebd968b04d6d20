"""Breathing patterns as phases of exact length.

Rules: pure; lengths are whole hundredths of a second, so that phases laid end to end never
drift against the 10 ms blocks of sound.
"""

from dataclasses import dataclass

from voice_ally.language.breath_patterns import PATTERNS
from voice_ally.language.model import Breathe

CUED_ROUNDS = 2
"""Each phase is spoken in these first rounds."""
IN_CUED_ROUNDS = 4
"""Up to here the breath in is still spoken; later only in one round of six."""
REMINDER_EVERY_ROUNDS = 6
SETTLE_SECONDS = 0.6
"""Quiet before the first breath, so that it does not fall on the heels of a line."""
SILENT_BELL_SECONDS = 60.0
SLOWEST, FASTEST = 1.6, 0.7


@dataclass(frozen=True)
class BreathPhase:
    """One part of one breath."""

    name: str
    seconds: float
    cued: bool
    """A spoken cue belongs to it (if voices are wanted)."""
    opens_round: bool
    on_top: bool = False
    """A breath in that follows another one."""


def pattern_of(breathe: Breathe) -> tuple[tuple[str, float], ...]:
    """The phases of one round at tempo 1."""
    return breathe.own if breathe.pattern == "own" else PATTERNS[breathe.pattern]


def round_seconds(breathe: Breathe, tempo: float = 1.0) -> float:
    """How long one round lasts."""
    return sum(_length(seconds, tempo) for _, seconds in pattern_of(breathe))


def phase(breathe: Breathe, number: int, tempo: float) -> BreathPhase:
    """The phase with this number, counted from 0 over all rounds."""
    pattern = pattern_of(breathe)
    nth_round, index = divmod(number, len(pattern))
    name, seconds = pattern[index]
    again = nth_round % REMINDER_EVERY_ROUNDS == REMINDER_EVERY_ROUNDS - 1
    opens = index == 0
    repeated_in = name == "in" and not opens
    on_top = repeated_in and pattern[index - 1][0] == "in"
    spoken_in = opens and (nth_round < IN_CUED_ROUNDS or again)
    cued = (nth_round < CUED_ROUNDS and not repeated_in) or spoken_in
    return BreathPhase(name, _length(seconds, tempo), cued, opens, on_top)


def seconds_left(breathe: Breathe, number: int, *, rounds: int, tempo: float, into: float) -> float:
    """From so many seconds into the phase with this number to the end of that many rounds."""
    last = rounds * len(pattern_of(breathe))
    whole = sum(phase(breathe, one, tempo).seconds for one in range(number, last))
    return max(0.0, whole - into)


def changed_tempo(tempo: float, *, slower: bool) -> float:
    """A step slower or faster, within bounds that can still be breathed."""
    wanted = tempo * (1.15 if slower else 1 / 1.15)
    return min(SLOWEST, max(FASTEST, wanted))


def _length(seconds: float, tempo: float) -> float:
    return max(1, round(seconds * tempo * 100)) / 100
