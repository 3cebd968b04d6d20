"""Signs and numbers as people say them; what cannot be said is named, never dropped in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_ally.interpret.signs import unsaid
from voice_ally.interpret.text import in_known_letters, loosely, normalise, plain_letters


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("you & me time", "you and me time"),
        ("50% of it", "fifty percent of it"),
        ("a + b = c", "a plus b equals c"),
        ("me @ home", "me at home"),
        ("our 1st fight", "our first fight"),
        ("the 22nd and 3RD", "the twenty second and third"),
        ("11th, 12th, 113th", "eleventh twelfth one hundred thirteenth"),
        ("the 2th", "the two th"),
        ("a 1.5 minute break", "a one point five minute break"),
        ("1,000 thanks", "one thousand thanks"),
        ("½ an hour", "half an hour"),
        ("1½ hours", "one and a half hours"),
        ("1/2 done, 3/4 done", "half done three quarters done"),
        ("at 9:00", "at nine o'clock"),
        ("at 9:05", "at nine oh five"),
        ("at 21:30", "at twenty one thirty"),
        ("at 10:30 pm", "at ten thirty p m"),
        ("8 a.m. walk", "eight a m walk"),
        ("$5 or 1€ or £2.50", "five dollars or one euro or two pounds fifty"),
        ("#1 of all", "number one of all"),
        ("24/7", "twenty four seven"),
        ("20°", "twenty degrees"),
    ],
)
def test_signs_are_said_as_people_say_them(written: str, spoken: str) -> None:
    assert normalise(written) == spoken
    assert unsaid(written) == ([], [])


@pytest.mark.parametrize(
    ("written", "meaning", "adorning"),
    [
        ("m² of it", ["²"], []),
        ("part Ⅳ", ["Ⅳ"], []),
        ("a < b", [], []),
        ("x ≠ y", ["≠"], []),
        ("¥ and *", ["¥", "*"], []),
        ("I ❤ you ❤", [], ["❤"]),
        ("Café™", [], ["™"]),
        ("(a|b) [c] {d} <e>; f", [], []),
        ("well… “so” – what?!", [], []),
    ],
)
def test_what_nobody_can_say_is_named(
    written: str, meaning: list[str], adorning: list[str]
) -> None:
    assert unsaid(written) == (meaning, adorning)


@pytest.mark.parametrize("sign", "'’‘ʼ‛´`′ʹʻˈ＇՚׳")
def test_the_apostrophe_of_every_keyboard_is_one(sign: str) -> None:
    assert normalise(f"I{sign}m falling apart") == "i'm falling apart"


@pytest.mark.parametrize("sign", "\u00ad\u200b\u200c\u200d\u2060\ufeff\u034f\u180e\ufe0f")
def test_a_sign_without_width_is_none(sign: str) -> None:
    assert normalise(f"soft{sign}ening") == "softening"


@pytest.mark.parametrize(
    ("written", "words", "plain"),
    [
        ("İpek", "ipek", "ipek"),
        ("Nguyễn", "nguyễn", "nguyen"),
        ("Łukasz Øre", "łukasz øre", "lukasz ore"),
        ("x\u0302y", "x\u0302y", "xy"),
        ("हिन्दी", "हिन्दी", "हिन्दी"),
        ("ąę", "ąę", "ae"),
    ],
)
def test_marks_stay_with_their_letters(written: str, words: str, plain: str) -> None:
    assert normalise(written) == words
    assert plain_letters(words) == plain


def test_an_english_voice_gets_letters_that_it_knows() -> None:
    assert in_known_letters("José and “Nguyễn” – İpek…") == "José and “Nguyen” – Ipek…"
    assert in_known_letters("привет") == "привет"
    assert in_known_letters("  plain ") == "  plain "


@given(st.text())
def test_loosely_twice_is_loosely(text: str) -> None:
    for word in normalise(text).split():
        assert loosely(loosely(word)) == loosely(word)
        assert "'" not in loosely(word)
