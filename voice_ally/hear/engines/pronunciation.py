"""Pronunciations for words no dictionary knows.

Rules: espeak-ng says how a word sounds; its phonemes are mapped to the ARPAbet phones that the
English models were trained with. Rough, but a name said in the usual way is then heard.
Source of the phoneme names: espeak-ng's own IPA output (`espeak-ng --ipa`).
"""

import ctypes
import re
from collections.abc import Collection, Mapping
from pathlib import Path

from voice_ally.interpret.text import in_known_letters
from voice_ally.models.phones import PHONES

IPA_TO_ARPABET = {
    "tʃ": "CH", "dʒ": "JH", "eɪ": "EY", "aɪ": "AY", "ɔɪ": "OY", "aʊ": "AW", "oʊ": "OW",
    "əʊ": "OW", "ɪə": "IH R", "eə": "EH R", "ʊə": "UH R", "ɔː": "AO", "ɑː": "AA", "iː": "IY",
    "uː": "UW", "ɜː": "ER", "ɛ": "EH", "æ": "AE", "ɑ": "AA", "ɒ": "AA", "ɔ": "AO", "ʌ": "AH",
    "ɐ": "AH", "ə": "AH", "ɚ": "ER", "ɜ": "ER", "ɝ": "ER", "ɪ": "IH", "ᵻ": "IH", "i": "IY",
    "ʊ": "UH", "u": "UW", "e": "EH", "a": "AE", "o": "OW", "p": "P", "b": "B", "t": "T",
    "ɾ": "T", "d": "D", "k": "K", "ɡ": "G", "g": "G", "f": "F", "v": "V", "θ": "TH", "ð": "DH",
    "s": "S", "z": "Z", "ʃ": "SH", "ʒ": "ZH", "h": "HH", "m": "M", "n": "N", "ŋ": "NG",
    "l": "L", "ɫ": "L", "r": "R", "ɹ": "R", "j": "Y", "w": "W", "x": "K", "ʔ": "T",
}  # fmt: skip
LETTERS = {
    "a": "AE", "b": "B", "c": "K", "d": "D", "e": "EH", "f": "F", "g": "G", "h": "HH",
    "i": "IH", "j": "JH", "k": "K", "l": "L", "m": "M", "n": "N", "o": "AA", "p": "P",
    "q": "K", "r": "R", "s": "S", "t": "T", "u": "AH", "v": "V", "w": "W", "x": "K S",
    "y": "IY", "z": "Z",
}  # fmt: skip
_LONGEST_FIRST = re.compile("|".join(sorted(IPA_TO_ARPABET, key=len, reverse=True)))
_IPA, _UTF8, _NO_PLAYBACK = 0x02, 1, 0x02


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
    pronouncer = Pronouncer() if missing - found.keys() else None
    for word in sorted(missing - found.keys()):
        assert pronouncer is not None
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
    """Says how a word is spoken, as ARPAbet phones."""

    def __init__(self) -> None:
        self._library = _load()

    def phones(self, word: str) -> str:
        """For example "SH AH V AO N"; letter by letter where espeak-ng is missing."""
        if self._library is not None:
            ipa = self._ipa(in_known_letters(word))
            phones = " ".join(IPA_TO_ARPABET[one] for one in _LONGEST_FIRST.findall(ipa))
            if phones:
                return phones
        return " ".join(LETTERS[letter] for letter in word.lower() if letter in LETTERS) or "AH"

    def _ipa(self, word: str) -> str:
        assert self._library is not None
        text = ctypes.c_char_p(word.encode())
        pointer = ctypes.pointer(ctypes.cast(text, ctypes.c_void_p))
        found = self._library.espeak_TextToPhonemes(pointer, _UTF8, _IPA)
        return found.decode("utf-8", "replace") if found else ""


def _load() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL("libespeak-ng.so.1")
        data = None
    except OSError:
        try:
            import espeakng_loader

            library = ctypes.CDLL(espeakng_loader.get_library_path())
            data = espeakng_loader.get_data_path().encode()
        except (ImportError, OSError, RuntimeError):
            return None
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    if library.espeak_Initialize(_NO_PLAYBACK, 0, data, 0) < 0:
        return None
    library.espeak_SetVoiceByName(b"en-us")
    return library
