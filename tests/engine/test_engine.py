"""Dialogs followed as conversations: somebody talks, lets it run, or says nothing."""

from typing import Self

import pytest

from voice_ally import engine
from voice_ally.core import actions as do
from voice_ally.core.events import (
    Due,
    Event,
    Failed,
    Finished,
    Heard,
    Meaning,
    SlotValue,
    TimedOut,
    Unclear,
)
from voice_ally.engine import commands
from voice_ally.engine.armed import phrases_of
from voice_ally.engine.breathing import SETTLE_SECONDS
from voice_ally.engine.state import State
from voice_ally.interpret.understanding import Understandings
from voice_ally.language.intents import intent_of
from voice_ally.language.model import Ask, Condition, Duration, Pack
from voice_ally.language.phrasebook import plainest
from voice_ally.language.reader import read_pack, vocabulary
from voice_ally.language.reserved import COMMANDS
from voice_ally.language.wording import about, fill, holds, number_in, seconds_of

SHARED = """
rules: {yes: "(yes|sure)", no: "(no|nope)", done: "(done|finished)"}
lists:
  minutes: {from: 1, to: 20}
  mood: [sad, {say: "(worn out|exhausted)", means: worn out}]
commands:
  stop: [stop]
  goodbye: [goodbye]
  exit: ["what's the weather"]
  pause: [pause]
  continue: ["go on"]
  repeat: [repeat]
  back: ["go back"]
  skip: [skip]
  help: [help]
  slower: [slower]
  faster: [faster]
  louder: [louder]
  quieter: [quieter]
  longer: [longer]
  how_long: ["how long"]
  start_over: ["start over"]
  quiet: ["be quiet"]
lines:
  paused: "Paused."
  devices_back: "There you are."
  nothing_before: "Nothing came before."
  you_can_say: "You can say {options}."
  one_can_stop: "You can say stop."
  how_long_left: "About {minutes} left."
  exit_reply: "It looks mild."
  confirm_help: "Say yes or no."
  reminder_intro: "You asked me to come back."
  breathe_in: "In."
  breathe_hold: "Hold."
  breathe_out: "Out."
  breathe_rest: "Rest."
wait: 12s
silence: [{say: "Pack: take your time."}, {say: "Pack: no hurry."}]
unclear: [{say: "Pack: pardon?"}]
"""
SAFETY = """
dialog: safety
anywhere: yes
voice: low
triggers: ["I'm scared"]
slots: {emergency_number: your local number}
steps:
  a: [{say: "Call {emergency_number} now."}, {pause: 2s}]
"""
COLOURS = """
dialog: colours
triggers: [colours]
slots: {name: you}
steps:
  first: [{say: "Hello {name}."}]
  asking:
    - ask: "Red or blue?"
      answers:
        red: red
        "[the] blue (one|colour)": [{say: "Blue it is."}]
        "{mood}": [{say: "So you are {mood}."}]
        "<yes>": red
  between: [{say: "Between."}]
  red: [{say: "Red it is."}]
"""


class Talk:
    """One conversation. What each turn made it say comes back as a list of lines."""

    def __init__(self, *dialogs: str, shared: str = SHARED, state: State | None = None) -> None:
        files = {"phrases.yaml": shared.encode()}
        for text in (SAFETY, *dialogs):
            name = text.split("dialog:", 1)[1].split()[0]
            files[f"{name}.yaml"] = text.encode()
        result = read_pack(files)
        assert result.problems == ()
        self.pack: Pack = result.pack
        self.at = 0.0
        self.waits: dict[int, float] = {}
        self.actions: tuple[do.Action, ...] = ()
        self.armed: tuple[do.Phrase, ...] = ()
        self._words = Understandings(vocabulary(self.pack))
        self._take(engine.begin(self.pack, state))

    def _take(self, result: engine.Result) -> list[str]:
        self.state, self.actions = result
        for action in self.actions:
            if isinstance(action, do.Wait | do.Phase):
                self.waits[action.ticket] = action.seconds
            if isinstance(action, do.Listen):
                self.armed = action.phrases
        return [one.text for one in self.actions if isinstance(one, do.Say)]

    @property
    def what(self) -> str:
        return self.state.doing.what

    @property
    def reasons(self) -> list[object]:
        notes = (one for one in self.actions if isinstance(one, do.Note))
        return [one.data["reason"] for one in notes if one.event == "ended"]

    def some(self, kind: type) -> list:
        return [one for one in self.actions if isinstance(one, kind)]

    def event(self, event: Event) -> list[str]:
        self.at = event.at
        return self._take(engine.step(self.pack, self.state, event))

    def start(self, dialog: str) -> list[str]:
        return self._take(engine.start(self.pack, self.state, dialog, self.at))

    def hear(self, text: str, after: float = 0.0) -> list[str]:
        match = self._words.of(self.armed).match(text)
        at = self.at + after
        if match is None:
            return self.event(Unclear(at))
        return self.event(Heard(at, match.phrase.meaning, text, match.slots))

    def means(self, kind: str, name: str, **slots: SlotValue) -> list[str]:
        return self.event(Heard(self.at, Meaning(kind, name), "", slots))

    def run(self, times: int = 1) -> list[str]:
        """Let the line, sound or time under way come to its end, nobody speaking."""
        said = []
        for _ in range(times):
            ticket = self.state.doing.ticket
            seconds = self.waits.get(ticket)
            if seconds is None:
                said += self.event(Finished(self.at + 1, ticket))
            else:
                said += self.event(TimedOut(self.at + seconds, ticket))
        return said

    def until(self, what: str) -> Self:
        for _ in range(50):
            if self.what == what:
                return self
            self.run()
        raise AssertionError(f"never {what}, but {self.what}")


