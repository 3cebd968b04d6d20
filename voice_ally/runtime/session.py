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

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from voice_ally import engine
from voice_ally.core.events import (
    DevicesBack,
    DevicesLost,
    Due,
    Event,
    Failed,
    Finished,
    Heard,
    SlotValue,
    TimedOut,
    Unclear,
)
from voice_ally.core.speech import HearingEvent, SpeechStarted, Utterance
from voice_ally.engine.asking import takes_anything
from voice_ally.engine.state import State
from voice_ally.engine.state_migration import with_country
from voice_ally.language.given_slots import given_slots
from voice_ally.language.intents import intent_of
from voice_ally.language.model import Pack
from voice_ally.language.reserved import ANYTHING
from voice_ally.runtime.event_log import EventLog
from voice_ally.runtime.own_voice import plainly_another
from voice_ally.runtime.people import People
from voice_ally.runtime.performing import (
    LINE_GAP_SECONDS,
    SETTLE_SECONDS,
    Performing,
    Understand,
    WhileSpeaking,
)
from voice_ally.runtime.ports import Ears, Mouth, Names, ReminderBook, Sounds

__all__ = ["LINE_GAP_SECONDS", "SETTLE_SECONDS", "Session", "WhileSpeaking"]

QUIET_BEFORE_REMINDING_SECONDS = 60.0
"""A reminder stays where it is kept until nothing has been going on for so long: it neither
interrupts, nor speaks up just after a "stop", nor is lost if the program ends meanwhile."""


