"""What a dialog wants done.

Rules: frozen data. Whatever takes time carries a ticket; its end comes back as Finished,
TimedOut or Failed with the same ticket, and a ticket that is no longer awaited is ignored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from voice_ally.core.events import Meaning
from voice_ally.core.speech import Stakes


@dataclass(frozen=True)
class Style:
    """How the voice speaks."""

    rate: float = 1.0
    """1.0 is the voice's unhurried default; 0.8 slower, 1.25 faster."""
    volume: float = 1.0
    """1 is the level that voice and tones are made for; up to 2 is louder."""
    low: bool = False
    """Spoken low and quiet, so as not to carry into the next room."""
    second: bool = False
    """By the second voice, which speaks another's part."""
    recording: bool = False
    """Not spoken at all: the text is the path of a sound file."""


@dataclass(frozen=True)
class Say:
    """Speak a line."""

    ticket: int
    text: str
    style: Style = Style()


@dataclass(frozen=True)
class Chime:
    """Play a short sound."""

    ticket: int
    sound: str
    """"bell" or "soft"."""
    volume: float = 1.0


@dataclass(frozen=True)
class Play:
    """Play a sound file of the pack."""

    ticket: int
    file: str
    """Its path."""
    volume: float = 1.0


@dataclass(frozen=True)
class Phase:
    """One part of a breath: a tone of exactly this length, a spoken cue over its beginning."""

    ticket: int
    name: str
    """"in", "hold", "out" or "rest"."""
    seconds: float
    tone: bool
    cue: str = ""
    style: Style = Style()
    on_top: bool = False
    """A breath in on top of another: a second, smaller sip."""


@dataclass(frozen=True)
class Wait:
    """Let time pass, counted from the event that led here."""

    ticket: int
    seconds: float
    for_speech: bool = False
    """A wait for an answer: does not run out while somebody is speaking."""
    after_speech_seconds: float = 0.0
    """Somebody has the word: over only when they have been silent for so long. 0: on its time."""
    until_quiet_seconds: float = 0.0
    """Over before its time when somebody has spoken and then been silent for so long. 0: never."""
    carries_on: bool = False
    """It follows a wait that has just ended: whoever spoke then has spoken."""


@dataclass(frozen=True)
class Phrase:
    """One thing that may be said now: a template and what it stands for."""

    template: str
    meaning: Meaning
    stakes: Stakes = Stakes.ANSWER
    """What it costs to act on it wrongly, or to miss it. A stop is also not kept waiting for what
    is not meant to follow."""
    urgent: bool = False
    """Obeyed as soon as it is heard, whatever might follow, and also in doubt."""


@dataclass(frozen=True)
class Listen:
    """From now on, these phrases mean something (most local first)."""

    phrases: tuple[Phrase, ...]


@dataclass(frozen=True)
class Prepare:
    """These lines are likely to be spoken soon; render them ahead if there is time."""

    texts: tuple[str, ...]
    style: Style = Style()


@dataclass(frozen=True)
class Cut:
    """Silence, now: drop everything that sounds or waits."""


@dataclass(frozen=True)
class Remind:
    """Come back with a dialog, even after a restart: after so many seconds, or by the calendar."""

    seconds: float
    dialog: str
    days: int = 0
    """So many days from now, at this time of day or at `at`."""
    at: str = ""
    """A time of day, such as "21:00"."""
    every: str = ""
    """How often again: one of calendar.EVERY; empty: once."""


@dataclass(frozen=True)
class RecallReminders:
    """Say which reminders are kept; the answer comes back as Recalled."""

    ticket: int


@dataclass(frozen=True)
class ForgetReminders:
    """Cancel every reminder kept."""


@dataclass(frozen=True)
class Remember:
    """Keep a name, from now on and for the next time: somebody said yes to that."""

    slot: str
    name: str


@dataclass(frozen=True)
class ForgetPeople:
    """No name is known any more."""


@dataclass(frozen=True)
class Note:
    """Something for the event log and the screen."""

    event: str
    """started, asked, silence, unclear, paused, resumed, ended …"""
    data: Mapping[str, object] = field(default_factory=dict)


Action = (
    Say
    | Chime
    | Play
    | Phase
    | Wait
    | Listen
    | Prepare
    | Cut
    | Remind
    | RecallReminders
    | ForgetReminders
    | Remember
    | ForgetPeople
    | Note
)
