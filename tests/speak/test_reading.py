import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_ally.speak.reading import MOST_SPELLED, as_spoken, number_in_words, pieces


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("I will come back at 8:30.", "I will come back at eight thirty."),
        ("It is 8:05 pm, or 20:15.", "It is eight oh five p m, or twenty fifteen."),
        ("At 8:00 or 9:00 am.", "At eight o'clock or nine a m."),
        ("About 20 minutes left.", "About twenty minutes left."),
        ("5-10 minutes, 1.5 hours", "five to ten minutes, one point five hours"),
        (
            "Call 1-800-799-7233 now.",
            "Call one, eight zero zero, seven nine nine, seven two three three now.",
        ),
        (
            "call 0808 2000 247.",
            "call zero eight zero eight, two zero zero zero, two four seven.",
        ),
        ("If you are in danger, call 9 1 1 now.", "If you are in danger, call nine one one now."),
        ("call 988 or text 741741", "call nine eight eight or text seven four one, seven four one"),
        ("1800 Respect, 13 11 14", "one eight hundred Respect, one three, one one, one four"),
        ("4-7-8 breathing", "four seven eight breathing"),
        ("50% of 1,200", "fifty percent of one thousand two hundred"),
        ("room 101, in 2026", "room one hundred and one, in twenty twenty-six"),
        ("version 3a of v2.1", "version 3a of v2.1"),
    ],
)
def test_numbers_are_read_as_people_say_them(written: str, spoken: str) -> None:
    assert as_spoken(written, "en") == as_spoken(written, "en-us") == spoken
    assert as_spoken(written, "de") == written


@given(st.integers(0, MOST_SPELLED))
def test_every_number_has_words_of_its_own(number: int) -> None:
    words = number_in_words(number)
    assert re.fullmatch(r"[a-z-]+( [a-z-]+)*", words)
    assert number_in_words(number + 1) != words


@given(st.text(alphabet="a1 2.,:-3!?%0", max_size=30))
def test_no_line_is_too_odd_and_no_word_is_lost(line: str) -> None:
    spoken = as_spoken(line, "en")
    assert spoken.count("a") >= line.count("a")
    cut = pieces(line, at_commas=True)
    letters = [sign for sign in line if sign.isalnum()]
    assert [sign for piece in cut for sign in piece.text if sign.isalnum()] == letters
    assert not cut or cut[-1].pause_seconds == 0


def texts(line: str, *, at_commas: bool = True) -> list[str]:
    return [piece.text for piece in pieces(line, at_commas=at_commas)]


def test_a_breath_is_drawn_at_sentences_and_at_commas() -> None:
    assert texts("Alone or together, breathe. Wait...  Go!") == [
        *("Alone or together,", "breathe.", "Wait...", "Go!")
    ]
    assert texts("Alone or together, breathe. Go.", at_commas=False) == [
        *("Alone or together, breathe.", "Go.")
    ]
    assert texts("“How can I love you?” Ask it.") == ["“How can I love you?”", "Ask it."]
    assert texts("At 8:30, or 1.5 hours") == ["At 8:30,", "or 1.5 hours"]
    assert texts("…") == texts("") == []


def test_the_pause_after_a_sentence_is_longer_than_after_a_comma() -> None:
    comma, sentence, long, last = pieces("One, two. Three… four.", at_commas=True)
    assert 0 < comma.pause_seconds < sentence.pause_seconds < long.pause_seconds
    assert last.pause_seconds == 0
