"""A voice that hums instead of speaking, and fails when it is told to."""

import threading

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.sound import Sound, to_samples

HUM = 1000


class FakeVoice:
    """Every line lasts `seconds`; `rendered` lists what was asked for."""

    def __init__(self, seconds: float = 0.1) -> None:
        self.name = "fake"
        self.warmed_up = False
        self.seconds = seconds
        self.rendered: list[tuple[str, Style]] = []
        self.problem: Exception | None = None
        """Raised by every render until it is taken away."""
        self.began = threading.Event()
        """Set whenever a render has begun."""
        self.closed = False
        self._may_go_on = threading.Event()
        self._may_go_on.set()

    def hang(self) -> None:
        """Renders block from now on, until let_go or close."""
        self._may_go_on.clear()

    def let_go(self) -> None:
        """Renders go on."""
        self._may_go_on.set()

    def warm_up(self) -> None:
        self.warmed_up = True

    def render(self, text: str, style: Style) -> Sound:
        self.rendered.append((text, style))
        self.began.set()
        self._may_go_on.wait()
        if self.closed:
            raise VoiceProblem("The voice has been closed.")
        if self.problem is not None:
            raise self.problem
        if not text.strip():
            return Sound(b"")
        loudness = round(HUM * style.volume * (0.6 if style.low else 1.0))
        count = to_samples(self.seconds / style.rate)
        return Sound(loudness.to_bytes(2, "little", signed=True) * count)

    def close(self) -> None:
        self.closed = True
        self._may_go_on.set()
