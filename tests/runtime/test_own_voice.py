"""Is it a person, or the line that is being spoken?"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_ally.core.speech import Utterance
from voice_ally.runtime.own_voice import ECHO_SECONDS, OwnVoice, shared_words

LINE = "You can say pause, skip, or stop."


def heard(text: str, start: float, end: float, own_share: float = 0.8) -> Utterance:
    return Utterance(end + 0.1, text, 1.0, start, end, own_share=own_share)


def speaking(text: str = LINE, *, until: float | None = None) -> OwnVoice:
    voice = OwnVoice()
    voice.begins(1, text, 10.0)
    if until is not None:
        voice.ends(1, until)
    return voice


def test_a_word_of_the_line_while_it_sounds_is_an_echo() -> None:
    assert speaking().explains(heard("stop", 11.0, 11.4))


def test_and_just_after_it_but_not_later() -> None:
    voice = speaking(until=12.0)
    assert voice.explains(heard("stop", 12.0 + ECHO_SECONDS - 0.1, 13.0))
    assert not voice.explains(heard("stop", 12.0 + ECHO_SECONDS + 0.1, 14.0))


def test_before_it_sounds_nothing_is_an_echo() -> None:
    assert not speaking().explains(heard("stop", 9.0, 9.9))


def test_a_person_who_says_a_word_of_the_line_is_heard_by_the_sound() -> None:
    """The freedom to stop it at any instant, also over a line that says "stop"."""
    assert not speaking().explains(heard("stop", 11.0, 11.4, own_share=0.2))


def test_other_words_are_a_persons() -> None:
    assert not speaking().explains(heard("goodbye", 11.0, 11.4))


def test_what_is_nearly_all_its_own_sound_is_an_echo_whatever_the_words() -> None:
    assert speaking().explains(heard("goodbye", 11.0, 11.4, own_share=0.95))


def test_the_start_that_was_asked_for_is_replaced_by_the_real_one() -> None:
    voice = speaking()
    voice.begins(1, LINE, 10.5)
    assert not voice.sounds_during(heard("stop", 10.2, 10.4))
    assert voice.sounds_during(heard("stop", 10.6, 10.9))


def test_an_utterance_that_began_after_the_line_was_not_during_it() -> None:
    assert not speaking(until=12.0).sounds_during(heard("stop", 12.1, 12.5))


@pytest.mark.parametrize(
    ("text", "line", "share"),
    [
        ("stop", "you can say pause skip or stop", 1.0),
        ("pause", "two pauses follow", 1.0),
        ("that's all for today", "that's all right ask for help", 0.75),
        ("stop", "thank you for coming back", 0.0),
        ("", "thank you", 0.0),
        ("i am scared", "", 0.0),
        ("go back", "back you go", 0.5),
    ],
)
def test_words_in_common_in_the_same_order(text: str, line: str, share: float) -> None:
    assert shared_words(text, tuple(line.split())) == pytest.approx(share)


WORDS = st.lists(st.sampled_from(["stop", "go", "back", "please", "rest", "now"]), max_size=8)


@settings(deadline=None)
@given(WORDS, WORDS, WORDS)
def test_any_stretch_of_a_line_is_all_its_own(
    before: list[str], text: list[str], after: list[str]
) -> None:
    share = shared_words(" ".join(text), (*before, *text, *after))
    assert share == (1.0 if text else 0.0)
