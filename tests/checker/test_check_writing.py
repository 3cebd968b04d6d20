"""Somebody writes as they would for another program or another reader: nothing is lost in
silence."""

import pytest

from tests.language.packs import small_pack
from voice_ally.checker.whole_pack import check_read
from voice_ally.language.problems import Problem
from voice_ally.language.reader import read_pack

OWN = """\
dialog: own
triggers: ["{trigger}"]
slots: {{feeling: sad}}
steps:
  a:
    - say: "{line}"
"""


def found_in(trigger: str = "my own one", line: str = "Here.") -> list[Problem]:
    return problems_of(OWN.format(trigger=trigger, line=line))


def problems_of(text: str) -> list[Problem]:
    result = read_pack({"own.yaml": text.encode()}, over=small_pack())
    problems = {*result.problems, *check_read(result)}
    return sorted(one for one in problems if one.place.file == "own.yaml")


def test_nothing_is_wrong_with_ordinary_words() -> None:
    assert found_in("I'm here, aren't I & you?", "You feel {feeling} – “really”… 1.5 times!") == []


@pytest.mark.parametrize(
    ("trigger", "severity", "message"),
    [
        ("our m² of peace", "error", 'Nobody can say "²"'),
        ("peace ≠ quiet", "error", 'Nobody can say "≠"'),
        ("peace ❤ please", "warning", '"❤" in "peace ❤ please" is not listened for'),
        ("I am $feeling", "error", "how other programs write a slot"),
        ("I am %feeling%", "error", "how other programs write a slot"),
        ("dont leave me", "warning", '"dont" lacks its apostrophe'),
        ("Im so tired", "warning", '"im" lacks its apostrophe'),
    ],
)
def test_a_phrase_that_would_be_heard_otherwise(trigger: str, severity: str, message: str) -> None:
    (problem,) = found_in(trigger=trigger)
    assert problem.severity == severity
    assert message in problem.message
    assert problem.mend


@pytest.mark.parametrize(
    "line",
    [
        *(
            "You feel <feeling>.",
            "You feel $feeling.",
            "You feel ${{feeling}}.",
            "%feeling%, then.",
        ),
        *("You feel [feeling].", "You feel %(feeling)s.", "You feel #{{feeling}}.", "Hi @feeling."),
    ],
)
def test_a_slot_in_another_notation_is_named_with_ours(line: str) -> None:
    line = line.replace("{{", "{").replace("}}", "}")
    found = [one for one in found_in(line=line) if one.code == "VA073"]
    assert [one.mend for one in found] == ["Write it like {feeling}."]


def test_two_braces_are_an_error_that_names_one() -> None:
    (problem,) = found_in(line="You feel {{ feeling }}.")
    assert (problem.code, problem.severity) == ("VA041", "error")
    assert "Write it like {feeling}" in problem.mend


@pytest.mark.parametrize("line", ["You pay $5.", "2 < 3.", "[softly] Well.", "Mail a@b."])
def test_signs_that_name_no_slot_are_just_signs(line: str) -> None:
    assert [one for one in found_in(line=line) if one.code == "VA073"] == []


@pytest.mark.parametrize("line", ["❤", "...", "—", "?!"])
def test_a_line_without_a_sound(line: str) -> None:
    (problem,) = found_in(line=line)
    assert (problem.code, problem.severity) == ("VA074", "warning")


def test_a_question_without_a_sound_is_an_error_and_all_is_told_at_once() -> None:
    text = (
        'dialog: own\ntriggers: ["my own one"]\nsteps:\n  a:\n    - say: ~\n    - say: "❤"\n'
        '    - ask: "..."\n      answers: {"<yes>": a}\n      silence: [{end: true}]\n'
    )
    told = [(one.place.line, one.code, one.severity) for one in problems_of(text)]
    assert told == [(5, "VA012", "error"), (6, "VA074", "warning"), (7, "VA074", "error")]
