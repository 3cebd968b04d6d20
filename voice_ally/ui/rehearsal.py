"""Typing instead of speaking: time jumps, nothing sounds.

Rules: works on the same session as speech does; what is typed is taken exactly as if it had
been heard. An empty line lets the time pass that the script would wait. Deterministic: the
same lines give the same transcript, so a transcript can be kept as a test.
"""

from collections.abc import Callable, Sequence

from voice_ally.core.actions import Style
from voice_ally.core.audio import Pcm16
from voice_ally.core.speech import Utterance
from voice_ally.runtime.session import NEVER, Session

COMMANDS = ":state  :undo  :seed N  :quit   (an empty line lets time pass)"
BREATHING_ASKS_AFTER_PHASES = 1
_WAITS = ("idle", "listening", "confirm_listening", "holding", "turning", "paused", "breathing")


class TypedMouth:
    """Nothing sounds; every line is over as soon as it is shown."""

    lead_seconds = 0.0

    def __init__(self) -> None:
        self.over: list[int] = []

    def say(self, ticket: int, text: str, style: Style, at: float) -> None:
        """Over at once."""
        self.over.append(ticket)

    def tone(self, ticket: int, pcm16: Pcm16, at: float, *, exact: bool = False) -> None:
        """Over at once."""
        self.over.append(ticket)

    def prepare(self, texts: Sequence[str], style: Style) -> None:
        """Nothing to render."""

    def cut(self) -> None:
        """Nothing more to come."""
        self.over.clear()


class SilentSounds:
    """Chimes and tones of no length."""

    def chime(self, sound: str, volume: float) -> Pcm16:
        """No sound."""
        return Pcm16(b"")

    def breath(self, name: str, seconds: float, volume: float) -> Pcm16:
        """No sound."""
        return Pcm16(b"")


class Rehearsal:
    """A typed conversation. make_session gives a fresh session for a seed."""

    def __init__(
        self,
        make_session: Callable[[TypedMouth, int], Session],
        show: Callable[[str], None],
        mute: Callable[[bool], None],
        *,
        dialog: str = "",
        seed: int = 1,
    ) -> None:
        self._make, self._show, self._mute = make_session, show, mute
        self._dialog, self._seed = dialog, seed
        self._typed: list[str] = []
        self._now = 0.0
        self._begin()

    def _begin(self) -> None:
        self._mouth = TypedMouth()
        self.session = self._make(self._mouth, self._seed)
        self._now = 0.0
        self.session.begin(0.0, self._dialog)
        self._settle()

    @property
    def waits_for(self) -> str:
        """What the script is waiting for: "listening", "holding" … or "idle"."""
        return self.session.state.doing.what

    def type(self, line: str) -> bool:
        """Take one line. False when the rehearsal is to end."""
        line = line.strip()
        word, _, rest = line.partition(" ")
        if word == ":quit":
            return False
        if word == ":state":
            self._show(str(self.session.state))
        elif word == ":undo":
            self._replay(self._typed[:-1])
        elif word == ":seed" and rest.strip().isdigit():
            self._seed = int(rest)
            self._replay(self._typed)
        elif line.startswith(":"):
            self._show(COMMANDS)
        else:
            self._typed.append(line)
            self._take(line)
        return True

    def _replay(self, lines: list[str]) -> None:
        self._typed = list(lines)
        self._mute(True)
        try:
            self._begin()
            for line in lines:
                self._take(line)
        finally:
            self._mute(False)
        self._show(f"(back to where {len(lines)} lines had been typed)")

    def _take(self, line: str) -> None:
        if line:
            self._now += 1.0
            self.session.heard(
                Utterance(self._now, line, 1.0, self._now - 1.0, self._now, rejected_text=line)
            )
            self._settle()
        else:
            self._let_time_pass()

    def _let_time_pass(self) -> None:
        """Up to the end of what the script is waiting out now."""
        what = self.session.state.doing.what
        while self.session.state.doing.what == what and what != "idle":
            if not self._jump():
                return
            self._sound_over()
            if what in ("listening", "confirm_listening"):
                break
        self._settle()

    def _settle(self) -> None:
        """Run on until something is waited for that a person could answer."""
        self._sound_over()
        while self.session.state.doing.what not in _WAITS and self._jump():
            self._sound_over()

    def _sound_over(self) -> None:
        while self._mouth.over:
            self.session.sound_over(self._mouth.over.pop(0), self._now)

    def _jump(self) -> bool:
        due = self.session.next_deadline()
        if due == NEVER:
            return False
        self._now = max(self._now, due)
        self.session.tick(self._now)
        return True
