"""A "stop" in the midst of other sound: what is left of the assistant's own voice, a television.

Rules: pure. Only urgent phrases are looked for, and only in the last moment of the sound, each time
anew: whatever came before it does not count. Two engines must hear the phrase there.
"""

from voice_ally.core.audio import SAMPLE_BYTES, to_samples
from voice_ally.core.speech import Grammar, Hypothesis

TAIL_SECONDS = 0.7
"""A short word, and as much later as it is noticed. Of 16 times "stop" over the first line in an
unknown room 9 were found with this, and nothing in 120 first lines alone; of 1 s, 6."""
TAIL_BYTES = to_samples(TAIL_SECONDS) * SAMPLE_BYTES
LONGEST_SECONDS = 3.0
"""Of an utterance while something is urgent, with the sound before it; nobody interrupts for so
long, and what is longer is mostly other sound."""
LONGEST_BYTES = to_samples(LONGEST_SECONDS) * SAMPLE_BYTES
LEAST_VERIFIED = -6.0
"""Log odds by the verifier of a word it knows in such a phrase: read sentences taken for "please
stop" have -10.8 and less, a "stop" between sentences -5.0 and more (two synthetic voices)."""
SURE_TAIL = 0.98
"""Of the second engine's least certain word."""


def is_surely_urgent(grammar: Grammar, second: Hypothesis) -> bool:
    """Is the last moment such a phrase, as far as the second engine can tell?"""
    return grammar.is_urgent(second.text) and second.confidence >= SURE_TAIL


def was_said(second: Hypothesis, proposed: str) -> bool:
    """Does the first engine hear its words there as well? It may hear more: that is the other
    sound."""
    return set(second.text.split()) <= set(proposed.split())
