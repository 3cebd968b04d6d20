"""How long things in a pack may be: beyond the bounds one clear error, and nothing is slow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.language.packs import PHRASES, small_files
from voice_ally.core.plain_text import unprintable_in
from voice_ally.language.model import Say
from voice_ally.language.reader import ReadResult, read_pack
from voice_ally.language.text_bounds import (
    LONGEST_NAME,
    LONGEST_TEXT,
    MOST_DIGITS,
    MOST_ENTRIES,
    bounded,
)


def with_dialog(steps: str, **files: bytes) -> ReadResult:
    text = f'dialog: own\ntriggers: ["my own one"]\nsteps:\n{steps}\n'
    return read_pack({**small_files(), **files, "own.yaml": text.encode()})


def told(result: ReadResult) -> list[tuple[str, int, str]]:
    return [(one.code, one.place.line, one.message) for one in result.problems]


def test_a_line_of_a_hundred_and_fifty_thousand_dots_is_an_error_at_its_place() -> None:
    result = with_dialog(f"  a:\n    - say: Hello.\n    - say: 'Rest{'.' * 150_000}x'")
    found = told(result)
    assert found == [
        ("VA002", 6, "This text has 150,005 signs; more than 20,000 are too many."),
    ]
    assert "own" not in result.pack.dialogs


def test_a_line_of_sixteen_hundred_words_may_be_said() -> None:
    line = " ".join(["remember"] * 1600)
    result = with_dialog(f"  a:\n    - say: {line}")
    assert told(result) == []
    said = result.pack.dialogs["own"].steps["a"][0]
    assert isinstance(said, Say)
    assert said.any == (line,)


@pytest.mark.parametrize("where", ["say: {}", "pause: {}s", "set: {{n: {}}}"])
def test_a_number_of_five_thousand_digits_is_an_error(where: str) -> None:
    result = with_dialog(f"  a:\n    - {where.format('1' * 5000)}")
    assert ("VA002", 5, "This number has 5,000 digits; more than 30 are too many.") in told(result)


def test_a_telephone_number_is_none_of_them() -> None:
    assert told(with_dialog("  a:\n    - say: Call 0044 20 7946 0000 0000.")) == []


def test_a_name_or_a_phrase_in_front_of_a_colon_is_shorter() -> None:
    result = with_dialog(f'  ? "{"a" * (LONGEST_NAME + 1)}"\n  : - say: Hello.')
    assert told(result)[0][:2] == ("VA002", 4)


def test_a_list_has_so_many_entries_at_most() -> None:
    towns = ", ".join(f"town{'a' * 3}" for _ in range(MOST_ENTRIES + 1))
    shared = PHRASES.replace(b"lists:\n", f"lists:\n  town: [{towns}]\n".encode())
    result = read_pack({**small_files(), "phrases.yaml": shared})
    assert ("VA002", 6, "There are more than 10,000 entries here.") in told(result)


def test_a_table_has_so_many_entries_at_most() -> None:
    rules = "".join(f"  r{number}: hello\n" for number in range(MOST_ENTRIES + 1))
    result = read_pack({**small_files(), "phrases.yaml": f"rules:\n{rules}".encode()})
    assert ("VA002", 2, "There are more than 10,000 entries here.") in told(result)


@pytest.mark.parametrize(
    ("written", "sign"),
    [
        (r'"a\e]52;c;cm0gLXJmIH4K\a"', "U+001B"),
        (r'"a\u009b2J"', "U+009B"),
        (r'"a \u202Eesrever\u202C."', "U+202E"),
        (r'"a\u2066b"', "U+2066"),
        (r'"a\r\n  You   stop"', "U+000D"),
        (r'"a\0"', "U+0000"),
        ('"a \u202e b"', "U+202E"),
        (r'"a \U000E0041"', "U+E0041"),
    ],
)
def test_what_steers_a_terminal_is_named_at_its_place(written: str, sign: str) -> None:
    for steps in (
        f"  a:\n    - say: {written}",
        f"  a:\n    - say: Hi.\n  {written}:\n    - end: all",
    ):
        result = with_dialog(steps.format(written))
        assert any(sign in one.message and one.code == "VA006" for one in result.problems)
        assert all(not unprintable_in(str(one)) for one in result.problems)
        assert "own" not in result.pack.dialogs


def test_what_the_program_says_itself_is_cleaned_although_the_rest_of_the_file_is_used() -> None:
    shared = PHRASES.replace(b'"I\'m here."', rb'"I\e[2J am here."')
    result = read_pack({**small_files(), "phrases.yaml": shared})
    assert result.pack.lines["paused"] == "I[2J am here."
    assert [one.code for one in result.problems] == ["VA006"]


def test_other_languages_need_nothing_that_is_refused() -> None:
    for text in (
        "שָׁלוֹם, בוא ננשום",
        "نَفَس عميق\u200f",
        "می\u200cخواهم",
        "ﬁne – “yes” …",
        "👩\u200d👧",
    ):
        assert bounded(text) == (text, [])


@given(st.text(max_size=200))
def test_what_is_within_the_bounds_stays_as_it_is(text: str) -> None:
    once, _ = bounded(text)
    assert bounded(once) == (once, [])
    assert len(once) <= len(text) <= LONGEST_TEXT
    assert MOST_DIGITS > 0
