"""The short phrases of a grammar, with rivals: for utterances that are one or two words long.

Rules: pure. A word that occurs only inside longer phrases ("now" in "not now") is a rival here and
stands for nothing, as is a common word, so that a short word is heard as itself and is not drawn
to what is armed; a longer phrase cannot be heard at all.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

from voice_ally.core.speech import Grammar, Outcome, Stakes

MOST_WORDS = 2
RIVAL = Outcome("rival", Stakes.NOTHING)
COMMON_WORDS = tuple(
    Path(__file__).with_name("common_words.txt").read_text(encoding="utf-8").split()
)
"""What people say most, and what sounds like the answers and commands of the bundled dialogs."""


def local_grammar(grammar: Grammar, knows: Callable[[str], bool]) -> Grammar:
    """Its phrases of one and two words, and rivals of one word, of the words that an engine
    knows."""
    short = [text for text in _short_phrases(grammar) if all(map(knows, text.split()))]
    rivals = [word for word in sorted({*grammar.words, *COMMON_WORDS} - set(short)) if knows(word)]
    arcs: list[dict[str, int]] = [{}]
    outcomes: dict[int, Outcome] = {}
    for text in (*short, *rivals):
        state = 0
        for word in text.split():
            if word not in arcs[state]:
                arcs[state][word] = len(arcs)
                arcs.append({})
            state = arcs[state][word]
        outcomes[state] = grammar.outcome(text) or RIVAL
    names = repr(sorted((state, repr(one)) for state, one in outcomes.items()))
    key = hashlib.sha256(f"{[*short, *rivals]} {names}".encode()).hexdigest()[:16]
    return Grammar(key, tuple(arcs), frozenset(outcomes), (*short, *rivals), outcomes=outcomes)


def _short_phrases(grammar: Grammar) -> list[str]:
    found: list[str] = []
    waiting: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    while waiting:
        state, words = waiting.pop()
        if words and state in grammar.final:
            found.append(" ".join(words))
        if len(words) < MOST_WORDS:
            waiting.extend((target, (*words, word)) for word, target in grammar.arcs[state].items())
    return sorted(found)
