"""What a session asks of its surroundings.

Rules: Protocols only; lockstep.py and live.py each have their own parts behind them.
"""

from collections.abc import Sequence
from typing import Protocol

from voice_ally.core.actions import Style
from voice_ally.core.sound import Sound
from voice_ally.interpret.understanding import Understanding


class Ears(Protocol):
    """What a session asks of hearing."""

    def arm(self, understanding: Understanding) -> None:
        """Only these phrases from now on."""

    def open(self) -> None:
        """Listen."""

    def break_off(self) -> None:
        """Decide now what is under way; a voice that goes on is a new utterance."""


class Mouth(Protocol):
    """What a session asks of speaking. Ends come back through Session.sound_over."""

    lead_seconds: float
    """How long before its moment a sound has to be asked for, to begin exactly then."""

    def say(self, ticket: int, text: str, style: Style, at: float) -> None:
        """Speak a line at this moment, or as soon as possible after it."""

    def tone(self, ticket: int, pcm16: Sound, at: float, *, exact: bool = False) -> None:
        """Play a sound from this moment on, or whole as soon as possible after it.

        exact: it ends when it would have ended, even if its beginning came too late.
        """

    def prepare(self, texts: Sequence[str], style: Style) -> None:
        """Render these ahead, if there is time."""

    def lower(self, lowered: bool) -> None:
        """Sound softly while somebody speaks, or at full volume again."""

    def cut(self) -> None:
        """Silence at once; nothing of what was asked for comes back."""


class Sounds(Protocol):
    """Where chimes and breath tones come from."""

    def chime(self, sound: str, volume: float) -> Sound:
        """A short sound."""

    def breath(self, name: str, seconds: float, volume: float) -> Sound:
        """A tone of exactly this length."""


class Names(Protocol):
    """Knows the names of those who use it."""

    @property
    def names(self) -> tuple[str, ...]:
        """The first, and the other; empty where it is not known."""

    def remember(self, slot: str, name: str) -> None:
        """Keep it, from now on and for the next time."""

    def forget(self) -> None:
        """Nobody's name is known any more."""


class ReminderBook(Protocol):
    """Keeps promises to come back."""

    def add(
        self, seconds: float, dialog: str, *, days: int = 0, at: str = "", every: str = ""
    ) -> float:
        """In so many seconds from now, or by the calendar; gives the seconds from now.

        See core.actions.Remind.
        """

    def clear(self) -> None:
        """Forget all of them."""

    def waiting(self) -> list[tuple[float, str]]:
        """In how many seconds, and which dialog; soonest first."""

    def take_due(self, most: int | None = None) -> list[str]:
        """The dialogs whose time has come, at most so many; each is given once."""
