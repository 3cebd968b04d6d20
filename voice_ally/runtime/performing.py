"""What the engine wants, done: lines, sounds, waits, and which phrases are listened for meanwhile.

Rules: as in session.py, whose other half this is: it never blocks, and everything is timed from
the moment that comes with a call.
"""

from collections import deque
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import PurePath

from voice_ally.core import actions as do
from voice_ally.core.events import Event, Recalled
from voice_ally.core.marks import plainly
from voice_ally.core.sound import Sound
from voice_ally.engine.armed import interrupting
from voice_ally.interpret.understanding import Understanding
from voice_ally.runtime.deciding import Deciding
from voice_ally.runtime.event_log import EventLog
from voice_ally.runtime.ports import Ears, Mouth, Names, ReminderBook, Sounds
from voice_ally.runtime.sounding import Line, Sounding
from voice_ally.runtime.timers import NEVER, Timers

LINE_GAP_SECONDS = 0.7
"""Between the end of a line and a line that follows it by itself: time to take it in."""
SETTLE_SECONDS = 0.25
"""Between the end of a line and listening again: the room's echo of the last word."""
SIP = "sip"
"""The sound of a breath in on top of another."""


Understand = Callable[[Sequence[do.Phrase]], Understanding]
"""Compiles the phrases that mean something now."""


class WhileSpeaking(Enum):
    """What is listened for while a line sounds."""

    INTERRUPTIONS = "interruptions"
    """Stop, pause, repeat, skip and safety."""
    ANSWERS = "answers"
    """The same, and any answer to the question that is being asked."""
    ALL = "all"
    """Whatever may be said now; and nothing can be an echo: headphones, typing."""


