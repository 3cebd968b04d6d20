"""The same several times, one of several, and counting."""

import itertools
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engine.test_engine import Talk, dialog
from voice_ally.engine.saving import restored, saved
from voice_ally.engine.stage import MOST_REMEMBERED
from voice_ally.engine.state import State
from voice_ally.engine.walk import Walk
from voice_ally.language import wording
from voice_ally.language.reserved import MOST_ROUNDS


def heard(steps: str, head: str = "", **state: int) -> list[str]:
    talk = Talk(dialog(steps, head), state=State(**state))
    said = talk.hear("begin")
    while talk.state.frames:
        said += talk.run()
    return said


def test_the_same_three_times_and_then_on() -> None:
    steps = '  a: [{repeat: {times: 3, do: [{say: "I am enough."}, {pause: 2s}]}}, {say: "Well."}]'
    assert heard(steps) == ["I am enough."] * 3 + ["Well."]


@pytest.mark.parametrize(("slot", "times"), [("2", 2), ("0", 0), ("many", 0), ("99", MOST_ROUNDS)])
def test_as_often_as_a_slot_says(slot: str, times: int) -> None:
    steps = '  a: [{repeat: {times: "{rounds}", do: {say: "Again."}}}, {say: "Well."}]'
    talk = Talk(dialog(steps, "slots: {rounds: 1}"))
    timed = replace(talk.pack.dialogs["talk"], slots={"rounds": slot})
    talk.pack = replace(talk.pack, dialogs={**talk.pack.dialogs, "talk": timed})
    said = talk.start("talk")
    while talk.state.frames:
        said += talk.run()
    assert said == ["Again."] * times + ["Well."]


def test_inside_one_another_and_inside_an_answer() -> None:
    steps = """
  a:
    - ask: "Well?"
      answers:
        "<yes>":
          - repeat: {times: 2, do: [{say: "Out."}, {repeat: {times: 2, do: {say: "In."}}}]}
          - say: "Done."
    - say: "Below."
"""
    talk = Talk(dialog(steps))
    talk.hear("begin")
    talk.until("listening")
    said = talk.hear("sure")
    while talk.state.frames:
        said += talk.run()
    assert said == ["Out.", "In.", "In.", "Out.", "In.", "In.", "Done.", "Below."]


def test_a_question_asked_twice_and_a_way_out() -> None:
    steps = """
  a:
    - repeat:
        times: 2
        do:
          - ask: "More?"
            answers: {"<yes>": [], "<no>": b}
    - say: "Twice."
  b: [{say: "Out."}]
"""
    talk = Talk(dialog(steps))
    talk.hear("begin")
    talk.until("listening")
    assert talk.hear("sure") == ["More?"]
    talk.until("listening")
    assert talk.hear("sure") == ["Twice."]
    talk = Talk(dialog(steps))
    talk.hear("begin")
    talk.until("listening")
    assert talk.hear("nope") == ["Out."]


def test_go_back_and_pause_inside_of_it() -> None:
    steps = '  a: [{repeat: {times: 2, do: [{hold: 9s}, {ask: "More?", answers: {"<yes>": []}}]}}]'
    talk = Talk(dialog(steps))
    talk.hear("begin")
    assert talk.hear("pause") == ["Paused."]
    talk.hear("go on")
    assert talk.what == "holding"
    talk.run()
    talk.until("listening")
    talk.hear("go back")
    assert talk.what == "holding"
    talk.run()
    talk.until("listening")
    talk.hear("sure")
    assert (talk.what, talk.state.frame.cursor) == ("holding", ("a", 0, "round:1", 0))
    talk.until("listening")
    talk.hear("sure")
    assert talk.what == "idle"


def test_counting() -> None:
    steps = """
  a: [{say: "Round {rounds}."}, {set: {rounds: +1}}]
  b: [{when: {rounds: {under: 3}}, then: {go: a}}, {set: {rounds: 7, left: +0.5}}]
  c: [{say: "{rounds}, {left}."}]
"""
    said = heard(steps, "slots: {rounds: 0, left: 1}")
    assert said == ["Round 0.", "Round 1.", "Round 2.", "7, 1.5."]
    assert wording.added("no number", 1) == 1
    assert wording.added(None, 2) == 2


def test_a_quoted_plus_is_text() -> None:
    assert heard('  a: [{set: {sign: "+1"}}, {say: "{sign} it is."}]') == ["+1 it is."]


@pytest.mark.parametrize("seed", range(1, 6))
def test_no_step_comes_twice_before_all_did(seed: int) -> None:
    steps = """
  a: [{repeat: {times: 6, do: {detour: other}}}]
"""
    other = (
        "dialog: other\ntriggers: [other]\nsteps:\n"
        '  pick: [{go: {any: [x, y, z]}}]\n  x: [{say: "X."}, {end: yes}]\n'
        '  y: [{say: "Y."}, {end: yes}]\n  z: [{say: "Z."}]\n'
    )
    talk = Talk(dialog(steps), other, state=State(seed=seed))
    said = talk.hear("begin")
    while talk.state.frames:
        said += talk.run()
    assert Counter(said[:3]) == {"X.": 1, "Y.": 1, "Z.": 1}
    assert said[2] != said[3]
    assert len(said) == 6


@settings(deadline=None)
@given(count=st.integers(2, 6), seed=st.integers(1, 2**31 - 1), times=st.integers(1, 20))
def test_wordings_come_by_turns_and_never_twice_in_a_row(count: int, seed: int, times: int) -> None:
    variants = tuple(f"Line {number}." for number in range(count))
    stage = Walk(Talk().pack, State(seed=seed), 0.0)
    said = []
    for number in range(times):
        said.append(stage.pick(variants))
        if number % 3 == 0:
            stage.state = restored(saved(stage.state))
    assert len(set(said[:count])) == min(count, times)
    assert all(one != following for one, following in itertools.pairwise(said))


def test_what_is_remembered_stays_small() -> None:
    stage = Walk(Talk().pack, State(), 0.0)
    for number in range(MOST_REMEMBERED + 5):
        stage.pick((f"{number} a", f"{number} b"))
    assert len(stage.state.used) == MOST_REMEMBERED
