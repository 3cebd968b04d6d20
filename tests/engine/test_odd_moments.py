"""Moments that random walks seldom meet, each made on purpose."""

from dataclasses import replace

import pytest

from tests.engine.test_engine import Talk, dialog
from tests.engine.walking import Walker
from tests.language.packs import small_files, small_pack
from voice_ally import engine
from voice_ally.core.events import DevicesLost, Meaning, Recalled
from voice_ally.engine.saving import restored, saved
from voice_ally.engine.state import Doing, State
from voice_ally.engine.state_migration import suits, with_country
from voice_ally.engine.walk import Walk
from voice_ally.language.model import Pack
from voice_ally.language.reader import read_pack
from voice_ally.language.spoken import spoken_words
from voice_ally.language.wording import about

LINES = b"""
dialog: talk
triggers: ["let us talk"]
steps:
  begin:
    - say: "One."
    - say: "Two."
    - hold: 90s
"""


def pack_with(talk: bytes) -> Pack:
    return read_pack({**small_files(), "talk.yaml": talk}, named="small/").pack


def test_a_line_put_above_the_one_being_said_moves_the_place_with_it() -> None:
    walker = Walker(pack_with(LINES)).start("talk")
    walker.goes_on()
    assert walker.said == ["One.", "Two."]
    walker.use(
        pack_with(LINES.replace(b'    - say: "One."\n', b'    - say: "One."\n    - say: "New."\n'))
    )
    walker.goes_on()
    assert walker.state.frame.cursor[-1] == 3


def test_what_was_paused_stays_paused_though_its_place_has_changed() -> None:
    walker = Walker(pack_with(LINES)).start("talk")
    walker.goes_on()
    walker.goes_on()
    walker.hear(Meaning("command", "pause"))
    walker.use(pack_with(LINES.replace(b"hold: 90s", b'say: "Something else."')))
    assert walker.state.doing.what == "paused"
    walker.hear(Meaning("command", "continue"))
    assert walker.said.count("One.") == 2, "its step, from the beginning"


def test_nothing_suits_a_place_where_nothing_stands() -> None:
    pack = small_pack()
    assert not suits(Walk(pack, Walker(pack).start("calm").state, 0.0), Doing("idle"))


def test_an_answer_about_promises_that_nobody_asked_for_is_nothing() -> None:
    walker = Walker(small_pack()).start("calm")
    before = walker.state
    walker.step(Recalled(walker.at, 99, (60.0,)))
    assert walker.state == before


@pytest.mark.parametrize("what", ["recalling", "idle"])
def test_what_was_being_looked_up_is_looked_up_again(what: str) -> None:
    walker = Walker(small_pack()).start("calm")
    state = replace(walker.state, doing=Doing(what))
    again, actions = engine.use(walker.pack, walker.pack, state, walker.at)
    assert again.doing.what == "asking"
    assert actions


@pytest.mark.parametrize("text", ["{}", "[]", "3", '{"frames": 1}', '{"frames": [{"no": 1}]}'])
def test_what_is_no_saved_state_is_said_to_be_none(text: str) -> None:
    with pytest.raises(ValueError, match="no saved state"):
        restored(text)


def test_a_template_that_cannot_be_used_says_no_word() -> None:
    pack = replace(small_pack(), not_meant=("(never closed", "plain words"))
    assert {"plain", "words"} <= spoken_words(pack)
    assert "never" not in spoken_words(pack)


def test_long_times_are_told_in_hours_and_days() -> None:
    told = [about(hours * 3600.0, beyond_an_hour=True) for hours in (3, 30, 72)]
    assert told[0] == "three hours"
    assert "day" in told[2]


def test_restored_as_it_was_while_a_device_was_gone_it_goes_on() -> None:
    pack = pack_with(LINES)
    walker = Walker(pack).start("talk")
    walker.goes_on()
    walker.goes_on()
    walker.step(DevicesLost(walker.at))
    assert walker.state.doing.what == "away"
    state, _ = engine.begin(pack, walker.state, walker.at)
    assert state.doing.what == "holding"


def test_restored_paused_it_waits_for_continue() -> None:
    pack = pack_with(LINES)
    walker = Walker(pack).start("talk")
    walker.goes_on()
    walker.goes_on()
    walker.hear(Meaning("command", "pause"))
    assert walker.state.doing.what == "paused"
    state, _ = engine.begin(pack, walker.state, walker.at)
    assert state.doing.what == "paused"


def test_restored_where_its_dialog_is_gone_it_is_over() -> None:
    walker = Walker(pack_with(LINES)).start("talk")
    walker.goes_on()
    state, actions = engine.begin(small_pack(), walker.state, walker.at)
    assert not state.frames
    assert actions


def test_where_its_step_has_another_name_it_goes_on_at_the_beginning() -> None:
    walker = Walker(pack_with(LINES)).start("talk")
    walker.goes_on()
    walker.use(pack_with(LINES.replace(b"  begin:", b"  opening:")))
    assert walker.state.frame.cursor[0] == "opening"
    walker.goes_on()
    assert walker.said[-1] in ("One.", "Two.")


