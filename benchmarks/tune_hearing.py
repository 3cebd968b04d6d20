"""How much evidence a phrase takes: other bars, tried in seconds on what both engines made of
people's recordings: `python -m benchmarks.tune_hearing`.

Rules: the recordings are decoded once, which takes long, and what the engines said is kept (with
--keep; else it is forgotten). Then the rule itself decides anew with each choice of weights. The
bar is laid a little above the best foreign utterance of the tuning half; both halves are shown.
VOICE_ALLY_SHARED says where the recordings lie.
"""

import argparse
import itertools
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.hearing_trials import understandings
from benchmarks.opinions import FOREIGN, IDLE, PEOPLE, Heard, Replayed, Said, gather
from benchmarks.recordings import TESTING, TUNING
from voice_ally.core.speech import Hypothesis
from voice_ally.hear.engines.rejection import WEIGHTS, Found, Weights, weight
from voice_ally.hear.engines.second_opinion import SecondOpinionRecogniser
from voice_ally.settings.places import bundled_model

MARGIN = 4.0
"""The bar lies so far above the best foreign utterance."""
BARS = (-80, -160, -1)
TRIED = {"support": (1.0, 1.5, 2.0, 3.0), "both": (0.0, 15.0, 25.0)}


def _is_taken(heard: Heard, found: Hypothesis) -> bool:
    """Is it acted on at once? What was barely said begins nothing while nothing is running."""
    barely = found.barely and heard.case.startswith(IDLE)
    return bool(found.text) and not found.doubtful and not barely


def floors(heard: Sequence[Heard], half: str) -> str:
    """Support of short phrases that the first engine alone found and that weigh enough: of what
    people meant the least, of the rest the most. `least_short_support` belongs between."""
    supports: dict[str, list[float]] = {PEOPLE: [], FOREIGN: []}
    for one in heard:
        for said in one.utterances if one.half == half else ():
            first = said.first
            if first is None or first.text == said.second:
                continue
            if one.kind == PEOPLE and first.text != one.wanted.get(""):
                continue
            enough = weight(first.fit, first.support, Found.FIRST) >= WEIGHTS.said
            if enough and len(first.text.split()) <= WEIGHTS.short_words:
                supports[one.kind].append(first.support)
    least, most = sorted(supports[PEOPLE])[:5], sorted(supports[FOREIGN])[-5:]
    return f"{half}: meant {_listed(least)} …, not meant … {_listed(most)}"


def _listed(values: Sequence[float]) -> str:
    return " ".join(f"{one:.1f}" for one in values)


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
            _is_taken(heard, found) and self._means(heard, found.text)
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
            meant = [(one, found) for one, found in judged if self._means(one, found.text)]
            asked = sum(not _is_taken(one, found) for one, found in meant)
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
    for half in (TUNING, TESTING):
        print(f"support of short phrases of one engine, {floors(heard, half)}")
    print(f"a bar from the tuning half: {lowest_bar(heard, WEIGHTS):g}")
    show(f"in use: {WEIGHTS}", Trial(heard, WEIGHTS))
    for support, both in itertools.product(*TRIED.values()) if chosen.all else ():
        weights = replace(WEIGHTS, support=support, both=both)
        said = lowest_bar(heard, weights)
        weights = replace(weights, said=said, ask=said - (WEIGHTS.said - WEIGHTS.ask))
        show(f"support {support:g}, both {both:g}: bar {said:g}", Trial(heard, weights))


if __name__ == "__main__":
    main()
