"""One conversation: what is heard goes into the engine, what it wants is done.

Rules:
1. Called from one thread only; it never blocks and never asks what time it is: every call
   brings its own moment, and what follows is timed from that moment, so nothing drifts.
2. It can be stopped at any instant, also in the middle of a word. While a line sounds, and for
   the settle time after its real end, only what may interrupt it is listened for (unless
   headphones are worn or an echo canceller is trusted); what is heard then and is made of the
   line's own words is an echo, and what is not understood then is nobody's mistake.
3. A timer or sound whose ticket was cut never reaches the engine.
4. Every wait ends on a whole sample, and is told of a little ahead (the mouth's lead), so that
   the sound which follows begins on exactly that sample.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum
from pathlib import PurePath

from voice_ally import engine
from voice_ally.core import actions as do
from voice_ally.core.events import (
    DevicesBack,
    DevicesLost,
    Due,
    Event,
    Failed,
    Finished,
    Heard,
    Recalled,
    TimedOut,
    Unclear,
)
from voice_ally.core.marks import plainly
from voice_ally.core.sound import Sound
from voice_ally.core.speech import HearingEvent, SpeechStarted, Utterance
from voice_ally.engine.armed import interrupting
from voice_ally.engine.asking import takes_anything
from voice_ally.engine.state import State
from voice_ally.interpret.understanding import Understanding
from voice_ally.language.given_slots import given_slots
from voice_ally.language.intents import intent_of
from voice_ally.language.model import Pack
from voice_ally.language.reserved import ANYTHING
from voice_ally.runtime.deciding import Deciding
from voice_ally.runtime.event_log import EventLog
from voice_ally.runtime.own_voice import plainly_another
from voice_ally.runtime.people import People
from voice_ally.runtime.ports import Ears, Mouth, Names, ReminderBook, Sounds
from voice_ally.runtime.sounding import Line, Sounding
from voice_ally.runtime.timers import NEVER, Timers

LINE_GAP_SECONDS = 0.7
"""Between the end of a line and a line that follows it by itself: time to take it in."""
SETTLE_SECONDS = 0.25
"""Between the end of a line and listening again: the room's echo of the last word."""
SIP = "sip"
"""The sound of a breath in on top of another."""
QUIET_BEFORE_REMINDING_SECONDS = 60.0
"""A reminder stays where it is kept until nothing has been going on for so long: it neither
interrupts, nor speaks up just after a "stop", nor is lost if the program ends meanwhile."""


class WhileSpeaking(Enum):
    """What is listened for while a line sounds."""

    INTERRUPTIONS = "interruptions"
    """Stop, pause, repeat, skip and safety."""
    ANSWERS = "answers"
    """The same, and any answer to the question that is being asked."""
    ALL = "all"
    """Whatever may be said now; and nothing can be an echo: headphones, typing."""


