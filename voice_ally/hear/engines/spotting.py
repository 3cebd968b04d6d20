"""A "stop" in the midst of other sound: what is left of the assistant's own voice, a television.

Rules: pure. Only urgent phrases are looked for. That one may have been said is noticed in what an
engine makes of all the sound so far; whether it was, two engines tell from the last moment alone.
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
SURE_TAIL = 0.98
"""Of the second engine's least certain word."""
LONGEST_WORDS = 4


def urgent_phrases(grammar: Grammar, text: str) -> int:
    """How many of them are in these words, one after the other."""
    words, found, at = text.split(), 0, 0
    while at < len(words):
        lengths = range(min(LONGEST_WORDS, len(words) - at), 0, -1)
        size = next((n for n in lengths if grammar.is_urgent(" ".join(words[at : at + n]))), 0)
        found += size > 0
        at += max(1, size)
    return found


def was_said(grammar: Grammar, second: Hypothesis, proposed: str) -> bool:
    """Is the last moment this phrase? The first engine may hear more than its words there: that is
    the other sound."""
    return (
        grammar.is_urgent(second.text)
        and second.confidence >= SURE_TAIL
        and set(second.text.split()) <= set(proposed.split())
    )
