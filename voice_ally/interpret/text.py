"""Words as the recognisers write them.

Rules: pure; normalising twice changes nothing.
"""

import re
import unicodedata
from functools import cache
from typing import Any

_APOSTROPHES = re.compile("[\u2018\u2019\u02bc`]")
_NUMBER = re.compile(r"\d+")
_NOT_A_WORD = re.compile(r"[^\w']+|_+")
_LOOSE_APOSTROPHE = re.compile(r"(?<!\w)'+|'+(?!\w)")
MOST_DIGITS = 6
"""Longer runs of digits are read out one by one."""


@cache
def number_words(number: int) -> str:
    """A whole number as spoken words: 25 is "twenty five"."""
    return str(_speller().format_number(number).text).replace("-", " ")


@cache
def _speller() -> Any:  # noqa: ANN401 - the library has no types
    from unicode_rbnf import RbnfEngine

    return RbnfEngine.for_language("en")


def _spell(digits: str) -> str:
    if len(digits) <= MOST_DIGITS:
        return f" {number_words(int(digits))} "
    return " " + " ".join(number_words(int(digit)) for digit in digits) + " "


def normalise(text: str) -> str:
    """Lower-case words with single spaces; digits spelled out, punctuation gone."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _APOSTROPHES.sub("'", text)
    text = _NUMBER.sub(lambda found: _spell(found[0]), text)
    text = _NOT_A_WORD.sub(" ", text)
    return " ".join(_LOOSE_APOSTROPHE.sub(" ", text).split())
