"""Who listens in the measurements: our own listener in its three make-ups, and two baselines.

Rules: each takes a whole recording and gives what it heard, with the moment it was decided
counted in the recording's own samples. Ours of two engines can also be heard as a session hears,
in real time and with PocketSphinx in its own process: it begins to decode before a voice has
ended, so its delay cannot be told from how long it computes. The baselines are what their
libraries' own examples show: Vosk with blocks of 8,000 samples and its own endpoint, PocketSphinx
with its own endpointer.
"""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from voice_ally.app import parts
from voice_ally.core.audio import BLOCK_BYTES, SAMPLE_BYTES, SAMPLE_RATE_HZ, Pcm16, to_seconds
from voice_ally.core.ports import Recogniser
from voice_ally.core.speech import Decision, Grammar, HearingEvent, Utterance
from voice_ally.language.model import Pack
from voice_ally.settings.places import bundled_model
from voice_ally.settings.settings import Settings

EXAMPLE_BLOCK_SAMPLES = 8000
ENGINES = {"both": "", "vosk": "vosk", "pocketsphinx": "pocketsphinx"}
"""As the command line names them."""


@dataclass(frozen=True)
class Heard:
    """One thing heard."""

    text: str
    decision: Decision
    """What a session would do about it."""
    speech_end: float
    """Seconds; where a baseline does not say, 0."""
    decided: float
    """Seconds, with the computing that it took after the last sample needed; in real time, as a
    clock shows it."""


@dataclass(frozen=True)
class Result:
    """One recording, heard."""

    heard: tuple[Heard, ...]
    cpu_seconds: float

    def sure(self) -> list[Heard]:
        """What would be acted on."""
        return [one for one in self.heard if one.text and one.decision is Decision.ACT]


Hear = Callable[[Pcm16], Result]
Maker = Callable[[Grammar], Hear]


def ours(engine: str) -> Maker:
    """Our own listener: "both", "pocketsphinx" or "vosk"."""
    return ours_with(_engine(engine))


