"""What each look at the sound of one utterance found, and the evidence for each meaning in it."""

from collections.abc import Callable, Iterator, Mapping

from voice_ally.core.audio import Pcm16
from voice_ally.core.speech import Grammar
from voice_ally.hear.engines.acceptance import Evidence, Fit
from voice_ally.hear.engines.noise import is_noisy
from voice_ally.hear.engines.pocketsphinx_engine import Proposal

POSSIBLE_LOG_ODDS = -2.0
"""Of a word by the verifier, from which it is weighed at all."""


class Looks:
    """What each look at one sound found."""

    def __init__(self, grammar: Grammar, sound: Pcm16, *, short: bool) -> None:
        self.grammar, self.sound, self.short = grammar, sound, short
        self.streaming = self.local = ""
        self.verified: Mapping[str, float] = {}
        self.proposal: Proposal | None = None
        self.batch_asked = False

    @property
    def texts(self) -> list[str]:
        """Every phrase that any of them found, once."""
        words = [one for one, odds in self.verified.items() if odds >= POSSIBLE_LOG_ODDS]
        proposed = self.proposal.text if self.proposal is not None else ""
        found = dict.fromkeys((self.streaming, self.local, proposed, *words))
        return [one for one in found if one and self.grammar.outcome(one) is not None]

    def meanings(self) -> dict[str, list[str]]:
        """The same, together where they mean the same."""
        grouped: dict[str, list[str]] = {}
        for text in self.texts:
            outcome = self.grammar.outcome(text)
            assert outcome is not None
            grouped.setdefault(outcome.key(text), []).append(text)
        return grouped

    def evidence(
        self,
        support: Callable[[str], float | None],
        fit: Callable[[str, Proposal | None], Fit | None],
    ) -> Iterator[Evidence]:
        """For each meaning that any look has found.

        support: how much likelier Vosk finds a phrase than none; fit: how well PocketSphinx's
        phones fit it.
        """
        noisy = is_noisy(self.sound)
        for texts in self.meanings().values():
            supports = {text: support(text) for text in texts}
            text = max(texts, key=lambda one: supports[one] or 0.0)
            known = [odds for word, odds in self.verified.items() if word in texts]
            others = [odds for word, odds in self.verified.items() if word not in texts]
            proposal = self.proposal
            outcome = self.grammar.outcome(text)
            assert outcome is not None
            found = proposal is not None and proposal.text in texts
            yield Evidence(
                text,
                outcome.stakes,
                self.short,
                supports[text],
                streaming=self.streaming in texts,
                local=self.local in texts,
                batch_asked=self.batch_asked,
                batch=found,
                fit=fit(text, proposal if found else None),
                verified=max(known, default=None),
                other_word=max(others, default=None),
                noisy=noisy,
                meaning=outcome.meaning,
            )
