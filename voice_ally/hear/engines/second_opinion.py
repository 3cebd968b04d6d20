"""Two opinions: one engine proposes a phrase, another is asked what it makes of the same sound.

Rules: the first one's phrase counts; where the second heard another, that one is weighed as well,
and the heavier of the two counts. Each is weighed by how well the first takes it to fit the sound,
and by how much likelier than no phrase at all the second takes it to be. The second hears the
sound while it comes in; it is asked for a single phrase only where that could matter. Which
weight suffices is in rejection.py. A "stop" of which the second is sure is one at once: obeyed
wrongly it does no harm, and the first takes ten times as long.
"""

from collections.abc import Callable
from dataclasses import replace
from math import inf

from voice_ally.core.audio import Pcm16
from voice_ally.core.speech import Grammar, Hypothesis
from voice_ally.hear.engines.cry import cry_in
from voice_ally.hear.engines.foresight import Foresight
from voice_ally.hear.engines.opinion import Proposer, Second
from voice_ally.hear.engines.pocketsphinx_engine import Proposal
from voice_ally.hear.engines.rejection import (
    CANNOT_KNOW,
    FAIRLY_SURE_SECOND,
    SURE_SECOND,
    WEIGHTS,
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
    is_surely_urgent,
    was_said,
)
from voice_ally.supervised.child_process import NoAnswer

NO_SOUND = Pcm16(b"")


