"""PocketSphinx in a process of its own: it says the same, and may die."""

import os
import signal
from collections.abc import Iterator

import pytest

from tests.speech_samples import conversation, spoken
from voice_ally.core.audio import Pcm16
from voice_ally.core.errors import RecogniserProblem
from voice_ally.core.speech import Grammar
from voice_ally.hear.engines import pocketsphinx_child
from voice_ally.hear.engines.pocketsphinx_apart import PocketSphinxApart
from voice_ally.hear.engines.pocketsphinx_engine import PocketSphinxRecogniser, Proposal

STOP = Grammar("stop", ({"stop": 1, "pause": 1}, {}), frozenset({1}), ("stop", "pause"))
YES = Grammar("yes", ({"yes": 1, "no": 1}, {}), frozenset({1}), ("yes", "no"))


@pytest.fixture
def apart() -> Iterator[PocketSphinxApart]:
    engine = PocketSphinxApart()
    yield engine
    engine.close()


def proposed(engine: PocketSphinxApart | PocketSphinxRecogniser, text: str) -> Proposal | None:
    engine.begin()
    engine.feed(conversation(0.3, spoken(text), 0.3))
    return engine.propose()


def test_it_proposes_exactly_what_it_would_here(apart: PocketSphinxApart) -> None:
    here = PocketSphinxRecogniser()
    for grammar, text in ((STOP, "stop"), (YES, "no"), (STOP, "pause")):
        here.use(grammar)
        apart.use(grammar)
        there = proposed(apart, text)
        assert there == proposed(here, text)
        assert there is not None
        assert there.text == text
        assert apart.fit_of("no pause") == here.fit_of("no pause")
        assert apart.fit_of(text) == there.fit


def test_without_phrases_or_sound_nobody_is_asked(apart: PocketSphinxApart) -> None:
    assert proposed(apart, "stop") is None
    apart.use(STOP)
    apart.begin()
    apart.feed(Pcm16(bytes(100)))
    assert apart.propose() is None
    assert apart.fit_of("stop") is None


def test_one_that_is_killed_in_the_middle_of_a_word_loses_nothing(apart: PocketSphinxApart) -> None:
    apart.use(STOP)
    apart.begin()
    apart.feed(conversation(0.3, spoken("stop"), 0.3))
    os.kill(apart.process_id, signal.SIGKILL)
    found = apart.propose()
    assert found is not None
    assert found.text == "stop"


def test_one_that_hangs_is_replaced_once_and_then_it_is_said(apart: PocketSphinxApart) -> None:
    impatient = PocketSphinxApart(answer_seconds=0.0)
    try:
        impatient.use(STOP)
        with pytest.raises(RecogniserProblem, match="does not answer"):
            proposed(impatient, "stop")
    finally:
        impatient.close()
    with pytest.raises(ProcessLookupError):
        os.kill(impatient.process_id, 0)


def test_it_remembers_as_many_phrases_as_its_child(apart: PocketSphinxApart) -> None:
    apart.use(STOP)
    for number in range(pocketsphinx_child.KEPT_GRAMMARS + 1):
        other = Grammar(str(number), ({"no": 1}, {}), frozenset({1}), ("no",))
        apart.use(other)
    apart.use(STOP)
    found = proposed(apart, "stop")
    assert found is not None
    assert found.text == "stop"
