"""What other threads tell a session: each is put into the inbox, with the moment at which it was.

Rules: whoever tells never touches the session and never waits.
"""

from collections.abc import Callable

from voice_ally.core.ports import Clock
from voice_ally.core.sound import to_seconds
from voice_ally.core.speech import HearingEvent
from voice_ally.runtime.live import Inbox
from voice_ally.runtime.session import Session


class Posting:
    """Posts to the session that there is when it is the message's turn.

    latency_seconds: from the mixer to the ear, as the device tells it.
    """

    def __init__(
        self,
        inbox: Inbox,
        clock: Clock,
        session: Callable[[], Session],
        latency_seconds: Callable[[], float],
    ) -> None:
        self._inbox, self._clock = inbox, clock
        self._session, self._latency_seconds = session, latency_seconds

    def heard(self, event: HearingEvent) -> None:
        """Somebody began to speak, or has spoken."""
        self._inbox.put(lambda: self._session().heard(event))

    def sound_started(self, ticket: int, start_sample: int) -> None:
        """A line begins at this sample of the output."""
        at = to_seconds(start_sample) + self._latency_seconds()
        self._inbox.put(lambda: self._session().sound_started(ticket, at))

    def sound_over(self, ticket: int, end_sample: int) -> None:
        """A line or a tone has ended there."""
        at = to_seconds(end_sample) + self._latency_seconds()
        self._inbox.put(lambda: self._session().sound_over(ticket, at))

    def sound_failed(self, ticket: int, error: Exception) -> None:
        """A line cannot be spoken."""
        at = self._clock.now()
        self._inbox.put(lambda: self._session().sound_failed(ticket, at, str(error)))

    def present(self, source: str, present: bool) -> None:
        """A device has gone, or is back."""
        at = self._clock.now()
        if present:
            self._inbox.put(lambda: self._session().device_back(source, at))
        else:
            message = f"The {source} is gone. Connect it: I wait for it."
            self._inbox.put(lambda: self._session().device_lost(source, at, message))

    def dropped(self, blocks: int) -> None:
        """So many blocks of sound were not heard."""
        at = self._clock.now()
        self._inbox.put(lambda: self._session().blocks_dropped(blocks, at))