def dialog(steps: str, head: str = "") -> str:
    return f"dialog: talk\ntriggers: [begin]\n{head}\nsteps:\n{steps}"


# -- starting --------------------------------------------------------------------------


CONFIRMED = dialog('  a: [{say: "Off we go."}]', 'confirm: "Shall we?"')


def test_a_yes_starts_what_was_to_be_confirmed() -> None:
    talk = Talk(CONFIRMED)
    assert talk.hear("begin") == ["Shall we?"]
    assert talk.run() == []
    assert talk.what == "confirm_listening"
    assert talk.hear("sure") == ["Off we go."]
    assert talk.run() == []
    assert talk.reasons == ["finished"]


@pytest.mark.parametrize("kind", ["no", "silence"])
def test_a_no_or_silence_starts_nothing(kind: str) -> None:
    talk = Talk(CONFIRMED)
    talk.hear("begin")
    if kind == "no":
        assert talk.hear("nope") == []
    else:
        assert talk.run(2) == []
    assert talk.reasons == ["declined" if kind == "no" else "no answer"]
    assert (talk.what, talk.state.pending) == ("idle", "")


def test_an_unclear_confirmation_is_explained_once() -> None:
    talk = Talk(CONFIRMED)
    talk.hear("begin")
    assert talk.hear("hmm") == []
    talk.run()
    assert talk.hear("hmm") == ["Say yes or no."]
    talk.run()
    assert talk.hear("hmm") == []
    assert talk.reasons == ["not understood"]


def test_during_a_confirmation() -> None:
    talk = Talk(
        CONFIRMED, 'dialog: calm\nanywhere: yes\ntriggers: [calm]\nsteps: {a: [{say: "C"}]}'
    )
    talk.hear("begin")
    assert talk.hear("repeat") == ["Shall we?"]
    assert talk.hear("help") == ["Say yes or no."]
    talk.run()
    assert talk.hear("repeat") == ["Shall we?"]
    talk.run()
    for nothing in ("pause", "go on", "go back", "longer", "how long", "start over"):
        assert talk.hear(nothing) == []
        assert talk.what == "confirm_listening"
    assert talk.hear("calm") == ["C"]
    assert talk.state.pending == ""


def test_stop_while_confirming_ends_it() -> None:
    talk = Talk(CONFIRMED)
    talk.hear("begin")
    talk.hear("stop")
    assert talk.reasons == ["stopped"]
    assert talk.state.pending == ""


def test_without_rules_plain_yes_and_no_confirm() -> None:
    bare = "lines: {}\ncommands: {}"
    talk = Talk(CONFIRMED, shared=bare)
    talk.hear("begin")
    assert [one.template for one in talk.armed if one.meaning.kind == "answer"] == ["yes", "no"]
    talk.run()
    assert talk.hear("hmm") == []
    assert talk.state.pending == ""


def test_a_line_the_pack_leaves_empty_is_not_said() -> None:
    talk = Talk(CONFIRMED, shared="commands: {}")
    talk.start("talk")
    assert talk.means("command", "pause") == []
    assert talk.what == "paused"


def test_a_trigger_may_fill_slots() -> None:
    talk = Talk(
        "dialog: timed\ntriggers: ['{minutes} minutes']\nslots: {minutes: 3}\n"
        'steps: {a: [{say: "For {minutes} minutes."}]}'
    )
    assert talk.hear("1 minutes") == ["For 1 minute."]


def test_started_by_hand_it_replaces_what_ran() -> None:
    talk = Talk(COLOURS, CONFIRMED)
    assert talk.start("colours") == ["Hello you."]
    assert talk.start("talk") == ["Off we go."]
    assert talk.reasons == ["replaced"]
    assert talk.start("unknown") == []
    assert talk.what == "saying"


# -- questions -------------------------------------------------------------------------


def test_an_answer_leads_to_its_step() -> None:
    talk = Talk(COLOURS).until("idle")
    talk.hear("colours")
    assert talk.run() == ["Red or blue?"]
    assert talk.some(do.Note)[0].event == "asked"
    assert talk.hear("red") == ["Red it is."]
    talk.run()
    assert (talk.what, talk.reasons) == ("idle", ["finished"])


def test_behind_an_answers_own_lines_the_script_goes_on() -> None:
    talk = Talk(COLOURS)
    talk.hear("colours")
    talk.until("listening")
    assert talk.hear("the blue colour") == ["Blue it is."]
    assert talk.run(2) == ["Between.", "Red it is."]


def test_an_answer_fills_a_slot() -> None:
    talk = Talk(COLOURS)
    talk.hear("colours")
    talk.until("listening")
    assert talk.hear("exhausted") == ["So you are worn out."]
    assert talk.state.frame.slots["mood"] == "worn out"


def test_impossible_answers_change_nothing() -> None:
    talk = Talk(COLOURS)
    assert talk.means("answer", "0") == []
    talk.hear("colours")
    assert talk.means("answer", "0") == []
    talk.until("listening")
    for name in ("7", "²", "yes", "", "-1"):
        assert talk.means("answer", name) == []
        assert talk.what == "listening"
    for kind, name in (("until", "until"), ("command", "dance"), ("trigger", "x"), ("?", "")):
        assert talk.means(kind, name) == []
        assert talk.what == "listening"


