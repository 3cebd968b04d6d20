"""The phones of the voice hibari (misaki's alphabet, which is Kokoro's), and ARPAbet.

Rules: pure. One sign a phone; a stress mark stands right before its vowel. Where a pronunciation
tells no stress, the first full vowel has it, and AH elsewhere is the weak one.
Source of the alphabet: misaki, "EN_PHONES.md".
"""

from collections.abc import Sequence

from voice_ally.core.arpabet import VOWELS

TO_HIBARI = {
    "AA": "ɑ", "AE": "æ", "AH": "ʌ", "AO": "ɔ", "AW": "W", "AY": "I", "B": "b", "CH": "ʧ",
    "D": "d", "DH": "ð", "EH": "ɛ", "ER": "ɜɹ", "EY": "A", "F": "f", "G": "ɡ", "HH": "h",
    "IH": "ɪ", "IY": "i", "JH": "ʤ", "K": "k", "L": "l", "M": "m", "N": "n", "NG": "ŋ",
    "OW": "O", "OY": "Y", "P": "p", "R": "ɹ", "S": "s", "SH": "ʃ", "T": "t", "TH": "θ",
    "UH": "ʊ", "UW": "u", "V": "v", "W": "w", "Y": "j", "Z": "z", "ZH": "ʒ",
}  # fmt: skip
WEAK = {"AH": "ə", "ER": "əɹ"}
BRITISH = {"OW": "Q", "ER": "ɜː", "AA": "ɑː", "AO": "ɔː", "IY": "iː", "UW": "uː"}
BRITISH_WEAK = {"AH": "ə", "ER": "ə"}
MAIN, LESSER = "ˈ", "ˌ"
_FROM = {
    **{sign: phone for phone, sign in TO_HIBARI.items() if len(sign) == 1},
    "ə": "AH", "ᵊ": "AH", "ᵻ": "IH", "ɐ": "AH", "ɜ": "ER", "ɚ": "ER", "T": "T", "ɾ": "T", "ʔ": "T",
    "Q": "OW", "ɒ": "AA", "a": "AE", "r": "R", "g": "G", "x": "K", "e": "EH", "o": "OW",
}  # fmt: skip


def hibari_phones(phones: Sequence[str], *, british: bool = False) -> str:
    """A word's sounds as hibari reads them: ("SH", "AH0", "V", "AO1", "N") -> "ʃəvˈɔn"."""
    if not any(one[-1].isdigit() for one in phones):
        phones = _with_a_stress(phones)
    said = []
    for one in phones:
        phone, stress = one.rstrip("012"), one[-1]
        weak = stress not in "12"
        sign = (WEAK.get(phone) if weak else None) or TO_HIBARI[phone]
        if british:
            sign = (BRITISH_WEAK.get(phone) if weak else None) or BRITISH.get(phone, sign)
        mark = {"1": MAIN, "2": LESSER}.get(stress, "") if phone in VOWELS else ""
        said.append(mark + sign)
    return "".join(said)


def _with_a_stress(phones: Sequence[str]) -> tuple[str, ...]:
    places = [place for place, one in enumerate(phones) if one in VOWELS]
    full = [place for place in places if phones[place] not in WEAK]
    main = (full or places or [-1])[0]
    return tuple(
        f"{one}{1 if place == main else 0}" if one in VOWELS else one
        for place, one in enumerate(phones)
    )


def stressed(said: str) -> str:
    """The same word, its main stress there for certain: "ˌænd" -> "ˈænd"."""
    if MAIN in said:
        return said
    if LESSER in said:
        return said.replace(LESSER, MAIN, 1)
    place = next((at for at, sign in enumerate(said) if _FROM.get(sign) in VOWELS), 0)
    full = {"ə": "ʌ", "ᵊ": "ʌ"}.get(said[place : place + 1], said[place : place + 1])
    return f"{said[:place]}{MAIN}{full}{said[place + 1 :]}"


def arpabet(said: str) -> tuple[str, ...]:
    """What hibari says, as ARPAbet without stress; what is no phone is left out."""
    # ER is written as two signs
    signs = "".join(sign for sign in said if sign in _FROM).replace("əɹ", "ɜ").replace("ɜɹ", "ɜ")
    return tuple(_FROM[sign] for sign in signs)
