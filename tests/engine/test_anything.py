"""Questions at which any words will do, as conversations."""

import pytest

from tests.engine.test_engine import Talk, dialog
from voice_ally.core import actions as do

OPEN = dialog(
    """
  a:
    - say: "Hello."
    - ask: "What was the best of today?"
      answers:
        "<no>": {say: "That is all right."}
        "{mood}": {say: "So you are {mood}."}
        anything: thanks
    - say: "Below."
  thanks: [{say: "Thank you for telling me."}]
"""
)


def asked(*more: str) -> Talk:
    talk = Talk(OPEN, *more)
    talk.hear("begin")
    return talk.until("listening")


@pytest.mark.parametrize("words", ["we went to the lake", "anything", "mmh"])
def test_words_that_fit_nothing_else_are_an_answer(words: str) -> None:
    talk = asked()
    assert talk.hear(words) == ["Thank you for telling me."]
    assert talk.state.frame.slots == {}, "nothing of it is kept"
    assert "lake" not in repr(talk.state)


def test_what_fits_an_answer_is_that_answer() -> None:
    assert asked().hear("nope") == ["That is all right."]
    assert asked().hear("exhausted") == ["So you are worn out."]


def test_what_must_always_work_goes_before_it() -> None:
    talk = asked()
    assert talk.hear("stop") == []
    assert talk.reasons == ["stopped"]
    assert asked().hear("I'm scared") == ["Call your local number now."]
    assert asked().hear("repeat") == ["What was the best of today?"]


def test_silence_is_no_answer() -> None:
    assert asked().run() == ["Pack: take your time."]


def test_behind_its_own_lines_the_script_goes_on_below_the_question() -> None:
    steps = '  a: [{ask: "Well?", answers: {anything: [{say: "Thank you."}]}}, {say: "Below."}]'
    talk = Talk(dialog(steps))
    talk.hear("begin")
    talk.until("listening")
    assert talk.hear("oh I do not know") == ["Thank you."]
    assert talk.run() == ["Below."]


def test_nothing_at_all_may_follow() -> None:
    talk = Talk(dialog('  a: [{ask: "Well?", answers: {anything: []}}, {say: "Below."}]'))
    talk.hear("begin")
    talk.until("listening")
    assert talk.hear("whatever") == ["Below."]


def test_help_skip_and_back_know_it() -> None:
    talk = Talk(dialog('  a: [{ask: "Well?", answers: {anything: b}}]\n  b: [{say: "B."}]'))
    talk.hear("begin")
    talk.until("listening")
    assert talk.hear("help") == ["You can say stop."]
    talk.until("listening")
    assert talk.hear("skip") == []
    assert talk.reasons == ["skipped"]
    talk = asked()
    talk.hear("some words")
    talk.run()
    talk = asked()
    talk.hear("some words")
    assert talk.hear("go back") == ["Hello."]
    assert talk.run()[0] == "What was the best of today?"


def test_its_lines_are_rendered_ahead() -> None:
    talk = Talk(dialog('  a: [{ask: "Well?", answers: {anything: [{say: "Thank you."}]}}]'))
    talk.hear("begin")
    assert "Thank you." in talk.some(do.Prepare)[-1].texts
