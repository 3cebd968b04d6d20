"""Marks in a spoken line that tell how a word is said.

Rules: pure. There are two: `*And* out.` stresses a word, `Siobhan[SH AH0 V AO1 N]` says which
sounds a word has, in ARPAbet (a digit behind a vowel is its stress: 1 the main one, 2 a lesser one,
0 none). What does not look exactly like that is text. Whoever shows, logs or compares a line uses
`plainly`; only a voice reads the marks. Every pattern takes time in proportion to the line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from voice_ally.core.arpabet import PHONES

_SOUND = r"[A-Z]{1,2}[012]?"
_LETTERS = r"[^\W_][\w'’-]{0,60}"
_MARKED = re.compile(
    rf"(?P<word>{_LETTERS})\[(?P<phones>{_SOUND}(?: {_SOUND}){{0,40}})\]"
    rf"|(?<![\w*])\*(?P<loud>{_LETTERS})\*(?![\w*])"
)
"""A word and its sounds, or a word between two stars."""
_WORD = re.compile(r"[^\W\d_][\w'’]*")


@dataclass(frozen=True)
class Stretch:
    """A part of a line, and how it is said."""

    text: str
    phones: tuple[str, ...] = ()
    """ARPAbet; none where the spelling tells."""
    stressed: bool = False


def stretches(text: str) -> Iterator[Stretch]:
    """The line part by part, without its marks."""
    at = 0
    for found in _MARKED.finditer(text):
        if found["phones"] and not _known(found["phones"]):
            continue
        if found.start() > at:
            yield Stretch(text[at : found.start()])
        phones = tuple((found["phones"] or "").split())
        yield Stretch(found["word"] or found["loud"], phones, stressed=not phones)
        at = found.end()
    if at < len(text):
        yield Stretch(text[at:])


def plainly(text: str) -> str:
    """The line as it is read by people."""
    return "".join(one.text for one in stretches(text))


def sounds_of(phones: str) -> tuple[str, ...]:
    """ARPAbet as written, split; empty if something in it is no phone."""
    found = tuple(phones.upper().split())
    return found if found and _known(" ".join(found)) else ()


def with_sounds(text: str, pronunciations: Mapping[str, str]) -> str:
    """The line, its words from this table marked with their sounds; what is marked stays so."""
    if not pronunciations:
        return text
    known = {word.casefold(): phones for word, phones in pronunciations.items()}

    def marked(found: re.Match[str]) -> str:
        end = found.end()
        phones = sounds_of(known.get(found[0].casefold(), ""))
        if not phones or text[end : end + 1] in ("[", "*"):
            return found[0]
        return f"{found[0]}[{' '.join(phones)}]"

    return _WORD.sub(marked, text)


def _known(phones: str) -> bool:
    return all(one.rstrip("012") in PHONES for one in phones.split())
