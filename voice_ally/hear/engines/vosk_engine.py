"""Vosk.

Rules: always a model folder (without one the library would go online); only models with a
graph that can change at run time; text with an unknown word in it is no phrase.
"""

import json
from pathlib import Path
from typing import Any

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16, samples_in, to_seconds
from voice_ally.core.errors import ModelProblem
from voice_ally.core.speech import Grammar, HeardWord, Hypothesis
from voice_ally.models.store import verify

UNKNOWN = "[unk]"
MOST_PHRASES = 3_000


class VoskRecogniser:
    """One Vosk model, decoding while sound comes in."""

    name = "vosk"

    def __init__(self, model_folder: Path) -> None:
        if problems := verify(model_folder, thorough=False):
            raise ModelProblem(
                f"The speech model {model_folder.name} cannot be used: {'; '.join(problems)}.",
                mend="Fetch it again: voice-ally models fetch",
            )
        import vosk

        vosk.SetLogLevel(-1)
        try:
            self._model: Any = vosk.Model(str(model_folder))
        except Exception as error:
            raise ModelProblem(
                f"The speech model {model_folder.name} is broken.",
                mend="Fetch it again: voice-ally models fetch",
            ) from error
        self._decoder: Any = None
        self._grammar: Grammar | None = None
        self._used: Grammar | None = None
        self._parts: list[dict[str, Any]] = []
        self._fed_samples = self._begun_samples = 0
        """Vosk counts on through all utterances; ours begin at 0."""

    def use(self, grammar: Grammar) -> None:
        """Only these phrases, from the next begin() on."""
        self._grammar = grammar

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        """Words the model was not made with; phrases that hold them cannot be heard."""
        return frozenset(
            word for word in grammar.words if self._model.vosk_model_find_word(word) < 0
        )

    def begin(self) -> None:
        """A new utterance."""
        self._parts = []
        self._begun_samples = self._fed_samples
        if self._grammar is not None and self._grammar is not self._used:
            self._switch(self._grammar)
        elif self._decoder is not None:
            self._decoder.Reset()

    def _switch(self, grammar: Grammar) -> None:
        import vosk

        unknown = self.unknown_words(grammar)
        phrases = [
            phrase
            for phrase in grammar.phrases[:MOST_PHRASES]
            if unknown.isdisjoint(phrase.split())
        ]
        text = json.dumps([*phrases, UNKNOWN])
        if self._decoder is None:
            self._decoder = vosk.KaldiRecognizer(self._model, SAMPLE_RATE_HZ, text)
            self._decoder.SetWords(True)
        else:
            self._decoder.Reset()
            self._decoder.SetGrammar(text)
        self._used = grammar

    def feed(self, pcm16: Pcm16) -> None:
        """More sound."""
        if self._decoder is None:
            return
        self._fed_samples += samples_in(pcm16)
        if self._decoder.AcceptWaveform(bytes(pcm16)):
            self._parts.append(json.loads(self._decoder.Result()))

    def peek(self) -> Hypothesis:
        """What it would be if it ended here."""
        if self._decoder is None:
            return Hypothesis()
        partial = json.loads(self._decoder.PartialResult())
        text = " ".join([*(part["text"] for part in self._parts), partial["partial"]])
        return self._judge(" ".join(text.split()), [])

    def finish(self) -> Hypothesis:
        """The utterance is over."""
        if self._decoder is None:
            return Hypothesis()
        parts = [*self._parts, json.loads(self._decoder.FinalResult())]
        self._parts = []
        text = " ".join(part["text"] for part in parts if part["text"])
        return self._judge(text, [word for part in parts for word in part.get("result", [])])

    def _judge(self, text: str, words: list[dict[str, Any]]) -> Hypothesis:
        if self._used is None or not self._used.accepts(text):
            return Hypothesis(rejected_text=text)
        begun = to_seconds(self._begun_samples)
        heard = tuple(
            HeardWord(
                word["word"],
                round(word["start"] - begun, 2),
                round(word["end"] - begun, 2),
                float(word["conf"]),
            )
            for word in words
        )
        confidence = min((word.confidence for word in heard), default=0.0)
        return Hypothesis(text, confidence, heard)

    def close(self) -> None:
        """Free the engine."""
        self._decoder = None
        self._used = None