def escalating(own: bool, dialogs: bool) -> str:
    head = "wait: 7s\nsilence: [{say: D1}, {say: D2}, {say: D3}]\n" if dialogs else ""
    head += "unclear: [{say: DU1}, {say: DU2}]" if dialogs else ""
    mine = "{ask: Q, answers: {<yes>: [{say: Y}]}"
    mine += ", wait: 5s, silence: [{say: O1}], unclear: [{say: OU1}]}" if own else "}"
    return dialog(f"  a: [{mine}]", head)


@pytest.mark.parametrize(
    ("own", "dialogs", "wait", "silence", "unclear"),
    [
        (True, True, 5, ["O1", "D2", "D3"], ["OU1", "DU2"]),
        (False, True, 7, ["D1", "D2", "D3"], ["DU1", "DU2"]),
        (True, False, 5, ["O1", "Pack: no hurry."], ["OU1"]),
        (False, False, 12, ["Pack: take your time.", "Pack: no hurry."], ["Pack: pardon?"]),
    ],
)
def test_silence_and_unclear_words_escalate_from_question_to_dialog_to_pack_to_an_end(
    own: bool, dialogs: bool, wait: float, silence: list[str], unclear: list[str]
) -> None:
    talk = Talk(escalating(own, dialogs))
    talk.hear("begin")
    talk.run()
    assert talk.some(do.Wait) == [do.Wait(talk.state.doing.ticket, wait, for_speech=True)]
    for line in silence:
        assert talk.run() == [line]
        assert talk.run() == []
        assert talk.what == "listening"
    assert talk.run() == []
    assert talk.reasons == ["silence"]

    talk = Talk(escalating(own, dialogs))
    talk.hear("begin")
    for line in unclear:
        assert talk.hear("mumble") == [line]
        talk.run()
    assert talk.hear("mumble") == []
    assert talk.reasons == ["unclear"]


def test_what_silence_leads_to_may_choose_and_ask() -> None:
    talk = Talk(
        dialog(
            "  a:\n"
            "    - ask: Q\n"
            "      answers: {red: [{say: R}], blue: [{ask: Sure?, answers: {<yes>: [{say: S}]}}]}\n"
            "      silence: [[{when: {x: 1}, then: [{say: X}], else: [{say: E}]}, {say: F}]]\n"
            "  b: [{say: B}]"
        )
    )
    talk.hear("begin")
    talk.run()
    assert talk.run(3) == ["E", "F"]
    assert talk.what == "listening"
    assert talk.hear("blue") == ["Sure?"]
    talk.run()
    assert talk.run() == ["Pack: take your time."]
    talk.run()
    assert talk.hear("yes") == ["S"]
    assert talk.run() == ["B"]


def test_unclear_words_mean_nothing_where_nothing_was_asked() -> None:
    talk = Talk(COLOURS)
    assert talk.hear("mumble") == []
    talk.hear("colours")
    assert talk.hear("mumble") == []
    assert talk.what == "saying"


# -- from dialog to dialog -------------------------------------------------------------


DETOUR = dialog(
    "  a:\n"
    "    - ask: Ready?\n"
    "      answers:\n"
    "        <yes>: b\n"
    "        <no>: {detour: aside}\n"
    "        wait: [{detour: aside}, {say: Well.}]\n"
    "      silence: [{detour: aside}]\n"
    "  b: [{detour: aside}, {say: B}]"
)
ASIDE = "dialog: aside\ntriggers: [aside]\nanywhere: yes\nsteps: {a: [{say: Rest.}, {end: yes}]}"


def test_a_detour_comes_back_and_asks_again() -> None:
    talk = Talk(DETOUR, ASIDE)
    talk.hear("begin")
    assert talk.hear("no") == ["Rest."]
    assert talk.run() == ["Ready?"]
    assert talk.hear("wait") == ["Rest."]
    assert talk.run() == ["Well."]
    assert talk.run() == ["Rest."]
    assert talk.run() == ["B"]


def test_what_a_detour_came_back_to_is_told_with_its_end() -> None:
    def ended() -> list[tuple[object, object]]:
        told = [one.data for one in talk.some(do.Note) if one.event == "ended"]
        return [(one["dialog"], one.get("goes_on")) for one in told]

    talk = Talk(dialog("  a: [{detour: aside}, {say: Z}]"), ASIDE)
    talk.start("talk")
    assert talk.run() == ["Z"]
    assert ended() == [("aside", talk.pack.dialogs["talk"].title)]
    talk.run()
    assert ended() == [("talk", None)]


def test_a_detour_out_of_silence_does_not_go_on_for_ever() -> None:
    talk = Talk(DETOUR, ASIDE)
    talk.hear("begin")
    assert talk.run(5) == ["Rest.", "Ready?", "Pack: no hurry."]
    assert talk.run(2) == []
    assert talk.what == "idle"


def test_a_dialog_from_anywhere_interrupts_and_what_it_interrupted_starts_again() -> None:
    talk = Talk(COLOURS, ASIDE)
    talk.hear("colours")
    assert talk.hear("aside") == ["Rest."]
    assert talk.means("trigger", "aside") == []
    assert talk.means("trigger", "colours") == []
    assert talk.hear("start over") == ["Rest."]
    assert talk.run() == ["Hello you."]


