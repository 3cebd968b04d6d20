import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_ally.core.marks import Stretch, plainly, stretches, with_sounds


def test_a_line_is_shown_without_its_marks() -> None:
    assert plainly("*And* out.") == "And out."
    assert plainly("Siobhan[SH AH0 V AO1 N] is *here*.") == "Siobhan is here."


@pytest.mark.parametrize(
    "line",
    [
        "2 * 3 * 4", "a*b*c", "**", "* one *", "*two words*", "see [here]", "word[no phones]",
        "Ann[AN EN]", "[SH AH V]", "x[AH3]",
    ],
)  # fmt: skip
def test_what_only_looks_a_little_like_a_mark_is_text(line: str) -> None:
    assert plainly(line) == line
    assert list(stretches(line)) == [Stretch(line)]


def test_a_voice_gets_the_line_part_by_part() -> None:
    assert list(stretches("*And* call Siobhan[SH AH0 V AO1 N]!")) == [
        Stretch("And", stressed=True),
        Stretch(" call "),
        Stretch("Siobhan", ("SH", "AH0", "V", "AO1", "N")),
        Stretch("!"),
    ]


def test_the_words_of_a_packs_table_are_marked_wherever_they_stand() -> None:
    table = {"siobhan": "SH AH V AO N", "Odd": "not phones"}
    marked = with_sounds("Siobhan and SIOBHAN, not Siobhans. Odd.", table)
    assert marked == "Siobhan[SH AH V AO N] and SIOBHAN[SH AH V AO N], not Siobhans. Odd."
    assert with_sounds(marked, table) == marked, "what is marked already stays"
    assert with_sounds("*Siobhan*", table) == "*Siobhan*"


@given(st.text(alphabet="aA*[] '.SH01", max_size=60))
def test_no_letter_of_a_line_is_lost(line: str) -> None:
    assert "".join(one.text for one in stretches(line)) == plainly(line)
    assert plainly(line).count("a") == line.count("a")
