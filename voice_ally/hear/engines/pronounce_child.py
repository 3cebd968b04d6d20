"""The child process that works out how unknown words are said; see pronunciation.py.

Rules: words come as a JSON list on standard input, a JSON object word -> ARPAbet phones goes out;
a word that cannot be worked out is left out. hibari's rules go first, for they were learnt from
espeak-ng's and come along; espeak-ng is loaded here and nowhere else.
Source of the phoneme names: espeak-ng's own IPA output (`espeak-ng --ipa`).
"""

import ctypes
import json
import os
import re
import sys
from collections.abc import Callable

from voice_ally.core.errors import VoiceAllyError
from voice_ally.models.hibari_phones import arpabet

Say = Callable[[str], str]
"""A word -> its phones, or nothing."""

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
_LONGEST_FIRST = re.compile("|".join(sorted(IPA_TO_ARPABET, key=len, reverse=True)))
_IPA, _UTF8, _NO_PLAYBACK = 0x02, 1, 0x02


def main() -> None:
    """Answer one list of words."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # libraries print; their words must not end up in the answer
    os.dup2(2, 1)
    words = json.load(sys.stdin)
    say = hibari_rules() or espeak_rules() or (lambda _word: "")
    json.dump({word: phones for word in words if (phones := say(word))}, answers)
    answers.flush()


def hibari_rules() -> Say | None:
    """hibari's network for words no dictionary knows, where it is installed."""
    try:
        # light: neither the voice nor its dictionary is loaded for this
        from hibari.g2p.oov import OOV

        rules = OOV()
    except Exception:
        return None
    return lambda word: " ".join(arpabet(rules(word) or ""))


def espeak_rules() -> Say | None:
    """espeak-ng's rules, the system's own or those of its extra."""
    from voice_ally.models.espeak import SYSTEM_NAME, prepare_library

    try:
        prepare_library()
        library = ctypes.CDLL(SYSTEM_NAME)
    except (VoiceAllyError, OSError):
        return None
    library.espeak_TextToPhonemes.restype = ctypes.c_char_p
    data = os.environ.get("ESPEAK_DATA_PATH")
    if library.espeak_Initialize(_NO_PLAYBACK, 0, data.encode() if data else None, 0) < 0:
        return None
    library.espeak_SetVoiceByName(b"en-us")

    def say(word: str) -> str:
        text = ctypes.c_char_p(word.encode())
        pointer = ctypes.pointer(ctypes.cast(text, ctypes.c_void_p))
        ipa = library.espeak_TextToPhonemes(pointer, _UTF8, _IPA)
        found = _LONGEST_FIRST.findall(ipa.decode("utf-8", "replace") if ipa else "")
        return " ".join(IPA_TO_ARPABET[one] for one in found)

    return say


if __name__ == "__main__":
    main()
