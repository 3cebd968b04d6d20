"""PocketSphinx with the English model in its wheel: works straight after installing.

Rules: the whole utterance is decoded at once (its mean is then known, which the features
need); the grammar shares prefixes; a word outside the dictionary gets a pronunciation instead
of breaking the grammar; it always finds some phrase: what that is worth is weighed in
acceptance.py.
"""

import math
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from voice_ally.core.audio import Pcm16
from voice_ally.core.errors import RecogniserProblem
from voice_ally.core.speech import Grammar, HeardWord, Hypothesis
from voice_ally.hear.engines.acceptance import Fit
from voice_ally.hear.engines.noise import with_hiss, without_noise
from voice_ally.hear.engines.pronunciation import Pronouncer

FRAME_SECONDS = 0.01
KEPT_GRAMMARS = 16
SHORTEST_BYTES = 3200
"""A tenth of a second: nothing shorter is a word."""
_ONE_PHRASE = "one phrase"
_FILLERS = ("<s>", "</s>", "<sil>", "(NULL)", "[NOISE]", "++NOISE++")


@dataclass(frozen=True)
class Proposal:
    """The phrase that fits the sound best, however badly."""

    text: str
    words: tuple[HeardWord, ...]
    fit: Fit

    def believed(self) -> Hypothesis:
        """As an answer, where nothing else is known."""
        return Hypothesis(self.text, _confidence(self.fit), self.words)


