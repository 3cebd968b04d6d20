"""Holds and turns in which somebody speaks: when each is over, and what is kept of the words."""

from collections.abc import Mapping

import pytest

from tests.language.packs import small_files
from tests.runtime.test_interrupting import Ears, Mouth
from voice_ally.core.speech import SpeechStarted, Utterance
from voice_ally.interpret.understanding import Understandings
from voice_ally.language.reader import read_pack, vocabulary
from voice_ally.runtime.event_log import EventLog
from voice_ally.runtime.reminders import Reminders
from voice_ally.runtime.session import Session, WhileSpeaking
from voice_ally.runtime.timers import MOST_OVERTIME_SECONDS
from voice_ally.ui.plain import PlainLines
from voice_ally.ui.rehearsal import SilentSounds
from voice_ally.ui.view import View

HOLD = "hold: {for: 60s, chime: soft}"
UNTIL_QUIET = "hold: {for: 60s, until_quiet: 6s, until: [I am done], chime: soft}"
TURN = "turn: {speaker: first, for: 60s, warn: 20s, until_quiet: 6s}"
SECRET = "the lake at dawn"


class Talk:
    """A session in which the word was given at second 0."""

    def __init__(self, step: str, *, begun: bool = True) -> None:
        text = f'dialog: told\ntriggers: [begin]\nsteps: {{a: [{{{step}}}, {{say: "Thanks."}}]}}\n'
        result = read_pack({**small_files(), "told.yaml": text.encode()})
        assert result.problems == ()
        known = Understandings(vocabulary(result.pack), result.pack.not_meant)
        self.told: list[tuple[float, str, Mapping[str, object]]] = []
        self.shown: list[str] = []
        self.view = View()
        self.mouth = Mouth()
        log = EventLog()
        log.watch(lambda at, event, data: self.told.append((at, event, dict(data))))
        log.watch(PlainLines(self.shown.append, warn=self.shown.append))
        log.watch(self.view.take)
        self.session = Session(
            result.pack,
            known.of,
            ears=Ears(),
            mouth=self.mouth,
            sounds=SilentSounds(),
            log=log,
            reminders=Reminders(None, lambda: 0.0, lambda: 0.0),
            while_speaking=WhileSpeaking.ALL,
        )
        self.session.begin(0.0, "told" if begun else "")

    def says(self, text: str, start: float, end: float) -> None:
        self.pass_time(start)
        self.session.heard(SpeechStarted(start))
        self.pass_time(end)
        self.session.heard(Utterance(end + 0.5, "", 1.0, start, end, text))

    def pass_time(self, until: float) -> None:
        while (due := self.session.next_deadline()) <= until:
            self.session.tick(due)

    def chimes(self) -> list[float]:
        return [at for at, event, _ in self.told if event == "chimed"]


def test_nobody_is_interrupted_when_the_time_is_up() -> None:
    talk = Talk(HOLD)
    talk.says("so I told her", 50.0, 90.0)
    assert talk.chimes() == []
    talk.pass_time(100.0)
    assert talk.chimes() == [92.0]


def test_without_a_word_a_hold_ends_on_its_time() -> None:
    for step in (HOLD, UNTIL_QUIET):
        talk = Talk(step)
        talk.pass_time(100.0)
        assert talk.chimes() == [60.0]


def test_a_radio_left_on_does_not_hold_it_up_for_ever() -> None:
    talk = Talk(HOLD)
    talk.session.heard(SpeechStarted(5.0))
    talk.pass_time(60.0 + MOST_OVERTIME_SECONDS - 1)
    assert talk.chimes() == []
    talk.pass_time(60.0 + MOST_OVERTIME_SECONDS)
    assert len(talk.chimes()) == 1


def test_who_has_fallen_silent_is_not_kept_waiting() -> None:
    talk = Talk(UNTIL_QUIET)
    for start, end in ((3.0, 9.0), (12.0, 20.0)):
        talk.says("we went to the lake", start, end)
    talk.pass_time(100.0)
    assert talk.chimes() == [26.0]


def test_so_in_a_turn_whose_warning_comes_while_they_speak() -> None:
    talk = Talk(TURN)
    talk.says("it was not your fault", 30.0, 44.0)
    talk.pass_time(100.0)
    assert talk.chimes() == [40.0, 50.0], "a soft sound beside the words, and the end"


def test_a_microphone_that_went_away_in_the_middle_of_a_word_holds_nothing_up() -> None:
    talk = Talk(HOLD)
    talk.session.heard(SpeechStarted(5.0))
    talk.session.device_lost("microphone", 6.0, "gone")
    talk.session.device_back("microphone", 7.0)
    talk.pass_time(200.0)
    assert len(talk.chimes()) == 1


OPEN = 'ask: "And what was good today?", answers: {"<no>": {end: true}, anything: []}'


@pytest.mark.parametrize("found", ["", SECRET])
def test_of_an_answer_in_any_words_nothing_is_kept_or_shown(found: str) -> None:
    talk = Talk(OPEN)
    talk.session.sound_over(talk.mouth.sounding.pop(), 1.0)
    talk.session.heard(SpeechStarted(2.0))
    talk.session.heard(Utterance(4.5, found, 0.4, 2.0, 4.0, SECRET))
    heard = [data for _, event, data in talk.told if event == "heard"]
    assert [(one["text"], one["intent"], one["slots"]) for one in heard] == [("", "anything", {})]
    assert "Thanks." in "".join(talk.shown)
    everything = repr((talk.told, talk.shown, talk.view, talk.session.state))
    assert "lake" not in everything


def test_its_own_voice_is_nobodys_answer() -> None:
    talk = Talk(OPEN)
    talk.session._performing.may_echo = talk.session._performing.deciding.may_echo = True
    talk.session.heard(SpeechStarted(0.5))
    talk.session.heard(Utterance(1.2, "", 0.4, 0.5, 1.0, "what was good today"))
    assert [event for _, event, _ in talk.told if event in ("heard", "rejected")] == ["rejected"]
    assert "Thanks." not in "".join(talk.shown)


def test_a_dialog_is_offered_to_who_is_quiet_and_to_nobody_who_has_spoken() -> None:
    def begun(talk: Talk) -> list[object]:
        return [data["dialog"] for _, event, data in talk.told if event == "started"]

    quiet = Talk(HOLD, begun=False)
    quiet.session.offer("told", 6.0)
    assert begun(quiet) == ["told"]
    quiet.session.offer("told", 7.0)
    quiet.session.offer("not there", 7.0)
    assert begun(quiet) == ["told"], "one runs already"
    spoken = Talk(HOLD, begun=False)
    spoken.session.heard(SpeechStarted(5.0))
    spoken.session.offer("told", 6.0)
    assert begun(spoken) == []