def test_dialogs_inside_dialogs_end_somewhere() -> None:
    talk = Talk(dialog("  a: [{say: A}, {detour: talk}, {say: Z}]"))
    talk.hear("begin")
    assert talk.run(16) == ["A"] * 7 + ["Z"] * 8
    assert talk.what == "idle"
    talk = Talk(dialog("  a: [{say: A}, {detour: talk}]"), ASIDE)
    talk.hear("begin")
    talk.run(7)
    assert talk.hear("aside") == ["A"]
    assert len(talk.state.frames) == 8


def test_run_hands_over_and_go_goes() -> None:
    other = "dialog: other\ntriggers: [other]\nsteps: {a: [{say: O}]}"
    talk = Talk(dialog("  a: [{go: c}]\n  b: [{say: B}]\n  c: [{say: C}, {run: other}]"), other)
    assert talk.hear("begin") == ["C"]
    assert talk.run() == ["O"]
    assert talk.reasons == ["handed over"]
    talk.run()
    assert talk.what == "idle"


@pytest.mark.parametrize(
    "steps",
    ["  a: [{go: a}]", "  a: [{set: {x: 1}}, {run: talk}]", "  a: []\n  b: [{go: a}]"],
)
def test_a_circle_without_a_pause_ends(steps: str) -> None:
    talk = Talk(dialog(steps))
    talk.hear("begin")
    assert talk.what == "idle"
    assert talk.reasons[-1] == "goes in circles"


@pytest.mark.parametrize(
    ("condition", "branch"),
    [
        ("{n: 4}", "then"),
        ("{n: [3, 5]}", "else"),
        ("{n: {over: 3}}", "then"),
        ("{n: {over: 4}}", "else"),
        ("{n: {under: 5}}", "then"),
        ("{word: {under: 5}}", "else"),
        ("{word: {known: yes}}", "then"),
        ("{nobody: {known: no}}", "then"),
        ("{nobody: {over: 1}}", "else"),
        ("{n: 4, word: four}", "then"),
        ("{n: 4, word: five}", "else"),
    ],
)
def test_set_and_when(condition: str, branch: str) -> None:
    talk = Talk(
        dialog(
            f"  a: [{{set: {{n: 4, word: 'fo{{end}}'}}}}, {{when: {condition}, then: "
            "[{say: then}], else: [{say: else}]}, {say: after}]",
            "slots: {end: ur}",
        )
    )
    assert talk.hear("begin") == [branch]
    assert talk.run() == ["after"]


def test_reminders_set_and_forgotten() -> None:
    talk = Talk(
        dialog(
            "  a: [{remind: {in: '{n} minutes', run: talk}}, {forget: reminders}, {say: A}]",
            "slots: {n: 5}",
        )
    )
    talk.hear("begin")
    assert talk.some(do.Remind) == [do.Remind(300.0, "talk")]
    assert talk.some(do.ForgetReminders)


# -- time ------------------------------------------------------------------------------


def test_a_hold_ends_when_they_are_done_or_when_its_time_is_up() -> None:
    steps = "  a: [{hold: {for: 60s, until: [<done>], chime: bell}}, {hold: 5s}, {say: A}]"
    talk = Talk(dialog(steps))
    talk.hear("begin")
    assert do.Phrase("<done>", Meaning("until", "until")) in talk.armed
    assert talk.hear("mumble", after=3) == []
    talk.hear("finished")
    assert talk.some(do.Chime)[0].sound == "bell"
    talk.run()
    assert talk.run() == ["A"]

    talk = Talk(dialog(steps))
    talk.hear("begin")
    talk.run()
    assert (talk.at, talk.what, talk.some(do.Chime)[0].sound) == (60, "closing", "bell")


TURNS = dialog(
    "  a: [{turn: {speaker: first, for: '{minutes} minutes', warn: 15s, until: [<done>]}}]\n"
    "  b: [{turn: {speaker: second, for: 9m}}]\n"
    "  c: [{say: Thanks.}]",
    "slots: {minutes: 2}",
)


def test_turns_are_equally_long_with_a_warning() -> None:
    talk = Talk(TURNS)
    talk.hear("begin")
    assert talk.some(do.Wait)[0].seconds == 105
    talk.run()
    assert talk.some(do.Chime)[0].sound == "soft"
    assert talk.some(do.Wait)[0].seconds == 15
    talk.run()
    assert (talk.at, talk.what) == (120, "closing")
    talk.run()
    assert talk.some(do.Wait)[0].seconds == 120
    talk.run()
    assert talk.what == "closing"
    assert talk.run() == ["Thanks."]


def test_the_second_gets_as_much_after_pause_longer_and_done() -> None:
    talk = Talk(TURNS)
    talk.hear("begin")
    talk.hear("pause", after=100)
    talk.hear("go on", after=50)
    assert talk.some(do.Wait)[0].seconds == 5
    talk.hear("longer")
    assert talk.some(do.Wait)[0].seconds == 65
    talk.hear("done", after=1)
    talk.run()
    assert talk.some(do.Wait)[0].seconds == 180
    talk.hear("longer")
    assert talk.some(do.Wait)[0].seconds == 240


