"""How evidence becomes a probability, and that a decision."""

import itertools
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_ally.core.speech import Decision, Stakes
from voice_ally.hear.engines.acceptance import (
    COSTS,
    FEATURES,
    NUMBERS,
    Acceptance,
    Evidence,
    Fit,
    acceptance,
)

GOOD = Fit(-30.0, -40.0, 0.3)


def said(text: str = "no", **more: object) -> Evidence:
    """Evidence of a short answer that everything speaks for, but for what is said otherwise."""
    found: dict[str, object] = {
        "support": 8.0,
        "streaming": True,
        "local": True,
        "verified": 5.0,
        "other_word": -6.0,
    }
    return Evidence(text, Stakes.ANSWER, True, **(found | more))  # type: ignore[arg-type]


def test_there_is_a_model_for_every_configuration_a_user_can_get() -> None:
    models = json.loads(NUMBERS.read_text(encoding="utf-8"))["models"]
    for short, vosk, batch, verified in itertools.product((True, False), repeat=4):
        if not (vosk or batch) or (verified and not short):
            continue
        one = Evidence(
            "no",
            Stakes.ANSWER,
            short,
            support=1.0 if vosk else None,
            batch_asked=batch,
            verified=1.0 if verified else None,
        )
        assert one.configuration() in models
        assert models[one.configuration()].keys() <= {*FEATURES, "bias"}


def test_what_everything_speaks_for_is_acted_on_and_what_nothing_does_is_not() -> None:
    sure, none = acceptance().best([said()]), acceptance().best([])
    assert sure is not None and sure.decision is Decision.ACT and sure.probability > 0.9
    assert none is None
    nothing = said(support=-8.0, streaming=False, local=False, verified=-6.0, other_word=3.0)
    found = acceptance().best([nothing])
    assert found is not None and found.decision is Decision.IGNORE


def test_meanings_share_one_probability() -> None:
    alone = acceptance().best([said("no")])
    rivals = acceptance().best([said("no"), said("yes")])
    assert alone is not None and rivals is not None
    assert rivals.probability < 0.51 < alone.probability


@given(
    support=st.floats(-30, 30),
    verified=st.floats(-10, 10),
    more=st.floats(0, 10),
    batch=st.booleans(),
)
def test_more_evidence_never_makes_it_less_likely(
    support: float, verified: float, more: float, batch: bool
) -> None:
    weigh = acceptance().log_odds
    before = said(support=support, verified=verified, batch_asked=batch)
    for better in (
        said(support=support + more, verified=verified, batch_asked=batch),
        said(support=support, verified=verified + more, batch_asked=batch),
    ):
        assert weigh(better) >= weigh(before) - 1e-9
    if batch:
        found = said(support=support, verified=verified, batch_asked=True, batch=True, fit=GOOD)
        assert weigh(found) >= weigh(before) - 1e-9


@pytest.mark.parametrize("stakes", list(Stakes))
@given(one=st.floats(0, 1), other=st.floats(0, 1))
def test_more_likely_is_never_decided_more_timidly(
    stakes: Stakes, one: float, other: float
) -> None:
    order = [Decision.IGNORE, Decision.CONFIRM, Decision.ACT]
    less, more = sorted((one, other))
    decide = COSTS[stakes].decide
    assert order.index(decide(less)) <= order.index(decide(more))


def test_what_is_at_stake_decides_how_sure_it_must_be() -> None:
    at = {stakes: COSTS[stakes].decide(0.5) for stakes in Stakes}
    assert at[Stakes.STOP] is Decision.ACT, "a stop that is as likely as not is obeyed"
    assert at[Stakes.ANSWER] is Decision.IGNORE, "consent is not taken from a guess"
    assert at[Stakes.START] is Decision.CONFIRM, "nothing begins without a question"
    assert COSTS[Stakes.START].decide(0.99) is Decision.ACT
    assert COSTS[Stakes.NOTHING].decide(1.0) is Decision.IGNORE


def test_numbers_may_come_from_elsewhere() -> None:
    numbers = {
        "priors": dict.fromkeys((one.value for one in Stakes), 0.0),
        "models": {"short vosk": {"support": 5.0, "bias": -1.0}},
    }
    found = Acceptance(numbers).best([Evidence("no", Stakes.ANSWER, True, support=2.0)])
    assert found is not None
    assert math.isclose(found.probability, 1 / (1 + math.exp(-1.0)))
