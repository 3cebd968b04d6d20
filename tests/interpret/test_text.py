"""What people type or recognisers write, and the words it comes to."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_ally.interpret.text import normalise, number_words


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Stop!", "stop"),
        ("Don\u2019t stop.", "don't stop"),
        ("I\u02bcm  SO `tired`", "i'm so tired"),
        ("wait 5 minutes", "wait five minutes"),
        ("a 25-minute walk", "a twenty five minute walk"),
        ("4-7-8", "four seven eight"),
        ("call 5551234", "call five five five one two three four"),
        ("'quoted' words'", "quoted words"),
        ("snake_case__word", "snake case word"),
        ("caf\u00e9, cafe\u0301", "caf\u00e9 caf\u00e9"),
        ("", ""),
        ("?! \u2026 \u2014", ""),
    ],
)
def test_written_text_becomes_plain_words(written: str, words: str) -> None:
    assert normalise(written) == words


def test_numbers_are_spoken_without_hyphens() -> None:
    assert [number_words(one) for one in (0, 20, 25, 101)] == [
        "zero",
        "twenty",
        "twenty five",
        "one hundred one",
    ]


@given(st.text())
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_normalising_twice_changes_nothing_for_any_character() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    assigned = [one for one in every if unicodedata.category(one) not in ("Cn", "Co")]
    for first in range(0, len(assigned), 4096):
        once = normalise(" ".join(f"a{one}b" for one in assigned[first : first + 4096]))
        assert normalise(once) == once, hex(ord(assigned[first]))


@given(st.text())
def test_words_stand_alone(text: str) -> None:
    words = normalise(text)
    assert words == " ".join(words.split())
    assert words == words.lower()
