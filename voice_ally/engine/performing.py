"""What each kind of instruction does when its turn has come.

Rules: one function and one line in the table a kind; each is part of one walk. Those that take
time set going what their end comes back from; the others go on at once.
"""

from collections.abc import Callable
from typing import Any

from voice_ally.core import actions as do
from voice_ally.engine import asking, pacing, promises
from voice_ally.engine.stage import Stage
from voice_ally.language import model, wording
from voice_ally.language.reserved import MOST_ROUNDS

MOST_FRAMES = 8
"""Dialogs inside dialogs; a detour beyond this is not taken."""


def perform(walk: Stage, instruction: model.Instruction) -> None:
    """Begin the instruction the frame stands at."""
    _PERFORM[type(instruction)](walk, instruction)


def _say(walk: Stage, say: model.Say) -> None:
    walk.say("saying", walk.filled(walk.pick(say.any)))


def _ask(walk: Stage, _: model.Ask) -> None:
    walk.set_frame(silences=0, unclears=0, agreed=False)
    asking.ask_again(walk)


def _pause(walk: Stage, pause: model.Pause) -> None:
    pacing.begin_quiet(walk, "pausing", pause.time)


def _chime(walk: Stage, chime: model.Chime) -> None:
    walk.chime("chiming", chime.sound)


def _play(walk: Stage, play: model.Play) -> None:
    walk.play(play.file)


def _hold(walk: Stage, hold: model.Hold) -> None:
    pacing.begin_quiet(walk, "holding", hold.time)


def _go(walk: Stage, go: model.Go) -> None:
    step = walk.pick((go.step, *go.others))
    walk.set_frame(cursor=(step, 0))
    walk.go_on()


def _run(walk: Stage, run: model.Run) -> None:
    if run.dialog in walk.pack.dialogs:
        walk.hand_over(run.dialog)
    else:
        walk.advance()


def _detour(walk: Stage, detour: model.Detour) -> None:
    if detour.dialog in walk.pack.dialogs and len(walk.state.frames) < MOST_FRAMES:
        walk.enter(detour.dialog)
    else:
        walk.advance()


def _end(walk: Stage, end: model.End) -> None:
    if end.everything:
        walk.clear("finished")
    else:
        walk.leave()


def _set(walk: Stage, change: model.Set) -> None:
    slots = walk.state.frame.slots
    given = {
        name: wording.fill(value, slots) if isinstance(value, str) else value
        for name, value in change.slots.items()
    }
    counted = {name: wording.added(slots.get(name), by) for name, by in change.added.items()}
    walk.fill({**given, **counted})
    walk.advance()


def _repeat(walk: Stage, repeat: model.Repeat) -> None:
    next_round(walk, repeat, 0)


def next_round(walk: Stage, repeat: model.Repeat, number: int) -> None:
    """Do it once more, or go on below where it was done often enough."""
    times: float = repeat.times
    if repeat.slot:
        times = wording.number_in(walk.state.frame.slots.get(repeat.slot)) or 0
    if number < min(times, MOST_ROUNDS):
        walk.set_frame(cursor=(*walk.state.frame.cursor, f"round:{number}", 0))
        walk.go_on()
    else:
        walk.advance()


def _when(walk: Stage, when: model.When) -> None:
    slots = walk.state.frame.slots
    true = all(wording.holds(one, slots) for one in when.conditions)
    walk.set_frame(cursor=(*walk.state.frame.cursor, "then" if true else "else", 0))
    walk.go_on()


def _recall(walk: Stage, _: model.Recall) -> None:
    promises.recall(walk)


def _forget(walk: Stage, forget: model.Forget) -> None:
    if forget.what == "me":
        walk.act(do.ForgetPeople())
        walk.forget_names()
    else:
        walk.act(do.ForgetReminders())
    walk.advance()


def _remember(walk: Stage, remember: model.Remember) -> None:
    """Only behind a yes, whatever the dialog says: a name on the disk is a trace."""
    name = str(walk.state.frame.slots.get(remember.slot, ""))
    if name and walk.state.frame.agreed:
        walk.act(do.Remember(remember.slot, name))
    walk.advance()


_PERFORM: dict[type, Callable[[Stage, Any], None]] = {
    model.Say: _say,
    model.Ask: _ask,
    model.Pause: _pause,
    model.Chime: _chime,
    model.Play: _play,
    model.Hold: _hold,
    model.Turn: pacing.begin_turn,
    model.Breathe: pacing.begin_breathing,
    model.Go: _go,
    model.Run: _run,
    model.Detour: _detour,
    model.End: _end,
    model.Set: _set,
    model.Repeat: _repeat,
    model.When: _when,
    model.Remind: promises.promise,
    model.Remember: _remember,
    model.Recall: _recall,
    model.Forget: _forget,
}
