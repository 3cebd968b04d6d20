# ruff: noqa: PLR2004 - numbers are counted in tens and hundreds
"""Numbers and abbreviations in words, as people say them.

Rules: pure, English. The words come from Unicode's own rules (unicode-rbnf); here is only decided
what a number in a line is: a count, a year, a time, a sum of money, a number to be called. What is
not understood is left as it is. Every pattern is bounded: a line takes time in proportion to its
length, whatever stands in it.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

MOST_SPELLED = 10**15 - 1
"""Larger numbers are read digit by digit."""
HARDLY_EVER_COUNTED = "000|112|911|988|999"
"""Emergency and crisis numbers that are one wherever they stand, unless something counted follows.
Any other of three digits is one behind a word such as "call" or "ambulance"."""
TITLES = {
    "Dr": "Doctor", "Mr": "Mister", "Mrs": "Missus", "Ms": "Miz", "Prof": "Professor",
    "Rev": "Reverend", "Sgt": "Sergeant", "Capt": "Captain", "Lt": "Lieutenant",
    "Gen": "General", "Gov": "Governor", "Hon": "Honourable", "St": "Saint",
}  # fmt: skip
SHORT_FORMS = {
    "e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "vs.": "versus",
    "approx.": "approximately", "incl.": "including", "w/o": "without", "a.m.": "a m",
    "p.m.": "p m",
}  # fmt: skip
FRACTIONS = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5",
    "⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
}  # fmt: skip
CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"), "£": ("pound", "pounds", "penny", "pence"),
    "€": ("euro", "euros", "cent", "cents"), "¥": ("yen", "yen", "sen", "sen"),
    "₹": ("rupee", "rupees", "paisa", "paise"),
}  # fmt: skip
UNITS = {
    "km": "kilometres", "kg": "kilograms", "cm": "centimetres", "mm": "millimetres",
    "mg": "milligrams", "ml": "millilitres", "mph": "miles an hour", "min": "minutes",
    "mins": "minutes", "sec": "seconds", "secs": "seconds", "hr": "hours", "hrs": "hours",
    "°C": "degrees Celsius", "°F": "degrees Fahrenheit", "°": "degrees",
}  # fmt: skip
COUNTED = (
    r"(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|times?|rounds?|breaths?"
    r"|people|persons?|steps?|things?|words?|pages?|percent|per cent|%|miles?|metres?|meters?"
    r"|kilo\w+|pounds?|dollars?|euros?|degrees?|grams?|calories|friends|men|women|children)\b"
)
CALLED = (
    r"(?:call|calling|dial|ring|phone|text|message|emergency|police|ambulance|fire|crisis|hotline"
    r"|helpline|lifeline|line|numbers?)\b"
)
MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
)
FEWEST_TO_CALL = 5
"""So many digits in a row are a number to be called, unless they are a round count."""
_GROUPS = {5: (2, 3), 6: (3, 3), 7: (3, 4), 8: (4, 4), 9: (3, 3, 3), 10: (3, 3, 4), 11: (4, 3, 4)}
"""How a long number falls into groups that can be remembered."""


@lru_cache(1)
def _rules() -> Any:  # noqa: ANN401 - its types are not published
    from unicode_rbnf import RbnfEngine

    return RbnfEngine.for_language("en")


@lru_cache(512)
def _words(number: int, ruleset: str) -> str:
    said = str(_rules().format_number(number, ruleset_names=[ruleset]).text)
    return said.replace(",", "").replace("oh-", "oh ")


def number_in_words(number: int) -> str:
    """As it is counted: "one hundred and five"."""
    return _words(number, "spellout-cardinal-verbose")


def ordinal_in_words(number: int) -> str:
    """As it is numbered: "twenty-first"."""
    return _words(number, "spellout-ordinal-verbose")


def digit_by_digit(digits: str) -> str:
    """As a telephone number is read: "eight zero zero"."""
    return " ".join(number_in_words(int(one)) for one in digits)


def in_words(text: str) -> str:
    """The line with its numbers and abbreviations in words."""
    for pattern, spoken in _ABBREVIATIONS:
        text = pattern.sub(spoken, text)
    if _DIGIT.search(text):
        for pattern, spoken in _READINGS:
            text = pattern.sub(spoken, text)
    return text


def ends_here(text: str, end: int) -> bool:
    """Can a sentence have ended just before this place: does nothing follow, or a capital?"""
    rest = text[end : end + 4].lstrip(" \"'“‘(")
    return not rest or rest[0].isupper()


def _count(digits: str) -> str:
    plain = digits.replace(",", "")
    if int(plain) > MOST_SPELLED or (len(plain) > 1 and plain[0] == "0"):
        return digit_by_digit(plain)
    return number_in_words(int(plain))


def _amount(text: str) -> str:
    """A count, maybe with a decimal point."""
    whole, point, part = text.partition(".")
    return f"{_count(whole)} point {digit_by_digit(part)}" if point else _count(whole)


def _short_form(found: re.Match[str]) -> str:
    short = found[1].lower()
    may_end = short in ("etc.", "a.m.", "p.m.")
    return SHORT_FORMS[short] + "." * (may_end and ends_here(found.string, found.end()))


def _number_to_call(found: re.Match[str]) -> str:
    groups = re.findall(r"\d+", found[0])
    plus = "plus " if found[0][0] == "+" else ""
    # single digits stand close ("nine one one"), groups stand apart
    if all(len(one) == 1 for one in groups):
        return plus + digit_by_digit("".join(groups))
    return plus + ", ".join(digit_by_digit(part) for one in groups for part in _grouped(one))


def _grouped(digits: str) -> list[str]:
    sizes = _GROUPS.get(len(digits), (len(digits),) if len(digits) < 5 else ())
    parts = []
    for size in sizes or (3,) * (len(digits) // 3 + 1):
        parts.append(digits[:size])
        digits = digits[size:]
    return [one for one in parts if one]


def _three_digits(found: re.Match[str]) -> str:
    return re.sub(r"\d{3}", lambda one: digit_by_digit(one[0]), found[0])


def _range(found: re.Match[str]) -> str:
    """ "3-5" goes up; what does not is read as it stands."""
    return f"{found[1]} to {found[2]}" if int(found[1]) < int(found[2]) else found[0]


def _clock(found: re.Match[str]) -> str:
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    spoken = number_in_words(hour)
    if minute:
        spoken += f"{' oh' * (minute < 10)} {number_in_words(minute)}"
    elif not half:
        spoken += " o'clock"
    if not half:
        return spoken + "." * found[0].endswith(".")
    # one full stop is both that of "p.m." and that of the sentence
    return f"{spoken} {half} m" + "." * (
        found[0].endswith(".") and ends_here(found.string, found.end())
    )


def _money(found: re.Match[str]) -> str:
    one, many, cent, cents = CURRENCIES[found["sign"]]
    amount, large = found["amount"].replace(",", ""), found["large"]
    whole, _, part = amount.partition(".")
    if large:
        return f"{_amount(amount)} {large} {many}"
    if len(part) not in (0, 2):
        return f"{_amount(amount)} {many}"
    said = [f"{_count(whole)} {one if int(whole) == 1 else many}"] if int(whole) else []
    if int(part or 0):
        said.append(f"{number_in_words(int(part))} {cent if int(part) == 1 else cents}")
    return " and ".join(said) or f"zero {many}"


def _fraction(found: re.Match[str]) -> str:
    whole, top, bottom = found[1], int(found[2]), int(found[3])
    if not 0 < top < bottom:
        # "24/7"
        return f"{whole + ' ' if whole else ''}{number_in_words(top)} {number_in_words(bottom)}"
    name = {2: "half", 4: "quarter"}.get(bottom) or ordinal_in_words(bottom)
    if top > 1:
        name = "halves" if bottom == 2 else f"{name}s"
    if not whole:
        return f"{number_in_words(top)} {name}"
    return f"{_count(whole)} and {'a' if top == 1 else number_in_words(top)} {name}"


def _unit(found: re.Match[str]) -> str:
    many = UNITS[found[2]]
    first, space, rest = many.partition(" ")
    return (
        f"{_amount(found[1])} {first.removesuffix('s') if found[1] == '1' else first}{space}{rest}"
    )


Reading = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


def _either(words: dict[str, Any]) -> str:
    return "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True))


_DIGIT = re.compile(r"[\d½⅓⅔¼¾⅕⅖⅗⅘⅙⅛⅜⅝⅞]")
_ABBREVIATIONS: tuple[Reading, ...] = (
    (re.compile(rf"\b({_either(TITLES)})\. (?=[A-Z]|and\b)"), lambda found: f"{TITLES[found[1]]} "),
    (re.compile(r"(?<=[a-z]) St\.(?!\w)"), " Street"),
    (re.compile(r"(?<!\w)(?:No\. ?|#)(?=\d)"), "number "),
    # those of a time of day are read with it
    (re.compile(rf"(?<![\w.])(?<!\d )({_either(SHORT_FORMS)})(?!\w)", re.I), _short_form),
)
_START, _END = r"(?<![\w.,:/+-])", r"(?![\w/]|[.,:]\d)"
_PLAIN = r"\d{1,3}(?:,\d{3}){1,4}|\d{1,15}"
_HALF = r"(?: ?([ap])\.?m\b\.?)"
_READINGS: tuple[Reading, ...] = (
    (re.compile(f"(?<=\\d)(?=[{''.join(FRACTIONS)}])"), " "),
    (re.compile(f"[{''.join(FRACTIONS)}]"), lambda found: FRACTIONS[found[0]]),
    # "1. Breathe in." is the first of a list
    (re.compile(r"^(\d{1,2})[.)] (?=\S)"), lambda found: f"{_count(found[1])}, "),
    # ranges: "5-10 minutes", "3-4", "$5-10"
    (re.compile(r"([$£€¥₹])(\d{1,9}) ?[-–] ?(?=\d)"), r"\2 to \1"),
    (re.compile(rf"{_START}(\d{{1,4}}) ?[-–] ?(\d{{1,4}})(?= ?{COUNTED}| ?%)"), r"\1 to \2"),
    (re.compile(rf"{_START}(\d{{1,3}})-(\d{{1,3}})(?![\w/-]|[.,:]\d| \d)"), _range),
    (re.compile(r"(?<=\d) ?– ?(?=\d)"), " to "),
    (
        re.compile(rf"(?P<sign>[$£€¥₹]) ?(?P<amount>(?:{_PLAIN})(?:\.\d{{1,4}})?)"
        r"(?: (?P<large>thousand|million|billion|trillion)\b)?(?!\w)"),
        _money,
    ),
    (
        re.compile(rf"{_START}(?P<amount>(?:{_PLAIN})(?:\.\d{{1,4}})?)"
        r"(?: (?P<large>million|billion))? ?(?P<sign>[£€])(?!\w)"),
        _money,
    ),
    (re.compile(rf"{_START}([01]?\d|2[0-3]):([0-5]\d){_HALF}?{_END}", re.I), _clock),
    (re.compile(rf"{_START}(1[0-2]|0?[1-9])[.]([0-5]\d){_HALF}", re.I), _clock),
    (re.compile(rf"{_START}(1[0-2]|0?[1-9])(){_HALF}", re.I), _clock),
    (re.compile(rf"{_START}(?:(\d{{1,4}}) )?(\d{{1,3}})/(\d{{1,3}}){_END}"), _fraction),
    (
        re.compile(rf"{_START}(\d{{1,6}})(?:st|nd|rd|th)\b"),
        lambda found: ordinal_in_words(int(found[1])),
    ),
    (
        re.compile(rf"\b({MONTHS}) (\d{{1,2}})(?![\w/:.]\w|\d)"),
        lambda found: f"{found[1]} {ordinal_in_words(int(found[2]))}",
    ),
    # free numbers are named by how they begin: "1800 Respect"
    (re.compile(rf"{_START}1800(?= [A-Z])"), "one eight hundred"),
    (
        re.compile(rf"{_START}(\d{{1,9}}(?:\.\d{{1,9}})?) ?({_either(UNITS)})(?!\w)"),
        _unit,
    ),
    (re.compile(rf"{_START}({_PLAIN})(?= ?{COUNTED})"), lambda found: _count(found[1])),
    (
        re.compile(rf"(?<![\w.,:/-])\+?\(?\d{{1,15}}\)?(?:[ -]\d{{1,15}}){{1,8}}{_END}"),
        _number_to_call,
    ),
    (re.compile(rf"{_START}([1-9]\d{{1,2}}0{{3,9}}){_END}"), lambda found: _count(found[1])),
    (re.compile(rf"(?<![\w.,:/-])\+?\d{{{FEWEST_TO_CALL},15}}{_END}"), _number_to_call),
    (
        re.compile(
            rf"\b{CALLED}[^.!?\d\n]{{0,30}}?\b\d{{3}}(?:(?:, or |, and |, | or | and )\d{{3}}\b)"
            rf"{{0,5}}{_END}", re.I
        ),
        _three_digits,
    ),
    (re.compile(rf"{_START}(?:{HARDLY_EVER_COUNTED}){_END}"), _three_digits),
    (
        re.compile(
            rf"(?<=\b)((?:in|since|until|till|by|of|from|year|{MONTHS})(?: [a-z-]{{3,14}},)? )"
            rf"(1[1-9]\d\d|20\d\d){_END}", re.I
        ),
        lambda found: found[1] + _words(int(found[2]), "spellout-numbering-year"),
    ),
    (re.compile(r"(?<![\w.,:/+-])[-−](?=\d)"), "minus "),
    (
        re.compile(rf"{_START}((?:{_PLAIN})\.\d{{1,15}})(?: ?(%))?{_END}"),
        lambda found: _amount(found[1]) + (" percent" if found[2] else ""),
    ),
    (re.compile(rf"{_START}({_PLAIN}) ?%"), lambda found: f"{_count(found[1])} percent"),
    (re.compile(rf"{_START}({_PLAIN}){_END}"), lambda found: _count(found[1])),
)  # fmt: skip
