"""When what was found is not to be believed.

Rules: pure. PocketSphinx always answers with some phrase; how well the sound fits it, word by
word, and what another engine made of the same sound, tell a phrase that was said from one that
was not. Three answers: it was said, ask whether it was, it was not.

The bars were chosen by hand on people's recordings (benchmarks/recordings.py), a little above the
best-fitting foreign utterance; `python -m benchmarks.hearing` and docs/hearing.md say what they do.
"""

import difflib
import enum
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Fit:
    """How well a phrase fits the sound it was found in."""

    score_per_frame: float
    """Mean acoustic score of a 10 ms frame that is not silence, in PocketSphinx's unit: 0 is as
    good as can be."""
    worst_word: float
    """The same of the word that fits worst."""
    quiet_share: float
    """Of the utterance's frames so many were taken for silence."""
    longest_word_seconds: float


class Verdict(enum.Enum):
    """What to do with a phrase that was found."""

    SAID = "said"
    ASK = "ask"
    NOT_SAID = "not said"


class Agreement(enum.Enum):
    """What a second engine made of a phrase the first one found."""

    SAME = "same"
    """Heard exactly that among all the phrases."""
    SAME_LONG = "same, and long"
    """Heard exactly that, and it is a phrase of LONG_WORDS or more: no chance finds that twice."""
    ALIKE = "alike"
    """Heard most of the words of a longer phrase, in their order."""
    CONFIRMED = "confirmed"
    """Heard something else, but finds it if asked for this phrase alone."""
    CANNOT_KNOW = "cannot know"
    """Has no such word."""
    DIFFERENT = "different"
    """Heard something else and does not find it."""
    OTHER_PHRASE = "other phrase"
    """Heard another phrase, and does not find this one."""


LONG_WORDS = 3
ALIKE_SHARES = ((5, 0.5), (3, 0.8))
"""A phrase of so many words or more is alike from such a share of common words in their order
on (difflib's ratio). A shorter one has to be heard exactly."""


@dataclass(frozen=True)
class Bar:
    """What a phrase must reach."""

    score_per_frame: float
    worst_word: float
    most_quiet_share: float = 0.7
    """Around a short word there is always much quiet, so this tells little where two agree."""
    longest_word_seconds: float = 2.0

    def reached_by(self, fit: Fit) -> bool:
        """Is the fit good enough?"""
        return (
            fit.score_per_frame >= self.score_per_frame
            and fit.worst_word >= self.worst_word
            and fit.quiet_share <= self.most_quiet_share
            and fit.longest_word_seconds <= self.longest_word_seconds
        )


@dataclass(frozen=True)
class Bars:
    """From where on it was said, and from where on it is worth a question."""

    said: Bar
    ask: Bar

    def verdict(self, fit: Fit) -> Verdict:
        """Was it said?"""
        if self.said.reached_by(fit):
            return Verdict.SAID
        return Verdict.ASK if self.ask.reached_by(fit) else Verdict.NOT_SAID


NEVER = Bar(1.0, 1.0)
ALONE = Bars(said=Bar(-52.0, -62.0, most_quiet_share=0.6, longest_word_seconds=1.6), ask=NEVER)
"""For an engine that decides alone."""
BARS: Mapping[Agreement, Bars] = MappingProxyType(
    {
        Agreement.SAME: Bars(said=Bar(-80.0, -85.0, 0.9), ask=Bar(-90.0, -140.0, 0.9)),
        Agreement.SAME_LONG: Bars(said=Bar(-85.0, -170.0, 0.9), ask=Bar(-95.0, -200.0, 0.9)),
        Agreement.ALIKE: Bars(said=Bar(-66.0, -95.0, 0.9), ask=Bar(-80.0, -140.0, 0.9)),
        Agreement.CONFIRMED: Bars(said=Bar(-58.0, -58.0), ask=Bar(-62.0, -65.0)),
        Agreement.CANNOT_KNOW: Bars(said=Bar(-50.0, -58.0), ask=Bar(-56.0, -66.0)),
        Agreement.DIFFERENT: Bars(said=Bar(-40.0, -45.0), ask=Bar(-42.0, -52.0)),
        Agreement.OTHER_PHRASE: Bars(said=NEVER, ask=NEVER),
    }
)
"""Where a second engine is heard as well."""


def hopeless(fit: Fit) -> bool:
    """Can no second opinion help it?"""
    return not any(one.said.reached_by(fit) or one.ask.reached_by(fit) for one in BARS.values())


SURE_SECOND = 0.9
"""Of its least certain word, from which the second engine's own phrase is worth a question where
the first one's was not said. It may not be acted on: among 44 short phrases 43 of 722 foreign
utterances reach this."""
WORTH_CONFIRMING = -66.0
"""A worst word below this is no reason to ask the second engine again: it cannot help."""


def agreement(proposed: str, second: str) -> Agreement:
    """How the words of the second engine stand to those of the first."""
    words = proposed.split()
    if proposed == second:
        return Agreement.SAME_LONG if len(words) >= LONG_WORDS else Agreement.SAME
    alike = difflib.SequenceMatcher(None, words, second.split(), autojunk=False).ratio()
    if any(len(words) >= count and alike >= share for count, share in ALIKE_SHARES):
        return Agreement.ALIKE
    return Agreement.DIFFERENT
