"""Every file in broken/ has one mistake; its first line says which, and where."""

import re
from pathlib import Path

import pytest

from tests.language.packs import small_pack
from voice_ally.checker.whole_pack import check_read
from voice_ally.language.problems import CODES, Problem
from voice_ally.language.reader import read_pack

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.yaml"))
EXPECT = re.compile(rb"# expect: (VA\d{3}) line (\d+)\n")


def found_in(file: Path) -> list[Problem]:
    name = "phrases.yaml" if file.name.startswith("phrases_") else file.name
    result = read_pack({name: file.read_bytes()}, over=small_pack())
    problems = {*result.problems, *check_read(result)}
    return sorted(one for one in problems if one.place.file == name)


@pytest.mark.parametrize("file", BROKEN, ids=lambda file: file.stem)
def test_the_one_mistake_is_found_in_its_line(file: Path) -> None:
    said = EXPECT.match(file.read_bytes())
    assert said is not None
    found = found_in(file)
    assert {(one.code, one.place.line) for one in found} == {(said[1].decode(), int(said[2]))}
    assert all(one.message and one.place.column > 0 for one in found)


def test_there_are_many_of_them_and_their_codes_are_known() -> None:
    codes = {match[1].decode() for file in BROKEN if (match := EXPECT.match(file.read_bytes()))}
    assert len(BROKEN) >= 60
    assert codes <= set(CODES)
    elsewhere = {"VA026", "VA037", "VA040", "VA046", "VA050", "VA051", "VA062", "VA064"}
    elsewhere |= {f"VA07{last}" for last in range(9)}
    assert set(CODES) - codes == elsewhere, "these have tests of their own"


@pytest.mark.parametrize(
    ("name", "mend"),
    [
        ("end_without_a_value", "Write it like: - end: true"),
        ("no_space_behind_the_colon", 'Put a space behind the colon: - say: "Well."'),
        ("not_an_instruction", 'Write it like: - say: "A line."'),
        ("percent_sign", "a sign such as % at its beginning needs that"),
        ("brace_not_closed", "Write it like {feeling}"),
        ("detour_to_itself", "Use go: with the name of a step."),
        ("length_in_words", 'Write it like 90s, 2m, 1m30s or "{minutes} minutes".'),
        ("remind_in_a_while", 'Write it like 20m, 3h, tomorrow, "2 days"'),
    ],
)
def test_the_mend_fits_the_mistake(name: str, mend: str) -> None:
    (problem,) = found_in(Path(__file__).parent / "broken" / f"{name}.yaml")
    assert mend in problem.mend
