"""Random conversations over every bundled dialog and over generated ones.

Nothing raises; stop, and safety, work in every state; in silence every conversation comes to its
end; "back" returns; a state that was saved goes on as the one that was not; and whatever an author
changes meanwhile, it goes on.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.generated import PACKS
from tests.engine.walking import STOP, Walker
from tests.language.packs import small_pack
from voice_ally.checker.whole_pack import check
from voice_ally.core.events import (
    DevicesBack,
    DevicesLost,
    Due,
    Event,
    Failed,
    Finished,
    Heard,
    Meaning,
    TimedOut,
    Unclear,
)
from voice_ally.engine.places import place_before, task_at
from voice_ally.engine.saving import restored, saved
from voice_ally.language.model import Ask, Go, Pack, Say, When
from voice_ally.language.reader import read_folders

PACK = read_folders([Path(__file__).parents[2] / "dialogs" / "en"]).pack
EVERY_DIALOG = pytest.mark.parametrize("dialog", sorted(PACK.dialogs))
SAFETY = Meaning("trigger", "safety")
SLOTS = st.dictionaries(
    st.sampled_from(["minutes", "feeling", "need", "pattern", "guide"]),
    st.integers(-1, 30) | st.sampled_from(["", "sad", "box", "silent", "a few"]),
    max_size=2,
)
KINDS = st.sampled_from("hhhhhuftttxdlb")
WALKS = settings(max_examples=8, deadline=None)
GENERATED = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def an_event(walker: Walker, data: st.DataObject) -> Event:
    at = walker.at + data.draw(st.sampled_from([0.0, 0.5, 3.0, 15.0, 200.0]))
    kind = data.draw(KINDS)
    if kind == "h":
        phrase = data.draw(st.sampled_from(walker.armed))
        return Heard(at, phrase.meaning, "", data.draw(SLOTS))
    if kind == "d":
        return Due(at, data.draw(st.sampled_from(sorted(walker.pack.dialogs))))
    if kind in "lb":
        return (DevicesLost if kind == "l" else DevicesBack)(at)
    if kind == "u":
        return Unclear(at)
    ticket = walker.state.doing.ticket - data.draw(st.sampled_from([0, 0, 0, 1]))
    return {"f": Finished, "t": TimedOut, "x": Failed}[kind](at, ticket)


def stops_and_is_safe(walker: Walker) -> None:
    assert {"safety", "stop"} <= {one.meaning.name for one in walker.armed}
    stopped = walker.copy()
    stopped.hear(STOP)
    state = stopped.state
    assert (state.frames, state.pending, state.doing.what) == ((), "", "idle")
    afraid = walker.copy()
    afraid.hear(SAFETY)
    assert [frame.dialog for frame in afraid.state.frames] == ["safety"]


def walk(walker: Walker, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(0, 20))):
        walker.step(an_event(walker, data))
        stops_and_is_safe(walker)


@EVERY_DIALOG
@WALKS
@given(data=st.data())
def test_stop_and_safety_work_in_every_state_and_silence_ends_it(
    dialog: str, data: st.DataObject
) -> None:
    walker = Walker(PACK).start(dialog)
    walk(walker, data)
    assert walker.in_silence(), "it goes on and on"


@EVERY_DIALOG
def test_under_silence_every_dialog_reaches_its_end(dialog: str) -> None:
    assert Walker(PACK).start(dialog).in_silence(), "it goes on and on"


@GENERATED
@given(pack=PACKS, data=st.data())
def test_the_same_of_dialogs_nobody_wrote(pack: Pack, data: st.DataObject) -> None:
    walker = Walker(pack).start(data.draw(st.sampled_from(sorted(pack.dialogs))))
    walk(walker, data)
    if not any(one.code in ("VA024", "VA025", "VA029") for one in check(pack)):
        assert walker.in_silence(), "check found no circle, and yet it goes on and on"


@GENERATED
@given(pack=st.just(PACK) | PACKS, data=st.data())
def test_a_state_that_was_saved_goes_on_as_the_one_that_was_not(
    pack: Pack, data: st.DataObject
) -> None:
    walker = Walker(pack).start(data.draw(st.sampled_from(sorted(pack.dialogs))))
    for _ in range(data.draw(st.integers(0, 8))):
        walker.step(an_event(walker, data))
    other = walker.copy()
    other.state = restored(saved(walker.state))
    assert other.state == walker.state
    for _ in range(data.draw(st.integers(0, 8))):
        event = an_event(walker, data)
        walker.step(event)
        other.step(event)
        assert (other.state, other.said, other.armed) == (walker.state, walker.said, walker.armed)
    again = Walker(pack, restored(saved(walker.state)))
    stops_and_is_safe(again)
    assert [one.dialog for one in again.state.frames] == [one.dialog for one in walker.state.frames]


@GENERATED
@given(old=st.just(PACK) | PACKS, new=st.just(small_pack()) | PACKS, data=st.data())
def test_whatever_an_author_changes_meanwhile_it_goes_on(
    old: Pack, new: Pack, data: st.DataObject
) -> None:
    walker = Walker(old).start(data.draw(st.sampled_from(sorted(old.dialogs))))
    for pack in (new, old, new):
        for _ in range(data.draw(st.integers(0, 6))):
            walker.step(an_event(walker, data))
        walker.use(pack)
        stops_and_is_safe(walker)
    again = Walker(old, restored(saved(walker.state)))
    walk(again, data)
    walk(walker, data)


NUMBERS = st.integers(0, 999)


@GENERATED
@given(
    pack=st.just(PACK) | PACKS,
    dialog=NUMBERS,
    moves=st.lists(st.tuples(st.sampled_from("hhhufft"), NUMBERS), max_size=12),
)
def test_back_returns_to_the_place_before(
    pack: Pack, dialog: int, moves: list[tuple[str, int]]
) -> None:
    names = sorted(pack.dialogs)
    walker = Walker(pack).start(names[dialog % len(names)])
    for kind, number in moves:
        at = walker.at + number % 4 * 5.0
        ticket = walker.state.doing.ticket
        phrase = walker.armed[number % len(walker.armed)]
        walker.step(
            {
                "h": Heard(at, phrase.meaning),
                "u": Unclear(at),
                "f": Finished(at, ticket),
                "t": TimedOut(at, ticket),
            }[kind]
        )
    frames = walker.state.frames
    if not frames or walker.state.pending or len(frames[-1].trail) < 2:
        return
    before = place_before(pack, frames[-1])
    walker.hear(Meaning("command", "back"))
    if before is not None:
        place, _ = before
        task = task_at(pack, pack.dialogs[frames[-1].dialog], place)
        assert walker.state.frame.dialog == frames[-1].dialog
        assert walker.state.frame.cursor[: len(task) - 1] == task[:-1]
        assert int(task[-1]) <= int(walker.state.frame.cursor[len(task) - 1]) <= int(place[-1])


def test_back_after_going_elsewhere_asks_the_question_before() -> None:
    walker = Walker(PACK).start("repair")
    while walker.state.doing.what != "listening":
        walker.goes_on()
    walker.hear(Meaning("answer", "0"))
    assert walker.said[-1] == "And you: are you willing too?"
    walker.hear(Meaning("command", "back"))
    assert walker.said[-1] == "One of you first: are you willing to try this now?"


def test_nobody_is_asked_for_ever_by_a_question_that_leads_back_to_itself() -> None:
    again = (Say(any=("I am here.",)),), (Go(step="begin"),)
    question = Ask(any=("Are you there?",), answers=(), silence=again)
    step = (When(conditions=(), then=(question,), otherwise=()),)
    dialog = replace(PACK.dialogs["repair"], id="asks", start="begin", steps={"begin": step})
    pack = replace(PACK, dialogs={**PACK.dialogs, "asks": dialog})
    walker = Walker(pack).start("asks")
    assert walker.in_silence()
    assert walker.said.count("Are you there?") == 16, "thirty silences, two to each question"