def test_what_a_detour_left_begins_its_step_again_where_its_place_has_changed() -> None:
    """Not behind the first line of it: of that nobody has heard."""
    detour = b'dialog: talk\ntriggers: ["let us talk"]\nsteps: {a: [{detour: aside}, {say: "Z."}]}'
    changed = b'dialog: talk\ntriggers: ["let us talk"]\nsteps: {b: [{say: "B."}, {say: "C."}]}'
    aside = b'dialog: aside\ntriggers: ["rest now"]\nsteps: {a: [{say: "Rest."}]}'
    old, new = (
        read_pack({**small_files(), "talk.yaml": talk, "aside.yaml": aside}).pack
        for talk in (detour, changed)
    )
    walker = Walker(old).start("talk")
    assert walker.said == ["Rest."]
    walker.use(new)
    walker.goes_on()
    assert walker.said == ["Rest.", "B."]


def test_what_is_asked_about_is_forgotten_with_its_dialog() -> None:
    both = LINES.replace(b"triggers:", b'for: two\nconfirm: "Now?"\ntriggers:')
    walker = Walker(pack_with(both))
    walker.hear(Meaning("trigger", "talk"))
    assert walker.state.pending == "talk"
    walker.use(small_pack())
    assert (walker.state.pending, walker.state.frames) == ("", ())


def test_restored_while_a_question_was_open_it_is_asked_again() -> None:
    pack = pack_with(LINES.replace(b"triggers:", b'for: two\nconfirm: "Now?"\ntriggers:'))
    walker = Walker(pack)
    walker.hear(Meaning("trigger", "talk"))
    state, actions = engine.begin(pack, walker.state, walker.at)
    assert state.pending == "talk"
    assert actions


def test_a_pack_without_words_for_it_tells_no_promises_and_goes_on() -> None:
    pack = replace(pack_with(LINES.replace(b'say: "One."', b"recall: reminders")), lines={})
    walker = Walker(pack).start("talk")
    assert walker.said == ["Two."]


def test_saved_in_the_middle_of_things_it_is_restored_the_same() -> None:
    walker = Walker(pack_with(LINES)).start("talk")
    walker.goes_on()
    state = restored(saved(walker.state))
    assert state == walker.state
    assert Walker(walker.pack, state).said == ["Two."], "the line is said again"


def test_saved_just_after_it_was_called_nobody_has_called() -> None:
    called = State(wake="hey ally", doing=Doing("called", 1, 0.0, 0.3))
    state, _ = engine.begin(small_pack(), called)
    assert state.doing.what == "idle"


QUIET = dialog("  {step}: [{{say: One.}}, {{pause: 20s}}, {{say: Two.}}]")


def test_back_after_a_step_was_renamed_while_it_paused() -> None:
    talk = Talk(QUIET.format(step="first"))
    talk.start("talk")
    talk.means("command", "pause")
    renamed = Talk(QUIET.format(step="other")).pack
    talk.state, _ = engine.use(talk.pack, renamed, talk.state, talk.at)
    talk.pack = renamed
    talk.means("command", "back")
    assert (talk.what, talk.state.last_said) == ("saying", "One.")


def test_back_after_the_step_before_was_made_shorter() -> None:
    two = "dialog: talk\ntriggers: [begin]\nsteps:\n  a: [{}]\n  b: [{{say: B.}}]"
    talk = Talk(two.format("{say: A.}, {ask: 'Well?', answers: {sure: b}}"))
    talk.start("talk")
    talk.run()
    talk.hear("sure")
    shorter = Talk(two.format("{say: A.}")).pack
    talk.state, _ = engine.use(talk.pack, shorter, talk.state, talk.at)
    talk.pack = shorter
    talk.means("command", "back")
    assert talk.state.last_said == "A."


def test_a_wake_phrase_in_the_middle_of_a_dialog_does_nothing() -> None:
    talk = Talk(QUIET.format(step="first"))
    talk.start("talk")
    before = talk.state
    talk.means("wake", "wake")
    assert talk.state == before


def test_corrected_numbers_of_a_country_are_spoken_at_once_also_in_a_dialog_under_way() -> None:
    talk = Talk(state=State(country_slots={"emergency_number": "111", "help_line": "Old"}))
    talk.hear("I'm scared")
    renewed = with_country(talk.state, talk.pack, {"emergency_number": "112"})
    assert renewed.country_slots == {"emergency_number": "112"}
    assert renewed.frame.slots["emergency_number"] == "112"
    assert renewed.frame.slots["help_line"] == ""
    none = with_country(renewed, talk.pack, {})
    assert none.frame.slots["emergency_number"] == "your local number"
    gone = with_country(renewed, Pack(), {})
    assert gone.frame.slots["emergency_number"] == ""
