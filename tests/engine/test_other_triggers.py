"""What starts another dialog, said at a question of this one."""

import pytest

from tests.engine.test_engine import Talk
from voice_ally.core.speech import Decision
from voice_ally.engine.armed import phrases_for
from voice_ally.interpret.understanding import Understandings
from voice_ally.language.reader import vocabulary

WALK = """
dialog: walk
title: A walk
triggers: ["take me for a walk"]
steps: {a: [{say: "Step outside."}]}
"""
MEND = """
dialog: mend
for: two
confirm: "Would you like to mend this now?"
triggers: ["I need to mend this", "mend for {minutes} minutes"]
slots: {minutes: 5}
steps: {a: [{say: "For {minutes} minutes."}]}
"""
BREATH = """
dialog: breath
anywhere: yes
triggers: ["breathe with me", "breathe for {minutes} minutes"]
slots: {minutes: 3}
steps: {a: [{say: "Breathe {minutes}."}]}
"""


LONGER = """
  a: [{say: "Breathe {minutes}."}, {ask: "More?", answers: {"<yes>": a}}]
"""


def day(others: str = "", head: str = "") -> str:
    here = f"\n      others: {others}" if others else ""
    return f"""
dialog: day
title: The day
triggers: ["check in"]
{head}
steps:
  a:
    - ask: "How are you?"{here}
      answers: {{"<yes>": b, "<no>": b}}
  b: [{{say: "Good to know."}}]
"""


def asked(others: str = "", head: str = "") -> Talk:
    talk = Talk(day(others, head), WALK, MEND, BREATH)
    talk.hear("check in")
    return talk.until("listening")


def test_it_is_asked_about_and_then_done_and_the_question_put_again() -> None:
    talk = asked()
    assert talk.hear("take me for a walk") == ["A walk?"]
    talk.run()
    assert talk.hear("sure") == ["Step outside."]
    assert [one.dialog for one in talk.state.frames] == ["day", "walk"]
    assert talk.run() == ["How are you?"]


@pytest.mark.parametrize("answer", ["nope", "skip", "go back"])
def test_a_no_leads_back_to_the_question(answer: str) -> None:
    talk = asked()
    talk.hear("take me for a walk")
    talk.run()
    assert talk.hear(answer) == ["How are you?"]
    talk.run()
    assert talk.hear("sure") == ["Good to know."]


def test_silence_leads_back_too_and_the_dialog_still_ends_in_silence() -> None:
    talk = asked()
    talk.hear("take me for a walk")
    assert talk.run(2) == ["How are you?"]
    talk.until("idle")


def test_said_once_more_it_is_as_good_as_a_yes() -> None:
    talk = asked()
    assert talk.hear("mend for 9 minutes") == ["Would you like to mend this now?"]
    assert talk.hear("I need to mend this") == ["For 9 minutes."]


def test_with_yes_it_begins_at_once_unless_two_have_to_be_asked() -> None:
    assert asked("yes").hear("take me for a walk") == ["Step outside."]
    assert asked("yes").hear("I need to mend this") == ["Would you like to mend this now?"]


def test_with_no_it_is_not_even_heard() -> None:
    talk = asked("no")
    assert talk.hear("take me for a walk") == ["Pack: pardon?"]
    assert talk.means("trigger", "walk") == []
    assert asked(head="others: no").hear("take me for a walk") == ["Pack: pardon?"]


def test_a_question_goes_before_its_dialog() -> None:
    assert asked("yes", head="others: no").hear("take me for a walk") == ["Step outside."]


def test_the_dialogs_own_triggers_do_nothing_while_it_runs() -> None:
    talk = asked()
    assert talk.hear("check in") == ["Pack: pardon?"]
    talk.until("listening")
    talk.hear("take me for a walk")
    talk.run()
    talk.hear("sure")
    assert talk.means("trigger", "day") == []


def test_elsewhere_than_at_a_question_they_do_nothing() -> None:
    talk = asked()
    talk.hear("sure")
    assert talk.what == "saying"
    assert talk.hear("take me for a walk") == []
    assert talk.means("trigger", "walk") == []


def test_what_may_start_anywhere_starts_without_asking_also_while_another_is_asked_about() -> None:
    assert asked().hear("breathe with me") == ["Breathe 3."]
    talk = asked()
    talk.hear("take me for a walk")
    assert talk.hear("breathe with me") == ["Breathe 3."]
    assert talk.state.pending == ""
    assert talk.run() == ["How are you?"]


def test_the_same_that_may_start_anywhere_with_another_length_while_one_is_asked_about() -> None:
    more = BREATH.replace('{a: [{say: "Breathe {minutes}."}]}', LONGER)
    talk = Talk(more, WALK)
    talk.hear("breathe with me")
    talk.until("listening")
    talk.hear("take me for a walk")
    assert talk.hear("breathe for 7 minutes") == ["Breathe 7."]
    assert talk.state.pending == ""


def test_pause_and_continue_while_it_is_asked_about() -> None:
    talk = asked()
    talk.hear("take me for a walk")
    talk.until("confirm_listening")
    assert talk.hear("pause") == ["Paused."]
    assert talk.hear("go on") == ["A walk?"]
    talk.run()
    assert talk.hear("start over") == ["How are you?"]
    assert talk.state.pending == ""


def test_stop_and_safety_while_it_is_asked_about() -> None:
    talk = asked()
    talk.hear("take me for a walk")
    talk.hear("stop")
    assert (talk.state.frames, talk.state.pending) == ((), "")
    talk = asked()
    talk.hear("take me for a walk")
    assert talk.hear("I'm scared") == ["Call your local number now."]


def test_not_sure_it_was_said_it_is_asked_about() -> None:
    from voice_ally.core.events import Heard, Meaning

    talk = asked("yes")
    doubtful = Heard(talk.at, Meaning("trigger", "walk"), decision=Decision.CONFIRM)
    assert talk.event(doubtful) == ["A walk?"]


def test_an_answer_goes_before_a_trigger_of_the_same_words() -> None:
    same = WALK.replace("take me for a walk", "sure")
    talk = Talk(day(), same)
    talk.hear("check in")
    talk.until("listening")
    assert talk.hear("sure") == ["Good to know."]


def test_changed_meanwhile_the_question_is_put_again() -> None:
    talk = asked()
    talk.hear("take me for a walk")
    gone = Talk(day()).pack
    from voice_ally import engine

    talk._take(engine.use(talk.pack, gone, talk.state, talk.at))
    assert talk.state.pending == ""
    assert (talk.what, talk.state.last_said) == ("asking", "How are you?")
    talk = asked()
    talk.hear("take me for a walk")
    other = Talk(day().replace("How are you?", "How is it?"), WALK).pack
    talk._take(engine.use(talk.pack, other, talk.state, talk.at))
    assert talk.state.pending == "walk"
    words = Understandings(vocabulary(other)).of(phrases_for(other, talk.state))
    assert words.match("sure")
    shorter = Talk(day().replace("ask:", "say: hello\n    - ask:"), WALK).pack
    talk._take(engine.use(other, shorter, talk.state, talk.at))
    talk.until("idle")


def test_taken_up_again_after_a_restart_it_is_asked_again() -> None:
    talk = asked()
    talk.hear("take me for a walk")
    again = Talk(day(), WALK, MEND, BREATH, state=talk.state)
    assert again.state.last_said == "A walk?"
    again.run()
    assert again.hear("sure") == ["Step outside."]
