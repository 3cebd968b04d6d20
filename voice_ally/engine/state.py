"""Where a conversation stands: everything needed to print, save, replay or continue it.

Rules: frozen data. A cursor names an instruction by the way to it from its dialog's root:
(step, index), then (branch, index) for each block inside an instruction. A branch is
"answer:2", "anything", "round:0", "then", "else", "silence:0", "unclear:0", or one of the last two
with "dialog-" or "pack-" before it where the block is inherited.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from voice_ally.core.actions import Style
from voice_ally.core.events import NO_SLOTS, SlotValue
from voice_ally.language.model import Ask, Block, Dialog, Instruction, Pack, Repeat, When
from voice_ally.language.reserved import ANYTHING

Cursor = tuple[str | int, ...]

CALLED = ("called", "awake")
"""What goes on after the wake phrase was said alone."""


@dataclass(frozen=True)
class Frame:
    """One dialog under way."""

    dialog: str
    cursor: Cursor
    slots: Mapping[str, SlotValue] = field(default_factory=lambda: NO_SLOTS)
    silences: int = 0
    """Times in a row nobody answered the present question."""
    unclears: int = 0
    """Times in a row the answer to it was not understood."""
    trail: tuple[Cursor, ...] = ()
    """Where "back" leads, the present place last."""
    redo: bool = False
    """What lies below was interrupted and starts again when this dialog is over."""
    turn_seconds: float = 0.0
    """What the first speaker was given; the second gets the same."""
    agreed: bool = False
    """Was the last question answered with a yes?"""


@dataclass(frozen=True)
class Doing:
    """What is going on right now, and the ticket that ends it."""

    what: str = "idle"
    """idle | saying | chiming | playing | asking | listening | pausing | holding | turning |
    breathing | closing (the last sound of a hold) | recalling | confirming | confirm_listening |
    paused | away (a device is gone) | returning (the line that says it is back) |
    called (the wake phrase was just said) | awake (and a tone has answered it)"""
    ticket: int = 0
    since: float = 0.0
    """When its time began to count."""
    seconds: float = 0.0
    """How long it lasts in all; 0 where its length is the length of a sound."""
    text: str = ""
    """The line being spoken, to say it again."""
    phase: int = 0
    """Of a breathing: the number of the phase under way."""
    tempo: float = 1.0
    """Of a breathing: 1.1 means each phase lasts a tenth longer."""
    guide: str = ""
    phase_since: float = 0.0
    rounds: int = 0
    """Of a breathing: how many in all; 0 where a length of time decides."""
    how_long: bool = False
    """Of a breathing: somebody asked how long is left; told at the next phase."""
    warned: bool = False
    """Of a turn: the soft sound before the end has been given."""


IDLE = Doing()


@dataclass(frozen=True)
class State:
    """The whole of it."""

    frames: tuple[Frame, ...] = ()
    """The dialog being followed last, those it interrupted below."""
    doing: Doing = IDLE
    ticket: int = 0
    """The last one given out."""
    seed: int = 1
    """Decides which of several wordings is used."""
    used: Mapping[str, tuple[int, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Which of several wordings were used already, so that none comes twice before all did."""
    style: Style = Style()
    last_said: str = ""
    recent: tuple[str, ...] = ()
    """The lines said one after the other before the present quiet, to say them again."""
    before: Doing = IDLE
    """What was going on when "pause" was said, or a device went away."""
    pending: str = ""
    """The dialog whose start is being confirmed."""
    pending_slots: Mapping[str, SlotValue] = field(default_factory=lambda: NO_SLOTS)
    silences: int = 0
    """Questions in a row nobody answered, whichever they were, since anybody last spoke."""
    due: tuple[str, ...] = ()
    """Reminders whose time came while something else was going on."""
    wake: str = ""
    """Words that have to come first while nothing is running; empty: none have to."""
    country_slots: Mapping[str, SlotValue] = field(default_factory=lambda: NO_SLOTS)
    """What every dialog may put into its lines: emergency number, help line."""

    given_slots: Mapping[str, SlotValue] = field(default_factory=lambda: NO_SLOTS)
    """What belongs to the moment: see given_slots.py. A dialog takes them over as it begins."""

    @property
    def frame(self) -> Frame:
        """The dialog being followed. Only while there is one."""
        return self.frames[-1]


def inherited(pack: Pack, dialog: Dialog, ask: Ask, kind: str, nth: int) -> str:
    """The branch that holds the nth (from 0) answer to silence or unclear speech, or ""."""
    layers = (("", ask), ("dialog-", dialog), ("pack-", pack))
    for prefix, source in layers:
        blocks = source.silence if kind == "silence" else source.unclear
        if nth < len(blocks):
            return f"{prefix}{kind}:{nth}"
    return ""


def _branch(pack: Pack, dialog: Dialog, inside: Instruction, branch: str) -> Block:
    name, _, number = branch.partition(":")
    if isinstance(inside, Repeat):
        return inside.block
    if isinstance(inside, When):
        return inside.then if name == "then" else inside.otherwise
    assert isinstance(inside, Ask)
    if name == "answer":
        return inside.answers[int(number)].then
    if name == ANYTHING:
        assert inside.anything is not None
        return inside.anything
    kind = name.rpartition("-")[2]
    source: Ask | Dialog | Pack = inside
    if name.startswith("dialog-"):
        source = dialog
    elif name.startswith("pack-"):
        source = pack
    return (source.silence if kind == "silence" else source.unclear)[int(number)]


def block_at(pack: Pack, dialog: Dialog, cursor: Cursor) -> Block:
    """The block the cursor's last index counts in."""
    block = dialog.steps[str(cursor[0])]
    for position in range(1, len(cursor) - 1, 2):
        instruction = block[int(cursor[position])]
        block = _branch(pack, dialog, instruction, str(cursor[position + 1]))
    return block


def tried_block(pack: Pack, dialog: Dialog, cursor: Cursor) -> Block | None:
    """The same of a cursor that was made elsewhere: None where it leads nowhere."""
    try:
        block = block_at(pack, dialog, cursor)
        index = int(cursor[-1])
    except (KeyError, IndexError, ValueError, TypeError, AssertionError, AttributeError):
        return None
    fits = len(cursor) % 2 == 0 and 0 <= index <= len(block)
    return block if fits else None


def instruction_at(pack: Pack, frame: Frame) -> Instruction | None:
    """The instruction a frame stands at, or None past the end of its block."""
    block = block_at(pack, pack.dialogs[frame.dialog], frame.cursor)
    index = int(frame.cursor[-1])
    return block[index] if index < len(block) else None


def ask_around(pack: Pack, frame: Frame) -> tuple[Cursor, Ask] | None:
    """The question whose branch (or self) the frame stands in, innermost first."""
    dialog = pack.dialogs[frame.dialog]
    cursor = frame.cursor
    while cursor:
        block = block_at(pack, dialog, cursor)
        index = int(cursor[-1])
        if index < len(block) and isinstance(found := block[index], Ask):
            return cursor, found
        cursor = cursor[:-2]
    return None
