"""Blocks in, utterances out: the segmenter and a recogniser put together.

Rules: every SpeechStarted is followed by exactly one Utterance, also when listening is broken
off; times are seconds of the stream; new phrases count from the next utterance on.
"""

from dataclasses import dataclass

from voice_ally.core.audio import Pcm16, to_samples, to_seconds
from voice_ally.core.ports import Recogniser, SpeechGate
from voice_ally.core.speech import Grammar, HearingEvent, Hypothesis, SpeechStarted, Utterance
from voice_ally.hear.segmenter import Began, Ended, More, Piece, Segmenter, SegmenterSettings

FIRST_PEEK_SECONDS = 0.3
"""Of voice, before there is anything to look at."""
PEEK_EVERY_SECONDS = 0.1
SAME_TO_DECIDE = 3
"""Looks in a row that show the same phrase, if no phrase goes on from it …"""
SAME_IF_IT_MAY_GO_ON = 5
"""… and if one does."""
QUIET_TO_DECIDE_SECONDS = 0.06
"""Nobody is cut off in the middle of a sound."""


@dataclass
class _Outlook:
    """What the utterance under way looks like becoming."""

    next_peek_sample: int
    text: str = ""
    same_looks: int = 0

    def saw(self, text: str) -> None:
        self.same_looks = self.same_looks + 1 if text == self.text else 1
        self.text = text

    def settled(self, grammar: Grammar) -> bool:
        """Is it a phrase that will hardly change any more?"""
        if not grammar.accepts(self.text):
            return False
        state = grammar.state_after(self.text)
        may_go_on = state is not None and bool(grammar.arcs[state])
        return self.same_looks >= (SAME_IF_IT_MAY_GO_ON if may_go_on else SAME_TO_DECIDE)


class SegmentListener:
    """Decodes each utterance when it is over or, with `early`, when it is sure to be complete."""

    def __init__(
        self,
        gate: SpeechGate,
        recogniser: Recogniser,
        settings: SegmenterSettings | None = None,
        *,
        early: bool = False,
    ) -> None:
        self._segmenter = Segmenter(gate, settings)
        self._recogniser = recogniser
        self._early = early
        self._wanted: Grammar | None = None
        self._grammar: Grammar | None = None
        """That of the utterance under way."""
        self._outlook = _Outlook(0)

    def use(self, grammar: Grammar) -> None:
        """Only these phrases, from the next utterance on."""
        self._wanted = grammar
        self._recogniser.use(grammar)

    @property
    def speaking(self) -> bool:
        """Is somebody in the middle of an utterance?"""
        return self._segmenter.speaking

    def feed(self, block: Pcm16) -> list[HearingEvent]:
        """The next 10 ms."""
        events = self._events(self._segmenter.feed(block))
        if self._early and self.speaking and self._complete():
            events.append(self._utterance(self._segmenter.end_now()))
        return events

    def flush(self) -> list[HearingEvent]:
        """The sound has ended."""
        return self._events(self._segmenter.flush())

    def skip(self, block: Pcm16) -> list[HearingEvent]:
        """The next 10 ms, unheard. An utterance under way is decided by what was heard of it:
        a "stop" said just before the assistant speaks must not be lost.
        """
        events = self.flush() if self.speaking else []
        self._segmenter.skip(block)
        return events

    def _events(self, pieces: list[Piece]) -> list[HearingEvent]:
        events: list[HearingEvent] = []
        for piece in pieces:
            match piece:
                case Began():
                    self._begin()
                    events.append(SpeechStarted(to_seconds(piece.first_sample)))
                case More():
                    self._recogniser.feed(piece.pcm16)
                case Ended():
                    events.append(self._utterance(piece))
        return events

    def _begin(self) -> None:
        self._grammar = self._wanted
        self._outlook = _Outlook(self._segmenter.position)
        self._recogniser.begin()

    def _complete(self) -> bool:
        segmenter = self._segmenter
        if self._grammar is None or segmenter.voiced_samples < to_samples(FIRST_PEEK_SECONDS):
            return False
        if segmenter.position >= self._outlook.next_peek_sample:
            self._outlook.next_peek_sample = segmenter.position + to_samples(PEEK_EVERY_SECONDS)
            self._outlook.saw(self._recogniser.peek().text)
        quiet_enough = segmenter.quiet_samples >= to_samples(QUIET_TO_DECIDE_SECONDS)
        return quiet_enough and self._outlook.settled(self._grammar)

    def _utterance(self, ended: Ended) -> Utterance:
        found = self._recogniser.finish()
        if ended.too_short:
            found = Hypothesis(rejected_text=found.text or found.rejected_text)
        return Utterance(
            to_seconds(self._segmenter.position),
            found.text,
            found.confidence,
            to_seconds(ended.first_sample),
            to_seconds(ended.last_sample),
            found.rejected_text,
        )

    def close(self) -> None:
        """Free the engine."""
        self._recogniser.close()
