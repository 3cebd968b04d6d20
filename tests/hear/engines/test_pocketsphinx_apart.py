"""PocketSphinx in a process of its own: it says the same, and may die."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.speech_samples import conversation, spoken
from voice_ally.core.audio import Pcm16
from voice_ally.core.speech import Grammar
from voice_ally.hear.engines import pocketsphinx_child
from voice_ally.hear.engines.pocketsphinx_apart import (
    AT_LEAST_SECONDS,
    NoAnswer,
    PocketSphinxApart,
    answer_seconds,
)
from voice_ally.hear.engines.pocketsphinx_engine import PocketSphinxRecogniser, Proposal

Proposing = PocketSphinxApart | PocketSphinxRecogniser
STOP = Grammar("stop", ({"stop": 1, "pause": 1}, {}), frozenset({1}), ("stop", "pause"))
YES = Grammar("yes", ({"yes": 1, "no": 1}, {}), frozenset({1}), ("yes", "no"))


@pytest.fixture
def apart() -> Iterator[PocketSphinxApart]:
    engine = PocketSphinxApart(patience=lambda _sound: 60.0)
    yield engine
    engine.close()


@pytest.fixture
def impatient() -> Iterator[PocketSphinxApart]:
    engine = PocketSphinxApart(patience=lambda _sound: 0.2)
    yield engine
    engine.close()


SOUND = conversation(0.3, spoken("stop"), 0.3)


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30.0
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def ready(engine: PocketSphinxApart) -> None:
    engine.use(STOP)
    engine.begin()
    wait_until(lambda: not engine._worker.is_busy)


def proposed(engine: Proposing, text: str, grammar: Grammar = STOP) -> Proposal | None:
    return engine.propose(conversation(0.3, spoken(text), 0.3), grammar)


def test_it_proposes_exactly_what_it_would_here(apart: PocketSphinxApart) -> None:
    here = PocketSphinxRecogniser()
    for grammar, text in ((STOP, "stop"), (YES, "no"), (STOP, "pause")):
        apart.use(grammar)
        apart.begin()
        here.use(grammar)
        here.begin()
        sound = conversation(0.3, spoken(text), 0.3)
        there = apart.propose(sound, grammar)
        assert there == here.propose(sound, grammar)
        assert there is not None
        assert there.text == text
        assert apart.fit_of("no pause", sound) == here.fit_of("no pause", sound)
        assert apart.fit_of(text, sound) == there.fit


def test_without_phrases_or_sound_nobody_is_asked(apart: PocketSphinxApart) -> None:
    assert proposed(apart, "stop", replace(STOP, key="none", arcs=({},), final=frozenset())) is None
    assert apart.fit_of("stop", SOUND) is None
    apart.use(STOP)
    apart.begin()
    assert apart.propose(Pcm16(bytes(100)), STOP) is None
    assert apart.fit_of("stop", Pcm16(bytes(100))) is None


@pytest.fixture(params=["here", "apart"])
def either(request: pytest.FixtureRequest, apart: PocketSphinxApart) -> Proposing:
    return apart if request.param == "apart" else PocketSphinxRecogniser()


class TestForeseeing:
    """What it is told that it will be asked about it decodes ahead, and says the same of it."""

    def test_it_says_the_same_as_if_it_had_not_been_told(self, either: Proposing) -> None:
        heard = conversation(0.3, spoken("stop"))
        expected = either.propose(heard, STOP)
        plain = proposed(either, "stop")
        either.foresee(heard, STOP)
        assert either.propose(heard, STOP) == either.propose(heard, STOP) == expected
        assert proposed(either, "stop") == plain, "which is another sound"

    def test_what_it_foresaw_may_not_come_to_pass(self, either: Proposing) -> None:
        either.foresee(conversation(0.3, spoken("stop"), 0.3), STOP)
        found = proposed(either, "pause")
        assert found is not None
        assert found.text == "pause"
        either.foresee(conversation(0.3, spoken("no"), 0.3), STOP)
        found = proposed(either, "no", YES)
        assert found is not None
        assert found.text == "no", "of other phrases"

    def test_told_of_two_moments_it_knows_both(self, either: Proposing) -> None:
        first, second = (conversation(0.3, spoken(one), 0.1) for one in ("stop", "pause"))
        either.foresee(first, STOP)
        either.foresee(second, STOP)
        found = either.propose(second, STOP)
        assert found is not None
        assert found.text == "pause"

    def test_without_phrases_or_sound_there_is_nothing_to_foresee(self, either: Proposing) -> None:
        either.foresee(SOUND, replace(STOP, key="none", arcs=({},), final=frozenset()))
        either.foresee(Pcm16(bytes(100)), STOP)
        assert either.propose(Pcm16(bytes(100)), STOP) is None
        assert either.propose(SOUND, STOP) is not None


def test_one_that_is_killed_while_it_looks_ahead_is_asked_again(apart: PocketSphinxApart) -> None:
    apart.use(STOP)
    apart.begin()
    sound = conversation(0.3, spoken("stop"), 0.3)
    for _ in range(2):  # while it decodes, and when it is already dead
        apart.foresee(sound, STOP)
        os.kill(apart.process_id, signal.SIGKILL)
    found = apart.propose(sound, STOP)
    assert found is not None
    assert found.text == "stop"


def test_one_that_is_killed_in_the_middle_of_a_word_loses_nothing(apart: PocketSphinxApart) -> None:
    apart.use(STOP)
    apart.begin()
    os.kill(apart.process_id, signal.SIGKILL)
    found = apart.propose(SOUND, STOP)
    assert found is not None
    assert found.text == "stop"


def test_one_that_stands_still_is_not_waited_for_and_answers_when_it_goes_on(
    impatient: PocketSphinxApart,
) -> None:
    ready(impatient)
    os.kill(impatient.process_id, signal.SIGSTOP)
    try:
        impatient.feed(SOUND)
        with pytest.raises(NoAnswer):
            impatient.propose(SOUND, STOP)
        assert not impatient.answers
        for number in range(20):  # far more than fits into a pipe: nothing of it waits
            impatient.use(replace(STOP, key=str(number)))
            impatient.foresee(SOUND, STOP)
            with pytest.raises(NoAnswer, match="before this"):
                impatient.fit_of("stop", SOUND)
    finally:
        os.kill(impatient.process_id, signal.SIGCONT)
    wait_until(lambda: impatient.answers and not impatient._worker.is_busy)
    impatient._patience = lambda _sound: 60.0
    found = impatient.propose(SOUND, STOP)
    assert found is not None
    assert found.text == "stop"


def test_one_that_stands_still_for_long_is_replaced(impatient: PocketSphinxApart) -> None:
    ready(impatient)
    impatient._worker._patience_seconds = 0.5
    stopped = impatient.process_id
    os.kill(stopped, signal.SIGSTOP)
    impatient.feed(SOUND)
    with pytest.raises(NoAnswer):
        impatient.propose(SOUND, STOP)
    wait_until(lambda: impatient.answers)
    assert impatient.process_id != stopped
    impatient._patience = lambda _sound: 60.0
    impatient._worker._patience_seconds = 60.0
    found = impatient.propose(SOUND, STOP)
    assert found is not None
    assert found.text == "stop"
    wait_until(lambda: not is_there(stopped))


def test_one_that_stands_still_is_closed_all_the_same(impatient: PocketSphinxApart) -> None:
    ready(impatient)
    os.kill(impatient.process_id, signal.SIGSTOP)
    impatient.close()
    assert not is_there(impatient.process_id)


def is_there(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def test_the_longer_the_sound_the_longer_it_is_waited_for() -> None:
    assert answer_seconds(Pcm16(bytes(32_000))) == AT_LEAST_SECONDS
    assert answer_seconds(Pcm16(bytes(5 * 32_000))) > 2 * AT_LEAST_SECONDS


def test_it_remembers_as_many_phrases_as_its_child(apart: PocketSphinxApart) -> None:
    apart.use(STOP)
    for number in range(pocketsphinx_child.KEPT_GRAMMARS + 1):
        other = Grammar(str(number), ({"no": 1}, {}), frozenset({1}), ("no",))
        apart.use(other)
    apart.use(STOP)
    found = proposed(apart, "stop")
    assert found is not None
    assert found.text == "stop"
