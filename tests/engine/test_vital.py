"""Stop, goodbye, exit and safety win, whatever a pack says beside them."""

from dataclasses import replace

import pytest

from tests.engine.test_engine import SHARED, Talk, dialog
from tests.language.packs import SAFETY, small_files, small_pack
from voice_ally.checker.whole_pack import check
from voice_ally.core import actions as do
from voice_ally.core.events import DevicesLost
from voice_ally.engine.armed import phrases_for
from voice_ally.engine.state import State
from voice_ally.interpret.understanding import Understanding
from voice_ally.language.model import Pack
from voice_ally.language.reader import ReadResult, read_pack, vocabulary

TALKS = dialog(
    "  a: [{ask: Well?, answers: {(stop|goodbye|what's the weather|I'm scared): b}}]\n"
    "  b: [{hold: {for: 60s, until: (stop|goodbye|what's the weather|I'm scared)}}, {say: Gone.}]"
)


@pytest.mark.parametrize("doing", ["listening", "holding"])
@pytest.mark.parametrize(
    ("words", "left"),
    [("stop", []), ("goodbye", []), ("what's the weather", []), ("I'm scared", ["safety"])],
)
def test_what_is_vital_wins_over_an_answer_with_the_same_words(
    doing: str, words: str, left: list[str]
) -> None:
    talk = Talk(TALKS)
    talk.hear("begin")
    talk.until("listening")
    if doing == "holding":
        talk.means("answer", "0")
    assert talk.what == doing
    talk.hear(words)
    assert [one.dialog for one in talk.state.frames] == left


def test_a_pause_that_sounds_like_fear_is_taken_for_fear() -> None:
    talk = Talk(TALKS, shared=SHARED.replace("pause: [pause]", "pause: [I'm scared]"))
    talk.hear("begin")
    talk.hear("I'm scared")
    assert [one.dialog for one in talk.state.frames] == ["safety"]


def meant(pack: Pack, words: str) -> str:
    """What somebody means with these words while nothing is running."""
    understood = Understanding.of(phrases_for(pack, State()), vocabulary(pack), pack.not_meant)
    found = understood.match(words)
    return found.phrase.meaning.name if found else ""


def over_small(**files: bytes) -> ReadResult:
    return read_pack({f"{name}.yaml": text for name, text in files.items()}, over=small_pack())


def test_a_stop_of_ones_own_comes_beside_the_plain_one() -> None:
    pack = over_small(phrases=b'commands: {stop: ["halt"], goodbye: ["so long"]}').pack
    assert [meant(pack, one) for one in ("halt", "stop", "stop now")] == ["stop"] * 3
    assert [meant(pack, one) for one in ("so long", "goodbye")] == ["goodbye"] * 2


def test_a_pack_in_another_language_stops_in_its_own_words() -> None:
    result = over_small(phrases=b'language: de\ncommands: {stop: ["halt"]}')
    assert result.pack.commands["stop"] == ("halt",)


def test_the_exit_phrase_may_be_one_that_nobody_else_knows() -> None:
    before = read_pack(
        {
            **small_files(),
            "phrases.yaml": b'commands: {stop: [stop], exit: ["what is the weather"]}',
        }
    ).pack
    pack = read_pack({"phrases.yaml": b'commands: {exit: ["where is the cat"]}'}, over=before).pack
    assert meant(pack, "where is the cat") == "exit"
    assert meant(pack, "what is the weather") == ""


def test_what_is_said_in_fear_is_understood_beside_a_phrase_of_ones_own() -> None:
    own = SAFETY.replace(b'"I\'m (scared|afraid)"', b'"red balloon please"')
    assert own != SAFETY
    pack = over_small(safety=own).pack
    assert [meant(pack, one) for one in ("red balloon please", "I'm scared")] == ["safety"] * 2
    other = over_small(safety=own, phrases=b"language: de").pack
    assert meant(other, "I'm scared") == ""


@pytest.mark.parametrize("words", ["stop", "goodbye", "I'm scared"])
def test_no_pack_can_make_nothing_of_what_is_vital(words: str) -> None:
    result = over_small(phrases=f'not_meant: ["{words}", "never mind that"]'.encode())
    assert [one.code for one in result.problems] == ["VA035"]
    assert result.pack.not_meant == ("never stop", "never mind that")
    assert meant(result.pack, words) in ("stop", "goodbye", "safety")


def test_a_pack_made_by_hand_that_makes_nothing_of_stop_is_an_error() -> None:
    pack = replace(small_pack(), not_meant=("stop", "stop it"))
    told = [one for one in check(pack) if one.code == "VA035"]
    assert told
    assert all("but not_meant makes nothing of it" in one.message for one in told)


@pytest.mark.parametrize("words", ["stop", "goodbye", "what is the weather", "I'm scared"])
def test_an_answer_that_can_never_be_heard_is_an_error(words: str) -> None:
    result = over_small(
        phrases=b'commands: {exit: ["what is the weather"]}',
        extra=(
            "dialog: extra\ntriggers: [begin]\n"
            f'steps: {{a: [{{ask: "Well?", answers: {{"{words}": {{end: true}}}}}}]}}'
        ).encode(),
    )
    assert [(one.code, one.severity) for one in check(result.pack)] == [("VA035", "error")]


PROMISES = dialog("  a: [{remind: {in: 20m, run: talk}}, {say: Rest.}, {hold: 60s}]")


@pytest.mark.parametrize(
    ("words", "drops"),
    [("what's the weather", True), ("I'm scared", True), ("stop", False), ("goodbye", False)],
)
def test_after_the_exit_or_fear_nothing_comes_back_by_itself(words: str, drops: bool) -> None:
    talk = Talk(PROMISES)
    talk.hear("begin")
    talk.hear(words)
    assert bool(talk.some(do.ForgetReminders)) is drops


def test_the_weather_asked_for_while_nothing_runs_keeps_what_was_promised() -> None:
    talk = Talk(PROMISES)
    assert talk.hear("what's the weather") == ["It looks mild."]
    assert not talk.some(do.ForgetReminders)


def test_fear_drops_what_was_promised_also_while_nothing_runs() -> None:
    talk = Talk(PROMISES)
    talk.hear("I'm scared")
    assert talk.some(do.ForgetReminders)


@pytest.mark.parametrize("words", ["stop", "goodbye", "what's the weather", "I'm scared"])
def test_what_is_vital_works_while_a_device_is_gone(words: str) -> None:
    talk = Talk(TALKS)
    talk.hear("begin")
    talk.event(DevicesLost(talk.at))
    assert talk.what == "away"
    talk.hear(words)
    left = [one.dialog for one in talk.state.frames]
    assert left == (["safety"] if words == "I'm scared" else [])
    assert talk.what != "away"
