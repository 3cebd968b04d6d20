"""A recogniser of two passes: what Vosk finds while the sound comes in is verified by others.

Rules: Vosk names a phrase while somebody speaks. Of a short utterance it is then asked for the
short phrases alone, and the verifier for the words it knows; of each meaning found so Vosk says
how much likelier it is than none. Only where that does not settle it is PocketSphinx asked, which
takes longest. All of that is evidence, weighed in acceptance.py. Either engine and the verifier
may be missing; then the others decide with what they have.
"""

from dataclasses import replace

from voice_ally.core.audio import SAMPLE_BYTES, Pcm16, to_samples
from voice_ally.core.speech import Decision, Grammar, Hypothesis, Stakes
from voice_ally.hear.engines.acceptance import Evidence, Fit, Found, Weigher, acceptance
from voice_ally.hear.engines.foresight import Foresight
from voice_ally.hear.engines.local_grammar import MOST_WORDS, local_grammar
from voice_ally.hear.engines.looks import Looks
from voice_ally.hear.engines.passes import Batch, Streaming, Verifier
from voice_ally.hear.engines.pocketsphinx_engine import Proposal
from voice_ally.hear.engines.spotting import (
    LEAST_VERIFIED,
    LONGEST_BYTES,
    TAIL_BYTES,
    TAIL_SECONDS,
    is_surely_urgent,
    was_said,
)
from voice_ally.supervised.child_process import NoAnswer

NO_SOUND = Pcm16(b"")
SHORT_BYTES = to_samples(1.9) * SAMPLE_BYTES
"""Of an utterance that may be one or two words: 1.2 s of voice, and the quiet around it."""
SETTLED = 0.95
"""Probability without PocketSphinx from which it is not asked for more."""