class Session:
    """Drives one engine state through a conversation."""

    def __init__(
        self,
        pack: Pack,
        understand: Callable[[Sequence[do.Phrase]], Understanding],
        *,
        ears: Ears,
        mouth: Mouth,
        sounds: Sounds,
        log: EventLog,
        reminders: ReminderBook,
        state: State | None = None,
        while_speaking: WhileSpeaking = WhileSpeaking.INTERRUPTIONS,
        settle_seconds: float = SETTLE_SECONDS,
        people: Names | None = None,
        today: Callable[[], datetime] = datetime.now,
    ) -> None:
        self.pack = pack
        self.state = State() if state is None else state
        self._understand = understand
        self._ears, self._mouth, self._sounds = ears, mouth, sounds
        self._log, self._reminders = log, reminders
        self._people: Names = people or People()
        self._today = today
        self._may_echo = while_speaking is not WhileSpeaking.ALL
        self._answers_interrupt = while_speaking is WhileSpeaking.ANSWERS
        self._sounding = Sounding()
        self._deciding = Deciding(self._may_echo, self._sounding.own_voice)
        self._settle_seconds = settle_seconds
        self._narrow = False
        """Are only interruptions listened for just now?"""
        self._timers = Timers()
        self._next_pack: tuple[Pack, Callable[[Sequence[do.Phrase]], Understanding]] | None = None
        self._answers: deque[Event] = deque()
        """What the surroundings have to say to an action, once all of its step are done."""
        self._widen_at = NEVER
        self._somebody_speaks = self._began_over_line = False
        self._after_line = False
        """Is what is done just now what follows a line that has ended?"""
        self._gone: set[str] = set()
        """The devices that are not there just now."""
        self._busy_at = -QUIET_BEFORE_REMINDING_SECONDS
        """When something was last going on; before the first moment, for what came due earlier."""

    # -- what happens --------------------------------------------------------------------

    def begin(self, at: float, dialog: str = "") -> None:
        """The first moment. With a dialog, that one starts at once."""
        self._give_slots()
        self.state, actions = engine.begin(self.pack, self.state, at)
        self._perform(actions, at)
        self._answer()
        if not self._sounding.speaks:
            self._ears.open()
        if dialog:
            self.state, actions = engine.start(self.pack, self.state, dialog, at)
            self._perform(actions, at)
            self._answer()

    def heard(self, event: HearingEvent) -> None:
        """Somebody began to speak, or has spoken."""
        if isinstance(event, SpeechStarted):
            self._somebody_speaks = True
            self._began_over_line = self._sounding.speaks
            if not self._may_echo or plainly_another(event):
                self._mouth.lower(True)
            self._log.tell(event.at, "speech")
            return
        self._somebody_speaks = False
        self._mouth.lower(False)
        self._utterance(event)

    def _utterance(self, event: Utterance) -> None:
        decided = self._deciding.decide(event)
        match = decided.match
        own_voice = decided.echo or (decided.over_own_line and match is None)
        if not own_voice:
            self._timers.spoken(event.speech_end)
        span = {
            "confidence": round(event.confidence, 3),
            "speech_start": round(event.speech_start, 3),
            "speech_end": round(event.speech_end, 3),
            "decided": round(event.at, 3),
            "decision": decided.decision.value,
        }
        if match is None and not own_voice and takes_anything(self.pack, self.state):
            # an answer, of which nothing is kept
            self._log.tell(event.at, "heard", text="", intent=ANYTHING, slots={}, **span)
            self._step(Unclear(event.at))
            return
        if match is None:
            text = event.text or event.rejected_text
            why = {"echo": True} if decided.echo else {}
            self._log.tell(event.at, "rejected", text=text, intent=None, slots={}, **span, **why)
            if not own_voice:
                self._step(Unclear(event.at))
            return
        intent = intent_of(match.phrase)
        slots = dict(match.slots)
        self._log.tell(event.at, "heard", text=event.text, intent=intent, slots=slots, **span)
        meaning = match.phrase.meaning
        self._step(Heard(event.at, meaning, event.text, match.slots, decided.decision))

    def sound_over(self, ticket: int, at: float) -> None:
        """What was played under this ticket has been heard to its end."""
        if not self._sounding.holds(ticket):
            return
        if (line := self._sounding.over(ticket, at)) is not None:
            self._said(line, at)
            self._widen_after(at)
        if ticket > 0:
            self._after_line = line is not None
            self._step(Finished(at, ticket))
            self._after_line = False

    def sound_started(self, ticket: int, at: float) -> None:
        """A line was rendered and begins to sound now."""
        self._sounding.started(ticket, at)

    def sound_failed(self, ticket: int, at: float, message: str) -> None:
        """A line could not be spoken: say so, and go on as if it had been."""
        self._log.tell(at, "failed", source="voice", message=message)
        if self._sounding.over(ticket, at) is not None:
            self._widen_after(at)
        if ticket > 0:
            self._step(Failed(at, ticket))

    def failed(self, source: str, at: float, message: str) -> None:
        """Something around the session broke; it goes on as far as it can."""
        self._log.tell(at, "failed", source=source, message=message)

    def device_lost(self, source: str, at: float, message: str) -> None:
        """The microphone or the loudspeaker has gone: stand still until both are there."""
        self._log.tell(at, "lost", source=source, message=message)
        self._gone.add(source)
        self._somebody_speaks = False  # or it would be waited for them to end
        if len(self._gone) == 1:
            self._step(DevicesLost(at))

    def device_back(self, source: str, at: float) -> None:
        """It is there again."""
        if source not in self._gone:
            return
        self._log.tell(at, "back", source=source)
        self._gone.discard(source)
        if not self._gone:
            self._step(DevicesBack(at))

    def blocks_dropped(self, blocks: int, at: float) -> None:
        """So much of what was said was lost: the machine was too slow for it."""
        self._log.tell(at, "dropped", blocks=blocks)

    def use(self, pack: Pack, understand: Callable[[Sequence[do.Phrase]], Understanding]) -> None:
        """Other dialogs from the next quiet moment on, never in the middle of a line."""
        self._next_pack = (pack, understand)

    def _use_next(self, now: float) -> None:
        quiet = not (self._sounding.anything or self._somebody_speaks)
        if self._next_pack is None or not quiet or self.state.doing.what == "breathing":
            return
        old = self.pack
        self.pack, self._understand = self._next_pack
        self._next_pack = None
        self.state, actions = engine.use(old, self.pack, self.state, now)
        self._log.tell(now, "reloaded", dialogs=len(self.pack.dialogs))
        self._perform(actions, now)
        self._answer()

    def tick(self, now: float) -> None:
        """Time has come this far: whatever was due by now happens, oldest first."""
        self._use_next(now)
        if not self.idle or self._gone:
            self._busy_at = now
        elif now - self._busy_at >= QUIET_BEFORE_REMINDING_SECONDS:
            for dialog in self._reminders.take_due():
                self._step(Due(now, dialog))
        while (next_one := self.next_deadline()) <= now:
            if self._widen_at <= next_one:
                self._widen_at = NEVER
                self._narrow = False
                self._arm()
                if self._somebody_speaks and self._began_over_line:
                    # the room may still be full of the line: an answer must not drown in it
                    self._ears.break_off()
                continue
            over = self._timers.pop_next(somebody_speaks=self._somebody_speaks)
            self._step(TimedOut(over.at, over.ticket, over.fell_silent))

    def next_deadline(self) -> float:
        """When tick has something to do next; infinity when nothing is waiting."""
        told_at = self._timers.next_told_at(somebody_speaks=self._somebody_speaks)
        return min(self._widen_at, told_at)

    @property
    def idle(self) -> bool:
        """Nothing is running, sounding or waiting."""
        return not (self.state.frames or self.state.pending or self._sounding.anything)

    # -- what is done ----------------------------------------------------------------------

    def _give_slots(self) -> None:
        given = given_slots(self.pack, self._today(), self._people.names)
        if given != self.state.given_slots:
            self.state = replace(self.state, given_slots=given)

    def _step(self, event: Event) -> None:
        self._give_slots()
        self.state, actions = engine.step(self.pack, self.state, event)
        self._perform(actions, event.at)
        self._answer()

    def _answer(self) -> None:
        while self._answers:
            self._step(self._answers.popleft())

    def _perform(self, actions: Sequence[do.Action], at: float) -> None:
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
                    self._timers.wait(action, at, self._mouth.lead_seconds)
                case do.Listen():
                    self._deciding.understanding = self._understand(action.phrases)
                    self._deciding.interrupting = self._understand(
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
                self._answers.append(Recalled(at, action.ticket, waiting))
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
        deciding = self._deciding
        understanding = deciding.interrupting if self._narrow else deciding.understanding
        if understanding is not None:
            self._ears.arm(understanding)

    def _say(self, ticket: int, text: str, style: do.Style, at: float) -> None:
        shown = plainly(text)
        start = at + LINE_GAP_SECONDS if self._after_line else at
        self._sounding.say(ticket, shown, start)
        self._widen_at = NEVER
        if self._may_echo and not self._narrow:
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
        self._sounding.tone(ticket)
        self._mouth.tone(ticket, pcm16, at, exact=exact)

    def _play(self, play: do.Play, at: float) -> None:
        """Read where lines are rendered; for whatever else a sound like a chime."""
        self._log.tell(at, "playing", file=PurePath(play.file).name)
        self._sounding.tone(play.ticket)
        style = do.Style(volume=play.volume, recording=True)
        self._mouth.say(play.ticket, play.file, style, at)

    def _phase(self, phase: do.Phase, at: float) -> None:
        self._log.tell(at, "phase", name=phase.name, seconds=phase.seconds)
        self._timers.wait(do.Wait(phase.ticket, phase.seconds), at, self._mouth.lead_seconds)
        if phase.tone:
            sound = SIP if phase.on_top else phase.name
            pcm16 = self._sounds.breath(sound, phase.seconds, phase.style.volume)
            self._tone(self._sounding.cue_ticket(), pcm16, at, exact=True)
        if phase.cue and not self._somebody_speaks:
            self._say(self._sounding.cue_ticket(), phase.cue, phase.style, at)

    def _said(self, line: Line, at: float, **more: bool) -> None:
        span = {"start": round(line.start, 3), "end": round(at, 3)}
        self._log.tell(at, "said", text=line.text, **span, **more)

    def _widen_after(self, at: float) -> None:
        if self._narrow and not self._sounding.speaks:
            self._widen_at = at + self._settle_seconds

    def _cut(self, at: float) -> None:
        was_sounding = self._sounding.anything
        self._mouth.cut()
        self._timers.clear()
        for line in self._sounding.cut(at):
            self._said(line, at, cut=True)
        if was_sounding:
            self._log.tell(at, "cut")
        self._widen_after(at)
