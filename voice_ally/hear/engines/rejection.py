"""When a forced match is not to be believed.

Rules: pure. PocketSphinx always answers with some phrase; its acoustic score for each frame of
speech tells a phrase that was said from one that was not.
The values were chosen by hand on human recordings of the phrases "computer" and "view glass"
against read prose and coffee orders; no data was held back, so other people will do worse.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """What a hypothesis must reach. The defaults are for an engine that decides alone."""

    score_per_frame: float = -52.0
    """Mean acoustic score of a 10 ms frame that is not silence, in PocketSphinx's unit.
    Of 722 foreign utterances 8 pass with the bundled pack and 2 with 44 short phrases; of 406
    human recordings of a phrase .771 do."""
    most_quiet_share: float = 0.6
    """Of the utterance's frames so many may be taken for silence: forced matches hide in it."""
    longest_word_seconds: float = 1.6


CONFIRMED = Bar(score_per_frame=-80.0, most_quiet_share=0.7, longest_word_seconds=2.0)
"""Where a second engine has to hear the same: .916 of the same human phrases pass, and see
second_opinion.py for what passes wrongly."""


@dataclass(frozen=True)
class Fit:
    """How well a phrase fits the sound it was found in."""

    score_per_frame: float
    quiet_share: float
    longest_word_seconds: float


def believable(fit: Fit, bar: Bar) -> bool:
    """Was it said?"""
    return (
        fit.score_per_frame >= bar.score_per_frame
        and fit.quiet_share <= bar.most_quiet_share
        and fit.longest_word_seconds <= bar.longest_word_seconds
    )