def test_a_turn_shorter_than_its_warning_has_none() -> None:
    talk = Talk(dialog("  a: [{turn: {speaker: first, for: 10s, warn: 15s}}]"))
    talk.hear("begin")
    assert talk.some(do.Wait)[0].seconds == 10
    talk.run()
    assert talk.what == "closing"


# -- breathing -------------------------------------------------------------------------


def breathing(what: str) -> Talk:
    talk = Talk(dialog(f"  a: [{{breathe: {what}}}, {{say: After.}}]"))
    talk.hear("begin")
    return talk


def phases(talk: Talk) -> list[do.Phase]:
    found = []
    while talk.what == "breathing":
        found += talk.some(do.Phase)
        talk.run()
    return found


@pytest.mark.parametrize(
    ("pattern", "one_round"),
    [
        ("pattern: equal", [5, 5]),
        ("pattern: long exhale", [4, 6]),
        ("pattern: box", [4, 4, 4, 4]),
        ("pattern: 4-7-8", [4, 7, 8]),
        ("pattern: sigh", [2.5, 1, 6]),
        ("in: 3s, hold: 1s, out: 6s", [3, 1, 6]),
    ],
)
def test_the_phases_are_exact_and_a_breath_is_never_cut(
    pattern: str, one_round: list[float]
) -> None:
    talk = breathing(f"{{{pattern}, rounds: 8}}")
    found = phases(talk)
    assert [one.seconds for one in found] == one_round * 8
    assert talk.at == pytest.approx(SETTLE_SECONDS + sum(one_round) * 8)
    assert talk.what == "saying"
    assert talk.state.last_said == "After."


