"""What can be heard, and what was heard.

Rules: text is lower-case words with single spaces, apostrophes kept ("don't"), digits spelled
out ("five"). Times are seconds on the clock of the stream the sound came from.
"""

from dataclasses import dataclass, field

PLAINLY_ANOTHER = 0.4
"""Own share of a sound under which it is plainly a person's."""


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
    """Final states of harmless phrases behind which only what is not meant may still follow:
    "stop" may become "stop shouting", but who waits for that waits with every "stop"."""
    urgent: frozenset[int] = frozenset()
    """Final states of what is obeyed as soon as it is heard, whatever might follow."""

    @property
    def words(self) -> frozenset[str]:
        """Every word that occurs."""
        return frozenset(word for arcs in self.arcs for word in arcs)

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
    """0 to 1, comparable only within one engine."""
    words: tuple[HeardWord, ...] = ()
    rejected_text: str = ""
    """The nearest phrase when text is empty, for `hear` and for tuning; never acted on."""
    doubtful: bool = False
    """The text was probably said, but not so surely that it may be acted on without asking."""
    barely: bool = False
    """Just about sure: enough for an answer, not to begin something without asking."""
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
    doubtful: bool = False
    """Probably the text, but ask before acting on it."""
    barely: bool = False
    """Just about surely the text: ask before beginning something."""
    amid: bool = False
    """Found in the midst of other sound, which may be the assistant's own."""


HearingEvent = SpeechStarted | Utterance
