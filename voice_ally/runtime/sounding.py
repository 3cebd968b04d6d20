"""What sounds just now: lines and tones, by ticket.

Rules: pure bookkeeping. A line counts from the moment it is asked for, which may be a little before
it is heard; cues have tickets of their own, below zero, which the engine never sees.
"""

from dataclasses import dataclass

from voice_ally.runtime.own_voice import OwnVoice

_FIRST_CUE = -2


@dataclass(frozen=True)
class Line:
    """Something that is being said."""

    text: str
    start: float
    """When it began to sound; before that, when it was asked for. Seconds."""


class Sounding:
    """Everything that was begun and is neither over nor cut."""

    def __init__(self) -> None:
        self.own_voice = OwnVoice()
        """What the microphone may hear of it."""
        self._lines: dict[int, Line] = {}
        self._tones: set[int] = set()
        self._next_cue = _FIRST_CUE

    @property
    def speaks(self) -> bool:
        """Is a line sounding?"""
        return bool(self._lines)

    @property
    def anything(self) -> bool:
        """Is anything sounding, tones included?"""
        return bool(self._lines or self._tones)

    def cue_ticket(self) -> int:
        """A ticket that nothing else has."""
        ticket, self._next_cue = self._next_cue, self._next_cue - 1
        return ticket

    def say(self, ticket: int, text: str, at: float) -> None:
        """A line is asked for."""
        self._lines[ticket] = Line(text, at)
        self.own_voice.begins(ticket, text, at)

    def started(self, ticket: int, at: float) -> None:
        """It was rendered and begins to sound now."""
        if ticket in self._lines:
            self.say(ticket, self._lines[ticket].text, at)

    def tone(self, ticket: int) -> None:
        """A tone begins."""
        self._tones.add(ticket)

    def holds(self, ticket: int) -> bool:
        """Is it a line or tone that is sounding?"""
        return ticket in self._lines or ticket in self._tones

    def over(self, ticket: int, at: float) -> Line | None:
        """It has ended. The line that it was; None for a tone, or for what was cut before."""
        self._tones.discard(ticket)
        line = self._lines.pop(ticket, None)
        if line is not None:
            self.own_voice.ends(ticket, at)
        return line

    def cut(self, at: float) -> list[Line]:
        """All of it ends now. The lines that were cut."""
        cut = list(self._lines.values())
        for ticket in self._lines:
            self.own_voice.ends(ticket, at)
        self._lines.clear()
        self._tones.clear()
        return cut
