"""Places of a dialog at which it waits for somebody, and the lines that say what is asked there.

Rules: pure. A place is a question, a hold or turn that waits for words, or breathing; a hold of a
few seconds without a phrase to end it is a breath of the voice and no place.
"""

from voice_ally.engine.state import Cursor, Frame, block_at, instruction_at
from voice_ally.language.instructions import (
    Ask,
    Breathe,
    Chime,
    Hold,
    Instruction,
    Pause,
    Play,
    Say,
    Turn,
)
from voice_ally.language.model import Dialog, Pack

_LEADS_IN = (Say, Chime, Play, Pause)


def waits(instruction: Instruction | None) -> bool:
    """Does it wait for what somebody says or does here?"""
    if isinstance(instruction, Hold):
        return bool(instruction.until or instruction.until_quiet)
    return isinstance(instruction, Ask | Turn | Breathe)


def task_at(pack: Pack, dialog: Dialog, place: Cursor) -> Cursor:
    """Where the lines begin that lead to this place; the place itself if there are none."""
    block = block_at(pack, dialog, place)
    index = int(place[-1])
    while index > 0 and isinstance(block[index - 1], _LEADS_IN):
        index -= 1
    return (*place[:-1], index)


def place_before(pack: Pack, frame: Frame) -> tuple[Cursor, tuple[Cursor, ...]] | None:
    """The last place that waited before this one, and the trail that led to it; None if this is
    the first."""
    trail = frame.trail
    here = frame.cursor
    for at in range(len(trail) - 1, -1, -1):
        one = trail[at]
        inside = here[: len(one)] == one  # at it, or in what one of its answers began
        if not inside and waits(instruction_at(pack, _standing_at(frame, one))):
            return one, trail[:at]
    return None


def _standing_at(frame: Frame, place: Cursor) -> Frame:
    return Frame(frame.dialog, place, frame.slots)
