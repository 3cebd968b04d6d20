"""What a step can do, as data: one class for each instruction of the dialog language.

Rules: frozen, no behaviour; durations are in seconds; each instruction knows the place it was
written at, which takes no part in comparisons.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from voice_ally.core.events import SlotValue
from voice_ally.language.place import NOWHERE, Place


@dataclass(frozen=True)
class Duration:
    """A length of time: fixed, or known only when a slot is filled ("{minutes} minutes")."""

    seconds: float = 0.0
    """The fixed length; 0 when it depends on a slot."""
    slot: str = ""
    """The slot that holds the number, or empty."""
    unit_seconds: float = 1.0
    """What one of the slot's number lasts: 1, 60, 3600, or a day, which is told by the calendar."""


@dataclass(frozen=True)
class Say:
    """Speak one of these lines (one is picked by the session's seed)."""

    any: tuple[str, ...]
    voice: str = ""
    """"normal", "low" or "second"; empty: the dialog's."""
    rate: str = ""
    """"slow", "normal" or "fast"; empty: as the user has it."""
    quiet: bool = False
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Pause:
    """Quiet, without listening for anything but commands."""

    time: Duration
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Chime:
    """A short sound: "bell" or "soft"."""

    sound: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Play:
    """Play a sound file of the pack to its end."""

    file: str
    """Its path: the folder of the dialog's file, and what was written."""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Answer:
    """One way to answer a question, and what follows."""

    template: str
    then: "Block"
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Ask:
    """A question. silence[n] and unclear[n] are what follows the n-th time in a row."""

    any: tuple[str, ...]
    answers: tuple[Answer, ...]
    wait: Duration | None = None
    """How long to wait for an answer; None: the dialog's, else the pack's."""
    silence: tuple["Block", ...] = ()
    unclear: tuple["Block", ...] = ()
    help: str = ""
    """Said when someone asks what they can say here; empty: made from the answers."""
    anything: "Block | None" = None
    """What follows speech that is none of the answers; None: it was not understood."""
    others: str = ""
    """What the triggers of other dialogs do here: "ask", "yes" or "no"; empty: the dialog's."""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Hold:
    """Keep quiet for somebody's own words, until they say they are done or time is up."""

    time: Duration
    until: tuple[str, ...] = ()
    """Templates that end it early."""
    chime: str = ""
    """Sound at the end, or empty."""
    until_quiet: Duration | None = None
    """Over as soon as somebody has spoken and then been silent for so long."""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Turn:
    """A timed turn to speak. The second speaker gets as long as the first was given."""

    speaker: str
    """"first" or "second"."""
    time: Duration
    warn: Duration | None = None
    """How long before the end a soft sound says that time is nearly up."""
    until: tuple[str, ...] = ()
    until_quiet: Duration | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Breathe:
    """Breathing, by a named pattern or by own lengths, for a time or a number of rounds."""

    pattern: str = "equal"
    """equal, long exhale, box, 4-7-8, sigh, or own."""
    own: tuple[tuple[str, float], ...] = ()
    """For pattern "own": (in | hold | out | rest, seconds) in order."""
    time: Duration | None = None
    rounds: int = 0
    """Used when time is None."""
    guide: str = "voice"
    """"voice" (tones and spoken cues), "tone", or "silent" (a bell now and then)."""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Go:
    """Go on at another step of this dialog, or at one of several."""

    step: str
    others: tuple[str, ...] = ()
    """One is picked of all; by turns, as of wordings."""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Run:
    """Hand over to another dialog for good."""

    dialog: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Detour:
    """Run another dialog, then come back and ask again."""

    dialog: str
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class End:
    """The dialog is over."""

    everything: bool = False
    """Also what it interrupted: nothing is taken up again."""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Set:
    """Fill slots with values; text may hold {slots}."""

    slots: Mapping[str, SlotValue]
    added: Mapping[str, SlotValue] = field(default_factory=dict)
    """Slots that count: what is added to the number they hold."""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Repeat:
    """Do the same several times."""

    times: int
    """Used where there is no slot."""
    block: "Block"
    slot: str = ""
    """The slot that holds how often, or empty."""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Condition:
    """A slot compared with something. Exactly one comparison."""

    slot: str
    one_of: tuple[SlotValue, ...] | None = None
    over: float | None = None
    under: float | None = None
    known: bool | None = None


@dataclass(frozen=True)
class When:
    """If every condition holds do this, else that."""

    conditions: tuple[Condition, ...]
    then: "Block"
    otherwise: "Block" = ()
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Remind:
    """Come back later with a dialog, even after a restart."""

    time: Duration | None
    """After how long, or in how many days; None: at the next such time of day."""
    dialog: str
    at: str = ""
    """A time of day, such as "21:00", or the slot that holds one."""
    every: str = ""
    """How often again: one of calendar.EVERY; empty: once."""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Remember:
    """Keep what a slot holds as somebody's name, where they have just said yes to that."""

    slot: str
    """"name" or "other_name"."""
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Recall:
    """Say which reminders there are; the slot "reminders" then holds how many."""

    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Forget:
    """Cancel all reminders, or forget everybody's name."""

    what: str = "reminders"
    """"reminders" or "me"."""
    place: Place = field(default=NOWHERE, compare=False)


Instruction = (
    Say
    | Pause
    | Chime
    | Play
    | Ask
    | Hold
    | Turn
    | Breathe
    | Go
    | Run
    | Detour
    | End
    | Set
    | Repeat
    | When
    | Remind
    | Remember
    | Recall
    | Forget
)
Block = tuple[Instruction, ...]
