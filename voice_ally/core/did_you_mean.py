"""Which known word somebody probably meant.

Rules: pure; the same for keys of dialogs, settings, models and names of dialogs.
"""

import difflib
from collections.abc import Iterable, Sequence


def nearest(word: str, known: Iterable[str]) -> str:
    """A question naming the known word that was probably meant, or nothing."""
    by_letters = {_letters(one): one for one in known}
    close = difflib.get_close_matches(_letters(word[:80]), list(by_letters), n=1, cutoff=0.6)
    return f'Did you mean "{by_letters[close[0]]}"?' if close else ""


def _letters(word: str) -> str:
    """Whatever the case, and whether parts are joined by a space, a dash or an underline."""
    return "_".join(word.casefold().replace("-", " ").replace("_", " ").split())


def possible(word: str, known: Sequence[str]) -> str:
    """The nearest known word, or all of them."""
    return nearest(word, known) or f"Possible here: {', '.join(known)}."