class Performing:
    """Carries out actions with what the session was given to speak, sound and listen with."""

    def __init__(
        self,
        understand: Understand,
        *,
        ears: Ears,
        mouth: Mouth,
        sounds: Sounds,
        log: EventLog,
        reminders: ReminderBook,
        people: Names,
        while_speaking: WhileSpeaking,
        settle_seconds: float,
    ) -> None:
        self.understand = understand
        """Compiles phrases; another one after the dialogs were changed."""
        self._ears, self._mouth, self._sounds = ears, mouth, sounds
        self._log, self._reminders, self._people = log, reminders, people
        self.may_echo = while_speaking is not WhileSpeaking.ALL
        self._answers_interrupt = while_speaking is WhileSpeaking.ANSWERS
        self._settle_seconds = settle_seconds
        self.sounding = Sounding()
        self.deciding = Deciding(self.may_echo, self.sounding.own_voice)
        self.timers = Timers()
        self.answers: deque[Event] = deque()
        """What the surroundings have to say to an action, once all of its step are done."""
        self._narrow = False
        """Are only interruptions listened for just now?"""
        self.widen_at = NEVER
        self.somebody_speaks = False
        self.after_line = False
        """Is what is done just now what follows a line that has ended?"""

    def perform(self, actions: Sequence[do.Action], at: float) -> None:
        """All of these, in order, timed from this moment."""
        for action in actions:
            match action:
                case do.Say():
                    self._say(action.ticket, action.text, action.style, at)
                case do.Chime():
                    self._log.tell(at, "chimed", sound=action.sound)
                    self._tone(action.ticket, self._sounds.chime(action.sound, action.volume), at)
                case do.Play():
                    self._play(action, at)
                case do.Phase():
                    self._phase(action, at)
                case do.Wait():
                    self.timers.wait(action, at, self._mouth.lead_seconds)
                case do.Listen():
                    self.deciding.understanding = self.understand(action.phrases)
                    self.deciding.interrupting = self.understand(
                        interrupting(action.phrases, answers=self._answers_interrupt)
                    )
                    self._arm()
                case do.Prepare():
                    self._mouth.prepare(action.texts, action.style)
                case do.Cut():
                    self._cut(at)
                case do.Note():
                    self._note(action, at)
                case _:
                    self._keep(action, at)

    def _keep(self, action: do.Action, at: float) -> None:
        """What outlasts the moment: promises and names."""
        match action:
            case do.Remind():
                seconds = self._reminders.add(
                    action.seconds,
                    action.dialog,
                    days=action.days,
                    at=action.at,
                    every=action.every,
                )
                self._log.tell(at, "reminder", dialog=action.dialog, seconds=seconds)
            case do.RecallReminders():
                waiting = tuple(one for one, _ in self._reminders.waiting())
                self.answers.append(Recalled(at, action.ticket, waiting))
            case do.ForgetReminders():
                self._forget(at)
            case do.Remember():
                self._people.remember(action.slot, action.name)
            case do.ForgetPeople():
                self._people.forget()

    def _note(self, note: do.Note, at: float) -> None:
        data = {
            name: plainly(value) if name == "text" and isinstance(value, str) else value
            for name, value in note.data.items()
        }
        self._log.tell(at, note.event, **data)

    def _arm(self) -> None:
        deciding = self.deciding
        understanding = deciding.interrupting if self._narrow else deciding.understanding
        if understanding is not None:
            self._ears.arm(understanding)

    def _say(self, ticket: int, text: str, style: do.Style, at: float) -> None:
        shown = plainly(text)
        start = at + LINE_GAP_SECONDS if self.after_line else at
        self.sounding.say(ticket, shown, start)
        self.widen_at = NEVER
        if self.may_echo and not self._narrow:
            self._narrow = True
            self._arm()
        self._log.tell(at, "speaking", text=shown)
        self._mouth.say(ticket, text, style, start)

    def _forget(self, at: float) -> None:
        # told of only where there were any: it may be safety that takes them back
        if self._reminders.waiting():
            self._log.tell(at, "reminders cleared")
        self._reminders.clear()

    def _tone(self, ticket: int, pcm16: Sound, at: float, *, exact: bool = False) -> None:
        self.sounding.tone(ticket)
        self._mouth.tone(ticket, pcm16, at, exact=exact)

    def _play(self, play: do.Play, at: float) -> None:
        """Read where lines are rendered; for whatever else a sound like a chime."""
        self._log.tell(at, "playing", file=PurePath(play.file).name)
        self.sounding.tone(play.ticket)
        style = do.Style(volume=play.volume, recording=True)
        self._mouth.say(play.ticket, play.file, style, at)

    def _phase(self, phase: do.Phase, at: float) -> None:
        self._log.tell(at, "phase", name=phase.name, seconds=phase.seconds)
        self.timers.wait(do.Wait(phase.ticket, phase.seconds), at, self._mouth.lead_seconds)
        if phase.tone:
            sound = SIP if phase.on_top else phase.name
            pcm16 = self._sounds.breath(sound, phase.seconds, phase.style.volume)
            self._tone(self.sounding.cue_ticket(), pcm16, at, exact=True)
        if phase.cue and not self.somebody_speaks:
            self._say(self.sounding.cue_ticket(), phase.cue, phase.style, at)

    def said(self, line: Line, at: float, **more: bool) -> None:
        """Log a line that has been heard to its end, or was cut."""
        span = {"start": round(line.start, 3), "end": round(at, 3)}
        self._log.tell(at, "said", text=line.text, **span, **more)

    def widen_after(self, at: float) -> None:
        """Listen for everything again once the room's echo of the last word is gone."""
        if self._narrow and not self.sounding.speaks:
            self.widen_at = at + self._settle_seconds

    def _cut(self, at: float) -> None:
        was_sounding = self.sounding.anything
        self._mouth.cut()
        self.timers.clear()
        for line in self.sounding.cut(at):
            self.said(line, at, cut=True)
        if was_sounding:
            self._log.tell(at, "cut")
        self.widen_after(at)

    def widen(self) -> None:
        """Listen for everything again."""
        self.widen_at = NEVER
        self._narrow = False
        self._arm()
