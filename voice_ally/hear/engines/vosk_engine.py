"""Vosk.

Rules: always a model folder (without one the library would go online); only models with a
graph that can change at run time; a text that is not wholly a phrase is none. Kaldi writes to
the process's standard error whatever its log level: what it says while loading is caught and
read, because with a broken graph it loads "successfully" and crashes at the first word.
"""

import json
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16, seconds_in
from voice_ally.core.errors import ModelProblem, RecogniserProblem
from voice_ally.core.speech import Grammar, HeardWord, Hypothesis
from voice_ally.hear.engines.acceptance import NOT_FOUND_SUPPORT
from voice_ally.models.calibration import AS_IT_IS, Calibration
from voice_ally.models.store import verify

UNKNOWN = "[unk]"
MOST_PHRASES = 3_000
MOST_DECODERS = 8
"""Two megabytes each with a thousand phrases. Coming back to a phrase set must not compile it
again: each time Vosk does so, some forty kilobytes are lost for good."""
MOST_BESIDE = 4
"""Of the same, for what is heard beside an utterance under way."""
_STDERR = 2
_MEND = "Fetch it again: voice-ally models fetch"


@dataclass
class _Decoder:
    """One of Vosk's recognisers, for one set of phrases at a time."""

    vosk: Any
    grammar: Grammar
    fed_seconds: float = 0.0
    """Since it was made; its word times count from there."""
    begun_seconds: float = 0.0
    """Of these, before this utterance."""
    unfinished: bool = False
    """Has it sound of an utterance that finish() was never called for?"""


class VoskRecogniser:
    """One Vosk model, decoding while sound comes in.

    The confidence of a phrase is that of its least certain word.
    Raises ModelProblem for a folder that is no usable model, RecogniserProblem without Vosk.
    """

    name = "vosk"

    def __init__(self, model_folder: Path, calibration: Calibration = AS_IT_IS) -> None:
        if problems := verify(model_folder, thorough=False):
            raise ModelProblem(
                f"The speech model {model_folder.name} cannot be used: {'; '.join(problems)}.",
                mend=_MEND,
            )
        self._model: Any = _load(model_folder)
        self._calibration = calibration
        if self._model.vosk_model_find_word(UNKNOWN) < 0:
            raise ModelProblem(
                f"The speech model {model_folder.name} has no {UNKNOWN}: it would take any sound"
                " for a phrase.",
                mend="Use another one, or leave vosk_model out of the settings.",
            )
        self._decoder: _Decoder | None = None
        self._decoders: dict[str, _Decoder] = {}
        """By the key of their grammar, the one that was used last at the end."""
        self._beside: dict[str, _Decoder] = {}
        """Others, for hear_alone()."""
        self._scores: dict[tuple[str, Pcm16], tuple[str, float]] = {}
        """What they found in the sound they heard last."""
        self._wanted: Grammar | None = None
        self._parts: list[dict[str, Any]] = []
        self.compiled = 0
        """How often Vosk was given phrases that no decoder of ours was ready for."""

    def use(self, grammar: Grammar) -> None:
        """Only these phrases, from the next begin() on."""
        self._wanted = grammar
        if grammar.urgent:
            self._make_ready(grammar)

    def _make_ready(self, grammar: Grammar) -> None:
        """Compile now what a "stop" would have to wait for, as long as no other phrases lose
        their place by it."""
        for kept, most in ((self._decoders, MOST_DECODERS), (self._beside, MOST_BESIDE)):
            if grammar.key not in kept and len(kept) < most:
                kept[grammar.key] = self._compile(grammar, kept, most)

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        """Words the model was not made with; phrases that hold them cannot be heard."""
        return frozenset(
            word for word in grammar.words if self._model.vosk_model_find_word(word) < 0
        )

    def begin(self) -> None:
        """A new utterance."""
        self.forget()
        if self._wanted is not None:
            self._decoder = self._decoder_for(self._wanted, self._decoders, MOST_DECODERS)
            self._decoder.begun_seconds = self._decoder.fed_seconds

    def _decoder_for(self, grammar: Grammar, kept: dict[str, _Decoder], most: int) -> _Decoder:
        decoder = kept.pop(grammar.key, None) or self._compile(grammar, kept, most)
        kept[grammar.key] = decoder
        return decoder

    def _compile(self, grammar: Grammar, kept: dict[str, _Decoder], most: int) -> _Decoder:
        """A new decoder, or the one that was not needed for longest."""
        import vosk

        unknown = self.unknown_words(grammar)
        phrases = [
            phrase
            for phrase in grammar.phrases[:MOST_PHRASES]
            if unknown.isdisjoint(phrase.split())
        ]
        text = json.dumps([*phrases, UNKNOWN])
        self.compiled += 1
        if len(kept) < most:
            made = _Decoder(vosk.KaldiRecognizer(self._model, SAMPLE_RATE_HZ, text), grammar)
            made.vosk.SetWords(True)
            return made
        oldest = kept.pop(next(iter(kept)))
        oldest.vosk.SetGrammar(text)
        oldest.grammar = grammar
        return oldest

    def feed(self, pcm16: Pcm16) -> None:
        """More sound."""
        if self._decoder is None:
            return
        self._decoder.fed_seconds += seconds_in(pcm16)
        self._decoder.unfinished = True
        # an endpoint of Vosk's own is not the end of the utterance: that is the segmenter's say
        if self._decoder.vosk.AcceptWaveform(bytes(pcm16)):
            self._parts.append(json.loads(self._decoder.vosk.Result()))

    def peek(self) -> Hypothesis:
        """What it would be if it ended here."""
        if self._decoder is None:
            return Hypothesis()
        partial = json.loads(self._decoder.vosk.PartialResult())
        return _judge(self._decoder, [*self._parts, {"text": partial.get("partial", "")}])

    def finish(self) -> Hypothesis:
        """The utterance is over."""
        if self._decoder is None:
            return Hypothesis()
        parts = [*self._parts, json.loads(self._decoder.vosk.FinalResult())]
        self._parts, self._decoder.unfinished = [], False
        return _judge(self._decoder, parts)

    def forget(self) -> None:
        """Neither its sound nor its words are kept."""
        self._parts = []
        self._scores.clear()
        if self._decoder is not None and self._decoder.unfinished:
            # Reset() would leave the last sound of an unfinished utterance to the next one
            self._decoder.vosk.FinalResult()
            self._decoder.unfinished = False

    def hear_alone(self, pcm16: Pcm16, grammar: Grammar) -> Hypothesis:
        """Which of these phrases this sound is by itself; the utterance under way is left as it
        is."""
        beside = self._decoder_for(grammar, self._beside, MOST_BESIDE)
        beside.begun_seconds = beside.fed_seconds
        beside.fed_seconds += seconds_in(pcm16)
        ended = beside.vosk.AcceptWaveform(bytes(pcm16))
        parts = [json.loads(beside.vosk.Result())] if ended else []
        return _judge(beside, [*parts, json.loads(beside.vosk.FinalResult())])

    def support(self, text: str, pcm16: Pcm16) -> float:
        """How much likelier this phrase is than no phrase at all, as a logarithm.

        Both are searched for alone, with nothing else to choose; 0 is neither way. Where the search
        finds other words than the phrase, or none, it is NOT_FOUND_SUPPORT at the most.
        """
        ratio, found = self.likelihood_ratio(text, pcm16)
        support = self._calibration.apply(ratio)
        return support if found else min(support, NOT_FOUND_SUPPORT)

    def likelihood_ratio(self, text: str, pcm16: Pcm16) -> tuple[float, bool]:
        """The same on this model's own scale, and whether just the phrase was found."""
        found, likelihood = self._best_of(text, pcm16)
        return likelihood - self._best_of(UNKNOWN, pcm16)[1], found == text

    def _best_of(self, text: str, pcm16: Pcm16) -> tuple[str, float]:
        import vosk

        key = (text, pcm16)
        if key in self._scores:
            return self._scores[key]
        # A new one each time: it costs no more than SetGrammar, which loses memory for good.
        decoder = vosk.KaldiRecognizer(self._model, SAMPLE_RATE_HZ, json.dumps([text]))
        decoder.SetMaxAlternatives(1)
        # whole and in one piece: Result() would keep the last sound for the next utterance
        decoder.AcceptWaveform(bytes(pcm16))
        best = json.loads(decoder.FinalResult())["alternatives"][0]
        if any(sound != pcm16 for _, sound in self._scores):
            self._scores.clear()
        self._scores[key] = (best["text"].strip(), float(best["confidence"]))
        return self._scores[key]

    def close(self) -> None:
        """Free the engine."""
        self._decoder = self._wanted = None
        self._decoders.clear()
        self._beside.clear()
        self._scores.clear()


