"""The context of one walk: the state on its way to the next, and what can be done with it.

Rules: made, used and thrown away within one call of the engine; knows how to speak, sound and
wait. What comes next in a dialog is declared here and done in walk.py, so that what a step does
needs to know this module alone.
"""

import zlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import replace

from voice_ally.core import actions as do
from voice_ally.core.events import NO_SLOTS, SlotValue
from voice_ally.engine.state import IDLE, Doing, State, instruction_at
from voice_ally.language import model, wording
from voice_ally.language.given_slots import NAMES

MOST_RECENT = 12
RATES = {"": 1.0, "slow": 0.85, "normal": 1.0, "fast": 1.15}
"""How the words for a pace change the user's own."""
QUIET_VOLUME = 0.5
MOST_REMEMBERED = 1000
"""Sets of wordings of which it is remembered which were used; no pack has so many."""
_FLOWING = ("saying", "pausing", "chiming")
"""What goes on between lines that belong together."""


class Stage(ABC):
    """The state on its way to the next, and the actions gathered on the way."""

    def __init__(self, pack: model.Pack, state: State, at: float) -> None:
        self.pack = pack
        self.state = state
        self.at = at
        self._actions: list[do.Action] = []

    def act(self, action: do.Action) -> None:
        """One more thing to be done."""
        self._actions.append(action)

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
        self.act(do.Note(event, data))

    def note_ended(self, dialog: str, reason: str, goes_on: str = "") -> None:
        """A dialog is over, or does not begin; the dialog of this name goes on, if one is given."""
        more = {"goes_on": self.pack.dialogs[goes_on].title} if goes_on else {}
        self.note("ended", dialog=dialog, reason=reason, **more)

    def cut(self) -> None:
        """Silence, and no timer left."""
        self.act(do.Cut())

    def clear(self, reason: str) -> None:
        """Nothing is running any more."""
        if self.state.frames or self.state.pending:
            name = self.state.frame.dialog if self.state.frames else self.state.pending
            self.note("ended", dialog=name, reason=reason)
        self.state = replace(
            self.state, frames=(), doing=IDLE, pending="", pending_slots=NO_SLOTS, before=IDLE
        )

    def forget_names(self) -> None:
        """No dialog under way knows a name any more."""
        frames = tuple(
            replace(one, slots={**one.slots, **dict.fromkeys(NAMES, "")})
            for one in self.state.frames
        )
        given = {**self.state.given_slots, **dict.fromkeys(NAMES, "")}
        self.state = replace(self.state, frames=frames, given_slots=given)

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

    def next_ticket(self) -> int:
        """A number no other action has."""
        self.state = replace(self.state, ticket=self.state.ticket + 1)
        return self.state.ticket

    def style(self) -> do.Style:
        """How the voice speaks now: as the user set it, lowered where the dialog wants it."""
        low = bool(self.state.frames) and self.pack.dialogs[self.state.frame.dialog].low_voice
        return replace(self.state.style, low=low)

    def line_style(self) -> do.Style:
        """How the line is spoken at which the frame stands: with what it asks for itself."""
        style = self.style()
        here = instruction_at(self.pack, self.state.frame) if self.state.frames else None
        if not isinstance(here, model.Say):
            return style
        return replace(
            style,
            rate=style.rate * RATES[here.rate],
            volume=style.volume * (QUIET_VOLUME if here.quiet else 1.0),
            low=here.voice == "low" or (style.low and here.voice != "normal"),
            second=here.voice == "second",
        )

    def pick(self, variants: tuple[str, ...]) -> str:
        """One of several wordings, by the seed in the state; none twice before all were used."""
        if len(variants) == 1:
            return variants[0]
        seed = (self.state.seed * 1_103_515_245 + 12_345) % 2**31
        key = f"{zlib.crc32(chr(10).join(variants).encode()):08x}"
        used = self.state.used.get(key, ())
        left = [one for one in range(len(variants)) if one not in used]
        chosen = left[(seed >> 16) % len(left)]
        used = (*used, chosen) if len(left) > 1 else (chosen,)
        known = dict(list({**self.state.used, key: used}.items())[-MOST_REMEMBERED:])
        self.state = replace(self.state, seed=seed, used=known)
        return variants[chosen]

    # -- sounds and waits --------------------------------------------------------------

    def say(self, what: str, text: str) -> None:
        """Speak a line and await its end as `what`."""
        ticket = self.next_ticket()
        doing = Doing(what, ticket, self.at, text=text)
        before = self.state.recent if self.state.doing.what in _FLOWING else ()
        recent = (*before, text)[-MOST_RECENT:] if what == "saying" else ()
        self.state = replace(self.state, doing=doing, last_said=text, recent=recent)
        style = self.line_style() if what == "saying" else self.style()
        self.act(do.Say(ticket, text, style))

    def aside(self, text: str) -> None:
        """Speak a line beside whatever is going on; nothing waits for its end."""
        if text:
            self.act(do.Say(self.next_ticket(), text, self.style()))

    def chime(self, what: str, sound: str) -> None:
        """Play a sound and await its end as `what`."""
        ticket = self.next_ticket()
        self.state = replace(self.state, doing=Doing(what, ticket, self.at))
        self.act(do.Chime(ticket, sound, self.state.style.volume))

    def play(self, file: str) -> None:
        """Play a file and await its end."""
        ticket = self.next_ticket()
        self.state = replace(self.state, doing=Doing("playing", ticket, self.at))
        self.act(do.Play(ticket, file, self.state.style.volume))

    def wait(self, what: str, seconds: float, *, for_speech: bool = False) -> None:
        """Let time pass as `what`."""
        ticket = self.next_ticket()
        self.state = replace(self.state, doing=Doing(what, ticket, self.at, seconds))
        self.act(do.Wait(ticket, seconds, for_speech))

    # -- what comes next (walk.py) -----------------------------------------------------

    @abstractmethod
    def enter(
        self, name: str, slots: Mapping[str, SlotValue] | None = None, *, redo: bool = False
    ) -> None:
        """Begin a dialog on top of what is there."""

    @abstractmethod
    def hand_over(self, name: str, slots: Mapping[str, SlotValue] | None = None) -> None:
        """Another dialog takes the place of the one on top."""

    @abstractmethod
    def leave(self, reason: str = "finished") -> None:
        """The dialog on top is over; what it interrupted goes on."""

    @abstractmethod
    def block(self) -> model.Block:
        """The instructions among which the frame stands."""

    @abstractmethod
    def advance(self) -> None:
        """Go on behind the instruction the frame stands at."""

    @abstractmethod
    def go_on(self) -> None:
        """Do the instruction the frame stands at, and all after it that take no time."""
