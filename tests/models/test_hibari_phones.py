from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from voice_ally.core.arpabet import PHONES, VOWELS
from voice_ally.models.hibari_phones import arpabet, hibari_phones, stressed


@pytest.mark.parametrize(
    ("phones", "said"),
    [
        ("SH AH0 V AO1 N", "ʃəvˈɔn"),
        ("SH AH V AO N", "ʃəvˈɔn"),
        ("B AH T", "bˈʌt"),
        ("T EH1 L AH0 F OW2 N", "tˈɛləfˌOn"),
        ("B ER1 D", "bˈɜɹd"),
        ("S IH S T ER", "sˈɪstəɹ"),
    ],
)
def test_what_a_pack_writes_is_what_hibari_reads(phones: str, said: str) -> None:
    assert hibari_phones(phones.split()) == said


def test_british_voices_have_vowels_of_their_own() -> None:
    assert hibari_phones(["G", "OW1"], british=True) == "ɡˈQ"
    assert hibari_phones(["S", "IH1", "S", "T", "ER0"], british=True) == "sˈɪstə"


@given(st.lists(st.sampled_from(PHONES), min_size=1, max_size=12))
def test_there_and_back_nothing_is_lost_but_stress(phones: list[str]) -> None:
    # an R behind them is part of ER
    assume(not {("AH", "R"), ("ER", "R")} & set(pairwise(phones)))
    assert list(arpabet(hibari_phones(phones))) == phones
    assert hibari_phones(phones).count("ˈ") == any(one in VOWELS for one in phones)


@pytest.mark.parametrize(
    ("said", "loud"), [("ˌænd", "ˈænd"), ("ənd", "ˈʌnd"), ("ˈWt", "ˈWt"), ("ðə", "ðˈʌ"), ("", "ˈ")]
)
def test_a_stressed_word_has_its_main_stress(said: str, loud: str) -> None:
    assert stressed(said) == loud
