"""How probable it is that a phrase was said, and what to do about it.

Rules: pure. What the looks at a sound make of one meaning is its evidence; a logistic model turns
that into log odds against nothing having been said, and the meanings then share one probability
among them and nothing. What to do follows from that probability and from what it costs to be
wrong. Every number of the models is in acceptance.json, which `python -m tools.acceptance` writes
from people's recordings and says so in it; the costs are judgements and stand here.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from voice_ally.core.speech import Decision, Stakes

NUMBERS = Path(__file__).with_name("acceptance.json")
LEAST_SUPPORT, MOST_SUPPORT = -10.0, 40.0
"""Beyond these Vosk's likelihood ratio tells no more."""
MOST_VERIFIED = 8.0
MOST_LOG_ODDS = 30.0
NOT_FOUND_SUPPORT = -3.0
"""Counts as the support of a phrase where Vosk, asked for it alone, found other words or none:
its grammar also takes silence and repetition for the phrase (437 of 3,567 pairs of people's
recordings had a support of 0 and more although the phrase was not found)."""


@dataclass(frozen=True)
class Fit:
    """How well a phrase fits the sound it was found in, by PocketSphinx."""

    score_per_frame: float
    """Mean acoustic score of a 10 ms frame that is not silence, in PocketSphinx's unit: 0 is as
    good as can be."""
    worst_word: float
    """The same of the word that fits worst."""
    quiet_share: float
    """Of the utterance's frames so many were taken for silence."""


@dataclass(frozen=True)
class Evidence:
    """What the looks at a sound make of one meaning."""

    text: str
    """The likeliest of its wordings."""
    stakes: Stakes
    short: bool
    """Is the utterance about as long as one or two words?"""
    support: float | None = None
    """Log likelihood of the phrase alone less that of no phrase, by Vosk; None: it cannot know."""
    streaming: bool = False
    """Did Vosk find it among all phrases, while the sound came in?"""
    local: bool = False
    """Did Vosk find it among the short phrases and common words?"""
    batch_asked: bool = False
    batch: bool = False
    """Did PocketSphinx find it?"""
    fit: Fit | None = None
    """How well PocketSphinx takes it to fit, where it was asked."""
    verified: float | None = None
    """Log odds of the word by the verifier; None where that does not know it."""
    other_word: float | None = None
    """The same of the likeliest word it knows that means something else."""
    noisy: bool = False
    meaning: str = ""
    """Equal for phrases that differ in their slots alone."""

    def rivals(self, other: "Evidence") -> bool:
        """Does the one being said make the other less likely? Long phrases that differ in a word
        or a slot mostly are one thing heard in two ways; of short ones only one can be right."""
        return self.short or not self.meaning or self.meaning != other.meaning

    def configuration(self) -> str:
        """Which model weighs it: it depends on what was looked at."""
        looks = [
            "short" if self.short else "long",
            "vosk" if self.support is not None else "",
            "pocketsphinx" if self.batch_asked else "",
            "verifier" if self.verified is not None else "",
        ]
        return " ".join(filter(None, looks))

    def features(self) -> dict[str, float]:
        """What the model weighs, each about -2 to 2."""
        fit = self.fit
        return {
            "support": min(max(self.support or 0.0, LEAST_SUPPORT), MOST_SUPPORT) / 5,
            "streaming": float(self.streaming),
            "local": float(self.local),
            "batch": float(self.batch),
            "fit": max(fit.score_per_frame + 60, -40) / 10 if fit else 0.0,
            "no fit": float(self.batch_asked and fit is None),
            "worst word": max(fit.worst_word + 70, -40) / 10 if fit else 0.0,
            "quiet": fit.quiet_share if fit else 0.0,
            "verified": _clipped(self.verified or 0.0, MOST_VERIFIED) / 4,
            "other word": _clipped(self.other_word or -MOST_VERIFIED, MOST_VERIFIED) / 4 + 2,
            "noisy": float(self.noisy),
        }


def _clipped(value: float, most: float) -> float:
    return min(max(value, -most), most)


@dataclass(frozen=True)
class Costs:
    """What it costs to be wrong, on one scale for all stakes."""

    wrong: float
    """To act on what nobody said."""
    missed: float
    """To ignore what somebody said."""
    asked: float = math.inf
    """To ask, whether or not it was said; infinite where nothing asks."""

    def decide(self, probability: float) -> Decision:
        """What is cheapest to be expected."""
        expected = {
            Decision.ACT: (1 - probability) * self.wrong,
            Decision.CONFIRM: self.asked,
            Decision.IGNORE: probability * self.missed,
        }
        return min(expected, key=lambda one: expected[one])


COSTS: Mapping[Stakes, Costs] = {
    # whoever said stop must not have to say it twice; a needless one is begun again
    Stakes.STOP: Costs(wrong=1.0, missed=2.0),
    Stakes.SAFETY: Costs(wrong=1.0, missed=2.0, asked=0.5),
    # a script that nobody wanted is worse than a needless question, which is soon answered
    Stakes.START: Costs(wrong=2.0, missed=1.0, asked=0.4),
    # consent must not be taken from what was no yes; what was not understood is asked again
    Stakes.ANSWER: Costs(wrong=2.0, missed=1.0),
    Stakes.COMMAND: Costs(wrong=2.0, missed=1.0),
    # what comes to nothing is best ignored, however surely it was said
    Stakes.NOTHING: Costs(wrong=1.0, missed=-1.0),
}


@dataclass(frozen=True)
class Found:
    """The likeliest meaning."""

    evidence: Evidence
    probability: float
    decision: Decision


class Weigher(Protocol):
    """What the recogniser asks: Acceptance, or something that only watches."""

    def best(self, evidence: Sequence[Evidence]) -> Found | None:
        """The likeliest of several meanings, each given once."""


class Acceptance:
    """The models, and what follows from what they say. Raises nothing."""

    def __init__(self, numbers: Mapping[str, Any]) -> None:
        self._models: Mapping[str, Mapping[str, float]] = numbers["models"]
        self._priors: Mapping[str, float] = numbers["priors"]

    def log_odds(self, evidence: Evidence) -> float:
        """Against nothing having been said."""
        model = self._models.get(evidence.configuration())
        if model is None:  # nothing was ever measured with so little to go by
            return -MOST_LOG_ODDS
        features = evidence.features()
        weighed = sum(weight * features[name] for name, weight in model.items() if name != "bias")
        return weighed + model["bias"] + self._priors[evidence.stakes.value]

    def best(self, evidence: Sequence[Evidence]) -> Found | None:
        """The likeliest of several meanings, each given once."""
        if not evidence:
            return None
        odds = [math.exp(min(self.log_odds(one), MOST_LOG_ODDS)) for one in evidence]
        most = max(range(len(odds)), key=odds.__getitem__)
        chosen = evidence[most]
        rivals = sum(
            value
            for one, value in zip(evidence, odds, strict=True)
            if one is not chosen and chosen.rivals(one)
        )
        probability = odds[most] / (1.0 + odds[most] + rivals)
        return Found(chosen, probability, COSTS[chosen.stakes].decide(probability))


@cache
def acceptance() -> Acceptance:
    """With the numbers that come with the program."""
    return Acceptance(json.loads(NUMBERS.read_text(encoding="utf-8")))


FEATURES = tuple(Evidence("", Stakes.NOTHING, short=True).features())
"""Their names, in order."""
