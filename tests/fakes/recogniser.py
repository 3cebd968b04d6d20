"""A recogniser whose next answer is set by hand."""

from voice_ally.core.audio import Pcm16
from voice_ally.core.speech import Grammar, Hypothesis


class FakeRecogniser:
    name = "fake"

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        """What finish() gives, one after the other; nothing when they are used up."""
        self.fed = bytearray()
        self.grammars: list[str] = []
        self.closed = False
        self._wanted: Grammar | None = None

    def use(self, grammar: Grammar) -> None:
        self._wanted = grammar

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        return frozenset()

    def begin(self) -> None:
        self.fed.clear()
        if self._wanted is not None:
            self.grammars.append(self._wanted.key)

    def feed(self, pcm16: Pcm16) -> None:
        self.fed += pcm16

    def peek(self) -> Hypothesis:
        return Hypothesis(self.answers[0] if self.answers else "", 1.0)

    def finish(self) -> Hypothesis:
        return Hypothesis(self.answers.pop(0), 1.0) if self.answers else Hypothesis()

    def close(self) -> None:
        self.closed = True