def _judge(decoder: _Decoder, parts: list[dict[str, Any]]) -> Hypothesis:
    text = " ".join(part["text"] for part in parts if part["text"])
    if not decoder.grammar.accepts(text):
        return Hypothesis(rejected_text=text)
    words = tuple(
        HeardWord(
            word["word"],
            round(max(word["start"] - decoder.begun_seconds, 0.0), 2),
            round(max(word["end"] - decoder.begun_seconds, 0.0), 2),
            float(word["conf"]),
        )
        for part in parts
        for word in part.get("result", [])
    )
    return Hypothesis(text, min((word.confidence for word in words), default=0.0), words)


def _load(folder: Path) -> Any:  # noqa: ANN401 - vosk.Model; the library has no types
    try:
        with _no_sockets():
            import vosk
    except ImportError as error:
        raise RecogniserProblem(
            "The recogniser Vosk is not installed.", mend="Install it: pip install vosk"
        ) from error
    vosk.SetLogLevel(-1)
    said: list[str] = []
    cause: Exception | None = None
    with _standard_error_caught(said):
        try:
            model = vosk.Model(str(folder))
        except Exception as error:
            cause = error
    if cause is not None or any("ERROR" in line for line in said):
        raise ModelProblem(
            f"The speech model {folder.name} is damaged and cannot be read.", mend=_MEND
        ) from cause
    return model


def _nameless_file() -> IO[bytes]:
    """In memory where the system knows such files: nothing is written to disk while it listens."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("kaldi"), "w+b")
    return tempfile.TemporaryFile()


@contextmanager
def _no_sockets() -> Iterator[None]:
    """Vosk imports a library for downloads, which tries out a socket as it is imported."""
    had, socket.has_ipv6 = socket.has_ipv6, False
    try:
        yield
    finally:
        socket.has_ipv6 = had


@contextmanager
def _standard_error_caught(lines: list[str]) -> Iterator[None]:
    """What C code writes to standard error meanwhile goes into `lines` instead."""
    with _nameless_file() as file:
        try:
            kept = os.dup(_STDERR)
        except OSError:  # no standard error at all, as under pythonw
            yield
            return
        os.dup2(file.fileno(), _STDERR)
        try:
            yield
        finally:
            os.dup2(kept, _STDERR)
            os.close(kept)
            file.seek(0)
            lines.extend(file.read().decode("utf-8", "replace").splitlines())
