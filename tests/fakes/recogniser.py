"""A recogniser whose next answer is set by hand, and which minds the order of the calls."""

from collections.abc import Callable, Mapping, Sequence

from voice_ally.core.audio import Pcm16
from voice_ally.core.speech import Decision, Grammar, Hypothesis
from voice_ally.hear.engines.acceptance import Evidence, Fit, Found
from voice_ally.hear.engines.pocketsphinx_engine import Proposal


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
        self.forgotten = 0
        """How often it was told that all was decided."""
        self.breaks_with: Exception | None = None
        """Raised by the next finish()."""
        self.decision, self.unfinished = Decision.ACT, False
        """What its answers are marked with."""
        self.refuses: Exception | None = None
        """Raised by use()."""
        self.closed = False
        self._wanted: Grammar | None = None
        self._seen = False

    def use(self, grammar: Grammar) -> None:
        if self.refuses is not None:
            raise self.refuses
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

    def forget(self) -> None:
        self.forgotten += 1

    def _marked(self, text: str) -> Hypothesis:
        return Hypothesis(text, 1.0, decision=self.decision, unfinished=self.unfinished)

    def close(self) -> None:
        self.closed = True


class FakeBatch(FakeRecogniser):
    """Proposes what it was told to, and knows how well some other phrases would fit."""

    name = "fake batch"

    def __init__(self, proposal: Proposal | None) -> None:
        super().__init__()
        self.proposal = proposal
        self.fits: dict[str, Fit] = {}
        self.proposed: list[tuple[Pcm16, Grammar]] = []
        """The sounds it was asked for a proposal for, and the phrases to choose from."""
        self.foreseen: list[Pcm16] = []
        """What it was told that it will be asked about."""

    def prepare(self, grammar: Grammar) -> None:
        pass

    def foresee(self, sound: Pcm16, grammar: Grammar) -> None:
        self.foreseen.append(sound)

    def propose(self, sound: Pcm16, grammar: Grammar) -> Proposal | None:
        self.proposed.append((sound, grammar))
        return self.proposal

    def fit_of(self, text: str, sound: Pcm16) -> Fit | None:
        return self.fits.get(text)


class FakeStreaming(FakeRecogniser):
    """Hears one text again and again, and supports phrases as it was told to, others not at all."""

    name = "fake streaming"

    def __init__(self, heard: str, alone: str = "") -> None:
        super().__init__()
        self.heard, self.alone = heard, alone
        """Among all phrases, and what it hears a sound as by itself."""
        self.confidence = 0.5
        self.unknown: frozenset[str] = frozenset()
        self.supports: dict[str, float] = {}
        self.asked: list[str] = []
        """The phrases it was asked to support."""

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        return self.unknown

    def peek(self) -> Hypothesis:
        return self._found(self.heard)

    def finish(self) -> Hypothesis:
        self.under_way = False
        return self._found(self.heard)

    def _found(self, text: str) -> Hypothesis:
        known = self._wanted is not None and self._wanted.accepts(text)
        return Hypothesis(text, self.confidence) if known else Hypothesis(rejected_text=text)

    def hear_alone(self, pcm16: Pcm16, grammar: Grammar) -> Hypothesis:
        known = grammar.accepts(self.alone)
        return Hypothesis(self.alone if known else "", self.confidence)

    def support(self, text: str, pcm16: Pcm16) -> float:
        self.asked.append(text)
        return self.supports.get(text, -20.0)


class FakeVerifier:
    """Gives the log odds it was told to."""

    def __init__(self, **odds: float) -> None:
        self.odds = odds
        self.words = frozenset(odds)
        self.asked = 0

    def forget(self) -> None:
        pass

    def log_odds(self, pcm16: Pcm16) -> Mapping[str, float]:
        self.asked += 1
        return self.odds


class FakeWeigher:
    """Weighs evidence as a test wants it, and keeps what it was shown."""

    def __init__(self, weigh: Callable[[Sequence[Evidence]], Found | None]) -> None:
        self._weigh = weigh
        self.shown: list[dict[str, Evidence]] = []
        """Each time: the evidence by its text."""

    def best(self, evidence: Sequence[Evidence]) -> Found | None:
        self.shown.append({one.text: one for one in evidence})
        return self._weigh(evidence)
