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

    def use(self, grammar: Grammar) -> None:
        """Only these phrases, from the next utterance on."""
        self._recogniser.use(grammar)

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
        """The next 10 ms, unheard. An utterance under way is decided by what was heard of it:
        a "stop" said just before the assistant speaks must not be lost.
        """
        events = self.flush() if self._segmenter.speaking else []
        self._segmenter.skip(block)
        return events

    def _events(self, pieces: list[Piece]) -> list[HearingEvent]:
        events: list[HearingEvent] = []
        for piece in pieces:
            match piece:
                case Began():
                    events.append(SpeechStarted(to_seconds(piece.sample)))
                    self._recogniser.begin()
                case More():
                    self._recogniser.feed(piece.pcm16)
                case Ended():
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
