"""How a word is said elsewhere than the dictionary's speakers live.

Rules: pure; from an American pronunciation to what most of England, Australia and much of the
world would say. Only what changes which phones there are: no R before a consonant or at the end,
and the broad A of "glass". Too many ways do little harm, one that is missing costs the word.
"""

from collections.abc import Sequence

VOWELS = {"AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"}
_GLIDES = {"IH": "AH", "IY": "AH", "UH": "AH", "UW": "AH", "AY": "AH", "AW": "AH"}
"""After these, a lost R leaves a sound of its own: "here", "fire"."""
_BROAD_BEFORE = (("S",), ("F",), ("TH",), ("N", "S"), ("N", "T"), ("N", "CH"))
"""What follows the A of glass, after, path, dance, plant, branch."""


def british(phones: Sequence[str]) -> tuple[str, ...]:
    """The same where nothing differs."""
    said: list[str] = []
    for place, phone in enumerate(phones):
        after = tuple(phones[place + 1 : place + 3])
        before_vowel = bool(after) and after[0] in VOWELS
        if phone == "R" and said and not before_vowel:
            if said[-1] in _GLIDES:
                said.append(_GLIDES[said[-1]])
            elif said[-1] not in VOWELS:
                said.append(phone)
        elif phone == "ER" and not after and place:
            said.append("AH")
        elif phone == "AE" and any(after[: len(one)] == one for one in _BROAD_BEFORE):
            said.append("AA")
        else:
            said.append(phone)
    return tuple(said)


def both(phones: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """As it is written, and the other way if there is one."""
    return tuple(dict.fromkeys((tuple(phones), british(phones))))
