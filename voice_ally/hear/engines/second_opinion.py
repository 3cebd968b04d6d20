"""Two opinions: one engine proposes a phrase, another is asked what it makes of the same sound.

Rules: the first one's phrase counts; where the second heard another, that one is weighed as well,
and the heavier of the two counts. Each is weighed by how well the first takes it to fit the sound,
and by how much likelier than no phrase at all the second takes it to be. The second hears the
sound while it comes in; it is asked for a single phrase only where that could matter. Which
weight suffices is in rejection.py.
"""

from dataclasses import replace
from typing import Protocol

from voice_ally.core.audio import Pcm16
from voice_ally.core.ports import Recogniser
from voice_ally.core.speech import Grammar, Hypothesis
from voice_ally.hear.engines.pocketsphinx_engine import Proposal
from voice_ally.hear.engines.rejection import (
    CANNOT_KNOW,
    SURE_SECOND,
    WEIGHTS,
    Fit,
    Found,
    Verdict,
    Weights,
    hopeless,
    verdict,
    weight,
)
from voice_ally.hear.engines.spotting import (
    LONGEST_BYTES,
    TAIL_BYTES,
    TAIL_SECONDS,
    urgent_phrases,
    was_said,
)


class Proposer(Recogniser, Protocol):
    """An engine that always finds the best phrase, and says how well it fits."""

    def propose(self, sound: Pcm16 | None = None) -> Proposal | None:
        """What fits the sound so far, or this sound, best."""

    def fit_of(self, text: str) -> Fit | None:
        """How well this phrase fits it, None if not at all."""


class Second(Recogniser, Protocol):
    """An engine that can be asked for one phrase alone."""

    def support(self, text: str, pcm16: Pcm16) -> float:
        """How much likelier than no phrase at all it is, as a logarithm."""


