"""Pronunciations for words no dictionary knows.

Rules: what a pack's author wrote goes first, then PocketSphinx's dictionary, then what the voice's
own rules say (hibari's network for unknown words), then espeak-ng's, then letter by letter. Rules
are asked in a process of their own: espeak-ng is GPL and never loaded into ours, and what either
needs in memory is given back. Rough, but a name said in the usual way is then heard.
"""

import json
import os
import subprocess
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path

import voice_ally
from voice_ally.core.arpabet import PHONES
from voice_ally.interpret.text import in_known_letters

LETTERS = {
    "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH",
    "i": "IH", "j": "JH", "k": "K", "l": "L", "m": "M", "n": "N", "o": "AA", "p": "P",
    "q": "K", "r": "R", "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W", "x": "K S",
    "y": "IY", "z": "Z",
}  # fmt: skip
CHILD = "voice_ally.hear.engines.pronounce_child"
PATIENCE_SECONDS = 15.0
"""It takes a second; on a small and busy machine some more."""


def pronunciations(
    words: Collection[str], written: Mapping[str, str]
) -> dict[str, tuple[tuple[str, ...], ...]]:
    """How these words are said: as written by the author of a pack, else as PocketSphinx's
    dictionary has it, else by rule. What is written with phones there are not does not count."""
    own = {word.lower(): tuple(phones.upper().split()) for word, phones in written.items()}
    found: dict[str, tuple[tuple[str, ...], ...]] = {
        word: (own[word],)
        for word in {one.lower() for one in words}
        if own.get(word) and set(own[word]) <= set(PHONES)
    }
    missing = {one.lower() for one in words} - found.keys()
    if missing:
        found |= _in_dictionary(missing)
    pronouncer = Pronouncer()
    pronouncer.learn(missing - found.keys())
    for word in sorted(missing - found.keys()):
        found[word] = (tuple(pronouncer.phones(word).split()),)
    return found


def _in_dictionary(words: Collection[str]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Its lines are "word PH PH" and, for a further way to say it, "word(2) PH PH"."""
    try:
        from pocketsphinx import get_model_path

        text = Path(get_model_path("en-us/cmudict-en-us.dict")).read_text(encoding="utf-8")
    except (ImportError, OSError):
        return {}
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for line in text.splitlines():
        word = line.partition(" ")[0].partition("(")[0]
        if word in words:
            found[word] = (*found.get(word, ()), tuple(line.split()[1:]))
    return found


class Pronouncer:
    """Says how words are spoken, as ARPAbet phones. Remembers what it has said."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def learn(self, words: Iterable[str]) -> None:
        """All of them at once, since a process is started for it."""
        new = sorted({word for word in words if word not in self._known})
        if new:
            said = _asked(new)
            self._known |= {word: said.get(word) or spelt_out(word) for word in new}

    def phones(self, word: str) -> str:
        """For example "SH AH V AO N"; letter by letter where nothing knows better."""
        self.learn([word])
        return self._known[word]


def spelt_out(word: str) -> str:
    """A phone a letter."""
    return " ".join(LETTERS[letter] for letter in word.lower() if letter in LETTERS) or "AH"


def _asked(words: Sequence[str]) -> dict[str, str]:
    """What the child says of them; nothing where it cannot."""
    root = str(Path(voice_ally.__file__).parent.parent)
    path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
    try:
        answer = subprocess.run(
            [sys.executable, "-P", "-m", CHILD],
            input=json.dumps([in_known_letters(word) for word in words]).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            timeout=PATIENCE_SECONDS,
            check=True,
            start_new_session=True,
        ).stdout
        said: dict[str, str] = json.loads(answer)
    except (OSError, ValueError, subprocess.SubprocessError):
        return {}
    return said
