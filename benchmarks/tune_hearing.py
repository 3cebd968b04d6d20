"""How much evidence a phrase takes: other bars, tried in seconds on what both engines made of
people's recordings: `python -m benchmarks.tune_hearing`.

Rules: the recordings are decoded once, which takes long, and what the engines said is kept (with
--keep; else it is forgotten). Then the rule itself decides anew with each choice of weights. The
bar is laid a little above the best foreign utterance of the tuning half; both halves are shown.
VOICE_ALLY_SHARED says where the recordings lie.
"""

import argparse
import itertools
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks.hearing_trials import understandings
from benchmarks.recordings import TESTING, TUNING, Recording, recordings, sound
from voice_ally.core.audio import BLOCK_BYTES, Pcm16
from voice_ally.core.speech import Grammar, Hypothesis
from voice_ally.hear.engines.pocketsphinx_engine import PocketSphinxRecogniser, Proposal
from voice_ally.hear.engines.rejection import WEIGHTS, Fit, Weights
from voice_ally.hear.engines.second_opinion import SecondOpinionRecogniser
from voice_ally.hear.engines.vosk_engine import VoskRecogniser
from voice_ally.hear.gate import SileroGate
from voice_ally.hear.listener import SegmentListener
from voice_ally.interpret.understanding import Understanding
from voice_ally.settings.places import bundled_model

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
MARGIN = 4.0
"""The bar lies so far above the best foreign utterance."""
BARS = (-80, -160, -1)
TRIED = {"support": (1.0, 1.5, 2.0, 3.0), "both": (0.0, 15.0, 25.0)}


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

    def fit_of(self, text: str) -> Fit | None:
        """How well the first thought this fits."""
        return next((one.fit for one in self._opinions() if one.text == text), None)

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


def lowest_bar(heard: Sequence[Heard], weights: Weights) -> float:
    """A little above the heaviest utterance of the tuning half that is not meant."""
    foreign = [one for one in heard if one.kind == FOREIGN]
    for said in range(*BARS):
        if Trial(foreign, replace(weights, said=float(said))).taken(TUNING):
            return said + MARGIN
    return float(BARS[1])


class Trial:
    """One choice of weights."""

    def __init__(self, heard: Sequence[Heard], weights: Weights) -> None:
        self._heard = heard
        self._weights = weights
        self._understood = understandings()

    def _judged(self, said: Said) -> Hypothesis:
        both = Replayed(said)
        return SecondOpinionRecogniser(both, both, self._weights).finish()

    def taken(self, half: str) -> int:
        """How many utterances of this half were acted on without being meant."""
        return sum(
            bool(found.text) and not found.doubtful and self._means(heard, found.text)
            for heard in self._heard
            if heard.kind == FOREIGN and heard.half == half
            for found in map(self._judged, heard.utterances)
        )

    def _means(self, heard: Heard, text: str) -> bool:
        return self._understood[heard.case.split(",")[0]].match(text) is not None

    def shares(self, half: str) -> dict[str, str]:
        """By case: understood (and asked about), or how many were wrongly taken for a phrase."""
        shown = {}
        for case in dict.fromkeys((one.kind, one.case) for one in self._heard):
            among = [
                one for one in self._heard if (one.kind, one.case) == case and one.half == half
            ]
            if case[0] == PEOPLE:
                right = sum(self._right(one) for one in among) / max(1, len(among))
                shown[case[1]] = f"{right:.3f}"
                continue
            judged = [(one, self._judged(said)) for one in among for said in one.utterances]
            meant = [found for one, found in judged if self._means(one, found.text)]
            asked = sum(one.doubtful for one in meant)
            shown[f"not meant: {case[1]}"] = f"{len(meant) - asked}+{asked}/{len(judged)}"
        return shown

    def _right(self, heard: Heard) -> bool:
        judged = [self._judged(said) for said in heard.utterances]
        texts = [one.text for one in judged if one.text and not one.doubtful]
        if "" in heard.wanted:
            return texts == [heard.wanted[""]]
        found = [self._understood["orders"].match(text) for text in texts]
        slots = [{key: str(value) for key, value in one.slots.items()} for one in found if one]
        return slots == [heard.wanted]


def show(title: str, trial: Trial) -> None:
    """Both halves, for reading."""
    print(f"\n{title}")
    halves = [trial.shares(half) for half in (TUNING, TESTING)]
    for case, tuned in halves[0].items():
        print(f"  {case:28} tuning {tuned:>10}  testing {halves[1][case]:>10}")


def main() -> None:
    """Decode what is missing, then try choices."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--every", type=int, default=4, help="only every Nth recording")
    arguments.add_argument("--keep", type=Path, help="what the engines say is kept here")
    arguments.add_argument("--model", type=Path, default=bundled_model())
    arguments.add_argument("--all", action="store_true", help="every choice, not only the bar's")
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory() as forgotten:
        keep = chosen.keep or Path(forgotten)
        keep.mkdir(parents=True, exist_ok=True)
        heard = gather(keep, chosen.every, chosen.model)
    print(f"a bar from the tuning half: {lowest_bar(heard, WEIGHTS):g}")
    show(f"in use: {WEIGHTS}", Trial(heard, WEIGHTS))
    for support, both in itertools.product(*TRIED.values()) if chosen.all else ():
        weights = replace(WEIGHTS, support=support, both=both)
        said = lowest_bar(heard, weights)
        weights = replace(weights, said=said, ask=said - (WEIGHTS.said - WEIGHTS.ask))
        show(f"support {support:g}, both {both:g}: bar {said:g}", Trial(heard, weights))


if __name__ == "__main__":
    main()
