"""Commands that used to be met with nothing at all, as conversations."""

import pytest

from tests.engine.test_engine import ASIDE, COLOURS, CONFIRMED, SHARED, Talk
from voice_ally.core import actions as do
from voice_ally.core.events import Heard, Meaning
from voice_ally.core.speech import Decision

ANSWERING = SHARED.replace(
    "lines:",
    "lines:\n"
    '  one_can_continue: "You can say go on."\n'
    '  no_time_running: "No time is running."\n'
    "  loudest: Loudest.\n  quietest: Quietest.\n  slowest: Slowest.\n  fastest: Fastest.",
)
OTHER = (
    CONFIRMED.replace("talk", "other").replace("begin", "something else").replace("Off", "Other")
)


def asked(*more: str) -> Talk:
    talk = Talk(COLOURS, *more, shared=ANSWERING)
    talk.hear("colours")
    return talk.until("listening")


def confirming(*more: str) -> Talk:
    talk = Talk(CONFIRMED, *more, shared=ANSWERING)
    assert talk.hear("begin") == ["Shall we?"]
    return talk.until("confirm_listening")


def test_while_paused_only_what_counts_then_is_offered() -> None:
    talk = asked()
    talk.hear("pause")
    assert talk.hear("help") == ["You can say go on."]
    assert talk.hear("go on") == ["Red or blue?"]
    assert talk.hear("help") == ["You can say red, or blue one, or yes."]


@pytest.mark.parametrize("start", [asked, confirming])
def test_more_time_at_a_question_is_a_minute_from_now_on(start: type) -> None:
    talk = start()
    what, old = talk.what, talk.state.doing.ticket
    assert talk.hear("longer", after=10) == []
    assert (talk.what, talk.state.doing.seconds) == (what, 60.0)
    assert talk.some(do.Wait) == [do.Wait(talk.state.doing.ticket, 60.0, for_speech=True)]
    assert talk.state.doing.ticket != old


@pytest.mark.parametrize("start", [asked, confirming])
def test_how_long_at_a_question_is_answered_and_the_question_waits_on(start: type) -> None:
    talk = start()
    what = talk.what
    assert talk.hear("how long", after=10) == ["No time is running."]
    assert (talk.what, talk.state.doing.since) == (what, talk.at)
    assert talk.hear("yes") != []


def test_how_long_while_paused_is_answered_and_it_stays_paused() -> None:
    talk = asked()
    talk.hear("pause")
    assert talk.hear("how long") == ["No time is running."]
    assert talk.what == "paused"


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("louder", "Loudest."),
        ("quieter", "Quietest."),
        ("slower", "Slowest."),
        ("faster", "Fastest."),
    ],
)
def test_beyond_its_limit_it_says_so(command: str, line: str) -> None:
    talk = asked()
    said = [talk.hear(command) for _ in range(12)]
    at_the_limit = said.index([line])
    assert at_the_limit > 1
    assert said == [[]] * at_the_limit + [[line]] * (12 - at_the_limit)


def test_beyond_its_limit_it_keeps_out_of_a_line_that_sounds() -> None:
    talk = asked()
    for _ in range(12):
        talk.hear("louder")
    talk.hear("repeat")
    assert talk.what == "asking"
    assert talk.hear("louder") == []


# -- while a start is confirmed --------------------------------------------------------


@pytest.mark.parametrize("sounding", [True, False])
def test_a_moment_before_the_answer_is_given(sounding: bool) -> None:
    talk = Talk(CONFIRMED)
    talk.hear("begin")
    if not sounding:
        talk.run()
    assert talk.hear("pause", after=9) == []
    assert (talk.what, talk.state.doing.since) == ("confirm_listening", talk.at)
    assert talk.some(do.Wait)
    assert talk.hear("yes") == ["Off we go."]


def test_asking_for_it_again_is_a_yes() -> None:
    talk = Talk(CONFIRMED.replace("[begin]", "[begin, 'begin {minutes}']"))
    talk.hear("begin 5")
    talk.run()
    assert talk.hear("begin") == ["Off we go."]
    assert talk.state.frame.slots["minutes"] == 5


def test_asking_for_it_again_in_words_that_may_be_others_asks_again() -> None:
    talk = confirming()
    doubtful = Heard(talk.at, Meaning("trigger", "talk"), "begin", decision=Decision.CONFIRM)
    assert talk.event(doubtful) == ["Shall we?"]
    assert talk.state.pending == "talk"


def test_asking_for_something_else_asks_about_that() -> None:
    talk = confirming(OTHER.replace("dialog: other", "dialog: other\nanywhere: yes"))
    assert talk.hear("something else") == ["Shall we?"]
    assert (talk.reasons, talk.state.pending) == (["replaced"], "other")
    assert talk.hear("yes") == ["Other we go."]


def test_asking_for_something_that_needs_no_yes_starts_it() -> None:
    talk = confirming(COLOURS.replace("dialog: colours", "dialog: colours\nanywhere: yes"))
    assert talk.hear("colours") == ["Hello you."]
    assert talk.state.pending == ""


def test_a_plain_yes_is_not_listened_for_among_everything_that_can_be_asked_for() -> None:
    """With all triggers armed, the bundled model took a clear yes for nothing it could believe."""
    talk = confirming(COLOURS)
    triggers = {one.meaning.name for one in talk.armed if one.meaning.kind == "trigger"}
    assert triggers == {"talk", "safety"}


def test_a_no_is_a_no_though_it_also_starts_something() -> None:
    not_now = "dialog: not_now\ntriggers: [nope]\nsteps: {a: [{say: Later.}]}"
    talk = confirming(not_now.replace("dialog: not_now", "dialog: not_now\nanywhere: yes"))
    assert talk.hear("nope") == []
    assert talk.reasons == ["declined"]


# -- once more, but otherwise ----------------------------------------------------------

REST = (
    "dialog: rest\nanywhere: yes\nslots: {minutes: 3, mood: none}\n"
    "triggers: [rest, 'rest {minutes}', 'rest {mood}']\n"
    "steps: {a: [{say: '{minutes}, {mood}.'}, {breathe: {for: '{minutes} minutes'}}]}"
)


def test_the_same_pause_with_another_length_begins_anew() -> None:
    talk = Talk(REST)
    assert talk.hear("rest 9") == ["9, none."]
    talk.until("breathing")
    assert talk.hear("rest") == [], "it is what goes on already"
    assert talk.what == "breathing"
    assert talk.hear("rest sad") == ["9, sad."]
    assert talk.some(do.Cut)
    assert talk.hear("rest 5") == ["5, sad."]
    assert len(talk.state.frames) == 1


def test_what_the_pause_interrupted_comes_after_it_all_the_same() -> None:
    talk = Talk(REST, COLOURS)
    talk.hear("colours")
    talk.hear("rest")
    talk.hear("rest 1")
    talk.until("breathing")
    while talk.what == "breathing":
        said = talk.run()
    assert said == ["Hello you."]


def test_what_help_names_takes_its_place() -> None:
    """At its end nobody is back in the help."""
    helping = "dialog: help\ntriggers: [assist]\nsteps: {a: [{say: Helping.}, {hold: 60s}]}"
    talk = Talk(helping, ASIDE)
    talk.hear("help")
    talk.run()
    assert talk.hear("aside") == ["Rest."]
    assert [one.dialog for one in talk.state.frames] == ["aside"]
    assert talk.run() == []
    assert talk.what == "idle"
