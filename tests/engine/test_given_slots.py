"""The time of day, the day and names in what is said, and names kept after a yes."""

from dataclasses import replace
from datetime import datetime

import pytest

from tests.engine.test_engine import SHARED, Talk, dialog
from tests.language.packs import small_pack
from voice_ally.checker.whole_pack import check_read
from voice_ally.core import actions as do
from voice_ally.engine.state import State
from voice_ally.language.given_slots import given_slots
from voice_ally.language.model import Pack
from voice_ally.language.problems import Problem
from voice_ally.language.reader import read_pack
from voice_ally.language.wording import fill


@pytest.mark.parametrize(
    ("hour", "part"),
    [(0, "evening"), (4, "evening"), (5, "morning"), (12, "afternoon"), (17, "evening")],
)
def test_the_part_of_the_day(hour: int, part: str) -> None:
    now = datetime(2026, 11, 29, hour)
    found = given_slots(Pack(), now, ("Ada", ""))
    assert found == {"part_of_day": part, "weekday": "Sunday", "name": "Ada", "other_name": ""}


def test_in_the_words_of_the_pack() -> None:
    pack = Pack(lines={"sunday": "Sonntag", "morning": "Morgen"})
    found = given_slots(pack, datetime(2026, 11, 29, 8), ())
    assert (found["weekday"], found["part_of_day"]) == ("Sonntag", "Morgen")


@pytest.mark.parametrize(
    ("line", "known", "unknown"),
    [
        ("Good morning, {name}.", "Good morning, Ada.", "Good morning."),
        ("{name}, welcome.", "Ada, welcome.", "Welcome."),
        ("Well, {name}, and now?", "Well, Ada, and now?", "Well, and now?"),
        ("Thank you, {name}", "Thank you, Ada", "Thank you"),
    ],
)
def test_a_line_reads_on_without_a_name(line: str, known: str, unknown: str) -> None:
    assert fill(line, {"name": "Ada"}) == known
    assert fill(line, {"name": ""}) == unknown


def given(names: tuple[str, str], day: int = 29) -> State:
    return State(given_slots=given_slots(Pack(), datetime(2026, 11, day, 9), names))


GREETING = dialog(
    """
  a:
    - say: "Good {part_of_day}, {name}."
    - when: {weekday: sunday}
      then: [{say: "A day of rest."}]
      else: [{say: "A working day."}]
"""
)


def test_a_dialog_greets() -> None:
    talk = Talk(GREETING, state=given(("Ada", "")))
    assert talk.hear("begin") == ["Good morning, Ada."]
    assert talk.run() == ["A day of rest."]
    talk = Talk(GREETING, state=given(("", ""), day=30))
    assert talk.hear("begin") == ["Good morning."]
    assert talk.run() == ["A working day."]


def test_a_dialogs_own_word_for_who_is_not_known() -> None:
    text = GREETING.replace("steps:", "slots: {name: friend}\nsteps:", 1)
    assert Talk(text, state=given(("", ""))).hear("begin") == ["Good morning, friend."]
    assert Talk(text, state=given(("Ada", ""))).hear("begin") == ["Good morning, Ada."]


TURNS = dialog(
    """
  a:
    - turn: {speaker: first, for: 9s}
    - say: "Thank you, {name}. {other_name}, what did you hear?"
    - turn: {speaker: second, for: 9s}
    - say: "Thank you, {name}."
"""
)


def test_each_turn_has_its_name() -> None:
    talk = Talk(TURNS, state=given(("Ada", "Bo")))
    talk.hear("begin")
    assert talk.run(2) == ["Thank you, Ada. Bo, what did you hear?"]
    talk.until("turning")
    assert talk.run(2) == ["Thank you, Bo."]
    talk = Talk(TURNS, state=given(("Ada", "")))
    talk.hear("begin")
    talk.run(2)
    talk.until("turning")
    assert talk.run(2) == ["Thank you, Ada."], "whose turn it is cannot be told by one name"


WHO = SHARED.replace("lists:", "lists:\n  who: [Ada, Bo]")
NAMED = dialog(
    """
  a:
    - ask: "Who are you?"
      answers: {"[I am] {who:name}": b, "<no>": {end: true}}
  b:
    - ask: "May I keep the name {name}?"
      answers: {"<yes>": [{remember: name}, {say: "Kept."}], "<no>": [{say: "Then not."}]}
    - forget: me
    - say: "Forgotten, {name}."
"""
)


def named() -> Talk:
    talk = Talk(NAMED, shared=WHO)
    talk.hear("begin")
    talk.until("listening")
    assert talk.hear("I am Ada") == ["May I keep the name Ada?"]
    return talk.until("listening")


def test_a_name_is_kept_after_a_yes_and_forgotten() -> None:
    talk = named()
    assert talk.hear("sure") == ["Kept."]
    assert talk.some(do.Remember) == [do.Remember("name", "Ada")]
    assert talk.run() == ["Forgotten."]
    assert talk.some(do.ForgetPeople) == [do.ForgetPeople()]


@pytest.mark.parametrize("way", ["nope", "skip", "mumble", ""])
def test_without_a_yes_nothing_is_kept(way: str) -> None:
    talk = named()
    if way:
        talk.hear(way)
    else:
        talk.run()
    assert talk.some(do.Remember) == []


def test_the_engine_keeps_none_even_where_a_dialog_would() -> None:
    bare = "dialog: bare\ntriggers: [bare]\nslots: {name: Ada}\nsteps: {a: [{remember: name}]}"
    talk = Talk(bare)
    talk.hear("bare")
    assert talk.some(do.Remember) == []
    talk = named()
    talk.hear("go back")
    frame = replace(talk.state.frame, agreed=True)
    assert frame.agreed and not talk.state.frame.agreed


def found(steps: str) -> list[Problem]:
    text = f'dialog: extra\ntriggers: [begin]\nslots: {{name: ""}}\nsteps:\n{steps}'
    result = read_pack({"extra.yaml": text.encode()}, over=small_pack())
    return sorted({*result.problems, *check_read(result)})


@pytest.mark.parametrize(
    "steps",
    [
        "  a: [{remember: name}]",
        '  a: [{ask: "May I?", answers: {"<yes>": b, "<no>": b}}]\n  b: [{remember: name}]',
        '  a: [{ask: "May I?", answers: {"<yes>": b}, silence: [{go: b}]}]\n'
        "  b: [{remember: name}]",
        '  a: [{ask: "May I?", answers: {"<yes>": b}}]\n'
        '  b: [{ask: "Or that?", answers: {"sad": [{remember: name}]}}]',
    ],
)
def test_check_names_what_would_be_kept_without_a_yes(steps: str) -> None:
    assert [one.code for one in found(steps)] == ["VA064"]


def test_behind_a_yes_all_is_well() -> None:
    assert (
        found(
            '  a: [{ask: "May I?", answers: {"<yes>": b, "<no>": {end: yes}}}]\n'
            '  b: [{say: "Well."}, {remember: name}]'
        )
        == []
    )
