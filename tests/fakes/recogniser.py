"""A recogniser whose next answer is set by hand, and which minds the order of the calls."""

from voice_ally.core.audio import Pcm16
from voice_ally.core.speech import Grammar, Hypothesis
from voice_ally.hear.engines.pocketsphinx_engine import Proposal
from voice_ally.hear.engines.rejection import Fit


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
        self.doubtful = self.unfinished = False
        """What its answers are marked with."""
        self.closed = False
        self._wanted: Grammar | None = None
        self._seen = False

    def use(self, grammar: Grammar) -> None:
        self._wanted = grammar

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        return frozenset()

    def begin(self) -> None:
        if self.under_way and self._seen and self.answers:
            self.answers.pop(0)  # somebody looked, and made do with that
        self.under_way, self._seen = True, False
        self.fed.clear()
        if self._wanted is not None:
            self.grammars.append(self._wanted.key)

    def feed(self, pcm16: Pcm16) -> None:
        assert self.under_way, "sound that belongs to no utterance"
        self.fed += pcm16

    def peek(self) -> Hypothesis:
        self.peeks += 1
        self._seen = True
        if self.looks:
            return self._marked(self.looks.pop(0))
        return self._marked(self.answers[0] if self.answers else "")

    def finish(self) -> Hypothesis:
        self.under_way = False
        if self.breaks_with is not None:
            raise self.breaks_with
        return self._marked(self.answers.pop(0)) if self.answers else Hypothesis()

    def _marked(self, text: str) -> Hypothesis:
        return Hypothesis(text, 1.0, doubtful=self.doubtful, unfinished=self.unfinished)

    def close(self) -> None:
        self.closed = True


class FakeProposer(FakeRecogniser):
    """Proposes what it was told to, and knows how well some other phrases would fit."""

    def __init__(self, proposal: Proposal | None) -> None:
        super().__init__()
        self.proposal = proposal
        self.fits: dict[str, Fit] = {}
        self.proposed: list[Pcm16 | None] = []
        """The sounds it was asked for a proposal for; None for all it was fed."""
        self.foreseen: list[Pcm16] = []
        """What it was told that it will be asked about."""

    def foresee(self, sound: Pcm16) -> None:
        self.foreseen.append(sound)

    @property
    def asked(self) -> int:
        """How often for a proposal."""
        return len(self.proposed)

    def propose(self, sound: Pcm16 | None = None) -> Proposal | None:
        self.proposed.append(sound)
        return self.proposal

    def fit_of(self, text: str) -> Fit | None:
        return self.fits.get(text)


class FakeSecond(FakeRecogniser):
    """Hears one text again and again, and supports phrases as it was told to, others not at all."""

    def __init__(self, heard: str) -> None:
        super().__init__()
        self.heard, self.confidence = heard, 0.5
        self.unknown: frozenset[str] = frozenset()
        self.supports: dict[str, float] = {}
        self.asked: list[str] = []
        """The phrases it was asked to support."""

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        return self.unknown

    def peek(self) -> Hypothesis:
        return Hypothesis(self.heard, self.confidence)

    def finish(self) -> Hypothesis:
        self.under_way = False
        return Hypothesis(self.heard, self.confidence)

    def likeliest(self, texts: tuple[str, ...], pcm16: Pcm16) -> str:
        return max(texts, key=lambda text: self.supports.get(text, -20.0))

    def support(self, text: str, pcm16: Pcm16) -> float:
        self.asked.append(text)
        return self.supports.get(text, -20.0)