class Session:
    """Drives one engine state through a conversation."""

    def __init__(
        self,
        pack: Pack,
        understand: Understand,
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
        self._ears, self._mouth = ears, mouth
        self._log, self._reminders = log, reminders
        self._people: Names = people or People()
        self._today = today
        self._performing = Performing(
            understand,
            ears=ears,
            mouth=mouth,
            sounds=sounds,
            log=log,
            reminders=reminders,
            people=self._people,
            while_speaking=while_speaking,
            settle_seconds=settle_seconds,
        )
        self._next_pack: tuple[Pack, Understand, Mapping[str, SlotValue] | None] | None = None
        self._has_heard = False
        self._began_over_line = False
        """Did somebody begin to speak while a line sounded?"""
        self._gone: set[str] = set()
        """The devices that are not there just now."""
        self._busy_at = -QUIET_BEFORE_REMINDING_SECONDS
        """When something was last going on; before the first moment, for what came due earlier."""

    # -- what happens --------------------------------------------------------------------

    def begin(self, at: float, dialog: str = "") -> None:
        """The first moment. With a dialog, that one starts at once."""
        self._give_slots()
        self.state, actions = engine.begin(self.pack, self.state, at)
        self._performing.perform(actions, at)
        self._answer()
        if not self._performing.sounding.speaks:
            self._ears.open()
        if dialog:
            self._start(dialog, at)

    def _start(self, dialog: str, at: float) -> None:
        self.state, actions = engine.start(self.pack, self.state, dialog, at)
        self._performing.perform(actions, at)
        self._answer()

    def offer(self, dialog: str, at: float) -> None:
        """Start this dialog, unless one runs or somebody has begun to speak before."""
        if self.idle and not self._has_heard and dialog in self.pack.dialogs:
            self._start(dialog, at)

    def heard(self, event: HearingEvent) -> None:
        """Somebody began to speak, or has spoken."""
        self._has_heard = True
        if isinstance(event, SpeechStarted):
            self._performing.somebody_speaks = True
            self._began_over_line = self._performing.sounding.speaks
            if not self._performing.may_echo or plainly_another(event):
                self._mouth.lower(True)
            self._log.tell(event.at, "speech")
            return
        self._performing.somebody_speaks = False
        self._mouth.lower(False)
        self._utterance(event)

    def _utterance(self, event: Utterance) -> None:
        decided = self._performing.deciding.decide(event)
        match = decided.match
        own_voice = decided.echo or (decided.over_own_line and match is None)
        if not own_voice:
            self._performing.timers.spoken(event.speech_end)
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
        if not self._performing.sounding.holds(ticket):
            return
        if (line := self._performing.sounding.over(ticket, at)) is not None:
            self._performing.said(line, at)
            self._performing.widen_after(at)
        if ticket > 0:
            self._performing.after_line = line is not None
            self._step(Finished(at, ticket))
            self._performing.after_line = False

    def sound_started(self, ticket: int, at: float) -> None:
        """A line was rendered and begins to sound now."""
        self._performing.sounding.started(ticket, at)

    def sound_failed(self, ticket: int, at: float, message: str) -> None:
        """A line could not be spoken: say so, and go on as if it had been."""
        self._log.tell(at, "failed", source="voice", message=message)
        if self._performing.sounding.over(ticket, at) is not None:
            self._performing.widen_after(at)
        if ticket > 0:
            self._step(Failed(at, ticket))

    def failed(self, source: str, at: float, message: str) -> None:
        """Something around the session broke; it goes on as far as it can."""
        self._log.tell(at, "failed", source=source, message=message)

    def device_lost(self, source: str, at: float, message: str) -> None:
        """The microphone or the loudspeaker has gone: stand still until both are there."""
        self._log.tell(at, "lost", source=source, message=message)
        self._gone.add(source)
        self._performing.somebody_speaks = False  # or it would be waited for them to end
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

    def use(
        self,
        pack: Pack,
        understand: Understand,
        country_slots: Mapping[str, SlotValue] | None = None,
    ) -> None:
        """Other dialogs from the next quiet moment on, never in the middle of a line.

        country_slots: the numbers of the country as they are now; None: as they were.
        """
        self._next_pack = (pack, understand, country_slots)

    def _use_next(self, now: float) -> None:
        quiet = not (self._performing.sounding.anything or self._performing.somebody_speaks)
        if self._next_pack is None or not quiet or self.state.doing.what == "breathing":
            return
        old = self.pack
        self.pack, self._performing.understand, country_slots = self._next_pack
        if country_slots is not None:
            self.state = with_country(self.state, self.pack, country_slots)
        self._next_pack = None
        self.state, actions = engine.use(old, self.pack, self.state, now)
        self._log.tell(now, "reloaded", dialogs=len(self.pack.dialogs))
        self._performing.perform(actions, now)
        self._answer()

    def tick(self, now: float) -> None:
        """Time has come this far: whatever was due by now happens, oldest first."""
        self._use_next(now)
        if not self.idle or self._gone:
            self._busy_at = now
        elif now - self._busy_at >= QUIET_BEFORE_REMINDING_SECONDS:
            for dialog in self._reminders.take_due(most=1):
                self._step(Due(now, dialog))
        while (next_one := self.next_deadline()) <= now:
            if self._performing.widen_at <= next_one:
                self._performing.widen()
                if self._performing.somebody_speaks and self._began_over_line:
                    # the room may still be full of the line: an answer must not drown in it
                    self._ears.break_off()
                continue
            over = self._performing.timers.pop_next(
                somebody_speaks=self._performing.somebody_speaks
            )
            self._step(TimedOut(over.at, over.ticket, over.fell_silent))

    def next_deadline(self) -> float:
        """When tick has something to do next; infinity when nothing is waiting."""
        told_at = self._performing.timers.next_told_at(
            somebody_speaks=self._performing.somebody_speaks
        )
        return min(self._performing.widen_at, told_at)

    @property
    def idle(self) -> bool:
        """Nothing is running, sounding or waiting."""
        return not (self.state.frames or self.state.pending or self._performing.sounding.anything)

    # -- what is done ----------------------------------------------------------------------

    def _give_slots(self) -> None:
        given = given_slots(self.pack, self._today(), self._people.names)
        if given != self.state.given_slots:
            self.state = replace(self.state, given_slots=given)

    def _step(self, event: Event) -> None:
        self._give_slots()
        self.state, actions = engine.step(self.pack, self.state, event)
        self._performing.perform(actions, event.at)
        self._answer()

    def _answer(self) -> None:
        while self._performing.answers:
            self._step(self._performing.answers.popleft())