class SecondOpinionRecogniser:
    """A recogniser made of two."""

    reach_seconds = TAIL_SECONDS
    """How far back spot() looks."""

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
        self._foresight: Foresight | None = None

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
        self._heard = self._foresight = None
        self._proposer.begin()
        self._second.begin()

    def feed(self, pcm16: Pcm16) -> None:
        """More sound, to both."""
        self._sound += pcm16
        self._proposer.feed(pcm16)
        if self._heard is None:
            self._second.feed(pcm16)

    def peek(self) -> Hypothesis:
        """What both make of it if it ends here."""
        return Hypothesis() if self._is_too_long() else self._judge_with_or_without()

    def foresee(self, after: Pcm16 = NO_SOUND) -> None:
        """The voice may just have ended: if the second has heard a whole phrase, the first begins
        to look for it already. After what was fed so far comes this."""
        grammar = self._grammar
        if grammar is None or grammar.urgent:
            return
        if self._heard is not None:
            if not Foresight.is_another_moment(self._heard[0], len(self._sound)):
                return
            self._hear_again()
        text = self._second.peek().text
        if not text:
            return
        sound = Pcm16(bytes(self._sound) + after)
        if self._foresight is None or self._foresight.is_outdone_by(text, len(sound)):
            self._foresight = Foresight(sound, text)
            self._proposer.foresee(sound)

    def seems_urgent(self, after: Pcm16 = NO_SOUND) -> bool:
        """Does the second hear something urgent in the last moment alone? After what was fed so
        far comes this."""
        grammar = self._grammar
        return grammar is not None and self._urgent_in(grammar, self._tail(after)) is not None

    def spot(self, after: Pcm16 = NO_SOUND) -> Hypothesis:
        """An urgent phrase that was just said, if both hear it in the last moment alone."""
        tail = self._tail(after)
        second = self._urgent_in(self._grammar, tail) if self._grammar else None
        if second is None:
            return Hypothesis()
        try:
            proposal = self._proposer.propose(tail)
        except NoAnswer:
            return replace(second, doubtful=True, within_seconds=TAIL_SECONDS)
        if proposal is None or not was_said(second, proposal.text):
            return Hypothesis()
        return replace(second, doubtful=True, within_seconds=TAIL_SECONDS)

    def _tail(self, after: Pcm16) -> Pcm16:
        return Pcm16((bytes(self._sound[-TAIL_BYTES:]) + after)[-TAIL_BYTES:])

    def _urgent_in(self, grammar: Grammar, tail: Pcm16) -> Hypothesis | None:
        if not grammar.urgent:
            return None
        second = self._second.hear_alone(tail)
        return second if is_surely_urgent(grammar, second) else None

    def finish(self) -> Hypothesis:
        """The utterance is over."""
        if self._is_too_long():
            second = self._heard[1] if self._heard else self._second.peek()
            found = Hypothesis(rejected_text=second.text or second.rejected_text)
        else:
            found = self._judge_with_or_without()
        self._proposer.begin()
        self._sound.clear()
        self._heard = self._foresight = None
        return found

    def _is_too_long(self) -> bool:
        """Is it longer than any interruption? All of it is then not decoded again and again: the
        listening thread would fall behind, and hear a stop too late."""
        grammar = self._grammar
        return grammar is not None and bool(grammar.urgent) and len(self._sound) > LONGEST_BYTES

    def _judge_with_or_without(self) -> Hypothesis:
        """Where the first does not answer in time, the second decides alone: it acts only on what
        it is sure of, and on a "stop" that is likely enough."""
        try:
            return self._judge()
        except NoAnswer:
            stop, _ = self._harmless_second()
            found = stop or self._sure_second() or self._cry()[0]
            heard = self._ask_second()
            return found or Hypothesis(rejected_text=heard.text or heard.rejected_text)

    def _judge(self) -> Hypothesis:
        if found := self._foreseen():
            return found
        unfinished = self._is_beginning()
        stop, support = self._harmless_second()
        if stop and support == inf:
            # the first need not be waited for: it takes longest
            return replace(stop, unfinished=unfinished)
        ahead = self._foresight_of(self._ask_second) if stop else None
        # beside a stop it need not hear the last moment too
        proposal = self._proposer.propose(ahead.sound if ahead else None)
        if stop and support > self._support_of(proposal):
            # it counts whatever the first makes of it: that would take as long again
            return replace(stop, unfinished=unfinished)
        found, found_support = self._best(proposal)
        if not stop and found_support < inf:
            stop, support = self._cry()
        if stop and stop.text != found.text and support > found_support:
            found = stop
        return replace(found, unfinished=unfinished)

    def _foreseen(self) -> Hypothesis | None:
        """What the first made of it before it was over, if the second still says the same, and
        that is plainly enough. Neither need be waited for then."""
        ahead = self._foresight_of(self._so_far)
        if ahead is None or self._is_harmless(ahead.text):
            # a stop is decided by the second
            return None
        proposal = self._proposer.propose(ahead.sound)
        if proposal is None or proposal.text != ahead.text:
            return None
        words = len(proposal.text.split())
        said = verdict(proposal.fit, 0.0, Found.BOTH, words, self._weights)
        return proposal.judged(said) if said is Verdict.SAID else None

    def _foresight_of(self, heard: Callable[[], Hypothesis]) -> Foresight | None:
        """What was foreseen, if that is still what the second hears."""
        ahead = self._foresight
        holds = ahead is not None and ahead.holds_for(heard().text, len(self._sound))
        return ahead if holds else None

    def _is_harmless(self, text: str) -> bool:
        return self._grammar is not None and self._grammar.is_harmless(text)

    def _so_far(self) -> Hypothesis:
        """What the second makes of all of it, without ending its utterance if that goes on."""
        return self._second.peek() if self._heard is None else self._ask_second()

    def _support_of(self, proposal: Proposal | None) -> float:
        """By the second; beyond measure, where it cannot know or found the same."""
        if proposal is None:
            return -inf
        same = proposal.text == self._ask_second().text
        if same or self._beyond.intersection(proposal.text.split()):
            return inf
        return self._second.support(proposal.text, Pcm16(bytes(self._sound)))

    def _harmless_second(self) -> tuple[Hypothesis | None, float]:
        """A "stop" or the like that the second found, and how likely it takes it to be: beyond
        measure, where that is enough; in doubt, where it is not so sure of it."""
        second, grammar = self._ask_second(), self._grammar
        if grammar is None or grammar.urgent or not grammar.is_harmless(second.text):
            # over its own line it takes the first to tell a person from an echo
            return None, 0.0
        weights, sound = self._weights, Pcm16(bytes(self._sound))
        support = self._second.support(second.text, sound)
        if second.confidence >= SURE_SECOND and support >= weights.harmless_support:
            return second, inf
        doubtful = replace(second, doubtful=True)
        if second.confidence >= FAIRLY_SURE_SECOND and support >= weights.fair_harmless:
            return doubtful, inf
        # how well it fits the first is not asked: in noise hardly any does, and it takes long
        return doubtful if support >= weights.probable_harmless else None, support

    def _cry(self) -> tuple[Hypothesis | None, float]:
        """A "stop" that the second did not find among all phrases."""
        grammar, sound = self._grammar, Pcm16(bytes(self._sound))
        if grammar is None or grammar.urgent:
            return None, 0.0
        heard = self._ask_second().text
        text, support = cry_in(sound, grammar, self._second, heard, self._weights)
        return Hypothesis(text, doubtful=True) if text else None, support

    def _best(self, proposal: Proposal | None) -> tuple[Hypothesis, float]:
        """The phrase for which most speaks, and how likely the second takes it to be: beyond
        measure, where it found the same."""
        if proposal is None:
            return Hypothesis(), -inf
        if self._beyond.intersection(proposal.text.split()):
            found = proposal.judged(CANNOT_KNOW.verdict(proposal.fit))
            return found, inf if found.text else -inf
        same = self._ask_second().text == proposal.text
        said, best, support = self._weighed(proposal, Found.BOTH if same else Found.FIRST)
        sure = (Verdict.SAID, Verdict.BARELY)
        if said not in sure and (other := self._other(proposal)) is not None:
            said_other, weight_other, support_other = self._weighed(other, Found.SECOND)
            if weight_other > best:
                proposal, said, support = other, said_other, support_other
        if said is Verdict.NOT_SAID:
            certain = self._sure_second()
            return (certain, inf) if certain else (proposal.judged(said), -inf)
        return proposal.judged(said), inf if same else support

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

    def _weighed(self, proposal: Proposal, found: Found) -> tuple[Verdict, float, float]:
        """Was it said, what speaks for it, and how likely the second takes it to be."""
        fit, weights = proposal.fit, self._weights
        if hopeless(fit):
            return Verdict.NOT_SAID, weight(fit, 0.0, found, weights), 0.0
        words = len(proposal.text.split())
        harmless = self._is_harmless(proposal.text)

        def judged(support: float) -> Verdict:
            return verdict(fit, support, found, words, weights, harmless=harmless)

        support = 0.0
        if found is not Found.BOTH or judged(0.0) is not Verdict.SAID:
            support = self._second.support(proposal.text, Pcm16(bytes(self._sound)))
        if found is Found.BOTH:
            # it chose this among all phrases, whatever it makes of this one alone
            support = max(support, 0.0)
        return judged(support), weight(fit, support, found, weights), support

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
            self._hear_again()
        found = self._second.finish()
        self._heard = (len(self._sound), found)
        return found

    def _hear_again(self) -> None:
        self._heard = None
        self._second.begin()
        self._second.feed(Pcm16(bytes(self._sound)))

    def close(self) -> None:
        """Free both engines."""
        self._proposer.close()
        self._second.close()
