"""Walking through a dialog's instructions: one walk is what follows from one event.

Rules: a Walk is made, used and thrown away within one call of the engine; what it leaves
behind is the frozen state and the list of actions. Instructions that take no time are done at
once, but never more than MOST_AT_ONCE of them: a circle without a pause ends the dialog.
"""

from collections.abc import Mapping
from dataclasses import replace

from voice_ally.core import actions as do
from voice_ally.core.events import NO_SLOTS, SlotValue
from voice_ally.respond import model, wording
from voice_ally.respond.breathing import SILENT_BELL_SECONDS, phase, round_seconds
from voice_ally.respond.state import (
    IDLE,
    Cursor,
    Doing,
    Frame,
    State,
    ask_around,
    block_at,
    inherited,
    instruction_at,
)

MOST_AT_ONCE = 200
MOST_FRAMES = 8
"""Dialogs inside dialogs; a detour beyond this is not taken."""
TRAIL_LENGTH = 40
CUES = {
    "in": "breathe_in",
    "hold": "breathe_hold",
    "out": "breathe_out",
    "rest": "breathe_rest",
}
_STATIONS = (model.Ask, model.Hold, model.Turn, model.Breathe)


class Walk:
    """The state on its way to the next, and the actions gathered on the way."""

    def __init__(self, pack: model.Pack, state: State, at: float) -> None:
        self.pack = pack
        self.state = state
        self.at = at
        self._actions: list[do.Action] = []
        self._steps_left = MOST_AT_ONCE

    def done(self) -> tuple[do.Action, ...]:
        """What is to be done, in order."""
        return tuple(self._actions)

    # -- small words -------------------------------------------------------------------

    def line(self, name: str) -> str:
        """One of the engine's own sentences, as the pack words it."""
        return self.pack.lines.get(name, "")

    def filled(self, text: str) -> str:
        """The text with its slots filled."""
        slots = self.state.frame.slots if self.state.frames else NO_SLOTS
        return wording.fill(text, {**self.state.country_slots, **slots})

    def note(self, event: str, **data: object) -> None:
        """Something for the log and the screen."""
        self._actions.append(do.Note(event, data))

    def cut(self) -> None:
        """Silence, and no timer left."""
        self._actions.append(do.Cut())

    hush = cut

    def clear(self, reason: str) -> None:
        """Nothing is running any more."""
        if self.state.frames or self.state.pending:
            name = self.state.frame.dialog if self.state.frames else self.state.pending
            self.note("ended", dialog=name, reason=reason)
        self.state = replace(
            self.state, frames=(), doing=IDLE, pending="", pending_slots=NO_SLOTS, before=IDLE
        )

    def forget_due(self) -> None:
        """Reminders that waited for quiet are not brought up any more."""
        self.state = replace(self.state, due=())

    def set_frame(self, **changes: object) -> None:
        """Change the frame on top."""
        frame = replace(self.state.frame, **changes)  # type: ignore[arg-type]
        self.state = replace(self.state, frames=(*self.state.frames[:-1], frame))

    def fill(self, slots: Mapping[str, SlotValue]) -> None:
        """Put values into slots of the dialog on top."""
        if slots:
            self.set_frame(slots={**self.state.frame.slots, **slots})

    def _ticket(self) -> int:
        self.state = replace(self.state, ticket=self.state.ticket + 1)
        return self.state.ticket

    def _style(self) -> do.Style:
        low = bool(self.state.frames) and self.pack.dialogs[self.state.frame.dialog].low_voice
        return replace(self.state.style, low=low)

    def _pick(self, variants: tuple[str, ...]) -> str:
        if len(variants) == 1:
            return variants[0]
        seed = (self.state.seed * 1_103_515_245 + 12_345) % 2**31
        self.state = replace(self.state, seed=seed)
        return variants[(seed >> 16) % len(variants)]

    # -- sounds and waits --------------------------------------------------------------

    def say(self, what: str, text: str) -> None:
        """Speak a line and await its end as `what`."""
        ticket = self._ticket()
        doing = Doing(what, ticket, self.at, text=text)
        self.state = replace(self.state, doing=doing, last_said=text)
        self._actions.append(do.Say(ticket, text, self._style()))

    def aside(self, text: str) -> None:
        """Speak a line beside whatever is going on; nothing waits for its end."""
        if text:
            self._actions.append(do.Say(self._ticket(), text, self._style()))

    def _chime(self, what: str, sound: str, **kept: object) -> None:
        ticket = self._ticket()
        doing = replace(Doing(what, ticket, self.at), **kept)  # type: ignore[arg-type]
        self.state = replace(self.state, doing=doing)
        self._actions.append(do.Chime(ticket, sound, self.state.style.volume))

    def wait(self, what: str, seconds: float, *, for_speech: bool = False) -> None:
        """Let time pass as `what`."""
        ticket = self._ticket()
        self.state = replace(self.state, doing=Doing(what, ticket, self.at, seconds))
        self._actions.append(do.Wait(ticket, seconds, for_speech))

    def extend(self, seconds: float) -> None:
        """Make the wait under way longer, counted from its own beginning."""
        doing = self.state.doing
        ticket = self._ticket()
        longer = replace(doing, ticket=ticket, seconds=doing.seconds + seconds, warned=False)
        self.state = replace(self.state, doing=longer)
        turn = instruction_at(self.pack, self.state.frame)
        if isinstance(turn, model.Turn) and turn.speaker == "first":
            self.set_frame(turn_seconds=self.state.frame.turn_seconds + seconds)
        self._wait_out_turn()

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
            {**dialog.slots, **self.state.country_slots, **(slots or {})},
            redo=redo,
        )
        self.state = replace(self.state, frames=(*self.state.frames, frame), doing=IDLE)
        self.note("started", dialog=name, title=dialog.title)
        self.go_on()

    def restart(self) -> None:
        """The dialog on top, from its beginning."""
        frame = self.state.frame
        self.state = replace(self.state, frames=self.state.frames[:-1], doing=IDLE)
        self.enter(frame.dialog, redo=frame.redo)

    def confirm(self, name: str, slots: Mapping[str, SlotValue]) -> None:
        """Ask whether a dialog is really meant."""
        self.state = replace(self.state, pending=name, pending_slots=slots)
        self.note("asked", text=self.pack.dialogs[name].confirm, dialog=name)
        self.say("confirming", self.pack.dialogs[name].confirm)

    def confirm_again(self, text: str) -> None:
        """The same question once more, perhaps after a word of help."""
        self.say("confirming", text or self.pack.dialogs[self.state.pending].confirm)

    def confirm_listen(self) -> None:
        """Wait for yes or no."""
        self.wait("confirm_listening", self.pack.wait.seconds, for_speech=True)

    def unconfirmed(self, reason: str) -> None:
        """The dialog that was to be confirmed does not start."""
        self.note("ended", dialog=self.state.pending, reason=reason)
        self.state = replace(self.state, pending="", pending_slots=NO_SLOTS, doing=IDLE)

    def take_up_due(self) -> None:
        """A reminder that waited for quiet has its turn."""
        if self.state.due and not self.state.frames and not self.state.pending:
            name, *later = self.state.due
            self.state = replace(self.state, due=tuple(later))
            self.aside(self.line("reminder_intro"))
            if self.pack.dialogs[name].confirm:
                self.confirm(name, {})
            else:
                self.enter(name)

    def _leave(self, reason: str = "finished") -> None:
        frame = self.state.frame
        self.note("ended", dialog=frame.dialog, reason=reason)
        self.state = replace(self.state, frames=self.state.frames[:-1], doing=IDLE)
        if not self.state.frames:
            return
        if frame.redo:
            self.go_on()
            return
        block = self._block()
        found = ask_around(self.pack, self.state.frame)
        inside_question = found is not None and found[0] != self.state.frame.cursor
        if inside_question and int(self.state.frame.cursor[-1]) + 1 >= len(block):
            self.ask_again()
        else:
            self.advance()

    def _block(self) -> model.Block:
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
        self._perform(instruction)

    def _block_is_over(self) -> None:
        frame = self.state.frame
        if len(frame.cursor) > 2:  # noqa: PLR2004 - deeper than (step, index)
            branch, parent = str(frame.cursor[-2]), frame.cursor[:-2]
            self.set_frame(cursor=parent)
            if "silence" in branch or "unclear" in branch:
                self.listen()
            else:
                self.advance()
            return
        steps = list(self.pack.dialogs[frame.dialog].steps)
        following = steps.index(str(frame.cursor[0])) + 1
        if following < len(steps):
            self.set_frame(cursor=(steps[following], 0))
            self.go_on()
        else:
            self._leave()

    def _mark(self, instruction: model.Instruction) -> None:
        frame = self.state.frame
        place: Cursor = frame.cursor
        opens_step = len(place) == 2 and place[1] == 0  # noqa: PLR2004
        is_station = opens_step or isinstance(instruction, _STATIONS)
        if is_station and frame.trail[-1:] != (place,):
            self.set_frame(trail=(*frame.trail, place)[-TRAIL_LENGTH:])

    def _perform(self, instruction: model.Instruction) -> None:  # noqa: PLR0912 - one line a kind
        slots = self.state.frame.slots
        match instruction:
            case model.Say():
                self._prepare_next()
                self.say("saying", self.filled(self._pick(instruction.any)))
            case model.Ask():
                self.set_frame(silences=0, unclears=0)
                self.ask_again()
            case model.Pause():
                self.wait("pausing", wording.seconds_of(instruction.time, slots))
            case model.Chime():
                self._chime("chiming", instruction.sound)
            case model.Hold():
                self.wait("holding", wording.seconds_of(instruction.time, slots))
            case model.Turn():
                self._begin_turn(instruction)
            case model.Breathe():
                self._begin_breathing(instruction)
            case model.Go():
                self.set_frame(cursor=(instruction.step, 0))
                self.go_on()
            case model.Run() | model.Detour() if instruction.dialog not in self.pack.dialogs:
                self.advance()
            case model.Run():
                self._hand_over(instruction.dialog)
            case model.Detour() if len(self.state.frames) >= MOST_FRAMES:
                self.advance()
            case model.Detour():
                self.enter(instruction.dialog)
            case model.End():
                self._leave()
            case model.Set():
                self.fill(
                    {
                        name: wording.fill(value, slots) if isinstance(value, str) else value
                        for name, value in instruction.slots.items()
                    }
                )
                self.advance()
            case model.When():
                true = all(wording.holds(one, slots) for one in instruction.conditions)
                branch = "then" if true else "else"
                self.set_frame(cursor=(*self.state.frame.cursor, branch, 0))
                self.go_on()
            case model.Remind():
                seconds = wording.seconds_of(instruction.time, slots)
                self._actions.append(do.Remind(seconds, instruction.dialog))
                self.advance()
            case _:  # Forget
                self._actions.append(do.ForgetReminders())
                self.advance()

    def _hand_over(self, name: str) -> None:
        frame = self.state.frame
        self.note("ended", dialog=frame.dialog, reason="handed over")
        self.state = replace(self.state, frames=self.state.frames[:-1], doing=IDLE)
        self.enter(name, redo=frame.redo)

    def _prepare_next(self) -> None:
        block, index = self._block(), int(self.state.frame.cursor[-1])
        texts = [
            self.filled(one.any[0])
            for one in block[index + 1 : index + 3]
            if isinstance(one, model.Say | model.Ask) and len(one.any) == 1
        ]
        if texts:
            self._actions.append(do.Prepare(tuple(texts), self._style()))

    # -- questions ---------------------------------------------------------------------

    def ask_again(self) -> None:
        """Put the question around the frame (or at it), from its first word."""
        found = ask_around(self.pack, self.state.frame)
        assert found is not None
        cursor, ask = found
        self.set_frame(cursor=cursor)
        text = self.filled(self._pick(ask.any))
        self.note("asked", text=text, dialog=self.state.frame.dialog, step=str(cursor[0]))
        self.say("asking", text)

    def listen(self) -> None:
        """Wait for an answer to the question around the frame."""
        found = ask_around(self.pack, self.state.frame)
        assert found is not None
        cursor, ask = found
        self.set_frame(cursor=cursor)
        dialog = self.pack.dialogs[self.state.frame.dialog]
        duration = ask.wait or dialog.wait or self.pack.wait
        self.wait(
            "listening",
            wording.seconds_of(duration, self.state.frame.slots),
            for_speech=True,
        )

    def escalate(self, kind: str) -> None:
        """Nobody answered, or not so that it was understood: the next thing said about it."""
        frame = self.state.frame
        found = ask_around(self.pack, frame)
        assert found is not None
        cursor, ask = found
        nth = frame.silences if kind == "silence" else frame.unclears
        self.note(kind, count=nth + 1)
        branch = inherited(self.pack, self.pack.dialogs[frame.dialog], ask, kind, nth)
        self.cut()
        if not branch:
            self._leave(kind)
            return
        if kind == "silence":
            self.set_frame(silences=nth + 1)
        else:
            self.set_frame(unclears=nth + 1)
        self.set_frame(cursor=(*cursor, branch, 0))
        self.go_on()

    def options(self) -> str:
        """What can be said here, as a sentence: made from the plainest form of each answer."""
        found = ask_around(self.pack, self.state.frame)
        wanted = found[1].answers if found else ()
        plain = [name for one in wanted if (name := wording.plainest(one.template, self.pack))]
        if not plain:
            return self.line("one_can_stop")
        return self.line("you_can_say").replace("{options}", ", or ".join(plain[:4]))

    # -- time --------------------------------------------------------------------------

    def _begin_turn(self, turn: model.Turn) -> None:
        frame = self.state.frame
        seconds = wording.seconds_of(turn.time, frame.slots)
        if turn.speaker == "second" and frame.turn_seconds:
            seconds = frame.turn_seconds
        if turn.speaker == "first":
            self.set_frame(turn_seconds=seconds)
        self.note("turn", speaker=turn.speaker, seconds=seconds)
        doing = Doing("turning", self._ticket(), self.at, seconds)
        self.state = replace(self.state, doing=doing)
        self._wait_out_turn()

    def _wait_out_turn(self) -> None:
        """Until the warning if there is one to come, else until the end."""
        doing = self.state.doing
        instruction = instruction_at(self.pack, self.state.frame)
        left = doing.since + doing.seconds - self.at
        if isinstance(instruction, model.Turn) and instruction.warn and not doing.warned:
            warn = wording.seconds_of(instruction.warn, self.state.frame.slots)
            if left > warn:
                left -= warn
        self._actions.append(do.Wait(doing.ticket, max(0.0, left)))

    def warn_turn(self) -> None:
        """A soft sound: time is nearly up. The speaker is not interrupted."""
        doing = self.state.doing
        ticket = self._ticket()
        self._actions.append(do.Chime(self._ticket(), "soft", self.state.style.volume))
        doing = replace(doing, ticket=ticket, warned=True)
        self.state = replace(self.state, doing=doing)
        self._wait_out_turn()

    def close_hold(self) -> None:
        """A hold or turn is over: its last sound, if it has one, then on."""
        instruction = instruction_at(self.pack, self.state.frame)
        sound = instruction.chime if isinstance(instruction, model.Hold) else "soft"
        if sound:
            self._chime("closing", sound)
        else:
            self.advance()

    def _begin_breathing(self, breathe: model.Breathe) -> None:
        if breathe.time is not None:
            seconds = wording.seconds_of(breathe.time, self.state.frame.slots)
        else:
            seconds = breathe.rounds * round_seconds(breathe)
        doing = Doing("breathing", 0, self.at, seconds, guide=breathe.guide)
        self.state = replace(self.state, doing=doing)
        self._actions.append(
            do.Prepare(tuple(self.line(name) for name in CUES.values()), self._style())
        )
        self._phase(breathe)

    def next_phase(self) -> None:
        """The next part of the breath, or the end of the breathing with a whole breath out."""
        doing = self.state.doing
        breathe = instruction_at(self.pack, self.state.frame)
        assert isinstance(breathe, model.Breathe)
        number = doing.phase + 1
        opens_round = phase(breathe, number, doing.tempo).opens_round
        half_a_round = round_seconds(breathe, doing.tempo) / 2
        if opens_round and self.at + half_a_round > doing.since + doing.seconds:
            self.advance()
            return
        self.state = replace(self.state, doing=replace(doing, phase=number))
        self._phase(breathe)

    def _phase(self, breathe: model.Breathe) -> None:
        doing = self.state.doing
        part = phase(breathe, doing.phase, doing.tempo)
        cue = self.line(CUES[part.name]) if part.cued and doing.guide == "voice" else ""
        if doing.guide == "silent" and part.opens_round and self._bell_is_due(doing):
            self._actions.append(do.Chime(self._ticket(), "soft", self.state.style.volume))
        ticket = self._ticket()
        self.state = replace(self.state, doing=replace(doing, ticket=ticket, phase_since=self.at))
        tone = doing.guide != "silent"
        self._actions.append(do.Phase(ticket, part.name, part.seconds, tone, cue, self._style()))

    def _bell_is_due(self, doing: Doing) -> bool:
        def minute(moment: float) -> int:
            return int((moment - doing.since) / SILENT_BELL_SECONDS)

        return doing.phase == 0 or minute(self.at) > minute(doing.phase_since)

    def resume(self, doing: Doing) -> None:
        """Take up what "pause" interrupted, with the time that was left."""
        if doing.what in ("saying", "confirming"):
            self.say(doing.what, doing.text)
        elif doing.what in ("asking", "listening"):
            self.ask_again()
        elif doing.what == "breathing":
            breathe = instruction_at(self.pack, self.state.frame)
            assert isinstance(breathe, model.Breathe)
            self.state = replace(self.state, doing=replace(doing, since=self.at, phase=0))
            self._phase(breathe)
        elif doing.what in ("pausing", "holding", "turning"):
            again = replace(doing, ticket=self._ticket(), since=self.at)
            self.state = replace(self.state, doing=again)
            self._wait_out_turn()
        else:
            self.advance()
