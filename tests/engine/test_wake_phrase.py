"""With a wake phrase: who is heard while nothing is running, and who is not."""

import pytest

from tests.language.packs import small_pack
from voice_ally import engine
from voice_ally.app.parts import wake_phrase
from voice_ally.core import actions as do
from voice_ally.core.errors import SettingsProblem
from voice_ally.core.events import Event, Heard, TimedOut
from voice_ally.engine.armed import phrases_for
from voice_ally.engine.calling import AWAKE_SECONDS, BREATH_SECONDS
from voice_ally.engine.state import Doing, State
from voice_ally.interpret.understanding import Understandings
from voice_ally.language.reader import vocabulary
from voice_ally.settings.settings import Settings

PACK = small_pack()
UNDERSTANDINGS = Understandings(vocabulary(PACK), PACK.not_meant)


class Room:
    """Somebody talks in it."""

    def __init__(self, wake: str = "hey ally") -> None:
        self.state, self.actions = engine.begin(PACK, State(wake=wake))
        self.at = 0.0

    def step(self, event: Event) -> "Room":
        self.state, self.actions = engine.step(PACK, self.state, event)
        return self

    def says(self, text: str) -> "Room":
        """Nothing happens where it has no meaning."""
        understanding = UNDERSTANDINGS.of(phrases_for(PACK, self.state))
        assert understanding.grammar.accepts(text) or not understanding.match(text)
        match = understanding.match(text)
        self.actions = ()
        if match is None:
            return self
        return self.step(Heard(self.at, match.phrase.meaning, text, match.slots))

    def is_quiet(self) -> "Room":
        """Until what it waits for has run out."""
        doing = self.state.doing
        self.at += doing.seconds
        return self.step(TimedOut(self.at, doing.ticket))

    @property
    def runs(self) -> str:
        return self.state.frame.dialog if self.state.frames else self.state.pending

    @property
    def chimes(self) -> bool:
        return any(isinstance(one, do.Chime) for one in self.actions)


def test_without_it_nothing_begins() -> None:
    assert Room().says("please calm me").runs == ""
    assert Room("").says("please calm me").runs == "calm"


def test_in_one_breath() -> None:
    room = Room().says("hey ally five minutes")
    assert room.runs == "calm"
    assert room.state.frame.slots["minutes"] == 5


def test_called_first_then_told_what_for() -> None:
    room = Room().says("hey ally")
    assert (room.runs, room.chimes, room.state.doing.seconds) == ("", False, BREATH_SECONDS)
    assert room.is_quiet().chimes, "it answers with a tone"
    assert room.state.doing.seconds == AWAKE_SECONDS
    assert room.says("please calm me").runs == "calm"


def test_who_goes_on_at_once_hears_no_tone() -> None:
    assert Room().says("hey ally").says("please calm me").runs == "calm"


def test_called_and_then_silent() -> None:
    room = Room().says("hey ally").is_quiet().is_quiet()
    assert room.state == State(wake="hey ally", ticket=room.state.ticket)
    assert room.says("please calm me").runs == "", "asleep again"


def test_called_again_while_awake() -> None:
    room = Room().says("hey ally").is_quiet().says("hey ally")
    assert room.state.doing.what == "called"
    assert room.says("hey ally please calm me").runs == "calm"


@pytest.mark.parametrize("before", ["", "hey ally "])
def test_safety_and_stop_never_need_it(before: str) -> None:
    assert Room().says(f"{before}i'm scared").runs == "safety"
    armed = UNDERSTANDINGS.of(phrases_for(PACK, State(wake="hey ally")))
    for text in ("stop", "goodbye"):
        match = armed.match(f"{before}{text}")
        assert match is not None
        assert match.phrase.meaning.name == text


def test_within_a_script_nothing_changes() -> None:
    room = Room().says("hey ally please calm me")
    plain = Room("").says("please calm me")
    assert phrases_for(PACK, room.state) == phrases_for(PACK, plain.state)
    assert room.says("hey ally").actions == ()


def test_what_is_not_meant_is_not_meant_behind_it_either() -> None:
    room = Room().says("hey ally never stop")
    assert (room.runs, room.actions) == ("", ())


def test_what_comes_to_nothing_is_heard_as_itself() -> None:
    """So that it is not bent to the same words with a wake phrase before them."""
    grammar = UNDERSTANDINGS.of(phrases_for(PACK, State(wake="hey ally"))).grammar
    assert grammar.accepts("please calm me")


def test_a_saved_state_wakes_up_asleep() -> None:
    for what in ("called", "awake"):
        state, _ = engine.begin(PACK, State(wake="hey ally", doing=Doing(what, 3, 0.0, 8.0)))
        assert state.doing == Doing()


def test_words_that_mean_something_already_are_a_mistake() -> None:
    assert wake_phrase(Settings(wake="Hey, Ally!"), PACK) == "hey ally"
    assert wake_phrase(Settings(), PACK) == ""
    with pytest.raises(SettingsProblem) as caught:
        wake_phrase(Settings(wake="stop now"), PACK)
    assert str(caught.value) == (
        'The wake phrase "stop now" means stop already.'
        ' Set wake to other words, such as "hey ally".'
    )