class SecondOpinionRecogniser:
    """A recogniser made of two."""

    def __init__(self, proposer: Proposer, second: Second, weights: Weights = WEIGHTS) -> None:
        self.name = f"{proposer.name} confirmed by {second.name}"
        self._proposer, self._second = proposer, second
        self._weights = weights
        self._wanted: Grammar | None = None
        self._grammar: Grammar | None = None
        """That of the utterance under way."""
        self._beyond: frozenset[str] = frozenset()
        self._sound = bytearray()
        self._heard: tuple[int, Hypothesis] | None = None
        """What the second made of so many bytes; its utterance is over then."""
        self._following = False
        """Does the second decode along all the same, to notice what is urgent?"""
        self._noticed = 0

    def use(self, grammar: Grammar) -> None:
        """Only these phrases, from the next begin() on."""
        self._proposer.use(grammar)
        self._second.use(grammar)
        self._wanted = grammar

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        """Words for which the proposer has to guess."""
        return self._proposer.unknown_words(grammar)

    def begin(self) -> None:
        """A new utterance, for both."""
        if self._wanted is not self._grammar and self._wanted is not None:
            self._grammar = self._wanted
            self._beyond = self._second.unknown_words(self._grammar)
        self._sound.clear()
        self._heard = None
        self._following, self._noticed = False, 0
        self._proposer.begin()
        self._second.begin()

    def feed(self, pcm16: Pcm16) -> None:
        """More sound, to both."""
        self._sound += pcm16
        self._proposer.feed(pcm16)
        if self._heard is None:
            self._second.feed(pcm16)
        elif self._grammar is not None and self._grammar.urgent:
            if not self._following:
                self._second.begin()
                self._following, self._noticed = True, 0
            self._second.feed(pcm16)

    def peek(self) -> Hypothesis:
        """What both make of it if it ends here; else what is urgent at the end of it."""
        if self._is_too_long():
            return self.spot()
        found = self._judge(self._proposer.propose())
        if self._grammar is None or not self._grammar.urgent:
            return found
        second = self._ask_second()
        words = found.text or second.text or second.rejected_text
        if self._grammar.is_urgent(found.text) or not urgent_phrases(self._grammar, words):
            return found
        at_the_end = self._said_last(self._grammar)
        return replace(at_the_end, unfinished=found.unfinished) if at_the_end.text else found

    def spot(self) -> Hypothesis:
        """An urgent phrase that was just said in the midst of other sound; see spotting.py."""
        grammar = self._grammar
        if grammar is None or not (self._heard is None or self._following):
            return Hypothesis()
        so_far = self._second.peek()
        noticed = urgent_phrases(grammar, so_far.text or so_far.rejected_text)
        new, self._noticed = noticed > self._noticed, noticed
        return self._said_last(grammar) if new else Hypothesis()

    def _said_last(self, grammar: Grammar) -> Hypothesis:
        """What is urgent in the last moment alone, if both hear it there."""
        tail = Pcm16(bytes(self._sound[-TAIL_BYTES:]))
        self._second.begin()
        self._second.feed(tail)
        second = self._second.finish()
        # what it makes of all of it has to be asked for anew
        self._heard, self._following = (0, Hypothesis()), False
        proposal = self._proposer.propose(tail) if grammar.is_urgent(second.text) else None
        if proposal is None or not was_said(grammar, second, proposal.text):
            return Hypothesis()
        return replace(second, doubtful=True, within_seconds=TAIL_SECONDS)

    def finish(self) -> Hypothesis:
        """The utterance is over."""
        if self._is_too_long():
            second = self._heard[1] if self._heard else self._second.peek()
            found = Hypothesis(rejected_text=second.text or second.rejected_text)
        else:
            found = self._judge(self._proposer.propose())
        self._proposer.begin()
        self._sound.clear()
        self._heard = None
        return found

    def _is_too_long(self) -> bool:
        """Is it longer than any interruption? All of it is then not decoded again and again: the
        listening thread would fall behind, and hear a stop too late."""
        grammar = self._grammar
        return grammar is not None and bool(grammar.urgent) and len(self._sound) > LONGEST_BYTES

    def _judge(self, proposal: Proposal | None) -> Hypothesis:
        unfinished = self._is_beginning()
        if proposal is None:
            return Hypothesis(unfinished=unfinished)
        if self._beyond.intersection(proposal.text.split()):
            found = proposal.judged(CANNOT_KNOW.verdict(proposal.fit))
            return replace(found, unfinished=unfinished)
        same = self._ask_second().text == proposal.text
        said, best = self._weighed(proposal, Found.BOTH if same else Found.FIRST)
        if said is not Verdict.SAID and (other := self._other(proposal)) is not None:
            said_other, weight_other = self._weighed(other, Found.SECOND)
            if weight_other > best:
                proposal, said = other, said_other
        if said is Verdict.NOT_SAID and (sure := self._sure_second()):
            return replace(sure, unfinished=unfinished)
        return replace(proposal.judged(said), unfinished=unfinished)

    def _sure_second(self) -> Hypothesis | None:
        """What the second is sure of although it does not fit: enough for a question, and if it
        is likely enough, for what does no harm."""
        second = self._ask_second()
        if not second.text or second.confidence < SURE_SECOND:
            return None
        support = self._second.support(second.text, Pcm16(bytes(self._sound)))
        if support < self._weights.sure_support:
            return None
        harmless = self._grammar is not None and (
            self._grammar.is_harmless(second.text) or self._grammar.is_urgent(second.text)
        )
        return replace(
            second, doubtful=not (harmless and support >= self._weights.harmless_support)
        )

    def _weighed(self, proposal: Proposal, found: Found) -> tuple[Verdict, float]:
        """Was it said, and what speaks for it?"""
        fit, weights = proposal.fit, self._weights
        if hopeless(fit):
            return Verdict.NOT_SAID, weight(fit, 0.0, found, weights)
        support = 0.0
        if found is not Found.BOTH or verdict(fit, 0.0, found, weights) is not Verdict.SAID:
            support = self._second.support(proposal.text, Pcm16(bytes(self._sound)))
        if found is Found.BOTH:
            # it chose this among all phrases, whatever it makes of this one alone
            support = max(support, 0.0)
        return verdict(fit, support, found, weights), weight(fit, support, found, weights)

    def _other(self, proposal: Proposal) -> Proposal | None:
        """What the second heard, if that is another phrase and fits at all."""
        second = self._ask_second()
        if second.text in ("", proposal.text):
            return None
        fit = self._proposer.fit_of(second.text)
        return Proposal(second.text, second.words, fit) if fit else None

    def _is_beginning(self) -> bool:
        """Has the second heard the first words of a phrase, and no more?"""
        second = self._heard[1] if self._heard else self._second.peek()
        text = second.text or second.rejected_text
        if self._grammar is None or not text:
            return False
        return self._grammar.state_after(text) is not None and not self._grammar.accepts(text)

    def _ask_second(self) -> Hypothesis:
        """Ends its utterance; if more sound comes after all, it starts again from the beginning."""
        if self._heard is not None and self._heard[0] == len(self._sound):
            return self._heard[1]
        if self._heard is not None:
            self._second.begin()
            self._second.feed(Pcm16(bytes(self._sound)))
        found = self._second.finish()
        self._heard, self._following = (len(self._sound), found), False
        return found

    def close(self) -> None:
        """Free both engines."""
        self._proposer.close()
        self._second.close()
