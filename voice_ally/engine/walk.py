"""Walking through a dialog's instructions: one walk is what follows from one event.

Rules: a Walk is made, used and thrown away within one call of the engine; what it leaves
behind is the frozen state and the list of actions (stage.py). Instructions that take no time are
done at once, but never more than MOST_AT_ONCE of them: a circle without a pause ends the dialog.
"""

from collections.abc import Mapping
from dataclasses import replace

from voice_ally.core import actions as do
from voice_ally.core.events import SlotValue
from voice_ally.engine import asking, places
from voice_ally.engine.ahead import lines_ahead
from voice_ally.engine.performing import MOST_FRAMES, next_round, perform
from voice_ally.engine.stage import Stage
from voice_ally.engine.state import IDLE, Cursor, Frame, State, ask_around, block_at, instruction_at
from voice_ally.language import model
from voice_ally.language.reserved import HELP

MOST_AT_ONCE = 200
TRAIL_LENGTH = 40
_STATIONS = (model.Ask, model.Hold, model.Turn, model.Breathe)


class Walk(Stage):
    """A stage, and the way from one instruction to the next."""

    def __init__(self, pack: model.Pack, state: State, at: float) -> None:
        super().__init__(pack, state, at)
        self._steps_left = MOST_AT_ONCE
        self._opened_step = False

    def done(self) -> tuple[do.Action, ...]:
        """What is to be done, in order; last, what may be rendered ahead at a new step."""
        if not (self._opened_step and self.state.frames):
            return super().done()
        frame = self.state.frame
        slots = {**self.state.country_slots, **frame.slots}
        dialog = self.pack.dialogs[frame.dialog]
        texts = lines_ahead(self.pack, dialog, str(frame.cursor[0]), slots)
        return (*super().done(), do.Prepare(texts, self.style()))

    # -- from dialog to dialog ---------------------------------------------------------

    def enter(
        self, name: str, slots: Mapping[str, SlotValue] | None = None, *, redo: bool = False
    ) -> None:
        """Begin a dialog on top of what is there."""
        dialog = self.pack.dialogs[name]
        if len(self.state.frames) >= MOST_FRAMES:
            self.go_on()
            return
        frame = Frame(
            name,
            (dialog.start, 0),
            {**dialog.slots, **self._given(), **self.state.country_slots, **(slots or {})},
            redo=redo,
        )
        self.state = replace(self.state, frames=(*self.state.frames, frame), doing=IDLE)
        self.note("started", dialog=name, title=dialog.title)
        self.go_on()

    def _given(self) -> dict[str, SlotValue]:
        """What is known of this moment; what is not leaves the dialog's own words."""
        return {slot: value for slot, value in self.state.given_slots.items() if value != ""}

    def step_in(self, name: str, slots: Mapping[str, SlotValue]) -> None:
        """Begin a dialog that somebody asked for; what it interrupts begins again afterwards."""
        if self.state.frames and self.state.frame.dialog == HELP:
            self.hand_over(name, slots)  # it named this one: nothing to come back to
        else:
            self.enter(name, slots, redo=bool(self.state.frames))

    def restart(self, slots: Mapping[str, SlotValue] | None = None) -> None:
        """The dialog on top, from its beginning; with slots, those go over what it holds."""
        frame = self.state.frame
        kept = {**frame.slots, **slots} if slots else None
        self.state = replace(self.state, frames=self.state.frames[:-1], doing=IDLE)
        self.enter(frame.dialog, kept, redo=frame.redo)

    def take_up_due(self) -> None:
        """A reminder that waited for quiet has its turn."""
        if self.state.due and not self.state.frames and not self.state.pending:
            name, *later = self.state.due
            self.state = replace(self.state, due=tuple(later))
            self.aside(self.line("reminder_intro"))
            if self.pack.dialogs[name].asks_first:
                asking.confirm(self, name, {})
            else:
                self.enter(name)

    def leave(self, reason: str = "finished") -> None:
        """The dialog on top is over; what it interrupted goes on."""
        frame = self.state.frame
        under = self.state.frames[:-1]
        self.note_ended(frame.dialog, reason, under[-1].dialog if under else "")
        self.state = replace(self.state, frames=under, doing=IDLE)
        if not under:
            return
        if frame.redo:
            below = self.state.frame
            if places.waits(instruction_at(self.pack, below)):  # what was asked is said again
                dialog = self.pack.dialogs[below.dialog]
                self.set_frame(cursor=places.task_at(self.pack, dialog, below.cursor))
            self.go_on()
            return
        block = self.block()
        found = ask_around(self.pack, self.state.frame)
        inside_question = found is not None and found[0] != self.state.frame.cursor
        if inside_question and int(self.state.frame.cursor[-1]) + 1 >= len(block):
            asking.ask_again(self)
        else:
            self.advance()

    def block(self) -> model.Block:
        """The instructions among which the frame stands."""
        frame = self.state.frame
        return block_at(self.pack, self.pack.dialogs[frame.dialog], frame.cursor)

    # -- from instruction to instruction -----------------------------------------------

    def advance(self) -> None:
        """Go on behind the instruction the frame stands at."""
        cursor = self.state.frame.cursor
        self.set_frame(cursor=(*cursor[:-1], int(cursor[-1]) + 1))
        self.go_on()

    def go_on(self) -> None:
        """Do the instruction the frame stands at, and all after it that take no time."""
        self._steps_left -= 1
        if self._steps_left < 0:
            self.clear("goes in circles")
            return
        instruction = instruction_at(self.pack, self.state.frame)
        if instruction is None:
            self._block_is_over()
            return
        self._mark(instruction)
        perform(self, instruction)

    def _block_is_over(self) -> None:
        frame = self.state.frame
        if len(frame.cursor) > 2:  # noqa: PLR2004 - deeper than (step, index)
            branch, parent = str(frame.cursor[-2]), frame.cursor[:-2]
            self.set_frame(cursor=parent)
            inside = instruction_at(self.pack, self.state.frame)
            if isinstance(inside, model.Repeat):
                next_round(self, inside, int(branch.partition(":")[2]) + 1)
            elif "silence" in branch or "unclear" in branch:
                asking.listen(self)
            else:
                self.advance()
            return
        steps = list(self.pack.dialogs[frame.dialog].steps)
        following = steps.index(str(frame.cursor[0])) + 1
        if following < len(steps):
            self.set_frame(cursor=(steps[following], 0))
            self.go_on()
        else:
            self.leave()

    def _mark(self, instruction: model.Instruction) -> None:
        frame = self.state.frame
        place: Cursor = frame.cursor
        opens_step = len(place) == 2 and place[1] == 0  # noqa: PLR2004
        self._opened_step |= opens_step
        is_station = opens_step or isinstance(instruction, _STATIONS)
        if is_station and frame.trail[-1:] != (place,):
            self.set_frame(trail=(*frame.trail, place)[-TRAIL_LENGTH:])

    def hand_over(self, name: str, slots: Mapping[str, SlotValue] | None = None) -> None:
        """Another dialog takes the place of the one on top."""
        frame = self.state.frame
        self.note_ended(frame.dialog, "handed over", name)
        self.state = replace(self.state, frames=self.state.frames[:-1], doing=IDLE)
        self.enter(name, slots, redo=frame.redo)
