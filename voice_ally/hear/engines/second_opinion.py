"""Two opinions: one engine proposes, another has to agree.

Rules: a phrase both heard is accepted; small differences ("a five minute pause", "five minute
pause") count as agreement; where they differ, the second is believed if it is sure of every
word; where it does not know a word of the phrase, the first decides alone but must be surer.
"""

import difflib

from voice_ally.core.audio import Pcm16
from voice_ally.core.ports import Recogniser
from voice_ally.core.speech import Grammar, Hypothesis

AGREEMENT = 0.6
"""Share of words in common, in order (difflib's ratio)."""
SURE_SECOND = 0.9
"""Confidence of the second engine, of each word, that overrules the proposer. Of 722 foreign
human utterances none passed for a phrase of the bundled pack, but 43 did among 44 short
phrases, nearly all of them "computer" taken for "continue": the weak side of this rule."""
SURE_ALONE = 0.66
"""Confidence of the proposer that needs no second opinion, where none can be had."""


class SecondOpinionRecogniser:
    """A recogniser made of two."""

    def __init__(self, proposer: Recogniser, second: Recogniser) -> None:
        self.name = f"{proposer.name} confirmed by {second.name}"
        self._proposer, self._second = proposer, second
        self._beyond: frozenset[str] = frozenset()

    def use(self, grammar: Grammar) -> None:
        """Only these phrases, from the next begin() on."""
        self._proposer.use(grammar)
        self._second.use(grammar)
        self._beyond = self._second.unknown_words(grammar)

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        """Words for which the proposer has to guess."""
        return self._proposer.unknown_words(grammar)

    def begin(self) -> None:
        """A new utterance, for both."""
        self._proposer.begin()
        self._second.begin()

    def feed(self, pcm16: Pcm16) -> None:
        """More sound, to both."""
        self._proposer.feed(pcm16)
        self._second.feed(pcm16)

    def peek(self) -> Hypothesis:
        """What both would make of it if it ended here."""
        return self._judge(self._proposer.peek(), self._second.peek())

    def finish(self) -> Hypothesis:
        """The utterance is over."""
        return self._judge(self._proposer.finish(), self._second.finish())

    def _judge(self, proposed: Hypothesis, second: Hypothesis) -> Hypothesis:
        words = proposed.text.split()
        if not words and second.confidence < SURE_SECOND:
            return proposed
        if second.text:
            alike = difflib.SequenceMatcher(None, words, second.text.split()).ratio()
            if alike >= AGREEMENT:
                return proposed
            if second.confidence >= SURE_SECOND:
                return second
        elif self._beyond.intersection(words) and proposed.confidence >= SURE_ALONE:
            return proposed
        return Hypothesis(rejected_text=proposed.text)

    def close(self) -> None:
        """Free both engines."""
        self._proposer.close()
        self._second.close()