class PocketSphinxRecogniser:
    """The embedded default engine."""

    name = "pocketsphinx"

    def __init__(self, pronunciations: Mapping[str, str] | None = None) -> None:
        try:
            from pocketsphinx import Decoder
        except ImportError as error:
            raise RecogniserProblem("The recogniser PocketSphinx is not installed.") from error
        self._decoder: Any = Decoder(
            lm=None,
            bestpath=False,
            beam=1e-80,
            pbeam=1e-80,
            wbeam=1e-60,
            compallsen=True,
            loglevel="FATAL",
        )
        # plain str: the decoder refuses text that also knows the line it was written in
        self._written = {w.lower(): str(phones) for w, phones in (pronunciations or {}).items()}
        self._pronouncer = Pronouncer()
        self._added: dict[str, str] = {}
        self._compiled: OrderedDict[str, Grammar] = OrderedDict()
        self._wanted: Grammar | None = None
        self._used = ""
        self._sound = bytearray()
        self._foreseen: tuple[str, Pcm16, Proposal | None] | None = None
        """Of which phrases, in what sound, what was found last."""
        self._decoded_something = False

    def use(self, grammar: Grammar) -> None:
        """Only these phrases, from the next begin() on."""
        self._wanted = grammar

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        """Words whose pronunciation is a guess."""
        return frozenset(
            word
            for word in grammar.words
            if word in self._added or self._decoder.lookup_word(word) is None
        )

    def begin(self) -> None:
        """A new utterance."""
        self.forget()
        if self._wanted is not None:
            self._activate(self._wanted)

    def _activate(self, grammar: Grammar) -> None:
        if grammar.key == self._used or not grammar.words:
            return
        if grammar.key not in self._compiled:
            self._compile(grammar)
        self._compiled.move_to_end(grammar.key)
        self._decoder.activate_search(grammar.key)
        self._used = grammar.key

    def _compile(self, grammar: Grammar) -> None:
        self._pronouncer.learn(
            word
            for word in grammar.words
            if not (self._written.get(word) or word in self._added)
            and self._decoder.lookup_word(word) is None
        )
        for word in sorted(grammar.words):
            self._learn(word)
        self._add(grammar.key, grammar.arcs, grammar.final)
        self._compiled[grammar.key] = grammar
        while len(self._compiled) > KEPT_GRAMMARS:
            key, _ = self._compiled.popitem(last=False)
            self._decoder.remove_search(key)

    def _add(self, key: str, graph: Sequence[Mapping[str, int]], final: Collection[int]) -> None:
        end = len(graph)
        arcs: list[tuple[object, ...]] = [
            (state, target, 1.0, word)
            for state, following in enumerate(graph)
            for word, target in following.items()
        ]
        arcs.extend((state, end, 1.0) for state in sorted(final))
        self._decoder.add_fsg(key, self._decoder.create_fsg(key, 0, end, arcs))

    def _learn(self, word: str) -> None:
        if word in self._added:
            return
        phones = self._written.get(word, "")
        if not phones and self._decoder.lookup_word(word) is not None:
            return
        if not phones:
            phones = self._pronouncer.phones(word)
        if self._decoder.lookup_word(word) is None:
            self._decoder.add_word(word, phones, True)
        else:
            self._decoder.add_word(f"{word}(9)", phones, True)
        self._added[word] = phones

    def feed(self, pcm16: Pcm16) -> None:
        """More sound."""
        self._sound += pcm16

    def peek(self) -> Hypothesis:
        """What fits all of it best, however badly: decodes all of it."""
        sound = Pcm16(bytes(self._sound))
        found = self.propose(sound, self._wanted) if self._wanted else None
        return found.believed() if found else Hypothesis()

    def finish(self) -> Hypothesis:
        """The utterance is over."""
        return self.peek()

    def forget(self) -> None:
        """Neither its sound nor its words are kept."""
        self._sound.clear()
        self._foreseen = None
        without_noise.cache_clear()
        if self._decoded_something:
            self._decoded_something = False
            # an empty utterance, or the decoder keeps what it found in the last one
            self._decoder.start_utt()
            self._decoder.end_utt()

    def prepare(self, grammar: Grammar) -> None:
        """Compile these phrases now, for later."""
        self._activate(grammar)

    def foresee(self, sound: Pcm16, grammar: Grammar) -> None:
        """It will probably be asked the same. Here it is decoded at once; in a process of its own,
        beside whatever else is to be done."""
        self.propose(sound, grammar)

    def propose(self, sound: Pcm16, grammar: Grammar) -> Proposal | None:
        """Which of the phrases fits this sound best, for somebody else to judge; None if none
        does."""
        if not grammar.words or len(sound) < SHORTEST_BYTES:
            return None
        if self._foreseen is None or self._foreseen[:2] != (grammar.key, sound):
            self._activate(grammar)
            found = self._decoded(sound)
            fits = found is not None and grammar.accepts(found.text)
            self._foreseen = (grammar.key, sound, found if fits else None)
        return self._foreseen[2]

    def fit_of(self, text: str, sound: Pcm16) -> Fit | None:
        """How well this phrase fits this sound; None if it does not at all."""
        if not self._used or len(sound) < SHORTEST_BYTES:
            return None
        words = text.split()
        for word in words:
            self._learn(word)
        self._add(_ONE_PHRASE, [{word: at + 1} for at, word in enumerate(words)], [len(words)])
        self._decoder.activate_search(_ONE_PHRASE)
        found = self._decoded(sound)
        self._decoder.activate_search(self._used)
        self._decoder.remove_search(_ONE_PHRASE)
        return found.fit if found and found.text == text else None

    def _decoded(self, sound: Pcm16) -> Proposal | None:
        # Without this the noise of earlier utterances is still in the estimate of this one's.
        self._decoded_something = True
        self._decoder.reinit_feat()
        self._decoder.start_utt()
        self._decoder.process_raw(without_noise(with_hiss(sound)), False, True)
        self._decoder.end_utt()
        hypothesis = self._decoder.hyp()
        if hypothesis is None or not hypothesis.hypstr:
            return None
        segments = list(self._decoder.seg())
        words = [one for one in segments if _plain(one.word) not in _FILLERS]
        lengths = [one.end_frame - one.start_frame + 1 for one in words]
        if not words:
            return None
        scores = [_log_score(one.ascore) for one in words]
        fit = Fit(
            sum(scores) / sum(lengths),
            min(score / length for score, length in zip(scores, lengths, strict=True)),
            1 - sum(lengths) / (segments[-1].end_frame + 1),
        )
        heard = tuple(
            HeardWord(
                _plain(one.word),
                one.start_frame * FRAME_SECONDS,
                (one.end_frame + 1) * FRAME_SECONDS,
                1.0,
            )
            for one in words
        )
        return Proposal(str(hypothesis.hypstr), heard, fit)

    def close(self) -> None:
        """Free the engine."""
        self.forget()
        self._used = ""


def _log_score(probability: float) -> float:
    """PocketSphinx's own unit: logarithms to the base 1.0001."""
    return math.log(max(probability, 1e-300)) / math.log(1.0001)


def _plain(word: str) -> str:
    """Without the number of an alternative pronunciation: "the(2)" is "the"."""
    return word.split("(", maxsplit=1)[0] if not word.startswith("(") else word


def _confidence(fit: Fit) -> float:
    """The score per frame, squeezed between 0 and 1."""
    return float(round(1.0 / (1.0 + 2.0 ** (-(fit.score_per_frame + 60.0) / 8.0)), 3))
