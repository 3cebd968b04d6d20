"""The phones a model of ours is made of, and the numbers Kaldi knows them by.

Rules: the CMU dictionary's 39 phones without stress, in alphabetical order. Kaldi's phone 1 is
silence; each other phone has four numbers, for where in a word it stands.
"""

from voice_ally.core.arpabet import PHONES

__all__ = ["KALDI_PHONES", "PHONES", "SILENCE", "TRANSITIONS", "enter", "kaldi_phone", "stay"]
POSITIONS = ("begin", "end", "internal", "singleton")
"""In the order of their numbers, as word_boundary.int names them."""
SILENCE = 1
KALDI_PHONES = 1 + len(PHONES) * len(POSITIONS)
_FIRST = {phone: 2 + 4 * number for number, phone in enumerate(PHONES)}


def kaldi_phone(phone: str, position: str) -> int:
    """Kaldi's number for a phone at that place in a word. KeyError, ValueError if unknown."""
    return _FIRST[phone] + POSITIONS.index(position)


def enter(phone: int) -> int:
    """The transition id of a phone's first frame: its output is 2 · base."""
    return 2 * phone


def stay(phone: int) -> int:
    """The transition id of each further frame."""
    return 2 * phone - 1


TRANSITIONS = 2 * KALDI_PHONES
