"""When what was found is not to be believed.

Rules: pure. PocketSphinx always answers with some phrase; how well the sound fits it, word by
word, and how much likelier another engine takes it to be than no phrase at all, tell a phrase
that was said from one that was not. They are added up to one weight. Three answers: it was said,
ask whether it was, it was not.

The bars were chosen on the tuning half of people's recordings (benchmarks/recordings.py):
`python -m benchmarks.tune_hearing` tries others on both halves, docs/hearing.md says what came
of it.
"""

import enum
from dataclasses import dataclass


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
    speech_seconds: float
    """All its words together."""
    noisy: bool = False
    """Was the sound, before noise was taken out of it?"""


class Verdict(enum.Enum):
    """What to do with a phrase that was found."""

    SAID = "said"
    BARELY = "just about said"
    """Enough for an answer or an order, not to begin something without asking."""
    ASK = "ask"
    NOT_SAID = "not said"


@dataclass(frozen=True)
class Bar:
    """What a phrase must reach where nobody else is asked."""

    score_per_frame: float
    worst_word: float
    most_quiet_share: float = 0.7
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
CANNOT_KNOW = Bars(said=Bar(-50.0, -58.0), ask=Bar(-56.0, -66.0))
"""Where the second engine has no such word."""


class Found(enum.Enum):
    """By whom a phrase was found among all others."""

    BOTH = "both engines"
    FIRST = "the first alone"
    SECOND = "the second alone"


@dataclass(frozen=True)
class Weights:
    """What each piece of evidence counts, and how much of it is enough."""

    support: float = 2.0
    """Of the second engine, for each unit of its logarithm; the score of a frame, and the worst
    word's, count one each. Goes by the scale of the bundled network's scores."""
    both: float = 25.0
    """For what both engines found among all phrases."""
    second_alone: float = -20.0
    """For what only the second found: the first had something better to offer."""
    worst_word_floor: float = -100.0
    """One word of a long phrase may be drowned out: below this it tells no more."""
    least_support: float = -8.0
    """Against this much no fit helps."""
    short_words: int = 3
    least_short_support: float = 4.5
    """The same for a phrase of so few words that not both found: "computer", said by people, fits
    "I'm scared" and "are you there" well, with 3.9 and less; of what they meant in the tuning
    half all but one (2.7) had 5.5 and more."""
    least_long_support_in_noise: float = 6.0
    """The same for a longer one in noise: people's "view glass" at 12 to 24 dB, heard as "help me
    with the bags", has 3.9 and less; 54 of their orders at 12 and 6 dB have 10 and more."""
    least_harmless_support: float = 0.0
    """The same if it is harmless, as "stop" is: it need only not be less likely than nothing."""
    firm_support: float = 8.0
    """Less, of what not both found, does not begin something without a question: "start the
    repair", heard in "computer", has 6.9; triggers said by synthetic voices at 12 dB have 10 and
    more."""
    short_seconds: float = 0.3
    short: float = 200.0
    """Off for each second that a phrase is shorter: in next to no sound there is always something
    that fits."""
    short_in_noise: float = -97.0
    """A short phrase without firm support must weigh so much to be believed in noise, where less
    is asked about: people's "computer" and "view glass" at 12 dB, heard as "repeat that",
    "continue" or "thank you", weigh -101 and less in the tuning half, -102 in the testing half."""
    said: float = -115.0
    ask: float = -122.0
    sure_support: float = 4.0
    """So much makes what only the second engine is sure of worth a question."""
    harmless_support: float = 8.0
    """So much of it is enough for a "stop", which does no harm."""
    fair_harmless: float = 8.0
    """So much is enough to obey it in doubt without waiting for the first, if the second is fairly
    sure of it; at 6.5 "the bus stop" in noise is taken for one."""
    probable_harmless: float = 3.5
    """So much is enough to obey it in doubt, if the first finds nothing that is likelier. Of read
    prose one sentence has 6.2; but at 6.5 every fifth word "stop" in noise (6 dB) was missed."""
    cry_support: float = 7.0
    """The same for what it is asked for by itself, where it found no such thing: read prose has up
    to 6.2."""
    noisy_cry_support: float = 5.5
    """The same in noise, where it found no other phrase either: "computer" and "view glass" at 12
    and 6 dB (196 recordings of the tuning half) have less, once 5.3."""
    faint_cry_support: float = 3.5
    cleaned_cry_support: float = 7.0
    """Or so little, if the same is found without the noise, with so much: none has both."""
    quiet_share: float = 0.95
    longest_word_seconds: float = 2.0


WEIGHTS = Weights()


def weight(fit: Fit, support: float, found: Found, weights: Weights = WEIGHTS) -> float:
    """All the evidence that it was said, in one figure; about 0 for a clear phrase."""
    too_short = max(0.0, weights.short_seconds - fit.speech_seconds)
    by_whom = {Found.BOTH: weights.both, Found.FIRST: 0.0, Found.SECOND: weights.second_alone}
    return (
        fit.score_per_frame
        + max(fit.worst_word, weights.worst_word_floor)
        + weights.support * support
        + by_whom[found]
        - weights.short * too_short
    )


def verdict(
    fit: Fit,
    support: float,
    found: Found,
    words: int,
    weights: Weights = WEIGHTS,
    *,
    harmless: bool = False,
) -> Verdict:
    """Was it said, where a second engine is heard as well?"""
    alone, least = found is not Found.BOTH, weights.least_support
    if alone and words <= weights.short_words:
        least = weights.least_harmless_support if harmless else weights.least_short_support
    elif alone and fit.noisy:
        least = weights.least_long_support_in_noise
    if (
        support < least
        or fit.quiet_share > weights.quiet_share
        or fit.longest_word_seconds > weights.longest_word_seconds
    ):
        return Verdict.NOT_SAID
    total = weight(fit, support, found, weights)
    if total >= weights.said:
        if not alone or support >= weights.firm_support:
            return Verdict.SAID
        doubtful = fit.noisy and words <= weights.short_words and total < weights.short_in_noise
        return Verdict.ASK if doubtful and not harmless else Verdict.BARELY
    return Verdict.ASK if total >= weights.ask else Verdict.NOT_SAID


LEAST_CERTAIN = 0.5
"""Where Vosk decides alone, of its least certain word, if the utterance ended by silence (sooner it
gives no figure): read prose taken for "talk slower" has 0.37. It costs at most one in a hundred
of people's phrases at 12 dB, and none in quiet."""
SURE_SECOND = 0.9
"""Of its least certain word, from which the second engine is sure of its own phrase."""
FAIRLY_SURE_SECOND = 0.5
"""The same of a "stop" that is obeyed in doubt."""
HOPELESS_SCORE = -82.0
"""A frame that fits so badly on the whole was never the phrase: 0 of 400 people's."""


def hopeless(fit: Fit) -> bool:
    """Can no second opinion help it?"""
    return fit.score_per_frame < HOPELESS_SCORE
