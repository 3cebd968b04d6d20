"""Skipping questions: nobody is taken to have agreed, and no line is left with a hole in it."""

import re
from pathlib import Path

import pytest

from tests.engine.test_engine import CONFIRMED, Talk, dialog
from tests.engine.walking import Walker
from voice_ally.core.events import Meaning
from voice_ally.engine.state import Frame, State
from voice_ally.language.model import Ask
from voice_ally.language.reader import read_folders

PACK = read_folders([Path(__file__).parents[2] / "dialogs" / "en"]).pack
SKIP = Meaning("command", "skip")
HOLE = re.compile(r"^\W|[{}]|[:,;]\s*[.?!]|\s[.?!]")
"""A line that begins with a sign, holds a brace, or has nothing where a word should be."""
QUESTIONS = [
    (name, step, number)
    for name, one in sorted(PACK.dialogs.items())
    for step, block in one.steps.items()
    for number, instruction in enumerate(block)
    if isinstance(instruction, Ask)
]
FOR_TWO = sorted(name for name, one in PACK.dialogs.items() if one.audience == "two")
TIME_WAS_SAID = {("not_now", "short"), ("not_now", "agree")}
"""Questions that come only after somebody named a time to come back."""


def skips_everything(walker: Walker) -> set[tuple[str, str]]:
    """Says skip at every question until it is over. The steps it came through."""
    steps: set[tuple[str, str]] = set()
    for _ in range(400):
        if not walker.state.frames:
            return steps
        steps.add((walker.state.frame.dialog, str(walker.state.frame.cursor[0])))
        if walker.state.doing.what == "listening":
            walker.hear(SKIP)
        else:
            walker.goes_on()
    raise AssertionError("it goes on and on")


@pytest.mark.parametrize("name", sorted(PACK.dialogs))
def test_skipping_every_question_leaves_no_hole_and_no_promise(name: str) -> None:
    walker = Walker(PACK).start(name)
    skips_everything(walker)
    assert [line for line in walker.said if HOLE.search(line)] == []
    assert walker.promised == []


@pytest.mark.parametrize(("name", "step", "number"), QUESTIONS)
def test_skipping_from_any_question_on_leaves_no_hole_and_no_promise(
    name: str, step: str, number: int
) -> None:
    slots = {**PACK.dialogs[name].slots, "feeling": "sad"}
    walker = Walker(PACK, State(frames=(Frame(name, (step, number), slots),)))
    skips_everything(walker)
    assert [line for line in walker.said if HOLE.search(line)] == []
    assert walker.promised == [] or (name, step) in TIME_WAS_SAID


@pytest.mark.parametrize("name", FOR_TWO)
@pytest.mark.parametrize("yes", [0, 1])
def test_nobody_gets_past_an_agreement_by_skipping(name: str, yes: int) -> None:
    """Neither without any yes, nor with only the first."""
    second = PACK.dialogs[name].steps["second_agrees"]
    (ask,) = [one for one in second if isinstance(one, Ask)]
    (go,) = next(one.then for one in ask.answers if one.template == "<yes>")
    walker = Walker(PACK).start(name)
    for _ in range(yes):
        while walker.state.doing.what != "listening":
            walker.goes_on()
        walker.hear(Meaning("answer", "0"))
    if yes:
        assert walker.state.frame.cursor[0] == "second_agrees"
    assert (name, go.step) not in skips_everything(walker)


def talk_at(question: str) -> Talk:
    talk = Talk(dialog(f"  a: [{{ask: Q, {question}}}]\n  b: [{{say: B}}]\n  c: [{{say: C}}]"))
    talk.hear("begin")
    return talk.until("listening")


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("answers: {<yes>: b, <no>: c}", ["C"]),
        ("answers: {<yes>: b, red: c}", []),
        ("answers: {<yes>: b, red: {say: R}}", ["B"]),
        ("answers: {<yes>: b}, silence: [{say: T}, {go: c}]", ["C"]),
        ("answers: {<yes>: b, <no>: b}, silence: [{say: T}, [{say: U}, {go: c}]]", ["U"]),
    ],
)
def test_skipping_does_what_silence_leads_to_or_no_or_goes_on_below(
    question: str, said: list[str]
) -> None:
    assert talk_at(question).hear("skip") == said


def test_skipping_makes_no_promise_though_silence_would() -> None:
    promise = "[{remind: {in: 9m, run: talk}}, {say: P}, {end: true}]"
    chosen = f"[{{when: {{x: 1}}, then: {promise}, else: [{{go: b}}]}}]"
    for silence in (promise, chosen):
        talk = talk_at(f"answers: {{<yes>: b, <no>: c}}, silence: [{silence}]")
        assert talk.hear("skip") == ["C"]


def test_skipping_before_a_start_is_confirmed_starts_nothing() -> None:
    for heard in (0, 1):
        talk = Talk(CONFIRMED)
        talk.hear("begin")
        talk.run(heard)
        assert talk.hear("skip") == []
        assert talk.reasons == ["declined"]
        assert (talk.what, talk.state.pending) == ("idle", "")
