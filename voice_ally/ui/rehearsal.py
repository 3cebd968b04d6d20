"""Typing instead of speaking: time jumps, nothing sounds.

Rules: works on the same session as speech does; what is typed is taken exactly as if it had
been heard. An empty line lets the time pass that the script would wait. Deterministic: the
same lines give the same transcript, so a transcript can be kept as a test.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from voice_ally.core.actions import Style
from voice_ally.core.sound import Sound
from voice_ally.core.speech import Utterance
from voice_ally.engine.saving import restored, saved
from voice_ally.engine.state import State
from voice_ally.runtime.reminders import Reminders
from voice_ally.runtime.session import QUIET_BEFORE_REMINDING_SECONDS, Session
from voice_ally.runtime.timers import NEVER

NOON = datetime(2026, 1, 5, 12)
"""When every typed conversation begins: a Monday, so that each comes out the same."""
COMMANDS = "An empty line lets time pass.  :undo  :state  :restore STATE  :seed N  :quit"
HINT = 'Type what you would say, such as: calming pause. "help" and "stop" always work.'
_RUNNING = {
    "idle": "nothing is running",
    "listening": "a question; an empty line is silence",
    "confirm_listening": "a question; an empty line is silence",
    "holding": "quiet for your words; an empty line lets it pass",
    "turning": "somebody's turn; an empty line lets it pass",
    "breathing": "breathing; an empty line lets it pass",
    "paused": "paused; type continue",
}
"""What is going on, for somebody who cannot hear it."""
_WAITS = ("idle", "listening", "confirm_listening", "holding", "turning", "paused", "breathing")


class TypedMouth:
    """Nothing sounds; every line is over as soon as it is shown."""

    lead_seconds = 0.0

    def __init__(self) -> None:
        self.over: list[int] = []

    def say(self, ticket: int, text: str, style: Style, at: float) -> None:
        """Over at once."""
        self.over.append(ticket)

    def tone(self, ticket: int, pcm16: Sound, at: float, *, exact: bool = False) -> None:
        """Over at once."""
        self.over.append(ticket)

    def prepare(self, texts: Sequence[str], style: Style) -> None:
        """Nothing to render."""

    def lower(self, lowered: bool) -> None:
        """Nothing to hear."""

    def cut(self) -> None:
        """Nothing more to come."""
        self.over.clear()


class SilentSounds:
    """Chimes and tones of no length."""

    def chime(self, sound: str, volume: float) -> Sound:
        """No sound."""
        return Sound(b"")

    def breath(self, name: str, seconds: float, volume: float) -> Sound:
        """No sound."""
        return Sound(b"")


class Rehearsal:
    """A typed conversation.

    make_session gives a fresh session for a seed; before_each is called ahead of every line, to
    let the session use what was saved meanwhile.
    """

    def __init__(
        self,
        make_session: Callable[[TypedMouth, Reminders, int], Session],
        show: Callable[[str], None],
        mute: Callable[[bool], None],
        before_each: Callable[[Session], None] = lambda session: None,
        *,
        dialog: str = "",
        seed: int = 1,
    ) -> None:
        self._make, self._show, self._mute = make_session, show, mute
        self._before_each = before_each
        self._dialog, self._seed = dialog, seed
        self._typed: list[str] = []
        self._now = 0.0
        self._begin()

    commands = COMMANDS

    def _begin(self, state: State | None = None) -> None:
        self._mouth = TypedMouth()
        self._now = 0.0
        begun = NOON.timestamp()
        self._reminders = Reminders(None, lambda: begun + self._now, lambda: self._now)
        self.session = self._make(self._mouth, self._reminders, self._seed)
        if state is None:
            self.session.begin(0.0, self._dialog)
        else:
            self.session.state = state
            self.session.begin(0.0)
        self._settle()

    @property
    def waits_for(self) -> str:
        """What the script is waiting for: "listening", "holding" … or "idle"."""
        return self.session.state.doing.what

    @property
    def running(self) -> str:
        """What is still going on, and what to do about it."""
        return _RUNNING.get(self.waits_for, self.waits_for)

    def effect_since(self, before: Style) -> str:
        """How it speaks now, if that has changed: nothing is heard of it here."""
        now = self.session.state.style
        changed = []
        if now.rate != before.rate:
            changed.append(f"{'faster' if now.rate > before.rate else 'slower'}: rate {now.rate:g}")
        if now.volume != before.volume:
            more = now.volume > before.volume
            changed.append(f"{'louder' if more else 'quieter'}: volume {now.volume:g}")
        return ", ".join(changed)

    def type(self, line: str) -> bool:
        """Take one line. False when the rehearsal is to end."""
        line = line.strip()
        word, _, rest = line.partition(" ")
        if word == ":quit":
            return False
        if word == ":state":
            self._show(saved(self.session.state))
        elif word == ":restore" and rest.strip():
            self._restore(rest)
        elif word == ":undo":
            self._replay(self._typed[:-1])
        elif word == ":seed" and rest.strip().isdigit():
            self._seed = int(rest)
            self._replay(self._typed)
        elif line.startswith(":"):
            self._show(COMMANDS)
        else:
            self._before_each(self.session)
            self._typed.append(line)
            self._take(line)
        return True

    def take_over(self) -> None:
        """Use dialogs that were changed at once, where the conversation stands."""
        self._before_each(self.session)
        self.session.tick(self._now)
        self._settle()

    def _restore(self, text: str) -> None:
        """Go on from what :state has shown, perhaps long ago and with other dialogs."""
        try:
            state = restored(text)
        except ValueError as problem:
            self._show(str(problem))
            return
        self._typed.clear()
        self._begin(state)

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
        what, where = self._here()
        if what == "idle":
            self._until_a_reminder()
        while self._here() == (what, where) and what != "idle":
            if not self._jump():
                return
            self._sound_over()
            if what in ("listening", "confirm_listening"):
                break
        self._settle()

    def _here(self) -> tuple[str, object]:
        state = self.session.state
        return state.doing.what, state.frame.cursor if state.frames else None

    def _until_a_reminder(self) -> None:
        """Nothing is going on: the next thing that happens is a promise kept."""
        waiting = self._reminders.waiting()
        if waiting:
            self._now += max(waiting[0][0], QUIET_BEFORE_REMINDING_SECONDS) + 1.0
            self.session.tick(self._now)

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
