"""remind: at a time of day, on some days, tomorrow."""

import pytest

from tests.engine.test_engine import SHARED, Talk, dialog
from tests.language.packs import small_pack
from voice_ally.checker.whole_pack import check_read
from voice_ally.core import actions as do
from voice_ally.language.problems import Problem
from voice_ally.language.reader import read_pack

TIMES = SHARED.replace(
    "  mood:", '  time: [{say: "nine [in the evening]", means: "21:00"}, later]\n  mood:'
)


@pytest.mark.parametrize(
    ("written", "promised"),
    [
        ("in: 20m, run: talk", do.Remind(1200.0, "talk")),
        ("in: tomorrow, run: talk", do.Remind(0.0, "talk", days=1)),
        ("in: 1 day, run: talk", do.Remind(0.0, "talk", days=1)),
        ('in: "{minutes} days", run: talk', do.Remind(0.0, "talk", days=3)),
        ('at: "21:00", run: talk', do.Remind(0.0, "talk", at="21:00")),
        ('at: "7:30", in: tomorrow, run: talk', do.Remind(0.0, "talk", days=1, at="7:30")),
        (
            'at: "21:00", every: sunday, run: talk',
            do.Remind(0.0, "talk", at="21:00", every="sunday"),
        ),
    ],
)
def test_what_is_promised(written: str, promised: do.Remind) -> None:
    talk = Talk(dialog(f"  a: [{{remind: {{{written}}}}}]", "slots: {minutes: 3}"))
    talk.hear("begin")
    assert talk.some(do.Remind) == [promised]


def asked(time: str) -> Talk:
    steps = (
        '  a: [{ask: "When?", answers: {"{time}": b}}]\n'
        '  b: [{remind: {at: "{time}", every: day, run: talk}}, {say: "Well."}]'
    )
    talk = Talk(dialog(steps, 'slots: {time: ""}'), shared=TIMES)
    talk.hear("begin")
    talk.until("listening")
    talk.hear(time)
    return talk


def test_a_time_that_was_said() -> None:
    talk = asked("nine in the evening")
    assert talk.some(do.Remind) == [do.Remind(0.0, "talk", at="21:00", every="day")]


def test_what_is_no_time_is_no_promise_and_the_script_goes_on() -> None:
    talk = asked("later")
    assert talk.some(do.Remind) == []
    assert [one.data["source"] for one in talk.some(do.Note) if one.event == "failed"] == [
        "reminder"
    ]
    assert talk.state.last_said == "Well."


def found(steps: str) -> list[Problem]:
    text = f"dialog: extra\ntriggers: [begin]\nsteps:\n{steps}"
    result = read_pack({"extra.yaml": text.encode()}, over=small_pack())
    return sorted({*result.problems, *check_read(result)})


@pytest.mark.parametrize("kind", ["silence", "unclear"])
def test_what_comes_again_and_again_never_follows_from_silence(kind: str) -> None:
    (problem,) = found(
        f"""
  a:
    - ask: "Every evening?"
      answers: {{"<yes>": b, "<no>": {{end: yes}}}}
      {kind}: [{{go: c}}]
  c: [{{say: "Well then."}}, {{go: b}}]
  b: [{{remind: {{at: "21:00", every: day, run: calm}}}}]
"""
    )
    assert (problem.code, problem.severity, problem.place.line) == ("VA062", "error", 10)


def test_asked_for_or_agreed_to_it_is_right() -> None:
    assert found('  a: [{remind: {at: "21:00", every: day, run: calm}}]') == []
    assert (
        found(
            """
  a:
    - ask: "Every evening?"
      answers: {"<yes>": b, "<no>": {end: yes}}
  b: [{remind: {at: "21:00", every: day, run: calm}}]
"""
        )
        == []
    )


def test_a_slot_for_the_time_that_nothing_fills() -> None:
    (problem,) = found('  a: [{remind: {at: "{time}", run: calm}}]')
    assert problem.code == "VA041"
