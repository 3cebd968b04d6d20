"""Words as the recognisers write them.

Rules: pure; normalising twice changes nothing; never raises, whatever the text. A mark stays
with its letter, in every script; signs without width are none. What somebody said goes through
here: only what is written in dialogs may be kept in a cache.
"""

import itertools
import re
import unicodedata
from functools import lru_cache

from voice_ally.interpret.signs import TRADEMARKS, counted, number_words, said

__all__ = ["fold", "loosely", "normalise", "number_words", "pieces", "plain_letters"]

_APOSTROPHES = re.compile(
    "[\u2018\u2019\u201b\u02b9-\u02bd\u02c8\u02ca\u02cb\u2032\u2035\u00b4`\u1fbf"
    "\u1ffd\u1fef\u0384\u055a\u05f3\ua78c\uff07]"
)
"""Whatever a keyboard, a text program or a web page puts in its place."""
_WORD = re.compile(r"[^\W_]+(?:'+[^\W_]+)*")
_NOT_A_WORD = re.compile(r"[^\w']+|_+")
_DOTTED_I = "i\u0307"
"""What becomes of İ in lower case: an i has its dot already."""
_WITHOUT_A_BASE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ħ": "h", "ŧ": "t", "ŋ": "n", "ß": "ss", "æ": "ae"}
    | {"œ": "oe", "ð": "d", "þ": "th", "ĸ": "k", "ƒ": "f", "ə": "e", "ƀ": "b", "ɓ": "b"}
)
"""Latin letters that Unicode does not take apart."""
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # control signs that break no line
    "\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0001\U000e0020-\U000e007f"
    # without width, though Unicode counts them among marks and letters
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u3164\ufe00-\ufe0f\uffa0"
    f"{TRADEMARKS}]"
)
_BEHIND_A_LETTER = re.compile(r"(?<=[^\W_])[^\x00-\x7f\w]+")


def visible(text: str) -> str:
    """The text without soft hyphens, joiners and other signs that have no width."""
    return _INVISIBLE.sub("", text)


def fold(text: str) -> str:
    """One way to write each letter and each apostrophe, signs in words; everything else stays."""
    text = said(_APOSTROPHES.sub("'", visible(text)))
    # Lower-casing can take composed letters apart, hence the second NFKC.
    lower = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).lower())
    if not lower.isascii():
        # what NFKC has taken apart may be a sign or a number again
        lower = said(_APOSTROPHES.sub("'", visible(lower))).replace(_DOTTED_I, "i")
    return lower


def _shape(text: str) -> str:
    """The same text, each mark behind a letter being a letter, so that they stay together."""
    return text if text.isascii() else _BEHIND_A_LETTER.sub(_marks_as_letters, text)


def _marks_as_letters(found: re.Match[str]) -> str:
    marks = "".join(itertools.takewhile(_is_mark, found[0]))
    return "a" * len(marks) + found[0][len(marks) :]


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign).startswith("M")


@lru_cache(maxsize=4096)
def pieces(text: str) -> tuple[str, ...]:
    """Folded text, split: even places hold words or parts of words ("'m", "", "5"), odd ones
    what stands between."""
    folded = fold(text)
    found, end = list[str](), 0
    for between in _NOT_A_WORD.finditer(_shape(folded)):
        found += (folded[end : between.start()], folded[between.start() : between.end()])
        end = between.end()
    return (*found, folded[end:])


def normalise(text: str) -> str:
    """Lower-case words with single spaces; digits spelled out, punctuation gone."""
    folded = counted(fold(text))
    return " ".join(folded[one.start() : one.end()] for one in _WORD.finditer(_shape(folded)))


def plain_letters(text: str) -> str:
    """Latin letters as their base: "nguyễn" is "nguyen". Other scripts stay."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFD", text.translate(_WITHOUT_A_BASE))
    kept: list[str] = []
    for sign in apart:
        if not ("\u0300" <= sign <= "\u036f" and kept and kept[-1].isascii()):
            kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept))


def in_known_letters(text: str) -> str:
    """For an English voice or model: words with letters beyond those of Western Europe fall back
    to plain letters, since espeak-ng would read the code points out."""
    if text.isascii() or max(text) <= "\xff":
        return text
    return " ".join(
        word if max(word, default="") <= "\xff" else _plain(word) for word in text.split(" ")
    )


def _plain(word: str) -> str:
    return "".join(
        plain if (plain := plain_letters(letter)).isascii() else letter
        for letter in unicodedata.normalize("NFC", word)
    )


def loosely(word: str) -> str:
    """A normalised word as somebody types it in a hurry: without apostrophes, in plain letters."""
    return plain_letters(word).replace("'", "")
