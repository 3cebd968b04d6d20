"""The process in which PocketSphinx decodes; see pocketsphinx_apart.py.

Rules: takes pickled requests from its own parent by standard input and answers by standard
output; ends when nobody asks any more. First come the pronunciations, then (wish, grammar or its
key, sound, text).
"""

import pickle
import sys
from collections import OrderedDict
from typing import Any, BinaryIO

from voice_ally.core.audio import Pcm16
from voice_ally.core.speech import Grammar
from voice_ally.hear.engines.acceptance import Fit
from voice_ally.hear.engines.pocketsphinx_engine import (
    SHORTEST_BYTES,
    PocketSphinxRecogniser,
    Proposal,
)

KEPT_GRAMMARS = 32
"""Both sides remember as many, the oldest go first, so both know what the child has."""
WARMING_UP = Pcm16(bytes(2 * SHORTEST_BYTES))
"""Silence. The first sound after a child has started takes it a tenth of a second longer, which a
"stop" must not wait for."""
LEARN, PROPOSE, FIT, UNKNOWN = "learn", "propose", "fit", "unknown"
FORGET = "forget"


def remember(grammars: OrderedDict[str, Grammar], grammar: Grammar) -> None:
    """One more; the oldest of too many goes."""
    grammars[grammar.key] = grammar
    if len(grammars) > KEPT_GRAMMARS:
        grammars.popitem(last=False)


def send(stream: BinaryIO | Any, thing: object) -> None:  # noqa: ANN401 - a pipe
    """At once."""
    pickle.dump(thing, stream)
    stream.flush()


def receive(stream: BinaryIO | Any) -> Any:  # noqa: ANN401 - a pipe; what was sent
    """What the other side sent. Raises EOFError and pickle.UnpicklingError."""
    return pickle.load(stream)


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """The child: until nobody asks any more."""
    known: OrderedDict[str, Grammar] = OrderedDict()
    engine: PocketSphinxRecogniser | None = None
    pronunciations = pickle.load(requests)
    while True:
        try:
            wish, grammar, *rest = pickle.load(requests)
        except EOFError:
            return
        try:
            engine = engine or PocketSphinxRecogniser(pronunciations)
            if wish == LEARN:
                remember(known, grammar)
                engine.propose(WARMING_UP, grammar)
                continue
            if wish == FORGET:
                engine.forget()
                continue
            answer = _answer(engine, wish, known[grammar], *rest)
        except Exception as error:
            if wish not in (LEARN, FORGET):
                send(answers, (False, f"{type(error).__name__}: {error}"))
        else:
            send(answers, (True, answer))


def _answer(
    engine: PocketSphinxRecogniser, wish: str, grammar: Grammar, sound: Pcm16, text: str
) -> frozenset[str] | Proposal | Fit | None:
    if wish == UNKNOWN:
        return engine.unknown_words(grammar)
    return engine.fit_of(text, sound) if wish == FIT else engine.propose(sound, grammar)


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
