"""A recogniser whose next answer is set by hand, and which minds the order of the calls."""

from voice_ally.core.audio import Pcm16
from voice_ally.core.speech import Grammar, Hypothesis


class FakeRecogniser:
    name = "fake"

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        """What finish() gives, one after the other; nothing when they are used up."""
        self.looks: list[str] = []
        """What peek() gives, one after the other; when used up, what finish() would give."""
        self.peeks = 0
        self.fed = bytearray()
        """The sound of the utterance under way, or of the last one."""
        self.grammars: list[str] = []
        """The key of the grammar at each begin()."""
        self.under_way = False
        self.breaks_with: Exception | None = None
        """Raised by the next finish()."""
        self.closed = False
        self._wanted: Grammar | None = None

    def use(self, grammar: Grammar) -> None:
        self._wanted = grammar

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        return frozenset()

    def begin(self) -> None:
        self.under_way = True
        self.fed.clear()
        if self._wanted is not None:
            self.grammars.append(self._wanted.key)

    def feed(self, pcm16: Pcm16) -> None:
        assert self.under_way, "sound that belongs to no utterance"
        self.fed += pcm16

    def peek(self) -> Hypothesis:
        self.peeks += 1
        if self.looks:
            return Hypothesis(self.looks.pop(0), 1.0)
        return Hypothesis(self.answers[0] if self.answers else "", 1.0)

    def finish(self) -> Hypothesis:
        self.under_way = False
        if self.breaks_with is not None:
            raise self.breaks_with
        return Hypothesis(self.answers.pop(0), 1.0) if self.answers else Hypothesis()

    def close(self) -> None:
        self.closed = True
