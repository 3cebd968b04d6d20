"""The dialog engine: an event in, the next state and what to do out.

Rules:
1. Pure: no clock (times come with the events), no chance (a seed in the state), no I/O.
2. Nothing raises, whatever the event; an event that fits nothing changes nothing.
3. Stop, goodbye, exit and safety win over everything, in every state.
4. A ticket that is no longer awaited is ignored; that is how late timers die.
5. Under silence alone every state reaches its end; nobody is nagged.
"""

from dataclasses import replace

from voice_ally.core.actions import Action, ForgetReminders, Listen, Prepare
from voice_ally.core.events import (
    NO_SLOTS,
    DevicesBack,
    DevicesLost,
    Due,
    Event,
    Failed,
    Finished,
    Heard,
    Recalled,
    SlotValue,
    TimedOut,
    Unclear,
)
from voice_ally.core.speech import Decision
from voice_ally.engine import asking, calling, commands, pacing, presence, promises
from voice_ally.engine.ahead import opening_lines
from voice_ally.engine.armed import others_here, phrases_for
from voice_ally.engine.state import CALLED, IDLE, State, ask_around
from voice_ally.engine.state_migration import STANDING_STILL, carry_over
from voice_ally.engine.walk import Walk
from voice_ally.language.model import Pack
from voice_ally.language.own_names import as_written
from voice_ally.language.reserved import SAFETY, YES_RULE

AGREED = "agreed"
"""The slot that holds "yes" after a yes to the question whether the dialog shall begin."""
INTERRUPTED = "interrupted"
"""The slot in which a dialog that was asked for in the middle of others finds whom they are for."""
Result = tuple[State, tuple[Action, ...]]


def begin(pack: Pack, state: State | None = None, at: float = 0.0) -> Result:
    """The first moment: listening for triggers, or taking up what a saved state was doing.

    A saved state may come from another version of the pack. What was going on is done again from
    its own beginning (the line, the question, the whole of the quiet), for nobody knows how much
    of it was heard.
    """
    state = State() if state is None else state
    walk = Walk(pack, state, at)
    carry_over(pack, walk)
    if walk.done():
        pass  # its place is not there any more, and it went on elsewhere
    elif walk.state.pending:
        asking.confirm_again(walk, "")
    elif walk.state.doing.what == "paused":
        commands.wait_paused(walk)
    elif walk.state.doing.what in STANDING_STILL:
        presence.take_up(walk)
    elif walk.state.frames:
        pacing.resume(walk, walk.state.doing)
    elif walk.state.doing.what in CALLED:
        walk.state = replace(walk.state, doing=IDLE)
    if not walk.state.frames:
        walk.act(Prepare(opening_lines(pack), walk.state.style))
    return _listening(pack, walk.state, walk.done())


def use(old: Pack, new: Pack, state: State, at: float) -> Result:
    """The dialogs were changed in the middle of things: go on with the new ones."""
    walk = Walk(new, state, at)
    carry_over(old, walk)
    return _listening(new, walk.state, walk.done())


def start(pack: Pack, state: State, dialog: str, at: float) -> Result:
    """Start a dialog now, without asking, ending whatever else was going on."""
    walk = Walk(pack, state, at)
    if dialog in pack.dialogs:
        if state.frames or state.pending:
            walk.cut()
            walk.clear("replaced")
        walk.enter(dialog)
    return _listening(pack, walk.state, walk.done())


def step(pack: Pack, state: State, event: Event) -> Result:  # noqa: PLR0912 - one line a kind
    """What follows from one event."""
    if isinstance(event, Heard | Unclear):
        state = replace(state, silences=0)
    walk = Walk(pack, state, event.at)
    match event:
        case Heard():
            _heard(walk, event)
        case Unclear():
            if state.doing.what in ("listening", "asking"):
                asking.unclear(walk)
            elif state.doing.what == "confirm_listening":
                _unclear_confirmation(walk)
        case Finished(ticket=ticket) | Failed(ticket=ticket):
            if ticket and ticket == state.doing.ticket:
                _sounded(walk)
        case TimedOut(ticket=ticket):
            if ticket and ticket == state.doing.ticket:
                _timed_out(walk, fell_silent=event.fell_silent)
        case DevicesLost():
            presence.lost(walk)
        case DevicesBack():
            presence.back(walk)
        case Recalled(ticket=ticket):
            if ticket == state.doing.ticket and state.doing.what == "recalling":
                promises.tell(walk, event.seconds)
        case Due(dialog=dialog) if dialog in pack.dialogs:
            walk.state = replace(walk.state, due=(*walk.state.due, dialog))
    walk.take_up_due()
    return _listening(pack, walk.state, walk.done(), before=state)


def _listening(
    pack: Pack, state: State, actions: tuple[Action, ...], before: State | None = None
) -> Result:
    phrases = phrases_for(pack, state)
    if before is None or phrases != phrases_for(pack, before):
        actions = (*actions, Listen(phrases))
    return state, actions


def _heard(walk: Walk, event: Heard) -> None:
    kind, name = event.meaning.kind, event.meaning.name
    if kind == "command":
        commands.obey(walk, name)
    elif kind == "trigger" and name in walk.pack.dialogs:
        _triggered(walk, name, dict(event.slots), ask=event.decision is Decision.CONFIRM)
    elif kind == "wake" and not (walk.state.frames or walk.state.pending):
        calling.called(walk)
    elif kind == "answer":
        _answered(walk, name, dict(event.slots))
    elif kind == "until" and walk.state.doing.what in ("holding", "turning"):
        walk.cut()
        pacing.close_hold(walk)


