"""Trying a dialog: a typed conversation that stays where it is while the dialog changes.

Rules: it is the session of `voice-ally try`, so what is true here is true when it is spoken. After
an edit the same lines are typed again; where that leads elsewhere than the conversation stood, the
engine goes on with the new dialogs where it was. A dialog that cannot be used keeps the
conversation as it is.
"""

from dataclasses import dataclass

from voice_ally.app import parts
from voice_ally.app.packs import Dialogs
from voice_ally.app.rehearse import make_rehearsal
from voice_ally.core.errors import UsageProblem
from voice_ally.engine.armed import phrases_for
from voice_ally.engine.state import State, instruction_at
from voice_ally.language.model import Pack
from voice_ally.ui.rehearsal import Rehearsal

MOST_LINES = 200
MOST_ANSWERS = 8
_ASKING = ("listening", "confirm_listening", "holding", "turning", "breathing", "paused")
Told = dict[str, object]


@dataclass
class _Using:
    """What a rehearsal asks a pack for."""

    dialogs: Dialogs


@dataclass
class _Talk:
    """One run of the conversation, and what was shown of it."""

    using: _Using
    rehearsal: Rehearsal
    turns: list[Told]

    @classmethod
    def begin(cls, dialogs: Dialogs, dialog: str) -> "_Talk":
        using, turns = _Using(dialogs), list[Told]()

        def show(line: str) -> None:
            text = line.strip()
            if text.startswith("Ally  "):
                turns.append({"who": "ally", "text": text.removeprefix("Ally").strip()})
            elif not text.startswith("You  ") and text not in _NEEDLESS:
                turns.append({"who": "event", "text": text.strip("()— ")})

        def changed() -> bool:
            return made[0].using.dialogs is not dialogs if made else False

        made: list[_Talk] = []
        rehearsal = make_rehearsal(
            using, parts.settings(), dialog, 1, say=show, warn=show, reread=changed
        )
        made.append(cls(using, rehearsal, turns))
        return made[0]

    def take(self, text: str) -> None:
        self.turns.append({"who": "you", "text": text})
        # what begins with a colon would be an order to the program
        self.rehearsal.type(text.strip().lstrip(":"))

    @property
    def place(self) -> list[tuple[str, object]]:
        frames = self.rehearsal.session.state.frames
        return [(one.dialog, one.cursor[0] if one.cursor else None) for one in frames]


_NEEDLESS = ("(nobody answers)", "(your dialogs were read again)")


class Trying:
    """One conversation. Not for two threads at once."""

    def __init__(self) -> None:
        self.dialog = ""
        self.typed: list[str] = []
        self._talk: _Talk | None = None
        self._dialogs = Dialogs(Pack())

    @property
    def state(self) -> State | None:
        """Where it stands; None where nothing is tried, or it is over."""
        if self._talk is None or self._talk.rehearsal.waits_for == "idle":
            return None
        return self._talk.rehearsal.session.state

    def start(self, dialogs: Dialogs, name: str) -> Told:
        """From the beginning. Raises UsageProblem for a dialog that cannot be used."""
        if name not in dialogs.pack.dialogs:
            raise UsageProblem("This dialog cannot be tried yet: mend its errors first.")
        self.dialog, self.typed, self._dialogs = name, [], dialogs
        self._talk = _Talk.begin(dialogs, name)
        return self.told()

    def say(self, text: str) -> Told:
        """As if it had been heard; "" lets time pass. Raises UsageProblem."""
        if self._talk is None:
            raise UsageProblem("Start the conversation first.")
        if len(self.typed) >= MOST_LINES:
            raise UsageProblem("This conversation is long enough: start again.")
        self.typed.append(text)
        self._talk.take(text)
        return self.told()

    def undo(self) -> Told:
        """Without the last line. Raises UsageProblem."""
        if self._talk is None:
            raise UsageProblem("Start the conversation first.")
        self.typed = self.typed[:-1]
        self._talk = self._again(self._dialogs)
        return self.told()

    def use(self, dialogs: Dialogs) -> Told | None:
        """After an edit: the same conversation with the new words; None where nothing changed."""
        if self._talk is None or self.dialog not in dialogs.pack.dialogs:
            return None
        if dialogs.pack == self._dialogs.pack:
            self._dialogs = dialogs
            return None
        self._dialogs = dialogs
        again = self._again(dialogs)
        if again.place == self._talk.place:
            self._talk = again
        else:
            self._talk.using.dialogs = dialogs
            self._talk.rehearsal.take_over()
        return self.told()

    def _again(self, dialogs: Dialogs) -> _Talk:
        talk = _Talk.begin(dialogs, self.dialog)
        for text in self.typed:
            talk.take(text)
        return talk

    def told(self) -> Told:
        """All of it, and where it stands."""
        if self._talk is None:
            return {"turns": [], "answers": [], "asking": False, "ended": True, "dialog": ""}
        rehearsal = self._talk.rehearsal
        state, pack = rehearsal.session.state, rehearsal.session.pack
        step, line = None, 0
        here = [one for one in state.frames if one.dialog == self.dialog]
        if here:
            step = here[-1].cursor[0] if here[-1].cursor else None
            place = getattr(instruction_at(pack, here[-1]), "place", None)
            line = place.line if place else 0
        return {
            "dialog": self.dialog,
            "turns": self._talk.turns,
            "answers": answers(pack, state),
            "asking": rehearsal.waits_for in _ASKING,
            "ended": rehearsal.waits_for == "idle",
            "step": step,
            "line": line,
        }


def answers(pack: Pack, state: State) -> list[str]:
    """One natural way to say each thing that fits here."""
    phrases = phrases_for(pack, state)
    meant = parts.understandings(pack).of(phrases)
    local = [one for one in phrases if one.meaning.kind in ("answer", "until")]
    return list(dict.fromkeys(meant.examples(one) for one in local))[:MOST_ANSWERS]
