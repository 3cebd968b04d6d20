"""Was that the assistant's own voice?

Rules: pure. What is heard while a line sounds, or just after it, and is made of its words, is an
echo, unless most of its sound is plainly somebody else's. What is nearly all its own sound is an
echo whatever the words.
"""

import difflib
from collections import deque
from dataclasses import dataclass, replace

from voice_ally.core.speech import PLAINLY_ANOTHER, HearingEvent, Utterance
from voice_ally.interpret.text import normalise

ECHO_SECONDS = 0.8
"""After the end of a line its last word may still arrive: the room, and the way through two
devices."""
SHARED_WORDS = 0.5
"""Of what was heard, in the order of the line."""
ALIKE_LETTERS = 0.75
"""How alike two words are that a recogniser takes for each other ("pause", "pauses")."""
NEARLY_ALL_OWN = 0.9
"""Own share of the sound from which nobody else can have been understood."""
KEPT_LINES = 4


@dataclass(frozen=True)
class _Line:
    ticket: int
    words: tuple[str, ...]
    start: float
    end: float = float("inf")


class OwnVoice:
    """Remembers the last lines, and when they sounded."""

    def __init__(self) -> None:
        self._lines: deque[_Line] = deque(maxlen=KEPT_LINES)

    def begins(self, ticket: int, text: str, at: float) -> None:
        """A line sounds from now on (or from later on: told again then)."""
        words = tuple(normalise(text).split())
        kept = [one for one in self._lines if one.ticket != ticket]
        self._lines = deque([*kept, _Line(ticket, words, at)], KEPT_LINES)

    def ends(self, ticket: int, at: float) -> None:
        """It has been heard to its end, or was cut."""
        self._lines = deque(
            (replace(one, end=at) if one.ticket == ticket else one for one in self._lines),
            KEPT_LINES,
        )

    def sounds_during(self, utterance: Utterance) -> bool:
        """Did a line sound while this began?"""
        return any(one.start <= utterance.speech_start <= one.end for one in self._lines)

    def explains(self, utterance: Utterance) -> bool:
        """Is this an echo?"""
        lines = [one for one in self._lines if _overlap(one, utterance)]
        if not lines or plainly_another(utterance):
            return False
        return utterance.own_share >= NEARLY_ALL_OWN or any(
            shared_words(utterance.text, one.words) >= SHARED_WORDS for one in lines
        )


def plainly_another(event: HearingEvent) -> bool:
    """Is it a person, as far as the sound tells?"""
    return event.own_share < PLAINLY_ANOTHER


def _overlap(line: _Line, utterance: Utterance) -> bool:
    return utterance.speech_start < line.end + ECHO_SECONDS and utterance.speech_end > line.start


def shared_words(text: str, line: tuple[str, ...]) -> float:
    """The share of the words of text that occur in the line in the same order, close together."""
    heard = normalise(text).split()
    if not heard:
        return 0.0
    window = len(heard) + 1
    return max(
        (_in_order(heard, line[at : at + window]) for at in range(max(1, len(line)))), default=0.0
    )


def _in_order(heard: list[str], words: tuple[str, ...]) -> float:
    """Longest common subsequence, where words count as the same that sound nearly the same."""
    best = [0] * (len(words) + 1)
    for one in heard:
        before = 0
        for at, word in enumerate(words):
            diagonal, before = before, best[at + 1]
            if _alike(one, word):
                best[at + 1] = max(best[at + 1], diagonal + 1)
            best[at + 1] = max(best[at + 1], best[at])
    return best[-1] / len(heard)


def _alike(one: str, other: str) -> bool:
    return one == other or difflib.SequenceMatcher(None, one, other).ratio() >= ALIKE_LETTERS
