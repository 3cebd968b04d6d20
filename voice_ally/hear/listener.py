"""Blocks in, utterances out: the segmenter and a recogniser put together.

Rules: every SpeechStarted is followed by exactly one Utterance, also when listening is broken
off; times are seconds of the stream; new phrases count from the next utterance on. Nothing is
looked at while a voice sounds, nor while nobody speaks: only when a voice has just paused. What
goes on for longer than any phrase takes is none: it is not decoded, and what follows its next
pause is looked at by itself.
"""

from collections import deque
from collections.abc import Callable

from voice_ally.core.audio import Pcm16, samples_in, to_samples, to_seconds
from voice_ally.core.ports import Recogniser, SpeechGate
from voice_ally.core.speech import (
    PLAINLY_ANOTHER,
    Decision,
    Grammar,
    HearingEvent,
    Hypothesis,
    SpeechStarted,
    Utterance,
)
from voice_ally.hear.abilities import Foreseer, Spotter
from voice_ally.hear.pause import HARMLESS_SECONDS, LOOKS_SECONDS, Pause, wait_after
from voice_ally.hear.segmenter import Began, Ended, More, Piece, Segmenter, SegmenterSettings
from voice_ally.hear.sudden_quiet import SuddenQuiet

SHORTEST_LOOK_SECONDS = 0.2
"""Of voice, before there is anything to look at."""
PART_PAUSE_SECONDS = 0.25
"""In speech that is longer than any phrase, what follows so much quiet may be one."""
PART_SECONDS = 2.0
"""The same in speech of this length that is not even the beginning of a phrase."""
PART_LEAD_BLOCKS = 30
"""Of 10 ms: the sound before such a part that belongs to it, as before a whole utterance."""
SPOT_SECONDS = 0.1
"""So often, while a voice sounds, what is urgent is looked for in the midst of it. Found twice in
a row it was said; or once, where the voice breaks off: at half of the word it is too soon."""
MOSTLY_OWN = 0.7
"""Own share of a sound from which it is not decoded while a line sounds. Most voices are then the
line's echo; to decode those too, again and again, takes a slow machine longer than they last, and
a stop would be heard when it is too late. (A person as loud as the echo makes it about 0.5.)"""
REST_SECONDS = 0.2
"""What is left of an urgent word after it was found, and for how long the gate still hears it."""


