"""What both engines make of people's recordings, decoded once and kept, and said again.

Rules: VOICE_ALLY_SHARED says where the recordings lie. Nothing is judged here: see
benchmarks/tune_hearing.py.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.hearing_trials import understandings
from benchmarks.recordings import Recording, recordings, sound
from voice_ally.core.audio import BLOCK_BYTES, Pcm16
from voice_ally.core.speech import Grammar, Hypothesis
from voice_ally.hear.engines.pocketsphinx_engine import PocketSphinxRecogniser, Proposal
from voice_ally.hear.engines.rejection import Fit
from voice_ally.hear.engines.vosk_engine import VoskRecogniser
from voice_ally.hear.gate import SileroGate
from voice_ally.hear.listener import SegmentListener
from voice_ally.interpret.understanding import Understanding

PEOPLE, FOREIGN = "meant", "not meant"
CASES: tuple[tuple[str, str, tuple[str, ...], float | None], ...] = (
    (PEOPLE, "phrases", ("computer", "view glass"), None),
    (PEOPLE, "phrases", ("computer", "view glass"), 12.0),
    (FOREIGN, "phrases", ("orders", "prose"), None),
    (FOREIGN, "foreign phrases", ("computer", "view glass"), None),
    (FOREIGN, "ally", ("orders", "computer", "view glass", "prose"), None),
    (PEOPLE, "orders", ("orders",), None),
    (PEOPLE, "orders", ("orders",), 12.0),
    (PEOPLE, "orders", ("orders",), 6.0),
    (FOREIGN, "phrases", ("orders", "prose"), 12.0),
)
"""Who speaks, what is listened for, in how much noise."""
IDLE = "ally"
"""The case in which nothing is running."""


@dataclass(frozen=True)
class Opinion:
    """One phrase, weighed by both engines."""

    text: str
    fit: Fit
    support: float


@dataclass(frozen=True)
class Said:
    """One utterance, and what the engines made of it."""

    first: Opinion | None
    second: str
    other: Opinion | None
    """The second engine's phrase, where it is another one."""


@dataclass(frozen=True)
class Heard:
    """One recording in one case."""

    kind: str
    case: str
    name: str
    half: str
    wanted: dict[str, str]
    """The slots of an order; {"": phrase} for a phrase."""
    utterances: tuple[Said, ...]


class Gatherer(PocketSphinxRecogniser):
    """Hears utterances for what both engines make of them."""

    def __init__(self, second: VoskRecogniser) -> None:
        super().__init__()
        self._other = second
        self.found: list[Said] = []

    def finish(self) -> Hypothesis:
        """The utterance is over: write down everything about it."""
        pcm16 = Pcm16(bytes(self._sound))
        self._other.begin()
        self._other.feed(pcm16)
        heard = self._other.finish().text
        proposal = self.propose()
        first = other = None
        if proposal is not None:
            first = Opinion(proposal.text, proposal.fit, self._other.support(proposal.text, pcm16))
            fit = self.fit_of(heard) if heard not in ("", proposal.text) else None
            if fit is not None:
                other = Opinion(heard, fit, self._other.support(heard, pcm16))
        self.found.append(Said(first, heard, other))
        return Hypothesis()


class Replayed:
    """Both engines, saying again what they said."""

    name = "replayed"

    def __init__(self, said: Said) -> None:
        self._said = said

    def use(self, grammar: Grammar) -> None:
        """Nothing changes."""

    def unknown_words(self, grammar: Grammar) -> frozenset[str]:
        """None: words nobody knows are judged otherwise."""
        return frozenset()

    def begin(self) -> None:
        """Nothing begins."""

    def feed(self, pcm16: Pcm16) -> None:
        """Nothing is heard."""

    def peek(self) -> Hypothesis:
        """As at the end."""
        return self.finish()

    def finish(self) -> Hypothesis:
        """What the second heard."""
        return Hypothesis(self._said.second)

    def propose(self, sound: Pcm16 | None = None) -> Proposal | None:
        """What the first proposed."""
        first = self._said.first
        return Proposal(first.text, (), first.fit) if first else None

    def foresee(self, sound: Pcm16) -> None:
        """Everything is known beforehand."""

    def fit_of(self, text: str) -> Fit | None:
        """How well the first thought this fits."""
        return next((one.fit for one in self._opinions() if one.text == text), None)

    def likeliest(self, texts: tuple[str, ...], pcm16: Pcm16) -> str:
        """It was not asked that."""
        return ""

    def support(self, text: str, pcm16: Pcm16) -> float:
        """How likely the second thought it."""
        return next(one.support for one in self._opinions() if one.text == text)

    def _opinions(self) -> list[Opinion]:
        return [one for one in (self._said.first, self._said.other) if one]

    def close(self) -> None:
        """Nothing to free."""


def gather(keep: Path, every: int, model: Path) -> list[Heard]:
    """Decode what has not been decoded yet."""
    understood = understandings()
    engine: Gatherer | None = None
    found = []
    for kind, key, groups, snr_db in CASES:
        case = f"{key}, {'clean' if snr_db is None else f'{snr_db:g} dB'}"
        for group in groups:
            file = keep / f"{kind}, {case}, {group}, every {every}.json"
            if not file.exists():
                engine = engine or Gatherer(VoskRecogniser(model))
                heard = [
                    Heard(kind, case, one.name, one.half, _wanted(one, key), utterances)
                    for one, utterances in _heard(engine, understood[key], group, every, snr_db)
                ]
                file.write_text(json.dumps([asdict(one) for one in heard]), encoding="utf-8")
                print(f"decoded: {file.stem}", flush=True)
            found += [_read(one) for one in json.loads(file.read_text(encoding="utf-8"))]
    return found


def _heard(
    engine: Gatherer, understood: Understanding, group: str, every: int, snr_db: float | None
) -> Iterator[tuple[Recording, tuple[Said, ...]]]:
    engine._other.use(understood.grammar)
    for one in recordings(group, every=1 if group == "prose" else every):
        engine.found = []
        listener = SegmentListener(SileroGate(), engine)
        listener.use(understood.grammar)
        pcm16 = sound(one, snr_db)
        for at in range(0, len(pcm16), BLOCK_BYTES):
            listener.feed(Pcm16(pcm16[at : at + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0")))
        listener.flush()
        yield one, tuple(engine.found)


def _wanted(recording: Recording, key: str) -> dict[str, str]:
    return dict(recording.slots) if key == "orders" else {"": recording.group}


def _read(kept: dict[str, Any]) -> Heard:
    def opinion(one: dict[str, Any] | None) -> Opinion | None:
        return Opinion(one["text"], Fit(**one["fit"]), one["support"]) if one else None

    utterances = tuple(
        Said(opinion(one["first"]), one["second"], opinion(one["other"]))
        for one in kept["utterances"]
    )
    return Heard(**{**kept, "utterances": utterances})
