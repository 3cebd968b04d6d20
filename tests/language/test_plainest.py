"""One plain way to say a phrase: what is offered is what would be understood."""

from tests.language.packs import small_pack
from voice_ally.language.phrasebook import plainest


def test_options_are_left_out_and_words_in_any_order_get_one() -> None:
    pack = small_pack()
    assert plainest("(stay|rest) here [a while]", pack) == "stay here"
    assert plainest("red;blue", pack) == "red blue"
