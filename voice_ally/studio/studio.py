"""Everything a page may ask for, by name; the contract is in docs/studio-messages.md.

Rules: what is quick is answered at once and in order; what may take a while goes to a lane of its
own and is answered when it is there. A request is answered or refused, never both, never neither.
"""

import base64
import binascii
import inspect
from collections.abc import Callable
from pathlib import Path

from voice_ally.app.packs import Dialogs
from voice_ally.core.errors import UsageProblem, VoiceAllyError
from voice_ally.engine.state import State
from voice_ally.studio import armed_here, conversations
from voice_ally.studio.checks import Found
from voice_ally.studio.desk import Desk
from voice_ally.studio.listening import Listening
from voice_ally.studio.rehearsing import Rehearsing
from voice_ally.studio.speaking import Speaking
from voice_ally.studio.trying import Trying
from voice_ally.studio.work import Work

Told = dict[str, object]
Answer = Callable[[Told], None]
Ask = Callable[..., Told]
TALK, VOICE, LONG = "talk", "voice", "long"
MOST_SAID_LETTERS = 500
CHECK_SECONDS = 5.0
"""So long the newest text is waited for."""
MOST_LINES_WAITING = 2
"""Lines waiting to be rendered; beyond that a line's length is left out."""


class Studio:
    """One pack and one conversation, shared by all pages that are open."""

    def __init__(self, own: Path, bundled: Path, tell: Callable[[Told], None]) -> None:
        self._tell = tell
        self.desk = Desk(own, bundled, tell)
        self.desk.on_found = self._found
        self._trying = Trying()
        self._listening = Listening()
        self._speaking = Speaking(lambda sentence: tell({"event": "note", "note": sentence}))
        self._rehearsing = Rehearsing(self.desk.store.folder, tell)
        self._work = Work((TALK, VOICE, LONG))
        desk = self.desk
        self._quick: dict[str, Ask] = {
            "hello": desk.hello,
            "open": desk.open,
            "edit": lambda name, text, number=0: desk.edit(name, text, number),
            "save": lambda name, text, version="": desk.save(name, text, version),
            "discard": desk.discard,
            "own": desk.own,
            "history": desk.history,
            "version": desk.version,
            "tests": self._tests,
            "rehearse_start": self._rehearse,
            "rehearse_stop": self._stop_rehearsing,
            "word_keep": desk.pronounce,
        }
        self._slow: dict[str, tuple[str, Ask]] = {
            "new": (TALK, lambda title, template="": desk.new(title, template)),
            "try_start": (TALK, self._try_start),
            "try_say": (TALK, self._try_say),
            "try_silence": (TALK, lambda: self._trying.say("")),
            "try_stop": (TALK, lambda: self._trying.say("stop")),
            "try_undo": (TALK, self._trying.undo),
            "try_save": (TALK, self._try_save),
            "phrases": (TALK, self._phrases),
            "tests_run": (LONG, self._run_tests),
            "line": (VOICE, self._line),
            "say": (VOICE, self._say),
            "word_play": (VOICE, self._play_word),
            "hear_start": (VOICE, self._hear),
            "hear_stop": (VOICE, self._stop_hearing),
            "hear_recording": (LONG, self._hear_recording),
        }

    def start(self) -> None:
        """Begin to check."""
        self.desk.start()

    def close(self) -> None:
        """End everything; what is under way is not waited for long."""
        self._rehearsing.stop()
        self._listening.stop()
        self.desk.close()
        self._work.close()
        self._speaking.close()

    def ask(self, message: Told, answer: Answer) -> None:
        """Do what a page asks; answer is called once, perhaps later and on another thread."""
        what = message.get("do")
        given = {name: value for name, value in message.items() if name not in ("id", "do")}
        if what in self._quick:
            answer(_done(self._quick[str(what)], given))
        elif what in self._slow:
            lane, act = self._slow[str(what)]
            try:
                self._work.do(lane, lambda: answer(_done(act, given)))
            except UsageProblem as problem:
                answer({"error": str(problem)})
        else:
            answer({"error": "The page asks for something that there is not: reload it."})

    # -- Try ---------------------------------------------------------------------------

    def _found(self, _found: Found) -> None:
        try:
            self._work.do(TALK, self._carry_over)
        except UsageProblem:
            return  # much is being said just now: with the next change

    def _carry_over(self) -> None:
        if (told := self._trying.use(self.desk.checks.latest.dialogs)) is not None:
            self._tell({"event": "tried", **told})

    def _dialogs(self) -> Dialogs:
        """As they are written now. Not for whoever must not wait."""
        return self.desk.checks.up_to_date(CHECK_SECONDS).dialogs

    def _try_start(self, name: str) -> Told:
        return self._trying.start(self._dialogs(), name)

    def _try_say(self, text: str) -> Told:
        return self._trying.say(text[:MOST_SAID_LETTERS])

    def _try_save(self, name: str) -> Told:
        trying, dialogs = self._trying, self._dialogs()
        file = conversations.keep(self.desk.store.own, name, trying.dialog, trying.typed, dialogs)
        return {"file": file.name}

    def _tests(self) -> Told:
        found = conversations.tests_in(self.desk.store.own)
        return {"tests": [{"name": one.name, "ok": None} for one in found]}

    def _run_tests(self) -> Told:
        dialogs = self._dialogs()
        return {"tests": conversations.run_tests(self.desk.store.own, dialogs)}

    # -- Hear --------------------------------------------------------------------------

    def _state(self, name: str, step: str) -> State:
        if self._trying.dialog == name and (state := self._trying.state) is not None:
            return state
        return armed_here.state_at(self._dialogs().pack, name, step)

    def _hear(self, name: str = "", step: str | None = None) -> Told:
        pack = self._dialogs().pack
        self._listening.start(pack, self._state(name, step or ""), self._tell)
        return {}

    def _stop_hearing(self) -> Told:
        self._listening.stop()
        return {}

    def _hear_recording(
        self, data: str, filename: str = "", name: str = "", step: str | None = None
    ) -> Told:
        try:
            content = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            raise UsageProblem("This recording did not arrive whole.") from None
        pack = self._dialogs().pack
        said = filename[:200] or "This file"
        state = self._state(name, step or "")
        return {"utterances": self._listening.recording(pack, state, content, said)}

    # -- Phrases -----------------------------------------------------------------------

    def _phrases(self, name: str, step: str | None = None) -> Told:
        pack = self._dialogs().pack
        state = armed_here.state_at(pack, name, step or "")
        unknown = self.desk.checks.sounds(armed_here.words_of(pack, name))
        return {
            "armed": armed_here.armed(pack, state),
            "unknown_words": [
                {"word": word, "sounds": pack.pronunciations.get(word, sounds)}
                for word, sounds in unknown.items()
            ],
        }

    def _rehearse(self, name: str = "", step: str | None = None) -> Told:
        self._rehearsing.start(self.desk.own_files(), name, step or "")
        return {}

    def _stop_rehearsing(self) -> Told:
        self._rehearsing.stop()
        return {}

    # -- Line --------------------------------------------------------------------------

    def _line(self, text: str) -> Told:
        render = self._work.waiting(VOICE) < MOST_LINES_WAITING
        return self._speaking.about(text, self._sounds(), render=render)

    def _say(self, text: str, line: int = 0) -> Told:
        about = self._speaking.about(text, self._sounds())
        return {**about, "line": line, "wav": _base64(self._speaking.wav(text, self._sounds()))}

    def _play_word(self, word: str, sounds: str) -> Told:
        return {"wav": _base64(self._speaking.wav(word, {word: sounds}))}

    def _sounds(self) -> dict[str, str]:
        return dict(self.desk.checks.latest.dialogs.pack.pronunciations)


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _done(act: Ask, given: Told) -> Told:
    """What came of it, or why not: no words of any dialog in it."""
    wrong = [name for name, value in given.items() if not isinstance(value, KINDS.get(name, str))]
    if wrong:
        return {"error": "The page asks in a way that is not understood: reload it."}
    try:
        inspect.signature(act).bind(**given)
    except TypeError:
        return {"error": "The page asks in a way that is not understood: reload it."}
    try:
        return act(**given)
    except VoiceAllyError as problem:
        return {"error": str(problem)}
    except OSError as error:
        return {"error": f"It cannot be kept: {error.strerror or type(error).__name__}."}
    except Exception as error:
        return {"error": f"Something unexpected went wrong ({type(error).__name__})."}


KINDS: dict[str, type | tuple[type, ...]] = {
    "number": int,
    "line": int,
    "step": (str, type(None)),
}
"""What a field may hold that is no text."""
