# ruff: noqa: PLR2004 - numbers are counted in tens and hundreds
"""How a line is read: numbers and times as people say them, and where to draw breath.

Rules: pure text. What is not understood is left as it is, for the synthesiser to make sense of.
Numbers are put into words in English only; pauses are those of the punctuation, in any language.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from voice_ally.interpret.text import in_known_letters

SENTENCE_PAUSE_SECONDS = 0.45
CLAUSE_PAUSE_SECONDS = 0.22
LONG_PAUSE_SECONDS = 0.7
PAUSES = {
    **dict.fromkeys(".!?", SENTENCE_PAUSE_SECONDS),
    **dict.fromkeys(";:–—", 0.32),
    ",": CLAUSE_PAUSE_SECONDS,
    "…": LONG_PAUSE_SECONDS,
}
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
TEENS = (
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
MOST_SPELLED = 9999
"""Larger numbers are left to the synthesiser."""
_UNITS = r"(?:seconds?|minutes?|hours?|days?|weeks?|times?|rounds?|breaths?)"


@dataclass(frozen=True)
class Piece:
    """A stretch spoken in one breath."""

    text: str
    pause_seconds: float
    """Quiet after it, at rate 1; 0 after the last."""


def pieces(text: str, *, at_commas: bool) -> tuple[Piece, ...]:
    """The line cut where a reader would pause: at sentences, and at commas if wanted.

    A mark between digits is part of a number and cuts nothing.
    """
    marks = r".!?…;:–—" + ("," if at_commas else "")
    found: list[Piece] = []
    start = 0
    for end in (
        *(one.end() for one in re.finditer(rf"[{marks}]+[\"')”’]*(?=\s)", text)),
        len(text),
    ):
        part, start = text[start:end].strip(), end
        if any(sign.isalnum() for sign in part):
            mark = "…" if part.endswith("...") else part.rstrip("\"')”’")[-1:]
            found.append(Piece(part, PAUSES.get(mark, CLAUSE_PAUSE_SECONDS)))
    if found:
        found[-1] = Piece(found[-1].text, 0.0)
    return tuple(found)


def as_spoken(text: str, language: str) -> str:
    """The line with its numbers and times in words."""
    if not language.startswith("en"):
        return text
    text = in_known_letters(text)
    for pattern, spoken in _READINGS:
        text = pattern.sub(spoken, text)
    return text


def number_in_words(number: int) -> str:
    """Up to MOST_SPELLED, as it is counted: "one hundred and five"."""
    if number < 10:
        return DIGITS[number]
    if number < 20:
        return TEENS[number - 10]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens - 2] + (f"-{DIGITS[ones]}" if ones else "")
    size, name = (1000, "thousand") if number >= 1000 else (100, "hundred")
    count, rest = divmod(number, size)
    joint = " and " if rest < 100 else " "
    return f"{number_in_words(count)} {name}" + (joint + number_in_words(rest) if rest else "")


def digit_by_digit(digits: str) -> str:
    """As a telephone number is read: "eight zero zero"."""
    return " ".join(DIGITS[int(one)] for one in digits)


def _telephone(found: re.Match[str]) -> str:
    groups = re.findall(r"\d+", found[0])
    # single digits stand close ("nine one one"), groups stand apart
    joint = " " if all(len(one) == 1 for one in groups) else ", "
    return joint.join(digit_by_digit(one) for one in groups)


def _short_number(found: re.Match[str]) -> str:
    return f"{found[1]} {digit_by_digit(found[2])}"


def _clock(found: re.Match[str]) -> str:
    hour, minute, half = int(found[1]), int(found[2]), (found[3] or "").lower()
    if minute == 0:
        spoken = number_in_words(hour) + ("" if half else " o'clock")
    elif minute < 10:
        spoken = f"{number_in_words(hour)} oh {DIGITS[minute]}"
    else:
        spoken = f"{number_in_words(hour)} {number_in_words(minute)}"
    return f"{spoken} {half} m" if half else spoken


def _count(found: re.Match[str]) -> str:
    number = int(found[0].replace(",", ""))
    return number_in_words(number) if number <= MOST_SPELLED else found[0]


def _decimal(found: re.Match[str]) -> str:
    return f"{number_in_words(int(found[1]))} point {digit_by_digit(found[2])}"


_START, _END = r"(?<![\w.,:+-])", r"(?![\w]|[.,:]\d)"
_READINGS: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(rf"{_START}(\d{{1,4}}) ?[-–] ?(\d{{1,4}})(?= {_UNITS}\b)"), r"\1 to \2"),
    (
        re.compile(rf"{_START}([01]?\d|2[0-3]):([0-5]\d)(?: ?([ap])\.?m\b)?{_END}", re.I),
        _clock,
    ),
    # free numbers are named by how they begin: "1800 Respect"
    (re.compile(rf"{_START}1800(?= [A-Z])"), "one eight hundred"),
    (re.compile(rf"(?<![\w.,:-])\+?\d+(?:[ -]\d+)+{_END}"), _telephone),
    (re.compile(rf"(?<![\w.,:-])\+?\d{{5,}}{_END}"), _telephone),
    (re.compile(rf"\b(call|dial|ring|text) (\d{{3}}){_END}", re.I), _short_number),
    (re.compile(rf"{_START}(\d{{1,4}})\.(\d+){_END}"), _decimal),
    (re.compile(rf"{_START}(\d+) ?%"), r"\1 percent"),
    (re.compile(rf"{_START}(?:\d{{1,3}}(?:,\d{{3}})+|\d{{1,4}}){_END}"), _count),
)
