"""Blocks in, utterances out: the segmenter and a recogniser put together.

Rules: every SpeechStarted is followed by exactly one Utterance, also when listening is broken
off; times are seconds of the stream.
"""

from voice_ally.core.audio import Pcm16, to_seconds
from voice_ally.core.ports import Recogniser, SpeechGate
from voice_ally.core.speech import Grammar, HearingEvent, SpeechStarted, Utterance
from voice_ally.hear.segmenter import Began, Ended, More, Piece, Segmenter, SegmenterSettings


class SegmentListener:
    """Decodes each utterance when it is over."""

    def __init__(
        self,
        gate: SpeechGate,
        recogniser: Recogniser,
        settings: SegmenterSettings | None = None,
    ) -> None:
        self._segmenter = Segmenter(gate, settings)
        self._recogniser = recogniser
        self._armed = False
        self._started_at: float | None = None

    def use(self, grammar: Grammar) -> None:
        """Only these phrases, from the next utterance on."""
        self._recogniser.use(grammar)
        self._armed = True

    @property
    def speaking(self) -> bool:
        """Is somebody in the middle of an utterance?"""
        return self._segmenter.speaking

    def feed(self, block: Pcm16) -> list[HearingEvent]:
        """The next 10 ms."""
        return self._events(self._segmenter.feed(block))

    def flush(self) -> list[HearingEvent]:
        """The sound has ended."""
        return self._events(self._segmenter.flush())

    def skip(self, block: Pcm16) -> list[HearingEvent]:
        """The next 10 ms, unheard."""
        self._segmenter.skip(block)
        if self._started_at is None:
            return []
        now = to_seconds(self._segmenter.position)
        started, self._started_at = self._started_at, None
        return [Utterance(now, "", 0.0, started, now)]

    def _events(self, pieces: list[Piece]) -> list[HearingEvent]:
        events: list[HearingEvent] = []
        for piece in pieces:
            match piece:
                case Began():
                    self._started_at = to_seconds(piece.sample)
                    events.append(SpeechStarted(self._started_at))
                    self._recogniser.begin()
                case More():
                    self._recogniser.feed(piece.pcm16)
                case Ended():
                    self._started_at = None
                    events.append(self._utterance(piece))
        return events

    def _utterance(self, ended: Ended) -> Utterance:
        found = self._recogniser.finish()
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
