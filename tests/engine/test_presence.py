"""In the middle of a dialog the microphone or the loudspeaker goes away, and comes back."""

import pytest

from tests.engine.test_engine import COLOURS, CONFIRMED, Talk, dialog
from voice_ally.core import actions as do
from voice_ally.core.events import DevicesBack, DevicesLost

BREATHING = dialog("  a: [{breathe: {pattern: box, for: 1m}}]")
WAITING = dialog('  a: [{say: "Now."}, {hold: {for: 60s, until: done}}, {say: "After."}]')


def lost(talk: Talk) -> list[str]:
    return talk.event(DevicesLost(talk.at))


def back(talk: Talk) -> list[str]:
    return talk.event(DevicesBack(talk.at))


@pytest.mark.parametrize("what", ["asking", "listening"])
def test_a_question_is_put_again_when_both_are_back(what: str) -> None:
    talk = Talk(COLOURS)
    talk.start("colours")
    talk.until(what)
    assert lost(talk) == []
    assert talk.some(do.Cut), "silence while nobody can say stop"
    assert talk.what == "away"
    assert lost(talk) == [], "the other one, too"
    assert back(talk) == ["There you are."]
    assert talk.run() == ["Red or blue?"]
    talk.run()
    assert talk.hear("red") == ["Red it is."]


def test_a_line_is_said_again_from_its_beginning() -> None:
    talk = Talk(COLOURS)
    assert talk.start("colours") == ["Hello you."]
    lost(talk)
    assert back(talk) == ["There you are."]
    assert talk.hear("repeat") == ["Hello you."], "never the line about the devices"
    assert talk.run() == ["Hello you."]


def test_a_hold_goes_on_with_the_time_that_was_left() -> None:
    talk = Talk(WAITING)
    talk.start("talk")
    talk.run()
    talk.at += 20
    lost(talk)
    talk.at += 300
    back(talk)
    talk.run()
    assert talk.waits[talk.state.doing.ticket] == pytest.approx(40)


def test_breathing_goes_on() -> None:
    talk = Talk(BREATHING)
    talk.start("talk")
    lost(talk)
    back(talk)
    talk.run()
    assert talk.what == "breathing"


def test_a_confirmation_is_asked_again() -> None:
    talk = Talk(CONFIRMED)
    talk.hear("begin")
    talk.run()
    lost(talk)
    assert back(talk) == ["There you are."]
    assert talk.run() == ["Shall we?"]


def test_what_was_paused_stays_paused() -> None:
    talk = Talk(WAITING)
    talk.start("talk")
    talk.hear("pause")
    assert lost(talk) == []
    assert back(talk) == ["There you are."]
    assert talk.what == "paused"
    assert talk.hear("go on") == ["Now."]


def test_with_nothing_running_only_the_line_is_said() -> None:
    talk = Talk(COLOURS)
    assert lost(talk) == []
    assert back(talk) == ["There you are."]
    assert talk.what == "idle"


def test_a_pack_without_the_line_goes_on_at_once() -> None:
    talk = Talk(WAITING, shared="lines: {}\ncommands: {stop: [stop]}")
    talk.start("talk")
    lost(talk)
    assert back(talk) == ["Now."]


def test_while_a_device_is_gone_only_an_end_is_obeyed() -> None:
    talk = Talk(COLOURS)
    talk.start("colours")
    lost(talk)
    for nothing in ("skip", "repeat", "go back", "pause", "start over"):
        assert talk.hear(nothing) == []
        assert talk.what == "away"
    talk.hear("stop")
    assert (talk.what, talk.reasons) == ("idle", ["stopped"])


def test_what_is_said_while_it_returns_finds_the_place_where_it_was() -> None:
    talk = Talk(COLOURS)
    talk.start("colours")
    lost(talk)
    back(talk)
    assert talk.hear("pause") == ["Paused."]
    assert talk.hear("go on") == ["Hello you."]
    lost(talk)
    back(talk)
    assert talk.hear("skip") == ["Red or blue?"]


def test_gone_again_while_it_returns() -> None:
    talk = Talk(COLOURS)
    talk.start("colours")
    lost(talk)
    back(talk)
    lost(talk)
    assert back(talk) == ["There you are."]
    assert talk.run() == ["Hello you."]


def test_after_ten_minutes_it_ends_quietly() -> None:
    talk = Talk(COLOURS)
    talk.start("colours")
    lost(talk)
    assert talk.run() == []
    assert talk.reasons == ["left alone"]
