"""What a session keeps on disk: events, log, reminders, names.

Rules: written by threads of their own, so that a disk that stands still holds up nobody.
"""

from typing import TYPE_CHECKING

from voice_ally.app import parts
from voice_ally.runtime.event_log import EventLog
from voice_ally.runtime.keeping import Keeper, PromptReminders, close_together
from voice_ally.runtime.people import People
from voice_ally.runtime.reminders import Reminders
from voice_ally.settings.places import people_file, user_state_folder

if TYPE_CHECKING:
    from voice_ally.app.parts import RunOptions, Write
    from voice_ally.settings.settings import Settings


class Kept:
    """All of it, opened. Raises VoiceAllyError where the events that were asked for cannot be."""

    def __init__(self, options: "RunOptions", chosen: "Settings", warn: "Write") -> None:
        # the events' file may lie on another disk, or be read by somebody meanwhile
        self._state, self._events = Keeper(), Keeper()
        self.log = EventLog(options.events, self._events.later)
        self._book = parts.open_logbook(options, chosen, warn, self._state.later)
        if self._book is not None:
            self.log.watch(self._book)
        self._reminders = Reminders(user_state_folder() / "reminders.sqlite", warn=warn)
        self.reminders = PromptReminders(self._reminders, self._state)
        self.people = People(people_file(), chosen.names, warn, self._state.later)

    def close(self) -> None:
        """Write what is left, as far as that takes no longer than a second."""
        self._state.later(self._reminders.close)
        if self._book is not None:
            self._state.later(self._book.close)
        self._events.later(self.log.close)
        close_together(self._state, self._events)
