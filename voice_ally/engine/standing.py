"""A state that stands at a given step, as a session would once it has come there.

Rules: pure. Only what is armed there counts: at the step's first question somebody is listened
to, at its first hold, turn or breathing that is under way.
"""

from voice_ally.engine.state import Cursor, Doing, Frame, State
from voice_ally.language.model import Ask, Block, Breathe, Hold, Pack, Turn, When

LISTENED_AT = {Ask: "listening", Hold: "holding", Turn: "turning", Breathe: "breathing"}
"""What goes on at each kind of step at which somebody can say something."""


def standing_at(pack: Pack, dialog: str, step: str) -> State | None:
    """Where the dialog listens for the first time in this step; None where it does not."""
    block = pack.dialogs[dialog].steps.get(step, ())
    found = _first_in(block, (step,))
    if found is None:
        return None
    cursor, what = found
    frame = Frame(dialog, cursor, pack.dialogs[dialog].slots)
    return State(frames=(frame,), doing=Doing(what))


def _first_in(block: Block, before: Cursor) -> tuple[Cursor, str] | None:
    """The cursor of the first place that listens, and what goes on there."""
    for index, one in enumerate(block):
        cursor = (*before, index)
        if (what := LISTENED_AT.get(type(one))) is not None:
            return cursor, what
        if isinstance(one, When):
            for branch, inner in (("then", one.then), ("else", one.otherwise)):
                if (found := _first_in(inner, (*cursor, branch))) is not None:
                    return found
    return None
