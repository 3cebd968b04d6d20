"""When a forced match is not to be believed.

Rules: pure. PocketSphinx always answers with some phrase; its acoustic score for each frame of
speech tells a phrase that was said from one that was not. The shorter a phrase, the better
anything fits it, so the bar is higher there.
The values were tuned on human recordings of the phrases "computer" and "view glass" against
read prose and coffee orders: `python benchmarks/hearing.py`.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """What a hypothesis must reach."""

    score_per_frame: float = -55.0
    """Mean acoustic score of a 10 ms frame that is not silence."""
    stricter_below_words: int = 3
    stricter_by: float = 12.0
    most_quiet_share: float = 0.45
    """Of the utterance's frames so many may be taken for silence: forced matches hide in it."""
    longest_word_seconds: float = 1.6


@dataclass(frozen=True)
class Fit:
    """How well a phrase fits the sound it was found in."""

    words: int
    score_per_frame: float
    quiet_share: float
    longest_word_seconds: float


def believable(fit: Fit, bar: Bar) -> bool:
    """Was it said?"""
    needed = bar.score_per_frame
    if fit.words < bar.stricter_below_words:
        needed += bar.stricter_by
    return (
        fit.score_per_frame >= needed
        and fit.quiet_share <= bar.most_quiet_share
        and fit.longest_word_seconds <= bar.longest_word_seconds
    )
