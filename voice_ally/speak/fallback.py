"""A voice that never leaves anybody without an answer: where it fails, the next one speaks.

Rules: whoever fails, or is too late, hands the line on and rests; while it rests it is tried on a
line nobody hears, and takes over again once it can speak. A change is told once, not at each line.
A voice further back is opened when it is needed for the first time.
"""

import threading
from collections.abc import Callable, Sequence

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.sound import Sound
from voice_ally.speak.voices import RenderingVoice

REST_SECONDS = 20.0
"""Before a voice that failed is tried again; twice as long each time."""
MOST_TRIES = 5
TRIAL = "I am here."


class _Place:
    """One voice of the row."""

    def __init__(self, name: str, open_it: Callable[[str], RenderingVoice]) -> None:
        self.name, self._open = name, open_it
        self.voice: RenderingVoice | None = None
        self.rests = self.hopeless = False
        self.tries = 0

    def opened(self) -> RenderingVoice:
        """Raises VoiceProblem where there is no such voice."""
        if self.voice is None:
            try:
                self.voice = self._open(self.name)
            except VoiceProblem:
                self.hopeless = True
                raise
        return self.voice


class FallbackVoice:
    """Speaks with the first of several voices that can."""

    def __init__(
        self,
        first: RenderingVoice,
        others: Sequence[str],
        open_it: Callable[[str], RenderingVoice],
        told: Callable[[str], None],
        *,
        rest_seconds: float = REST_SECONDS,
    ) -> None:
        self._row = [_Place(first.name, open_it), *(_Place(one, open_it) for one in others)]
        self._row[0].voice = first
        self._speaking = self._row[0]
        self._told, self._rest_seconds = told, rest_seconds
        self._lock = threading.Lock()
        self._closing = threading.Event()

    @property
    def name(self) -> str:
        """Of the voice that speaks now."""
        return self._speaking.name

    def warm_up(self) -> None:
        """Start the first voice."""
        self._row[0].opened().warm_up()

    def render(self, text: str, style: Style) -> Sound:
        """The spoken line. Raises VoiceProblem when no voice at all can speak it."""
        problem: VoiceProblem | None = None
        # the second time round, for one that rests, or was about to be ready: nobody is behind it
        for place, also_resting in ((one, again) for again in (False, True) for one in self._row):
            if place.hopeless or (place.rests and not also_resting):
                continue
            try:
                spoken = place.opened().render(text, style)
            except VoiceProblem as one:
                if self._closing.is_set():
                    raise
                problem = problem or one
                self._let_rest(place)
                continue
            self._tell(place, problem)
            return spoken
        raise problem or VoiceProblem("No voice can speak just now.", mend="Run: voice-ally doctor")

    def _tell(self, place: _Place, problem: VoiceProblem | None) -> None:
        before, self._speaking = self._speaking, place
        if before is place:
            return
        why = f"{problem.message} " if problem is not None else ""
        self._told(f"{why}The voice {place.name} speaks now.")

    def _let_rest(self, place: _Place) -> None:
        with self._lock:
            if place.rests or place.hopeless:
                return
            # the last that is left has nobody to rest for: it is tried with every line
            left = [one for one in self._row if not (one.rests or one.hopeless)]
            place.rests = len(left) > 1 and place.tries < MOST_TRIES
            place.hopeless = len(left) > 1 and not place.rests
            if not place.rests:
                return
            place.tries += 1
        threading.Thread(
            target=self._try_again, args=(place,), daemon=True, name="voice at rest"
        ).start()

    def _try_again(self, place: _Place) -> None:
        while not self._closing.wait(self._rest_seconds * 2 ** (place.tries - 1)):
            try:
                place.opened().render(TRIAL, Style())
            except VoiceProblem:
                place.tries += 1
                if place.tries > MOST_TRIES:
                    place.hopeless, place.rests = True, False
                    return
            else:
                place.rests = False
                return

    def close(self) -> None:
        """End all of them; may be called twice."""
        self._closing.set()
        for place in self._row:
            if place.voice is not None:
                place.voice.close()
