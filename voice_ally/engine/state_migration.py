"""Another pack, or a state from elsewhere, in the middle of a conversation.

Rules: never raises, whatever the two packs and the state have in common. What is still there goes
on where it stood; where the place has changed its dialog goes on at the beginning of the step;
what has vanished is over, and what it interrupted goes on. Nobody hears of it.
"""

import itertools
from collections.abc import Mapping
from dataclasses import replace

from voice_ally.core.events import SlotValue
from voice_ally.engine import asking
from voice_ally.engine.state import (
    IDLE,
    Cursor,
    Doing,
    Frame,
    State,
    ask_around,
    instruction_at,
    tried_block,
)
from voice_ally.engine.walk import Walk
from voice_ally.language import model
from voice_ally.language.model import Block, Dialog, Pack

STANDING_STILL = ("paused", "away", "returning")
"""What was going on is kept for later."""
_STANDS_AT: dict[str, tuple[type, ...]] = {
    "saying": (model.Say, model.Recall),
    "chiming": (model.Chime,),
    "playing": (model.Play,),
    "asking": (model.Ask,),
    "listening": (model.Ask,),
    "pausing": (model.Pause,),
    "holding": (model.Hold,),
    "turning": (model.Turn,),
    "closing": (model.Hold, model.Turn),
    "breathing": (model.Breathe,),
    "recalling": (model.Recall,),
}
"""The instructions at which each doing can be."""


def carry_over(old: Pack, walk: Walk) -> None:
    """Go on with the pack of the walk where the old one left off."""
    state = walk.state
    paused = state.doing.what in STANDING_STILL
    doing = state.before if paused else state.doing
    fitted = [(frame, _fitted(old, walk.pack, frame)) for frame in state.frames]
    frames: list[Frame] = []
    moved_below = False
    for before, after in fitted:
        if after is None:
            continue
        frames.append(replace(after, redo=True) if moved_below else after)
        moved_below = after.cursor != before.cursor
    due = tuple(name for name in state.due if name in walk.pack.dialogs)
    walk.state = replace(state, frames=tuple(frames), due=due)
    if state.pending and not _may_be_pending(walk, state.pending):
        walk.cut()
        asking.drop_pending(walk, "changed")
    if not state.frames:
        return
    top_before, top_after = fitted[-1]
    if top_after is not None and top_after.cursor == top_before.cursor and suits(walk, doing):
        return
    asking.drop_pending(walk, "changed")
    if not frames:
        walk.cut()
        walk.note("ended", dialog=top_before.dialog, reason="changed")
        walk.state = replace(walk.state, doing=IDLE, before=IDLE)
    elif paused:
        walk.state = replace(walk.state, before=IDLE)
    else:
        walk.cut()
        walk.state = replace(walk.state, doing=IDLE)
        walk.go_on()


def with_country(state: State, pack: Pack, slots: Mapping[str, SlotValue]) -> State:
    """The state with these numbers of the country in place of the former, also in dialogs under
    way; where there are none any more, a dialog's own words come back."""
    frames = []
    for frame in state.frames:
        dialog = pack.dialogs.get(frame.dialog)
        own = dialog.slots if dialog is not None else {}
        former = {one: own.get(one, "") for one in state.country_slots}
        frames.append(replace(frame, slots={**frame.slots, **former, **slots}))
    return replace(state, country_slots=slots, frames=tuple(frames))


def suits(walk: Walk, doing: Doing) -> bool:
    """Can this be what is going on where the top frame stands?"""
    if walk.state.pending:
        return ask_around(walk.pack, walk.state.frame) is not None
    if doing.what not in _STANDS_AT:
        return False
    instruction = instruction_at(walk.pack, walk.state.frame)
    return isinstance(instruction, _STANDS_AT[doing.what])


def _may_be_pending(walk: Walk, name: str) -> bool:
    """Is it there, and a dialog before which somebody is asked?"""
    dialog = walk.pack.dialogs.get(name)
    return dialog is not None and (dialog.asks_first or bool(walk.state.frames))


def _fitted(old: Pack, new: Pack, frame: Frame) -> Frame | None:
    """The frame as it stands in the new pack, or None when its dialog is gone."""
    dialog = new.dialogs.get(frame.dialog)
    if dialog is None:
        return None
    trail = tuple(one for one in frame.trail if _is_there(new, dialog, one))
    cursor = _same_place(old, new, frame, dialog)
    if cursor is not None:
        return replace(frame, cursor=cursor, trail=trail)
    step = str(frame.cursor[0]) if frame.cursor else ""
    start = step if step in dialog.steps else dialog.start
    return replace(frame, cursor=(start, 0), trail=trail, silences=0, unclears=0)


def _is_there(pack: Pack, dialog: Dialog, place: Cursor) -> bool:
    """Is there an instruction at this place, to go back to?"""
    block = tried_block(pack, dialog, place)
    return block is not None and int(place[-1]) < len(block)


def _same_place(old: Pack, new: Pack, frame: Frame, dialog: Dialog) -> Cursor | None:
    """Where the instruction the frame stands at is now: as near as can be, or None."""
    block = tried_block(new, dialog, frame.cursor)
    if block is None:
        return None
    index = int(frame.cursor[-1])
    before = old.dialogs.get(frame.dialog)
    old_block = tried_block(old, before, frame.cursor) if before else None
    wanted = old_block[index] if old_block and index < len(old_block) else None
    if wanted is None or (index < len(block) and block[index] == wanted):
        return frame.cursor
    nearest = _nearest(block, wanted, index)
    if nearest is not None:
        return (*frame.cursor[:-1], nearest)
    alike = index < len(block) and type(block[index]) is type(wanted)
    return frame.cursor if alike else None


def _nearest(block: Block, wanted: model.Instruction, index: int) -> int | None:
    """The position of the same instruction, should lines have been put above it or taken away."""
    for away in itertools.chain.from_iterable((n, -n) for n in range(1, len(block) + index + 1)):
        if 0 <= index + away < len(block) and block[index + away] == wanted:
            return index + away
    return None
