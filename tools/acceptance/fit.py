"""Weights for each configuration of looks, from what was gathered.

Rules: logistic regression, one for each configuration, slightly drawn towards zero. What speaks for
a phrase may not be weighed against it, so that few recordings cannot turn evidence around. Every
recording counts the same however often it was looked at, and those in which a phrase was said count
as much in all as the others; how likely a phrase is in a state is a matter of the priors.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
from numpy.typing import NDArray
from scipy.optimize import minimize

from voice_ally.core.speech import Stakes
from voice_ally.hear.engines.acceptance import FEATURES, Evidence, Fit

FOR = ("support", "streaming", "local", "batch", "fit", "worst word", "verified")
AGAINST = ("no fit", "quiet", "other word")
DRAWN = 0.0002
LEAST = 20
"""Looks without which a configuration has no model."""
Floats = NDArray[numpy.float64]
Sample = tuple[dict[str, float], bool, float]
"""Features, whether it was said, and how much it counts."""


def evidence_from(kept: Mapping[str, Any]) -> Evidence:
    """As gather.py wrote it."""
    told = {name: value for name, value in kept.items() if name != "right"}
    fit = Fit(**told["fit"]) if told["fit"] else None
    return Evidence(**{**told, "stakes": Stakes(told["stakes"]), "fit": fit})


def samples(files: Iterable[Path]) -> dict[str, list[Sample]]:
    """By configuration."""
    found: dict[str, list[Sample]] = defaultdict(list)
    lines = [one for file in files for one in file.read_text(encoding="utf-8").splitlines()]
    every = [json.loads(line) for line in lines]
    kinds = Counter(seen["meant"] for seen in every)
    for seen in every:
        looks = [kept for look in seen["looks"] for kept in look]
        for kept in looks:
            one = evidence_from(kept)
            if one.stakes is not Stakes.NOTHING and kept["right"] is not None:
                for less in with_less(one):
                    share = 1 / kinds[seen["meant"]] / len(seen["looks"])
                    sample = (less.features(), kept["right"], share)
                    found[less.configuration()].append(sample)
    return found


def with_less(one: Evidence) -> Iterator[Evidence]:
    """The same evidence, and what of it there would be without the verifier, and without Vosk."""
    yield one
    without = replace(one, verified=None, other_word=None)
    if without != one:
        yield without
    if one.batch and one.support is not None:
        for each in {one, without}:
            yield replace(each, support=None, streaming=False, local=False)


def fitted(chosen: Iterable[Sample]) -> dict[str, float] | None:
    """The weights and the bias; None where there is too little to go by."""
    given = list(chosen)
    if len(given) < LEAST:
        return None
    given += _imagined(given)
    values = numpy.array([[one[name] for name in FEATURES] for one, _, _ in given])
    right = numpy.array([said for _, said, _ in given], dtype=float)
    counts = numpy.array([share for _, _, share in given])
    varies = values.std(axis=0) > 0
    values = numpy.hstack([values, numpy.ones((len(values), 1))])

    def loss(weights: Floats) -> tuple[float, Floats]:
        odds = values @ weights
        wrong = numpy.logaddexp(0, odds) - right * odds
        slope = values.T @ (counts * (1 / (1 + numpy.exp(-odds)) - right))
        drawn = numpy.append(weights[:-1], 0.0)
        return float(counts @ wrong + DRAWN * drawn @ drawn), slope + 2 * DRAWN * drawn

    bounds = [
        _bounds(name) if used else (0, 0) for name, used in zip(FEATURES, varies, strict=True)
    ]
    start = numpy.zeros(len(FEATURES) + 1)
    best = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[*bounds, (None, None)])
    named = dict(zip(FEATURES, best.x, strict=False))
    weights = {name: round(float(one), 3) for name, one in named.items() if round(one, 3)}
    return {**weights, "bias": round(float(best.x[-1]), 3)}


def _imagined(given: Sequence[Sample]) -> list[Sample]:
    """One look at which nothing was found and nothing was said, as weighty as a usual one: nothing
    is ever sure because the opposite was not met yet."""
    usual = sum(share for _, _, share in given) / len(given)
    return [(dict.fromkeys(FEATURES, 0.0), False, usual)]


def _bounds(name: str) -> tuple[float | None, float | None]:
    if name in FOR:
        return 0.0, None
    return (None, 0.0) if name in AGAINST else (None, None)