def _triggered(walk: Walk, name: str, slots: dict[str, SlotValue], *, ask: bool = False) -> None:
    state, dialog = walk.state, walk.pack.dialogs[name]
    if name == SAFETY:
        walk.act(ForgetReminders())  # nothing asks somebody who is afraid to talk again
        walk.forget_due()
        walk.cut()
        walk.clear("safety")
        walk.enter(name, slots)
    elif state.frames:
        _triggered_inside(walk, name, slots, ask=ask)
    else:
        walk.cut()
        again = state.pending == name and not ask  # that is as good as a yes
        kept = {AGREED: "yes", **state.pending_slots} if again else {}
        if again:
            walk.state = replace(walk.state, pending="", pending_slots=NO_SLOTS, doing=IDLE)
        elif state.pending:
            asking.unconfirmed(walk, "replaced")
        if not again and (dialog.asks_first or ask):
            asking.confirm(walk, name, slots)
        else:
            walk.enter(name, {**kept, **slots})


def _triggered_inside(walk: Walk, name: str, slots: dict[str, SlotValue], *, ask: bool) -> None:
    """Another dialog was asked for in the middle of one."""
    state, dialog = walk.state, walk.pack.dialogs[name]
    others = others_here(walk.pack, state)
    running = {one.dialog for one in state.frames}
    slots = {INTERRUPTED: _for_whom(walk.pack, state), **slots}
    if state.pending == name and not ask:  # that is as good as a yes
        slots = {AGREED: "yes", **state.pending_slots, **slots}
        walk.cut()
        asking.drop_pending(walk)
        walk.step_in(name, slots)
    elif dialog.anywhere and state.frame.dialog != name:
        walk.cut()
        asking.drop_pending(walk, "replaced")
        walk.step_in(name, slots)
    elif dialog.anywhere and slots.keys() - {
        INTERRUPTED
    }:  # the same, but another length or another way
        walk.cut()
        asking.drop_pending(walk, "replaced")
        walk.restart(slots)
    elif others != "no" and name not in running:
        walk.cut()
        if others == "ask" or dialog.asks_first or ask:
            asking.confirm(walk, name, slots)
        else:
            walk.step_in(name, slots)


def _for_whom(pack: Pack, state: State) -> str:
    """Whether what goes on is for two, or for whom else the dialog on top is."""
    audiences = [pack.dialogs[one.dialog].audience for one in state.frames]
    return "two" if "two" in audiences else audiences[-1]


def _answered(walk: Walk, name: str, slots: dict[str, SlotValue]) -> None:
    state = walk.state
    if state.doing.what in ("confirming", "confirm_listening"):
        walk.cut()
        dialog, kept = state.pending, dict(state.pending_slots)
        walk.state = replace(walk.state, pending="", pending_slots=NO_SLOTS, doing=IDLE)
        if name == "yes" and dialog in walk.pack.dialogs:
            walk.step_in(dialog, {AGREED: "yes", **kept})
        else:
            walk.state = replace(walk.state, pending=dialog)
            asking.unconfirmed(walk, "declined")
        return
    found = ask_around(walk.pack, state.frame) if state.frames else None
    if state.doing.what not in ("asking", "listening") or found is None:
        return
    cursor, ask = found
    if not name.isdecimal() or int(name) >= len(ask.answers):
        return
    walk.cut()
    walk.fill(slots)
    agreed = YES_RULE in as_written(ask.answers[int(name)].template)
    walk.set_frame(silences=0, unclears=0, agreed=agreed)
    walk.set_frame(cursor=(*cursor, f"answer:{name}", 0))
    walk.go_on()


def _unclear_confirmation(walk: Walk) -> None:
    """Explained once; a second time it is taken for a no, so that nobody is nagged."""
    explained = walk.line("confirm_help")
    walk.cut()
    if explained and walk.state.last_said != explained:
        asking.confirm_again(walk, explained)
    else:
        asking.unconfirmed(walk, "not understood")


def _sounded(walk: Walk) -> None:
    """A line or a sound has come to its end."""
    what = walk.state.doing.what
    if what in ("saying", "chiming", "playing", "closing"):
        walk.advance()
    elif what == "asking":
        asking.listen(walk)
    elif what == "confirming":
        asking.confirm_listen(walk)
    elif what == "returning":
        presence.take_up(walk)


def _timed_out(walk: Walk, *, fell_silent: bool) -> None:
    doing = walk.state.doing
    if doing.what == "pausing":
        walk.advance()
    elif doing.what == "listening":
        asking.escalate(walk, "silence")
    elif doing.what == "breathing":
        pacing.next_phase(walk)
    elif doing.what == "turning" and not (doing.warned or fell_silent or _turn_over(walk)):
        pacing.warn_turn(walk)
    elif doing.what in ("holding", "turning"):
        pacing.close_hold(walk)
    elif doing.what in ("paused", "away"):
        walk.cut()
        walk.clear("left alone")
    elif doing.what == "confirm_listening":
        asking.unconfirmed(walk, "no answer")
    elif doing.what in CALLED:
        calling.timed_out(walk)


def _turn_over(walk: Walk) -> bool:
    doing = walk.state.doing
    return walk.at >= doing.since + doing.seconds - 1e-6
