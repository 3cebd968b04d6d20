"""Signs and numbers as people say them: "&" is "and", "1st" is "first", "1.5" "one point five".

Rules: pure; English words, as all number words are here; never raises. What has no saying of its
own is left as it is, and `unsaid` names it, so that it can be told of instead of being lost.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unicode_rbnf import RbnfEngine

MOST_DIGITS = 6
"""Longer runs of digits are read out one by one."""
FRACTIONS = {
    "½": "half",
    "¼": "a quarter",
    "¾": "three quarters",
    "⅓": "a third",
    "⅔": "two thirds",
}
_TYPED = {
    pair.replace("/", bar): sign
    for sign, pair in zip(FRACTIONS, ("1/2", "1/4", "3/4", "1/3", "2/3"), strict=True)
    for bar in "/⁄"
}
"""⁄ is what Unicode takes ½ apart with."""
SAID = {
    "&": "and",
    "+": "plus",
    "%": "percent",
    "@": "at",
    "=": "equals",
    "×": "times",
    "°": "degrees",
}
MONEY = {"$": "dollar", "€": "euro", "£": "pound"}
_MEANING_IN_PUNCTUATION = frozenset("#*\\§¶†‡‰‱")
"""Beside the symbols: punctuation that stands for a word."""
TRADEMARKS = "™®©℠"
"""Never said, though Unicode takes some of them for letters."""
_TEMPLATE_SIGNS = frozenset("|<>")
_DECORATION = ("So", "Sk")
"""Categories of signs that nobody would say: a heart, an arrow."""


@cache
def _speller() -> "RbnfEngine":
    from unicode_rbnf import RbnfEngine

    return RbnfEngine.for_language("en")


@lru_cache(maxsize=4096)
def number_words(number: int) -> str:
    """A whole number as spoken words: 25 is "twenty five"."""
    spoken: str = _speller().format_number(number).text
    return spoken.replace("-", " ")


@lru_cache(maxsize=1024)
def ordinal_words(number: int) -> str:
    """A place in a row: 21 is "twenty first"."""
    from unicode_rbnf import FormatPurpose

    spoken: str = _speller().format_number(number, FormatPurpose.ORDINAL).text
    return spoken.replace("-", " ")


def _digits(text: str) -> str:
    if len(text) <= MOST_DIGITS:
        return number_words(int(text))
    return _one_by_one(text)


def _one_by_one(text: str) -> str:
    return " ".join(number_words(int(digit)) for digit in text)


def _ordinal(found: re.Match[str]) -> str:
    right = found[2].lower() == _ending(int(found[1]))
    return f" {ordinal_words(int(found[1]))} " if right else found[0]


def _ending(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _clock(found: re.Match[str]) -> str:
    hour, minute, half = int(found[1]), int(found[2]), found[3]
    rest = f"oh {number_words(minute)}" if minute < 10 else number_words(minute)  # noqa: PLR2004
    if not minute:
        rest = "" if half else "o'clock"
    return f" {number_words(hour)} {rest} {f'{half} m' if half else ''} "


def _money(sign: str, number: str, hundredths: str | None) -> str:
    one = MONEY[sign] + ("" if number == "1" else "s")
    cents = f" {number_words(int(hundredths))}" if hundredths and int(hundredths) else ""
    return f" {_digits(number)} {one}{cents} "


def _fraction(found: re.Match[str]) -> str:
    words = FRACTIONS[found[2]]
    if found[1]:
        with_article = "a half" if words == "half" else words
        return f" {_digits(found[1])} and {with_article} "
    return f" {words} "


_AMOUNT = r"(\d{1,6})(?:\.(\d\d))?(?!\.?\d)"
_READINGS = (
    (re.compile(r"(?<![\d/⁄])(1[/⁄][234]|2[/⁄]3|3[/⁄]4)(?![\d/⁄])"), lambda f: _TYPED[f[1]]),
    (re.compile(rf"(\d{{1,6}})? ?([{''.join(FRACTIONS)}])"), _fraction),
    (re.compile(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?!,?\d)"), lambda f: f[0].replace(",", "")),
    (
        re.compile(r"(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])(?: ?([ap])\.?m\b\.?)?", re.I),
        _clock,
    ),
    (re.compile(r"(?<![\d:.])(\d{1,2}) ?([ap])\.?m\b\.?", re.I), r"\1 \2 m"),
    (re.compile(r"\b(\d{1,6})(st|nd|rd|th)\b", re.I), _ordinal),
    (re.compile(rf"([{''.join(MONEY)}]) ?{_AMOUNT}"), lambda f: _money(f[1], f[2], f[3])),
    (re.compile(rf"(?<![\d.]){_AMOUNT} ?([{''.join(MONEY)}])"), lambda f: _money(f[3], f[1], f[2])),
    (re.compile(r"[#№] ?(?=\d)"), " number "),
    (
        re.compile(r"(?<![\d.])(\d{1,6})\.(\d{1,6})(?!\.?\d)"),
        lambda f: f" {_digits(f[1])} point {_one_by_one(f[2])} ",
    ),
    (re.compile(f"[{re.escape(''.join(SAID))}]"), lambda f: f" {SAID[f[0]]} "),
)
_NUMBER = re.compile(r"\d+")
_ANY = re.compile(r"[\d#№&+%@=×°½¼¾⅓⅔$€£]")


def said(text: str) -> str:
    """The text with its signs in words, loosely spaced. Whole numbers stay in digits: in a
    template they may be parts of longer ones."""
    if not _ANY.search(text):
        return text
    for pattern, words in _READINGS:
        text = pattern.sub(words, text)
    return text


def counted(text: str) -> str:
    """The text with whole numbers in words."""
    return _NUMBER.sub(lambda found: f" {_digits(found[0])} ", text)


def unsaid(text: str) -> tuple[list[str], list[str]]:
    """Signs of a phrase that are left out when it is listened for, each once: those that mean
    something, and those that only adorn. The signs of templates are none of them."""
    meaning: dict[str, None] = {}
    adorning: dict[str, None] = {}
    for sign in said(text):
        kind = unicodedata.category(sign)
        kept = unicodedata.normalize("NFKC", sign) != sign and kind not in ("No", "Nl")
        if sign in _TEMPLATE_SIGNS or (kept and sign not in TRADEMARKS):
            continue
        if kind in _DECORATION:
            adorning[sign] = None
        elif kind in ("Sm", "Sc", "No", "Nl") or sign in _MEANING_IN_PUNCTUATION:
            meaning[sign] = None
    return list(meaning), list(adorning)
