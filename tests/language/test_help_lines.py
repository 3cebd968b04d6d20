"""Whom to call: what the file says, what is spoken, and what is wrong with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_ally.language.help_lines import (
    MOST_BYTES,
    Country,
    HelpLine,
    digit_by_digit,
    read_help_lines,
    spoken_slots,
)

GB = '[GB]\nemergency_number = "9"\n'
GOOD = b"""
checked = "2026-11-25"
how = "called"
[default]
help_line = "anything"
[GB]
emergency_number = "9 9 9"
source = "somewhere"
[[GB.lines]]
name = "Samaritans"
number = "116 123"
"""


def test_a_country_is_spoken_digit_by_digit() -> None:
    countries, problems = read_help_lines("h.toml", GOOD)
    assert problems == ()
    assert countries == {"GB": Country("9 9 9", (HelpLine("Samaritans", "116 123"),))}
    assert spoken_slots(countries["GB"]) == {
        "emergency_number": "9 9 9",
        "emergency_again": "9 9 9",
        "help_line": "Samaritans, 1 1 6, 1 2 3",
        "violence_line": "Samaritans, 1 1 6, 1 2 3",
        "violence_again": "1 1 6, 1 2 3",
        "life_line": "Samaritans, 1 1 6, 1 2 3",
        "life_again": "1 1 6, 1 2 3",
    }
    assert digit_by_digit("0800 111 0 111") == "0 8 0 0, 1 1 1, 0, 1 1 1"


def test_of_each_kind_the_first_line_is_spoken() -> None:
    lines = (
        HelpLine("a", "1", "life"),
        HelpLine("b", "2", "harm"),
        HelpLine("c", "3", "violence"),
        HelpLine("d", "4", "life"),
    )
    slots = spoken_slots(Country("1 1 2, or 9 9 9,", lines))
    assert slots["emergency_number"] == "1 1 2, or 9 9 9"
    assert (slots["life_line"], slots["harm_line"], slots["violence_line"]) == (
        "a, 1",
        "b, 2",
        "c, 3",
    )
    assert "harm_line" not in spoken_slots(Country("1", (HelpLine("for anybody", "1"),)))


@pytest.mark.parametrize(
    ("written", "line", "code", "message"),
    [
        ('[GB]\nemergency_number = "9 9 9\n', 2, "VA001", "cannot be read"),
        ('\n[uk]\nemergency_number = "9 9 9"\n', 2, "VA050", '"uk" is not the code'),
        ("\n[GB]\nsource = 'x'\n", 2, "VA050", "GB has no emergency_number"),
        ("GB = 3\n", 1, "VA050", "GB has no emergency_number"),
        (GB + 'lines = "x"\n', 1, "VA050", "are not a list"),
        (GB + "lines = [1]\n", 1, "VA050", "has no name"),
        (GB + '[[GB.lines]]\nname = "A"\nnumber = "call us"\n', 1, "VA050", "digits"),
        (GB + '[[GB.lines]]\nnumber = "1"\n', 1, "VA050", "has no name"),
        (GB + '[[GB.lines]]\nname = "A"\nnumber = "1"\nfor = "cats"\n', 1, "VA050", "'cats'"),
        ("a = " + "[" * 5_000, 1, "VA001", "cannot be read"),
    ],
)  # fmt: skip
def test_a_country_that_is_not_right_is_left_out(
    written: str, line: int, code: str, message: str
) -> None:
    countries, problems = read_help_lines("h.toml", written.encode())
    assert countries == {}
    assert [(one.place.line, one.code, one.severity) for one in problems] == [(line, code, "error")]
    assert message in problems[0].message


def test_a_fourth_line_is_a_doubt_and_bytes_that_are_no_text_an_error() -> None:
    three = GOOD + b'[[GB.lines]]\nname="B"\nnumber="1"\n' * 3
    countries, problems = read_help_lines("h.toml", three)
    assert [one.severity for one in problems] == ["warning"]
    assert len(countries["GB"].lines) == 4
    assert read_help_lines("h.toml", b"\xff\xfe")[1][0].message == "This is not text."


def test_a_file_too_large_is_refused_unread() -> None:
    largest = GOOD.ljust(MOST_BYTES, b"\n")
    assert read_help_lines("h.toml", largest)[1] == ()
    countries, (problem,) = read_help_lines("h.toml", largest + b"\n")
    assert countries == {}
    assert (problem.code, problem.message) == ("VA002", "This file is too large.")


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_nothing_raises(content: bytes) -> None:
    read_help_lines("h.toml", content)
