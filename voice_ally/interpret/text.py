"""Words as the recognisers write them.

Rules: pure; normalising twice changes nothing; never raises, whatever the text.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unicode_rbnf import RbnfEngine

_APOSTROPHES = re.compile("[\u2018\u2019\u02bc`]")
_NUMBER = re.compile(r"\d+")
_NOT_A_WORD = re.compile(r"[^\w']+|_+")
_LOOSE_APOSTROPHE = re.compile(r"(?<!\w)'+|'+(?!\w)")
MOST_DIGITS = 6
"""Longer runs of digits are read out one by one."""


@cache
def _speller() -> "RbnfEngine":
    from unicode_rbnf import RbnfEngine

    return RbnfEngine.for_language("en")


@lru_cache(maxsize=4096)
def number_words(number: int) -> str:
    """A whole number as spoken words: 25 is "twenty five"."""
    spoken: str = _speller().format_number(number).text
    return spoken.replace("-", " ")


def _spell(digits: str) -> str:
    if len(digits) <= MOST_DIGITS:
        return f" {number_words(int(digits))} "
    return " " + " ".join(number_words(int(digit)) for digit in digits) + " "


def fold(text: str) -> str:
    """One way to write each letter and each apostrophe; everything else stays."""
    # Lower-casing can take composed letters apart, hence the second NFKC.
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    return _APOSTROPHES.sub("'", lower)


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[str, ...]:
    """Folded text, split: even places hold words or parts of words ("'m", "", "5"), odd ones
    what stands between."""
    return tuple(re.split(f"({_NOT_A_WORD.pattern})", fold(text)))


def normalise(text: str) -> str:
    """Lower-case words with single spaces; digits spelled out, punctuation gone."""
    text = _NUMBER.sub(lambda found: _spell(found[0]), fold(text))
    text = _NOT_A_WORD.sub(" ", text)
    return " ".join(_LOOSE_APOSTROPHE.sub(" ", text).split())
