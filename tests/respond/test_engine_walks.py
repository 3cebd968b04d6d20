"""Random conversations over every bundled dialog: nothing raises, and stop always stops."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_ally.core import actions as do
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
from voice_ally.respond import engine
from voice_ally.respond.reader import read_folders

PACK = read_folders([Path(__file__).parents[2] / "dialogs" / "en"]).pack
EVERY_DIALOG = pytest.mark.parametrize("dialog", sorted(PACK.dialogs))
MOST_SILENT_STEPS = 1_500
SLOTS = st.dictionaries(
    st.sampled_from(["minutes", "feeling", "need", "pattern", "guide"]),
    st.integers(-1, 30) | st.sampled_from(["", "sad", "box", "silent", "a few"]),
    max_size=2,
)


def armed_in(actions: tuple[do.Action, ...], before: tuple[do.Phrase, ...]) -> list[do.Phrase]:
    return list(next((one.phrases for one in actions if isinstance(one, do.Listen)), before))


@EVERY_DIALOG
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_a_random_walk_never_raises_and_can_always_be_stopped(
    dialog: str, data: st.DataObject
) -> None:
    state, actions = engine.start(PACK, engine.begin(PACK)[0], dialog, 0.0)
    armed = armed_in(actions, ())
    at = 0.0
    for _ in range(data.draw(st.integers(0, 25))):
        at += data.draw(st.sampled_from([0.0, 0.5, 3.0, 15.0, 200.0]))
        ticket = state.doing.ticket - data.draw(st.sampled_from([0, 0, 0, 1]))
        kind = data.draw(st.sampled_from("hhhhuftxdlb"))
        event: Event = Unclear(at)
        if kind == "h":
            phrase = data.draw(st.sampled_from(armed))
            event = Heard(at, phrase.meaning, "", data.draw(SLOTS))
        elif kind == "d":
            event = Due(at, data.draw(st.sampled_from(sorted(PACK.dialogs))))
        elif kind in "lb":
            event = (DevicesLost if kind == "l" else DevicesBack)(at)
        elif kind != "u":
            event = {"f": Finished, "t": TimedOut, "x": Failed}[kind](at, ticket)
        state, actions = engine.step(PACK, state, event)
        armed = armed_in(actions, armed)
        assert {"safety", "stop", "goodbye", "exit"} <= {one.meaning.name for one in armed}
        stopped, _ = engine.step(PACK, state, Heard(at, Meaning("command", "stop")))
        assert (stopped.frames, stopped.pending, stopped.doing.what) == ((), "", "idle")


@EVERY_DIALOG
def test_under_silence_every_dialog_reaches_its_end(dialog: str) -> None:
    state, actions = engine.start(PACK, engine.begin(PACK)[0], dialog, 0.0)
    at, waits = 0.0, dict[int, float]()
    for _ in range(MOST_SILENT_STEPS):
        if not state.frames:
            return
        for one in actions:
            if isinstance(one, do.Wait | do.Phase):
                waits[one.ticket] = one.seconds
        ticket = state.doing.ticket
        at += waits.get(ticket, 2.0)
        over = TimedOut if ticket in waits else Finished
        state, actions = engine.step(PACK, state, over(at, ticket))
    raise AssertionError(f"{dialog} goes on and on")