class TwoPassRecogniser:
    """Made of what there is; at least one engine."""

    reach_seconds = TAIL_SECONDS
    """How far back spot() looks."""

    def __init__(
        self,
        streaming: Streaming | None,
        batch: Batch | None,
        verifier: Verifier | None = None,
        weigh: Weigher | None = None,
    ) -> None:
        self._engines = [one for one in (streaming, batch) if one is not None]
        names = [one.name for one in self._engines]
        self.name = ", ".join(names if verifier is None else [*names, "verifier"])
        self._streaming, self._batch, self._verifier = streaming, batch, verifier
        self._weigher = weigh
        self._wanted: tuple[Grammar, Grammar, frozenset[str]] | None = None
        """The phrases, the short ones of them with their rivals, and words Vosk cannot hear."""
        self._grammar: Grammar | None = None
        """That of the utterance under way."""
        self._local: Grammar | None = None
        """Its short phrases, and their rivals."""
        self._unknown: frozenset[str] = frozenset()
        """Words that Vosk cannot hear."""
        self._sound = bytearray()
        self._foresight: Foresight | None = None

    def weigh_with(self, weigh: Weigher) -> None:
        """Other numbers from now on."""
        self._weigher = weigh

    def use(self, grammar: Grammar) -> None:
        """Only these phrases, from the next begin() on."""
        for engine in self._engines:
            engine.use(grammar)
        unknown = self._streaming.unknown_words(grammar) if self._streaming else frozenset()
        local = local_grammar(grammar, lambda word: word not in unknown)
        if self._batch is not None:
            self._batch.prepare(local)
        self._wanted = grammar, local, unknown

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        """Words for which the engines have to guess."""
        return self._engines[-1].unknown_words(grammar)

    def begin(self) -> None:
        """A new utterance, for all."""
        if self._wanted is not None:
            self._grammar, self._local, self._unknown = self._wanted
        self._sound.clear()
        self._foresight = None
        for engine in self._engines:
            engine.begin()

    def feed(self, pcm16: Pcm16) -> None:
        """More sound."""
        self._sound += pcm16
        if self._streaming is not None:
            self._streaming.feed(pcm16)

    def peek(self) -> Hypothesis:
        """What it is if it ends here."""
        return Hypothesis() if self._is_too_long() else self._judge(ended=False)

    def finish(self) -> Hypothesis:
        """The utterance is over."""
        if self._is_too_long():
            return Hypothesis(rejected_text=self._streamed().rejected_text)
        return self._judge(ended=True)

    def forget(self) -> None:
        """Neither its sound nor its words are kept, by any of them."""
        self._sound.clear()
        self._foresight = None
        for one in (*self._engines, *([self._verifier] if self._verifier else [])):
            one.forget()

    def _is_too_long(self) -> bool:
        """Is it longer than any interruption? All of it is then not decoded again and again: the
        listening thread would fall behind, and hear a stop too late."""
        urgent = self._grammar is not None and bool(self._grammar.urgent)
        return urgent and len(self._sound) > LONGEST_BYTES

    # -- what all of it is -----------------------------------------------------------------

    def _judge(self, *, ended: bool) -> Hypothesis:
        if self._grammar is None or not self._grammar.words:
            return Hypothesis()
        streamed = self._streamed() if ended else self._streamed_so_far()
        looks = Looks(self._grammar, Pcm16(bytes(self._sound)), short=self._is_short())
        looks.streaming = streamed.text
        if looks.short:
            self._look_closer(looks)
        found = self._weigh(self._evidence(looks))
        likely = found is not None and found.decision is not Decision.IGNORE
        if self._batch is not None and not _is_settled(found) and (ended or likely or looks.texts):
            found = self._ask_batch(looks) or found
        return replace(
            self._hypothesis(found, streamed, looks), unfinished=self._is_beginning(streamed)
        )

    def _weigh(self, evidence: list[Evidence]) -> Found | None:
        return (self._weigher or acceptance()).best(evidence)

    def _ask_batch(self, looks: Looks) -> Found | None:
        """What it is with PocketSphinx's word for it; None where that does not come in time: then
        what was found without it counts, so that a stop is obeyed whatever hangs."""
        try:
            looks.proposal = self._propose(looks)
            looks.batch_asked = True
            return self._weigh(self._evidence(looks))
        except NoAnswer:
            looks.proposal, looks.batch_asked = None, False
            return None

    def _is_short(self) -> bool:
        return len(self._sound) <= SHORT_BYTES

    def _look_closer(self, looks: Looks) -> None:
        if self._streaming is not None and self._local is not None:
            looks.local = self._streaming.hear_alone(looks.sound, self._local).text
        if self._verifier is not None:
            looks.verified = self._verifier.log_odds(looks.sound)

    def _propose(self, looks: Looks) -> Proposal | None:
        assert self._batch is not None
        grammar = looks.grammar
        # a phrase of more words can be as short, if Vosk heard one; alone PocketSphinx hears all
        few = len(looks.streaming.split()) <= MOST_WORDS
        if looks.short and few and self._streaming is not None and self._local is not None:
            grammar = self._local
        ahead = self._foresight
        if ahead is not None and ahead.holds_for(looks.streaming, len(self._sound)):
            return self._batch.propose(ahead.sound, grammar)
        return self._batch.propose(looks.sound, grammar)

    def _evidence(self, looks: Looks) -> list[Evidence]:
        return list(
            looks.evidence(
                lambda text: self._support(text, looks.sound),
                lambda text, proposal: self._fit(text, looks, proposal),
            )
        )

    def _fit(self, text: str, looks: Looks, proposal: Proposal | None) -> Fit | None:
        if proposal is not None:
            return proposal.fit
        if not looks.batch_asked or looks.short or self._batch is None:
            return None
        return self._batch.fit_of(text, looks.sound)

    def _support(self, text: str, sound: Pcm16) -> float | None:
        if self._streaming is None or not self._unknown.isdisjoint(text.split()):
            return None
        return self._streaming.support(text, sound)

    def _hypothesis(self, found: Found | None, streamed: Hypothesis, looks: Looks) -> Hypothesis:
        if found is None:
            proposed = looks.proposal.text if looks.proposal else ""
            return Hypothesis(rejected_text=streamed.rejected_text or proposed)
        text, stakes = found.evidence.text, found.evidence.stakes
        if found.decision is Decision.IGNORE and stakes is not Stakes.NOTHING:
            return Hypothesis(confidence=round(found.probability, 3), rejected_text=text)
        words = streamed.words if streamed.text == text else ()
        if not words and looks.proposal is not None and looks.proposal.text == text:
            words = looks.proposal.words
        decision = Decision.IGNORE if stakes is Stakes.NOTHING else found.decision
        return Hypothesis(text, round(found.probability, 3), words, decision=decision)

    def _streamed(self) -> Hypothesis:
        """What Vosk makes of all of it, now that it is over."""
        return self._streaming.finish() if self._streaming is not None else Hypothesis()

    def _streamed_so_far(self) -> Hypothesis:
        """The same of what may go on: Vosk's utterance is not ended, for then all of it would have
        to be decoded again."""
        return self._streaming.peek() if self._streaming is not None else Hypothesis()

    def _is_beginning(self, streamed: Hypothesis) -> bool:
        """Has Vosk heard the first words of a phrase, and no more?"""
        text = streamed.text or streamed.rejected_text
        if self._grammar is None or not text:
            return False
        return self._grammar.state_after(text) is not None and not self._grammar.accepts(text)

    # -- before it is known that the voice has ended -------------------------------------------

    def foresee(self, after: Pcm16 = NO_SOUND) -> None:
        """The voice may just have ended: if Vosk has heard a whole phrase, PocketSphinx begins to
        look for it already. After what was fed so far comes this."""
        grammar, streaming, batch = self._grammar, self._streaming, self._batch
        if grammar is None or grammar.urgent or streaming is None or batch is None:
            return
        if self._is_short():
            return
        text = streaming.peek().text
        sound = Pcm16(bytes(self._sound) + after)
        if text and (self._foresight is None or self._foresight.is_outdone_by(text, len(sound))):
            self._foresight = Foresight(sound, text)
            batch.foresee(sound, grammar)

    # -- what is urgent, in the midst of other sound -------------------------------------------

    def seems_urgent(self, after: Pcm16 = NO_SOUND) -> bool:
        """Does Vosk hear something urgent in the last moment alone? After what was fed so far
        comes this."""
        return self._urgent_in(self._tail(after)) is not None

    def spot(self, after: Pcm16 = NO_SOUND) -> Hypothesis:
        """An urgent phrase that was just said, if both engines hear it in the last moment alone."""
        tail = self._tail(after)
        heard = self._urgent_in(tail)
        if heard is None:
            return Hypothesis()
        if not self._is_also_proposed(heard, tail):
            return Hypothesis()
        return replace(heard, within_seconds=TAIL_SECONDS)

    def _is_also_proposed(self, heard: Hypothesis, tail: Pcm16) -> bool:
        """Do the others hear the same there, as far as they are there and answer in time?"""
        verifier = self._verifier
        known = set(heard.text.split()) & (verifier.words if verifier else frozenset())
        if verifier and any(verifier.log_odds(tail)[one] < LEAST_VERIFIED for one in known):
            return False
        if self._batch is None or self._grammar is None:
            return True
        try:
            proposal = self._batch.propose(tail, self._grammar)
        except NoAnswer:
            return True
        return proposal is not None and was_said(heard, proposal.text)

    def _tail(self, after: Pcm16) -> Pcm16:
        return Pcm16((bytes(self._sound[-TAIL_BYTES:]) + after)[-TAIL_BYTES:])

    def _urgent_in(self, tail: Pcm16) -> Hypothesis | None:
        grammar = self._grammar
        if grammar is None or not grammar.urgent or self._streaming is None:
            return None
        heard = self._streaming.hear_alone(tail, grammar)
        return heard if is_surely_urgent(grammar, heard) else None

    def close(self) -> None:
        """Free the engines."""
        for engine in self._engines:
            engine.close()


def _is_settled(found: Found | None) -> bool:
    """Is it so sure, or a stop, that nobody waits for PocketSphinx?"""
    if found is None or found.decision is not Decision.ACT:
        return False
    return found.evidence.stakes is Stakes.STOP or found.probability >= SETTLED