def ours_with(recogniser: Recogniser) -> Maker:
    """Our own listener with any recogniser."""

    def with_grammar(grammar: Grammar) -> Hear:
        def hear(pcm16: Pcm16) -> Result:
            listener = parts.make_listener(recogniser)
            listener.use(grammar)
            began = time.process_time()
            heard = []
            for at in range(0, len(pcm16), BLOCK_BYTES):
                before = time.process_time()
                block = Pcm16(pcm16[at : at + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0"))
                found = listener.feed(block)
                heard += _utterances(found, time.process_time() - before)
            heard += _utterances(listener.flush(), 0.0)
            return Result(tuple(heard), time.process_time() - began)

        return hear

    return with_grammar


def ours_in_real_time() -> Maker:
    """Our own listener of both engines, with a block every 10 ms as from a microphone. What it
    takes of the processor is not told: half of it is another process's."""
    recogniser = parts.make_recogniser("", Settings(), Pack(), in_real_time=True)

    def with_grammar(grammar: Grammar) -> Hear:
        def hear(pcm16: Pcm16) -> Result:
            listener = parts.make_listener(recogniser)
            listener.use(grammar)
            heard, began = [], time.monotonic()
            for at in range(0, len(pcm16), BLOCK_BYTES):
                due = began + to_seconds((at + BLOCK_BYTES) // SAMPLE_BYTES)
                time.sleep(max(0.0, due - time.monotonic()))
                block = Pcm16(pcm16[at : at + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0"))
                found = listener.feed(block)
                late = time.monotonic() - due
                heard += _utterances(found, late)
            heard += _utterances(listener.flush(), 0.0)
            return Result(tuple(heard), 0.0)

        return hear

    return with_grammar


def _utterances(events: list[HearingEvent], computing_seconds: float) -> list[Heard]:
    return [
        Heard(one.text, one.decision, one.speech_end, one.at + computing_seconds)
        for one in events
        if isinstance(one, Utterance)
    ]


def _engine(name: str) -> Recogniser:
    return parts.make_recogniser(ENGINES[name], Settings(), Pack())


def vosk_example(grammar: Grammar) -> Hear:
    """Vosk as its own example uses it."""
    import vosk

    vosk.SetLogLevel(-1)
    model = vosk.Model(str(bundled_model()))
    known = [
        phrase
        for phrase in grammar.phrases[:3000]
        if all(model.vosk_model_find_word(word) >= 0 for word in phrase.split())
    ]
    phrases = json.dumps([*known, "[unk]"])

    def hear(pcm16: Pcm16) -> Result:
        decoder = vosk.KaldiRecognizer(model, SAMPLE_RATE_HZ, phrases)
        began = time.process_time()
        heard = []
        size = EXAMPLE_BLOCK_SAMPLES * SAMPLE_BYTES
        for at in range(0, len(pcm16), size):
            if decoder.AcceptWaveform(pcm16[at : at + size]):
                heard.append(_found(decoder.Result(), grammar, at + size))
        heard.append(_found(decoder.FinalResult(), grammar, len(pcm16)))
        return Result(tuple(heard), time.process_time() - began)

    return hear


def _found(result: str, grammar: Grammar, decided_bytes: int) -> Heard:
    text = json.loads(result)["text"]
    at = to_seconds(decided_bytes // SAMPLE_BYTES)
    return Heard(text if grammar.accepts(text) else "", Decision.ACT, 0.0, at)


def plain_pocketsphinx(grammar: Grammar) -> Hear:
    """PocketSphinx as its own example uses it: endpointer, then a live decoder."""
    from pocketsphinx import Decoder, Endpointer

    from voice_ally.hear.engines.pocketsphinx_engine import PocketSphinxRecogniser

    ready: Any = PocketSphinxRecogniser()
    ready.use(grammar)
    ready.begin()
    decoder = Decoder(lm=None, loglevel="FATAL")
    for word, phones in ready._added.items():
        decoder.add_word(word, phones, True)
    end = len(grammar.arcs)
    arcs = [
        (state, target, 1.0, word)
        for state, following in enumerate(grammar.arcs)
        for word, target in following.items()
    ]
    fsg = decoder.create_fsg(
        "phrases", 0, end, [*arcs, *((state, end, 1.0) for state in grammar.final)]
    )
    decoder.add_fsg("phrases", fsg)
    decoder.activate_search("phrases")

    def hear(pcm16: Pcm16) -> Result:
        endpointer = Endpointer()
        began = time.process_time()
        heard, under_way = [], False
        size = endpointer.frame_bytes
        for at in range(0, len(pcm16) - size, size):
            frame = pcm16[at : at + size]
            speech = endpointer.process(frame)
            if speech is not None:
                if not under_way:
                    decoder.start_utt()
                    under_way = True
                decoder.process_raw(speech)
            if under_way and not endpointer.in_speech:
                under_way = False
                heard.append(_plain_text(decoder, grammar, at + size))
        if under_way:
            heard.append(_plain_text(decoder, grammar, len(pcm16)))
        return Result(tuple(heard), time.process_time() - began)

    return hear


def _plain_text(decoder: Any, grammar: Grammar, decided_bytes: int) -> Heard:  # noqa: ANN401
    decoder.end_utt()
    hypothesis = decoder.hyp()
    text = hypothesis.hypstr if hypothesis else ""
    at = to_seconds(decided_bytes // SAMPLE_BYTES)
    return Heard(text if grammar.accepts(text) else "", Decision.ACT, 0.0, at)


LISTENERS: dict[str, Callable[[], Maker]] = {
    "both": lambda: ours("both"),
    "pocketsphinx": lambda: ours("pocketsphinx"),
    "vosk": lambda: ours("vosk"),
    "vosk's example": lambda: vosk_example,
    "plain pocketsphinx": lambda: plain_pocketsphinx,
}
IN_REAL_TIME: dict[str, Callable[[], Maker]] = {"both": ours_in_real_time}
"""Who must be heard in real time where the delay is measured."""
