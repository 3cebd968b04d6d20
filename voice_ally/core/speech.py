"""What can be heard, and what was heard.

Rules: text is lower-case words with single spaces, apostrophes kept ("don't"), digits spelled
out ("five"). Times are seconds on the clock of the stream the sound came from.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

PLAINLY_ANOTHER = 0.4
"""Own share of a sound under which it is plainly a person's."""


SLOW_WORD_SECONDS = 0.7
"""Of somebody who speaks slowly, in tears; people's orders have 0.2 to 0.5 a word."""
QUIET_AROUND_SECONDS = 1.5


class Decision(enum.Enum):
    """What to do about something that was heard: the one answer from the engine to the log."""

    ACT = "act"
    CONFIRM = "confirm"
    """Ask before acting on it."""
    IGNORE = "ignore"


class Stakes(enum.Enum):
    """What is at stake with a phrase: how dear it is to act on it wrongly, and to miss it."""

    STOP = "stop"
    """It ends or pauses what is running: cheap by mistake, dear when missed."""
    SAFETY = "safety"
    """Somebody is afraid: worth a question even where it is unlikely."""
    START = "start"
    """It begins something that nobody asked for if it was not said."""
    ANSWER = "answer"
    """It answers what was asked just now, perhaps with consent."""
    COMMAND = "command"
    """It changes how the present step goes on."""
    NOTHING = "nothing"
    """It comes to nothing: it only competes with the others."""


@dataclass(frozen=True)
class Outcome:
    """What a complete phrase stands for, as far as hearing has to know."""

    meaning: str
    """The same for every wording of one meaning."""
    stakes: Stakes
    by_words: bool = False
    """Other words are another meaning, as "five minutes" and "nine minutes" are."""

    def key(self, text: str) -> str:
        """The same for what these words and others mean alike."""
        return f"{self.meaning}: {text}" if self.by_words else self.meaning


@dataclass(frozen=True)
class Grammar:
    """A word graph: every path from state 0 to a final state is a phrase that may be heard.

    Deterministic (one arc per state and word) and without empty arcs, so prefixes are shared.
    """

    key: str
    """Equal grammars have equal keys; engines cache what they compile by it."""
    arcs: tuple[dict[str, int], ...]
    """One dict a state: word -> next state. State 0 is the start."""
    final: frozenset[int]
    """States in which a phrase is complete."""
    phrases: tuple[str, ...] = field(repr=False)
    """A covering sample: every arc, and every pair of neighbouring arcs, is in some phrase."""
    settled: frozenset[int] = frozenset()
    """Final states behind which nothing that may still follow changes what is meant: behind
    "stop", "please" may come, and it is still a stop. Nobody needs to wait for it."""
    harmless: frozenset[int] = frozenset()
    """Final states of stops behind which no answer and no other command may still follow: "stop"
    may become "stop shouting", but who waits for that waits with every "stop"."""
    urgent: frozenset[int] = frozenset()
    """Final states of what is obeyed as soon as it is heard, whatever might follow."""
    outcomes: Mapping[int, Outcome] = field(default_factory=dict, repr=False)
    """By final state: what a phrase that ends there stands for."""

    @property
    def words(self) -> frozenset[str]:
        """Every word that occurs."""
        return frozenset(word for arcs in self.arcs for word in arcs)

    @cached_property
    def longest_seconds(self) -> float:
        """So long somebody may take to say any of the phrases, with the quiet around it."""
        words = [0] * len(self.arcs)
        for state in range(len(self.arcs) - 1, -1, -1):
            words[state] = max((1 + words[one] for one in self.arcs[state].values()), default=0)
        return QUIET_AROUND_SECONDS + SLOW_WORD_SECONDS * words[0]

    def state_after(self, text: str) -> int | None:
        """The state these words lead to, or None when no phrase begins with them."""
        state = 0
        for word in text.split():
            following = self.arcs[state].get(word)
            if following is None:
                return None
            state = following
        return state

    def accepts(self, text: str) -> bool:
        """Is this a complete phrase?"""
        return bool(text) and self.state_after(text) in self.final

    def outcome(self, text: str) -> Outcome | None:
        """What this complete phrase stands for; None where it is none."""
        state = self.state_after(text) if text else None
        return self.outcomes.get(state) if state is not None else None

    def is_settled(self, text: str) -> bool:
        """Is it a complete phrase, and its meaning the same whatever else is said?"""
        state = self.state_after(text) if text else None
        return state in self.final and (state in self.settled or not self.arcs[state or 0])

    def is_harmless(self, text: str) -> bool:
        """Is it a complete phrase that should not be kept waiting for what is not meant?"""
        return bool(text) and self.state_after(text) in self.harmless

    def is_urgent(self, text: str) -> bool:
        """Is it a complete phrase that nothing may hold up?"""
        return bool(text) and self.state_after(text) in self.urgent


@dataclass(frozen=True)
class HeardWord:
    """One word of a hypothesis."""

    text: str
    start_seconds: float
    """From the first sample fed since begin()."""
    end_seconds: float
    confidence: float
    """0 to 1, comparable only within one engine."""


@dataclass(frozen=True)
class Hypothesis:
    """What an engine makes of the sound it was fed. Empty text: none of the phrases."""

    text: str = ""
    confidence: float = 0.0
    """0 to 1: how probable it is that this was said; of an engine by itself comparable only
    within that engine."""
    words: tuple[HeardWord, ...] = ()
    rejected_text: str = ""
    """The nearest phrase when text is empty, for `hear` and for tuning; never acted on."""
    decision: Decision = Decision.ACT
    """What to do about the text, where there is one."""
    unfinished: bool = False
    """So far it is only the beginning of a phrase: whoever speaks is likely to go on."""
    within_seconds: float = 0.0
    """Said within so long before the end, in the midst of other sound; 0 where it is all of it."""


@dataclass(frozen=True)
class SpeechStarted:
    """Somebody began to speak."""

    at: float
    """Seconds: when the voice set in, not when it was noticed."""
    own_share: float = 0.0
    """Of its sound so far, how much was the assistant's own voice in the microphone: 0 to 1."""


@dataclass(frozen=True)
class Utterance:
    """One stretch of speech, decoded. Always follows its SpeechStarted."""

    at: float
    """Seconds: when it was decided what it is."""
    text: str
    """Empty when it was none of the phrases."""
    confidence: float
    speech_start: float
    speech_end: float
    rejected_text: str = ""
    own_share: float = 0.0
    """Of its sound, how much was the assistant's own voice in the microphone: 0 to 1."""
    decision: Decision = Decision.ACT
    """What to do about the text, where there is one."""
    amid: bool = False
    """Found in the midst of other sound, which may be the assistant's own."""


HearingEvent = SpeechStarted | Utterance
