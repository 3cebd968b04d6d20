"""Walking an engine by hand: what is armed, what is waited for, and time that passes in silence."""

import copy
from collections.abc import Iterable
from dataclasses import dataclass, field

from voice_ally import engine
from voice_ally.core import actions as do
from voice_ally.core.events import Event, Finished, Heard, Meaning, Recalled, TimedOut
from voice_ally.engine.state import State
from voice_ally.language.model import Pack

STOP = Meaning("command", "stop")
SILENT_SECONDS = 2.0
"""How long each sound lasts here."""


@dataclass
class Walker:
    """One conversation. Promises to come back are told as they were made."""

    pack: Pack
    state: State = field(default_factory=State)
    at: float = 0.0
    armed: tuple[do.Phrase, ...] = ()
    said: list[str] = field(default_factory=list)
    _waits: dict[int, float] = field(default_factory=dict)
    promised: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._take(engine.begin(self.pack, self.state))

    def start(self, dialog: str) -> "Walker":
        self._take(engine.start(self.pack, self.state, dialog, self.at))
        return self

    def use(self, pack: Pack) -> None:
        old, self.pack = self.pack, pack
        self._take(engine.use(old, pack, self.state, self.at))

    def step(self, event: Event) -> None:
        self.at = max(self.at, event.at)
        self._take(engine.step(self.pack, self.state, event))

    def hear(self, meaning: Meaning, **slots: str | int) -> None:
        self.step(Heard(self.at, meaning, "", slots))

    def goes_on(self) -> None:
        """What is under way comes to its end, and nobody says anything."""
        ticket = self.state.doing.ticket
        waited = self._waits.get(ticket)
        self.at += SILENT_SECONDS if waited is None else waited
        over = Finished if waited is None else TimedOut
        self.step(over(self.at, ticket))

    def in_silence(self, most_steps: int = 1_500) -> bool:
        """Until nothing is running any more: does it come to that?"""
        for _ in range(most_steps):
            if not self.state.frames and not self.state.pending:
                return True
            self.goes_on()
        return False

    def copy(self) -> "Walker":
        """The same conversation, to be led elsewhere."""
        other = copy.copy(self)
        other.said = list(self.said)
        other._waits, other.promised = dict(self._waits), list(self.promised)
        return other

    def _take(self, result: tuple[State, Iterable[do.Action]]) -> None:
        self.state, actions = result
        for one in actions:
            match one:
                case do.Wait() | do.Phase():
                    self._waits[one.ticket] = one.seconds
                case do.Listen():
                    self.armed = one.phrases
                case do.Say():
                    self.said.append(one.text)
                case do.Remind():
                    self.promised.append(one.seconds)
                case do.ForgetReminders():
                    self.promised.clear()
                case do.RecallReminders():
                    answer = Recalled(self.at, one.ticket, tuple(sorted(self.promised)))
                    self._take(engine.step(self.pack, self.state, answer))
