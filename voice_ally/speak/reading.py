"""How a line is read: in words, and where to draw breath.

Rules: pure text. What is not understood is left as it is, for the synthesiser to make sense of.
Numbers are put into words in English only (spelling.py); pauses are those of the punctuation, in
any language. A line takes time in proportion to its length, whatever stands in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from voice_ally.interpret.text import in_known_letters
from voice_ally.speak.spelling import MOST_SPELLED, SHORT_FORMS, TITLES, in_words, number_in_words

__all__ = ["MOST_SPELLED", "Piece", "as_spoken", "number_in_words", "pieces"]
SENTENCE_PAUSE_SECONDS = 0.4
CLAUSE_PAUSE_SECONDS = 0.22
LONG_PAUSE_SECONDS = 0.7
PAUSES = {
    **dict.fromkeys(".!?", SENTENCE_PAUSE_SECONDS),
    **dict.fromkeys(";:–—", 0.32),
    ",": CLAUSE_PAUSE_SECONDS,
    "…": LONG_PAUSE_SECONDS,
}
LONGEST_PIECE = 250
"""Characters rendered at once: about 15 s, some more than a sentence should ever have."""
_MARKS = r".!?…;:–—"
_ENDS = {
    commas: re.compile(rf"(?<![{marks}])[{marks}]++[\"')”’]*+(?=\s)")
    for commas, marks in ((False, _MARKS), (True, f"{_MARKS},"))
}
_BEFORE = 24
"""Characters in front of a full stop that tell whether it is an abbreviation's."""
_DOTTED = re.compile(r"(?:[A-Za-z]{1,2}\.)+[A-Za-z]")
_NUMBER = re.compile(r"\s*+\d{1,2}")


@dataclass(frozen=True)
class Piece:
    """A stretch spoken in one breath."""

    text: str
    pause_seconds: float
    """Quiet after it, at rate 1; 0 after the last."""


def as_spoken(text: str, language: str) -> str:
    """The line with its numbers, times and abbreviations in words."""
    return in_words(in_known_letters(text)) if language.startswith("en") else text


def pieces(text: str, *, at_commas: bool) -> tuple[Piece, ...]:
    """The line cut where a reader would pause: at sentences, and at commas if wanted.

    A mark between digits is part of a number and cuts nothing; nor does an abbreviation's. What
    is still too long is cut at a comma, else at a word, without a pause.
    """
    found = [
        Piece(short, pause if last else 0.0)
        for part, pause in _parts(text, _ENDS[at_commas])
        for short, last in _bounded(part)
    ]
    if found:
        found[-1] = Piece(found[-1].text, 0.0)
    return tuple(found)


def _parts(text: str, ends: re.Pattern[str]) -> Iterator[tuple[str, float]]:
    start = 0
    for one in ends.finditer(text):
        if one[0] == "." and _abbreviates(text, start, one.start()):
            continue
        yield from _part(text[start : one.end()])
        start = one.end()
    yield from _part(text[start:])


def _part(text: str) -> Iterator[tuple[str, float]]:
    part = text.strip()
    if any(sign.isalnum() for sign in part):
        mark = "…" if part.endswith("...") else part.rstrip("\"')”’")[-1:]
        yield part, PAUSES.get(mark, CLAUSE_PAUSE_SECONDS)


def _abbreviates(text: str, start: int, dot: int) -> bool:
    """Is the full stop at this place none that ends a sentence?"""
    before = text[max(start, dot - _BEFORE) : dot]
    word = before.rsplit(maxsplit=1)[-1].lstrip("\"'(“‘") if before.strip() else ""
    if word in TITLES or (len(word) == 1 and word.isupper() and word != "I"):
        return True
    if start == 0 and dot < _BEFORE and _NUMBER.fullmatch(before):
        return True
    follows = text[dot + 1 : dot + 8].lstrip(" \"'(“‘")[:1]
    if _DOTTED.fullmatch(word) or f"{word.lower()}." in SHORT_FORMS:
        return word.lower() in ("e.g", "i.e", "vs", "approx", "incl") or not follows.isupper()
    return False


def _bounded(part: str) -> Iterator[tuple[str, bool]]:
    """The part in pieces of bearable length, and whether each is the last."""
    at = 0
    while len(part) - at > LONGEST_PIECE:
        end = at + LONGEST_PIECE
        cut = max(part.rfind(", ", at, end) + 1, part.rfind("; ", at, end) + 1)
        if cut <= at + LONGEST_PIECE // 3:
            cut = part.rfind(" ", at + 1, end)
        if cut <= at:
            cut = end
        if any(sign.isalnum() for sign in part[at:cut]):
            yield part[at:cut].strip(), False
        at = cut
    yield part[at:].strip(), True