class SegmentListener:
    """Decodes each utterance when it is over or, with `early`, as soon as it is complete."""

    def __init__(
        self,
        gate: SpeechGate,
        recogniser: Recogniser,
        settings: SegmenterSettings | None = None,
        *,
        early: bool = False,
        sparing: bool = False,
        spotter: Spotter | None = None,
        foreseer: Foreseer | None = None,
    ) -> None:
        self._segmenter = Segmenter(gate, settings)
        self._recogniser = recogniser
        self._early, self._spotter, self._foreseer = early, spotter, foreseer
        self._sparing = sparing
        """A look takes long, so there is none for a "stop" that only waits for more quiet, and no
        last one where nothing was found before. Of 157 utterances of people, clean and in noise,
        one was found then that had not been; of the looks at what is not meant it was every
        fourth."""
        self._spot_at = 0
        """The sample at which to look next."""
        self._sudden_quiet = SuddenQuiet()
        self._seemed_urgent = False
        """When it was last looked for?"""
        self.own_share: Callable[[float, float], float] = lambda _start, _end: 0.0
        """How much of the sound between two moments of the stream was the assistant's own."""
        self._wanted: Grammar | None = None
        self._grammar: Grammar | None = None
        """That of the utterance under way."""
        self._pause = Pause()
        self._part_first = 0
        """Where the sound that is decoded began: the utterance, or what follows a pause in it."""
        self._recent: deque[Pcm16] = deque(maxlen=PART_LEAD_BLOCKS)
        self._decided = False
        """Is what was heard of the last utterance still kept?"""
        self._quiet_samples = 0
        """Since the voice of the utterance under way was last heard."""

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
        self._forget_what_is_decided()
        self._recent.append(block)
        events = self._events(self._segmenter.feed(block))
        self._begin_part()
        breaks_off = self._breaks_off(block)
        # first what is urgent: that is decided from a short piece of sound, and so sooner
        if found := self._spot(breaks_off=breaks_off):
            events.append(self._utterance(self._segmenter.end_now(REST_SECONDS), found))
        elif found := self._look():
            events.append(self._utterance(self._segmenter.end_now(), found))
        elif self._foreseer and self._sudden_quiet.may_be_over and self._is_long_enough():
            self._foreseer.foresee(self._segmenter.unseen)
        return events

    def flush(self) -> list[HearingEvent]:
        """The sound has ended."""
        events = self._events(self._segmenter.flush())
        self._forget_what_is_decided()
        return events

    def skip(self, block: Pcm16) -> list[HearingEvent]:
        """The next 10 ms, unheard. An utterance under way is decided by what was heard of it:
        a "stop" said just before the assistant speaks must not be lost.
        """
        events = self.flush() if self.speaking else []
        self._forget_what_is_decided()
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
                    if not self._is_too_long(self._segmenter.last_sample):
                        self._recogniser.feed(piece.pcm16)
                case Ended():
                    echo = self._is_echo(piece.first_sample, piece.last_sample, MOSTLY_OWN)
                    none = echo or self._is_too_long(piece.last_sample)
                    found = Hypothesis() if none else self._surest(piece)
                    events.append(self._utterance(piece, found))
        return events

    def _surest(self, ended: Ended) -> Hypothesis:
        """What all of it is; or what it was at a look in the quiet it ended with."""
        found, pause = self._recogniser.finish(), self._pause
        same = pause.voiced_samples == ended.last_sample - ended.first_sample
        missed = not found.text or found.decision is not Decision.ACT
        return pause.likeliest if same and missed and pause.likeliest.text else found

    def _is_too_long(self, last_sample: int) -> bool:
        """Has somebody spoken for longer than any phrase takes?"""
        if self._grammar is None:
            return False
        return to_seconds(last_sample - self._part_first) > self._grammar.longest_seconds

    def _begin_part(self) -> None:
        """After a pause in speech that is no phrase so far: what comes now may be one."""
        quiet, self._quiet_samples = self._quiet_samples, self._segmenter.quiet_samples
        resumed = self.speaking and self._quiet_samples < quiet
        if not resumed or quiet < to_samples(PART_PAUSE_SECONDS):
            return
        spoken = self._segmenter.last_sample - self._part_first
        hopeless = spoken > to_samples(PART_SECONDS) and self._pause.is_hopeless
        if hopeless or self._is_too_long(self._segmenter.last_sample):
            recent = Pcm16(b"".join(self._recent))
            self._part_first = self._segmenter.position - samples_in(recent)
            self._recogniser.begin()
            self._recogniser.feed(recent)

    def _begin(self) -> None:
        self._grammar = self._wanted
        self._pause, self._seemed_urgent = Pause(), False
        self._part_first, self._quiet_samples = self._segmenter.first_sample, 0
        if not self._is_urgent():
            self._sudden_quiet = SuddenQuiet()
        self._recogniser.begin()

    def _look(self) -> Hypothesis | None:
        """The phrase that is complete, if there is one."""
        segmenter = self._segmenter
        if not self._early or self._grammar is None or not self._is_long_enough():
            return None
        if segmenter.voiced_samples != self._pause.voiced_samples:
            self._pause = Pause(segmenter.voiced_samples)
        quiet_seconds = to_seconds(segmenter.quiet_samples)
        if self._pause.harmless and quiet_seconds >= HARMLESS_SECONDS:
            return self._pause.harmless
        due = self._pause.due(quiet_seconds, sparing=self._sparing)
        if due <= self._pause.looks:
            return None
        self._pause.looks = due
        last = segmenter.last_sample
        if self._is_too_long(last) or self._is_echo(segmenter.first_sample, last, MOSTLY_OWN):
            return None
        found = self._recogniser.peek()
        self._pause.found |= bool(found.text)
        sure = found.text and found.decision is Decision.ACT
        if sure and found.confidence > self._pause.likeliest.confidence:
            self._pause.likeliest = found
        self._pause.unfinished |= found.unfinished
        if found.unfinished:
            segmenter.wait_for_more()
        if self._grammar.is_urgent(found.text):
            return found
        wait_seconds = wait_after(found, self._grammar)
        if self._sparing and wait_seconds == HARMLESS_SECONDS:
            self._pause.harmless = found
        if wait_seconds > LOOKS_SECONDS[-1]:
            self._pause.again_seconds = wait_seconds
        return found if quiet_seconds >= wait_seconds else None

    def _is_long_enough(self) -> bool:
        """Is an utterance under way that there is something to look at in?"""
        shortest = to_samples(SHORTEST_LOOK_SECONDS)
        return self.speaking and self._segmenter.voiced_samples >= shortest

    def _is_urgent(self) -> bool:
        return self._wanted is not None and bool(self._wanted.urgent)

    def _breaks_off(self, block: Pcm16) -> bool:
        """Has a voice just broken off? While nobody speaks it is of no use, unless something is
        urgent: then it counts how loud it was before."""
        return (self.speaking or self._is_urgent()) and self._sudden_quiet.note(block)

    def _spot(self, *, breaks_off: bool) -> Hypothesis | None:
        """What is urgent and was said in the midst of other sound, if anything was."""
        if self._spotter is None or not self._is_urgent():
            return None
        if not self.speaking or self._grammar is None or not self._grammar.urgent:
            return None
        segmenter = self._segmenter
        if not breaks_off and segmenter.position < self._spot_at:
            return None
        self._spot_at = segmenter.position + to_samples(SPOT_SECONDS)
        first = self._first_within(self._spotter.reach_seconds, segmenter.first_sample)
        if self._is_echo(first, segmenter.last_sample, PLAINLY_ANOTHER):
            return None
        if not (breaks_off or self._seemed_urgent):
            self._seemed_urgent = self._spotter.seems_urgent(segmenter.unseen)
            return None
        found = self._spotter.spot(segmenter.unseen)
        self._seemed_urgent = False
        return found if found.text else None

    def _is_echo(self, first: int, last: int, least_share: float) -> bool:
        """While a line sounds, which is when something is urgent: is it the line?"""
        over_a_line = self._grammar is not None and bool(self._grammar.urgent)
        return over_a_line and self.own_share(to_seconds(first), to_seconds(last)) >= least_share

    def _forget_what_is_decided(self) -> None:
        """A block later: nobody waits for it then."""
        if self._decided:
            self._decided = False
            self._pause = Pause()
            self._recent.clear()
            self._recogniser.forget()

    def _utterance(self, ended: Ended, found: Hypothesis) -> Utterance:
        self._decided = True
        if ended.too_short:
            found = Hypothesis(rejected_text=found.text or found.rejected_text)
        first = ended.first_sample
        if found.within_seconds:
            first = self._first_within(found.within_seconds, first)
        return Utterance(
            to_seconds(self._segmenter.position),
            found.text,
            found.confidence,
            to_seconds(first),
            to_seconds(ended.last_sample),
            found.rejected_text,
            decision=found.decision,
            amid=found.within_seconds > 0,
        )

    def _first_within(self, seconds: float, first: int) -> int:
        """Where an utterance begins of which only the last seconds count."""
        return max(first, self._segmenter.position - to_samples(seconds))

    def close(self) -> None:
        """Free the engine."""
        self._recogniser.close()
