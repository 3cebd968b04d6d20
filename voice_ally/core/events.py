"""What can happen to a dialog.

Rules: frozen data; `at` is seconds on the session's clock: when it happened, not when it was
noticed, so that what follows from it is timed from there and nothing drifts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from voice_ally.core.speech import Decision

SlotValue = str | int | float
NO_SLOTS: Mapping[str, SlotValue] = MappingProxyType({})


@dataclass(frozen=True)
class Meaning:
    """What a phrase stands for in the state it was armed in."""

    kind: str
    """"command" (stop, pause …), "trigger" (starts a dialog), "answer", "until", "wake" or, for
    what may be said and comes to nothing, "not meant"."""
    name: str
    """The command, the dialog, or the position of the answer in its question ("0", "1" …)."""


@dataclass(frozen=True)
class Heard:
    """Somebody said something that means something here."""

    at: float
    meaning: Meaning
    text: str = ""
    slots: Mapping[str, SlotValue] = field(default_factory=lambda: NO_SLOTS)
    decision: Decision = Decision.ACT
    """CONFIRM: it was probably said, and nothing may begin on it without asking."""


@dataclass(frozen=True)
class Unclear:
    """Somebody spoke, and it was none of the phrases armed."""

    at: float


@dataclass(frozen=True)
class Finished:
    """What an action with this ticket set going has been heard to its end."""

    at: float
    ticket: int


@dataclass(frozen=True)
class TimedOut:
    """The wait with this ticket is over."""

    at: float
    ticket: int
    fell_silent: bool = False
    """Before its time, because whoever spoke has fallen silent."""


@dataclass(frozen=True)
class Failed:
    """A line could not be spoken or a sound not be played; the script goes on."""

    at: float
    ticket: int


@dataclass(frozen=True)
class Due:
    """The time of a reminder has come (or passed while nothing was running)."""

    at: float
    dialog: str


@dataclass(frozen=True)
class Recalled:
    """The answer to RecallReminders."""

    at: float
    ticket: int
    seconds: tuple[float, ...] = ()
    """How long until each of the reminders kept is due, soonest first."""


@dataclass(frozen=True)
class DevicesLost:
    """Nobody can be heard, or hear: the microphone or the loudspeaker is gone."""

    at: float


@dataclass(frozen=True)
class DevicesBack:
    """Both are there again."""

    at: float


Event = Heard | Unclear | Finished | TimedOut | Failed | Due | Recalled | DevicesLost | DevicesBack