def test_the_cues_thin_out() -> None:
    found = phases(breathing("{rounds: 12}"))
    cued = [number // 2 for number, one in enumerate(found) if one.cue]
    assert cued == [0, 0, 1, 1, 2, 3, 5, 11]
    assert [one.cue for one in found[:5]] == ["In.", "Out.", "In.", "Out.", "In."]
    sighs = phases(breathing("{pattern: sigh, rounds: 1}"))
    assert [one.cue for one in sighs] == ["In.", "", "Out."]
    assert [one.on_top for one in sighs] == [False, True, False]
    assert not any(one.cue for one in phases(breathing("{rounds: 2, guide: tone}")))


def test_silent_breathing_has_a_bell_a_minute_and_no_tones() -> None:
    talk = breathing("{for: 3m, guide: silent}")
    bells = []
    while talk.what == "breathing":
        bells += [talk.at for _ in talk.some(do.Chime)]
        assert not any(one.tone or one.cue for one in talk.some(do.Phase))
        talk.run()
    assert bells == pytest.approx([SETTLE_SECONDS + one for one in (0, 60, 120)])
    talk = breathing("{for: 3m, guide: silent}")
    talk.hear("be quiet")
    assert talk.state.doing.guide == "silent"


def test_breathing_can_be_changed_under_way() -> None:
    talk = breathing("{for: 60s}")
    talk.run()
    assert talk.some(do.Phase)[0].seconds == 5
    talk.hear("slower")
    assert not talk.actions
    talk.run()
    assert talk.some(do.Phase)[0].seconds == 5.75
    for _ in range(9):
        talk.hear("slower")
    talk.run()
    assert talk.some(do.Phase)[0].seconds == 8
    for _ in range(9):
        talk.hear("faster")
    talk.hear("be quiet")
    talk.run()
    assert talk.some(do.Phase)[0].seconds == 3.5
    assert talk.some(do.Phase)[0].cue == ""
    assert talk.some(do.Phase)[0].tone
    assert talk.state.style.rate == 1.0


def test_longer_and_how_long_while_breathing() -> None:
    talk = breathing("{for: 60s}")
    talk.run()
    assert talk.hear("how long") == [], "not into the middle of a breath"
    assert talk.run() == ["About one minute left."]
    assert talk.some(do.Phase)[0].cue == "", "not both at once"
    talk.hear("longer")
    talk.hear("how long")
    assert talk.run() == ["About two minutes left."]
    assert talk.run() == [], "told once"
    assert sum(one.seconds for one in phases(talk)) == pytest.approx(105)  # three are over
    assert talk.at == pytest.approx(SETTLE_SECONDS + 120)


def test_how_long_is_told_even_after_quiet_please() -> None:
    talk = breathing("{for: 3m}")
    talk.hear("be quiet")
    talk.hear("how long")
    assert talk.run() == ["About three minutes left."]


def test_rounds_stay_as_many_at_any_tempo() -> None:
    talk = breathing("{pattern: box, rounds: 6}")
    talk.hear("how long")
    assert talk.run() == ["About two minutes left."]
    talk.hear("slower")
    assert len(phases(talk)) == 23  # the first is over
    talk = breathing("{pattern: box, rounds: 6}")
    talk.run(23)
    talk.hear("longer")
    talk.hear("how long")
    assert talk.run() == ["About one minute left."]
    assert len(phases(talk)) == 1 + 4 * 4, "a minute is four rounds more"


def test_breathing_paused_goes_on_with_the_time_left() -> None:
    talk = breathing("{for: 60s}")
    talk.run(4)
    assert talk.hear("pause", after=5) == ["Paused."]
    assert talk.some(do.Cut)
    assert talk.hear("go on", after=100) == []
    talk.run()
    assert talk.some(do.Phase)[0].name == "in"
    assert sum(one.seconds for one in phases(talk)) == pytest.approx(40)


@pytest.mark.parametrize(("before", "left"), [(0, 4), (3, 4), (7, 3), (11, 2), (15, 1)])
def test_rounds_paused_go_on_with_the_round_that_was_interrupted(before: int, left: int) -> None:
    talk = breathing("{pattern: box, rounds: 4}")
    talk.run(before)
    talk.hear("pause")
    talk.hear("go on", after=100)
    assert len(phases(talk)) == left * 4


# -- commands --------------------------------------------------------------------------


def test_pause_and_continue_wherever_it_stands() -> None:
    talk = Talk(
        dialog(
            "  a: [{say: S}, {pause: 10s}, {chime: bell}, {ask: Q, answers: {<yes>: b}}]\n"
            "  b: [{hold: 30s}]"
        )
    )
    assert talk.hear("begin") == ["S"]
    assert talk.hear("pause") == ["Paused."]
    assert talk.hear("pause") == []
    assert talk.hear("repeat") == []
    assert talk.hear("help") == ["You can say stop."]
    assert talk.hear("go on") == ["S"]
    assert talk.hear("go on") == []
    talk.run()
    talk.hear("pause", after=4)
    talk.hear("go on", after=99)
    assert talk.some(do.Wait)[0].seconds == 6
    talk.run()
    assert talk.what == "chiming"
    talk.hear("pause")
    assert talk.hear("go on") == ["Q"]
    talk.run()
    talk.hear("pause")
    assert talk.hear("go on") == ["Q"]
    talk.hear("yes")
    talk.hear("pause")
    talk.run()
    assert talk.reasons == ["left alone"]


def test_repeat() -> None:
    talk = Talk(dialog("  a: [{say: S}, {ask: Q, answers: {<yes>: b}}]\n  b: [{hold: 30s}]"))
    assert talk.means("command", "repeat") == []
    talk.hear("begin")
    assert talk.hear("repeat") == ["S"]
    talk.run()
    assert talk.hear("repeat") == ["Q"]
    talk.run()
    assert talk.hear("repeat") == ["Q"]
    talk.hear("yes")
    assert talk.hear("repeat") == ["Q"]
    assert talk.what == "holding"


def test_back_leads_to_the_place_before_also_after_go() -> None:
    talk = Talk(
        dialog(
            "  a: [{say: A}]\n"
            "  b: [{ask: Q, answers: {<yes>: d}}]\n"
            "  c: [{say: C}]\n"
            "  d: [{say: D}, {hold: 9s}]"
        )
    )
    talk.means("command", "back")
    talk.hear("begin")
    assert talk.hear("go back") == ["Nothing came before.", "A"]
    talk.run()
    assert talk.hear("yes") == ["D"]
    talk.run()
    assert talk.hear("go back") == ["Q"]
    assert talk.hear("go back") == ["Nothing came before.", "A"]


def test_back_leads_to_the_last_place_that_waited_and_what_was_asked_there() -> None:
    talk = Talk(
        dialog(
            "  a: [{say: A}, {hold: {for: 9s, until: amen}}]\n"
            "  b: [{say: B}, {say: C}, {hold: {for: 9s, until: amen}}]\n"
            "  c: [{say: D}, {hold: {for: 9s, until: amen}}]"
        )
    )
    talk.hear("begin")
    for _ in range(2):
        talk.until("holding").hear("amen")
    talk.until("holding")
    assert talk.hear("go back") == ["B"]
    talk.until("holding")
    assert talk.hear("go back") == ["A"]
    talk.until("holding")
    assert talk.hear("go back") == ["Nothing came before.", "A"]


def test_after_a_pause_in_a_hold_what_was_asked_is_said_again() -> None:
    talk = Talk(dialog("  a: [{say: A}, {say: B}, {hold: {for: 9s, until: amen}}]"))
    talk.hear("begin")
    talk.until("holding").means("command", "pause")
    assert talk.means("command", "continue") == ["A B"]


def test_after_a_detour_in_a_hold_what_was_asked_is_said_again() -> None:
    talk = Talk(
        dialog("  a: [{say: A}, {hold: {for: 9s, until: amen}}]"),
        "dialog: aside\ntitle: Aside\nanywhere: yes\ntriggers: [look aside]\n"
        "steps:\n  a: [{say: B}]",
    )
    talk.hear("begin")
    talk.until("holding")
    assert talk.hear("look aside") == ["B"]
    assert talk.run() == ["A"]


def test_skip() -> None:
    talk = Talk(
        dialog("  a: [{say: A}, {ask: Q, answers: {<yes>: a}}, {pause: 5s}, {say: B}, {say: C}]")
    )
    talk.means("command", "skip")
    talk.hear("begin")
    assert talk.hear("skip") == ["Q"]
    assert talk.hear("skip") == []
    assert talk.what == "listening"
    talk.hear("skip")
    assert talk.what == "pausing"
    assert talk.hear("skip") == ["B"]
    talk.hear("pause")
    assert talk.hear("skip") == ["C"]


def test_help() -> None:
    helped = "{ask: Q, answers: {<yes>: [{say: Y}]}, help: You may say yes.}"
    talk = Talk(COLOURS, dialog(f"  a: [{helped}, {{hold: 9s}}]"))
    assert talk.hear("help") == []
    talk.hear("colours")
    assert talk.hear("help") == []
    talk.run()
    options = "You can say red, or blue one, or yes."
    assert talk.hear("help") == [options]
    assert talk.what == "asking"
    talk.hear("pause")
    assert talk.hear("help") == ["You can say stop."], "no answer counts now"
    talk.start("talk")
    assert talk.hear("help") == ["You may say yes."]
    talk.hear("skip")
    talk.hear("skip")
    assert talk.hear("help") == ["You can say stop."]
    talk = Talk("dialog: help\ntriggers: [assist]\nsteps: {a: [{say: Helping.}]}")
    assert talk.hear("help") == ["Helping."]


def test_slower_faster_louder_quieter_stay_within_bounds() -> None:
    talk = Talk(COLOURS)
    for command, least, most in (("slower", 0.6, 0.6), ("faster", 1.5, 1.5)):
        for _ in range(12):
            talk.hear(command)
        assert least <= talk.state.style.rate <= most
    for command, volume in (("quieter", 0.2), ("louder", 1.8)):
        for _ in range(12):
            talk.hear(command)
        assert talk.state.style.volume == volume
    talk.hear("colours")
    assert talk.some(do.Say)[0].style == do.Style(1.5, 1.8)


def test_longer_how_long_and_quiet_where_they_make_no_sense() -> None:
    talk = Talk(COLOURS)
    talk.hear("colours")
    for command in ("longer", "how long", "be quiet"):
        assert talk.hear(command) == []
        assert talk.what == "saying"
    for command in ("pause", "start_over"):
        assert Talk(COLOURS).means("command", command) == []


def test_start_over() -> None:
    talk = Talk(COLOURS)
    talk.hear("colours")
    talk.run()
    assert talk.hear("start over") == ["Hello you."]
    assert len(talk.state.frames) == 1


EVERYTHING = dialog(
    "  a: [{say: S}, {pause: 9s}, {chime: bell}, {hold: {for: 9s, chime: bell}},"
    " {turn: {speaker: first, for: 90s, warn: 9s}}, {breathe: {rounds: 1}},"
    " {ask: Q, answers: {<yes>: a}}]"
)
STATES = [
    *("idle", "saying", "pausing", "chiming", "holding", "closing", "turning", "breathing"),
    *("asking", "listening", "paused", "confirming", "confirm_listening"),
]


def talk_in(what: str) -> Talk:
    confirmed = CONFIRMED.replace("talk", "asked").replace("begin", "ask me")
    talk = Talk(EVERYTHING, confirmed, ASIDE)
    if what.startswith("confirm"):
        talk.hear("ask me")
    elif what != "idle":
        talk.hear("begin")
    if what == "paused":
        talk.hear("pause")
    return talk.until(what)


@pytest.mark.parametrize("what", STATES)
@pytest.mark.parametrize(
    ("words", "reason", "reply"),
    [
        ("stop", "stopped", []),
        ("goodbye", "goodbye", []),
        ("what's the weather", "exit", ["It looks mild."]),
    ],
)
def test_stop_goodbye_and_exit_end_everything_everywhere(
    what: str, words: str, reason: str, reply: list[str]
) -> None:
    talk = talk_in(what)
    if what != "idle":
        talk.event(Due(talk.at, "aside"))
    ticket = talk.state.doing.ticket
    assert talk.hear(words) == reply
    assert talk.reasons == ([] if what == "idle" else [reason])
    assert (talk.what, talk.state.frames, talk.state.pending) == ("idle", (), "")
    assert talk.some(do.Cut)
    assert talk.state.due == ()
    assert talk.event(Finished(talk.at, ticket)) == []
    assert talk.event(TimedOut(talk.at, ticket)) == []
    assert talk.what == "idle"


@pytest.mark.parametrize("what", STATES)
def test_safety_ends_everything_everywhere(what: str) -> None:
    talk = talk_in(what)
    assert talk.hear("I'm scared") == ["Call your local number now."]
    assert [one.dialog for one in talk.state.frames] == ["safety"]
    assert talk.some(do.Say)[0].style.low
    talk.until("idle")


def test_safety_names_the_countrys_numbers() -> None:
    talk = Talk(state=State(country_slots={"emergency_number": "112"}))
    assert talk.hear("I'm scared") == ["Call 112 now."]


def test_every_command_that_a_pack_may_have_is_done() -> None:
    assert tuple(commands._COMMANDS) == COMMANDS


@pytest.mark.parametrize("what", STATES)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_safe_everywhere(what: str, command: str) -> None:
    talk = talk_in(what)
    talk.means("command", command)
    talk.event(TimedOut(talk.at, talk.state.doing.ticket))
    talk.event(Finished(talk.at, talk.state.doing.ticket))
    talk.hear("stop")
    assert talk.what == "idle"


def test_everything_runs_to_its_end_in_silence() -> None:
    talk = talk_in("saying")
    talk.until("idle")
    assert talk.reasons == ["silence"]


# -- tickets and reminders -------------------------------------------------------------


def test_stale_tickets_are_ignored() -> None:
    talk = Talk(COLOURS)
    talk.event(TimedOut(0, 0))
    talk.event(Finished(0, 0))
    talk.hear("colours")
    old = talk.state.doing.ticket
    assert talk.event(TimedOut(1, old)) == []
    assert talk.what == "saying"
    assert talk.event(Failed(1, old)) == ["Red or blue?"]
    assert talk.event(Finished(2, old)) == []
    talk.run()
    assert talk.event(Finished(3, talk.state.doing.ticket)) == []
    assert talk.what == "listening"


def test_reminders_wait_for_quiet() -> None:
    talk = Talk(CONFIRMED, ASIDE, COLOURS)
    talk.hear("colours")
    assert talk.event(Due(1, "aside")) == []
    assert talk.event(Due(1, "talk")) == []
    assert talk.event(Due(1, "unknown")) == []
    talk.run()
    assert talk.hear("red") == ["Red it is."]
    assert talk.run() == ["You asked me to come back.", "Rest."]
    assert talk.run() == ["You asked me to come back.", "Shall we?"]
    assert talk.hear("yes") == ["Off we go."]
    talk.run()
    assert (talk.what, talk.state.due) == ("idle", ())


def test_a_line_has_several_wordings_and_the_next_ones_are_prepared() -> None:
    talk = Talk(
        dialog("  a: [{say: {any: [A, B, C]}}, {say: Next.}, {go: a}]"), state=State(seed=5)
    )
    talk.hear("begin")
    assert talk.some(do.Prepare)[0].texts[:4] == ("A", "B", "C", "Next.")
    kinds = [type(one) for one in talk.actions]
    assert kinds.index(do.Say) < kinds.index(do.Prepare), "after what is wanted now"
    said = set(talk.run(40))
    assert said == {"A", "B", "C", "Next."}


def test_the_pack_cannot_send_a_dialog_to_a_step_it_does_not_have() -> None:
    result = read_pack(
        {
            "phrases.yaml": b"silence: [{go: nowhere}]\nunclear: [{run: nothing}]",
            "talk.yaml": dialog("  a: [{say: A}]").encode(),
        }
    )
    assert [one.code for one in result.problems] == ["VA020"]
    assert result.pack.silence == ()
    assert set(result.pack.dialogs) == {"talk"}


def test_a_dialog_that_is_not_there_is_passed_over() -> None:
    result = read_pack({"phrases.yaml": b"silence: [[{run: nothing}, {say: Still here.}]]"})
    asking = read_pack(
        {"talk.yaml": dialog("  a: [{ask: Q, answers: {x: a}}]").encode()}, over=result.pack
    )
    state, actions = engine.start(asking.pack, State(), "talk", 0.0)
    asked = next(one for one in actions if isinstance(one, do.Say))
    state, actions = engine.step(asking.pack, state, Finished(1.0, asked.ticket))
    wait = next(one for one in actions if isinstance(one, do.Wait))
    _, actions = engine.step(asking.pack, state, TimedOut(9.0, wait.ticket))
    assert [one.text for one in actions if isinstance(one, do.Say)] == ["Still here."]


# -- words -----------------------------------------------------------------------------


def test_slots_leave_no_braces_and_no_odd_spaces() -> None:
    assert fill("Hello {name} , {n} minutes.", {"n": 1.0}) == "Hello, 1 minute."
    assert fill("{n} minutes", {"n": "twenty one"}) == "Twenty one minutes"
    assert fill("{n} minutes", {"n": "one"}) == "One minute"
    assert fill("{n} hours, {half}", {"n": 2, "half": 0.5}) == "2 hours, 0.5"


def test_lengths_of_time() -> None:
    slot = Duration(slot="n", unit_seconds=60)
    assert seconds_of(Duration(5), {}) == 5
    assert seconds_of(slot, {"n": 2}) == 120
    assert seconds_of(slot, {}) == seconds_of(slot, {"n": "many"}) == 60
    assert seconds_of(slot, {"n": -2}) == 0
    assert seconds_of(slot, {"n": "inf"}) == 24 * 3600
    assert number_in(None) is None
    assert [about(one) for one in (0, 29, 61, 600, 660)] == [
        *("a moment", "half a minute", "one minute", "ten minutes", "11 minutes"),
    ]


def test_a_condition_that_compares_nothing_does_not_hold() -> None:
    assert not holds(Condition("n"), {"n": 1})


def test_the_plainest_form_of_a_template() -> None:
    pack = Pack(rules={"yes": "(yes|sure)", "round": "<round>"})
    assert plainest("[oh] <yes> (please|do)", pack) == "yes please"
    assert plainest("{minutes} minutes", pack) == plainest("<round>", pack) == ""


@pytest.mark.parametrize(
    "template",
    ["(red;blue)", "<yes> [<yes>] please", "((I am|I'm) ready|ready)", "(one two|three)"],
)
def test_what_help_tells_to_say_is_understood(template: str) -> None:
    pack = Pack(rules={"yes": "(yes|yes yes)"})
    told = plainest(template, pack)
    phrase = do.Phrase(template, Meaning("answer", "0"))
    assert told and Understandings(vocabulary(pack)).of((phrase,)).match(told) is not None


def test_names_of_phrases() -> None:
    def named(template: str, kind: str = "answer") -> str:
        return intent_of(do.Phrase(template, Meaning(kind, "name")))

    assert named("x", "command") == named("x", "trigger") == "name"
    assert [named("<yes>"), named("<yes> <no>"), named("red")] == ["yes", "<yes> <no>", "red"]
    talk = Talk(COLOURS)
    ask = talk.pack.dialogs["colours"].steps["asking"][0]
    assert isinstance(ask, Ask)
    assert phrases_of(talk.pack, ask)[0].template == "red"
