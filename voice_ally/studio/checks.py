"""What is wrong in the pack as it is being written, and what of it can be tried.

Rules: one thread reads and checks, always what is newest; who asks never waits for it. A dialog
that cannot be used just now can be tried as it was when it last could.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath

from voice_ally.app import packs
from voice_ally.app.checking import Checker
from voice_ally.app.packs import Dialogs
from voice_ally.core.errors import VoiceAllyError
from voice_ally.language.model import Pack
from voice_ally.language.problems import Problem

FIRST_PAGE_SECONDS = 1.5
"""So long the first check waits for a page to be opened; a page needs about one second."""
FIRST_CHECK_SECONDS = 60.0
"""More than it takes of 500 dialogs on a slow machine; then there is nothing to be had."""
Texts = Mapping[str, tuple[str, int]]
"""By dialog: its text as it is written now, and the number of the change."""


@dataclass(frozen=True)
class Found:
    """The pack as it is written at one moment."""

    dialogs: Dialogs = field(default_factory=lambda: Dialogs(Pack()))
    problems: tuple[Problem, ...] = ()
    texts: Texts = field(default_factory=dict)
    """What was written then of dialogs not saved yet."""
    stale: frozenset[str] = frozenset()
    """Dialogs that are there as they were before: what is written of them cannot be used."""
    error: str = ""
    """Why nothing could be read at all."""

    def of(self, name: str) -> list[Problem]:
        """The problems of one dialog."""
        return self._by_name.get(name, [])

    @cached_property
    def _by_name(self) -> dict[str, list[Problem]]:
        found: dict[str, list[Problem]] = {}
        for one in self.problems:
            found.setdefault(PurePath(one.place.file).stem, []).append(one)
        return found


class Checks:
    """Checks in a thread of its own; tell hears of what was found each time."""

    def __init__(
        self,
        folders: list[Path],
        texts: Callable[[], Mapping[Path, tuple[str, int]]],
        tell: Callable[[Found], None],
    ) -> None:
        self._folders, self._texts, self._tell = folders, texts, tell
        self._checker = Checker(folders=folders)
        self._good: dict[str, bytes] = {}
        """Of each file the content that could be used last."""
        self._changes = threading.Condition()
        self._asked, self._checked = 1, 0
        """How many changes there were, and how many of them the latest check has seen."""
        self._ended = False
        self.latest = Found()
        self._thread = threading.Thread(target=self._work, name="studio checks", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def again(self) -> None:
        """Something was written."""
        with self._changes:
            self._asked += 1
            self._changes.notify_all()

    def up_to_date(self, patience_seconds: float) -> Found:
        """What was found with all that was written before this call; where that takes longer,
        what was found last. Before the first check there is nothing, so it is waited for."""
        with self._changes:
            asked = self._asked
            if not self._checked:
                patience_seconds = FIRST_CHECK_SECONDS
            self._changes.wait_for(lambda: self._checked >= asked or self._ended, patience_seconds)
            return self.latest

    def sounds(self, words: Iterable[str]) -> dict[str, str]:
        """Those of the words that nobody knows, and how they will be listened for."""
        return self._checker.sounds(words)

    def broken_in(self, file: Path, text: str) -> frozenset[str]:
        """Dialogs that could not be used if this were in the file."""
        reading = packs.read(self._folders, {str(file): text.encode()})
        return frozenset(Path(one.place.file).stem for one in reading.errors)

    def close(self) -> None:
        """End the thread."""
        with self._changes:
            self._ended = True
            self._changes.notify_all()
        if self._thread.ident is not None:
            self._thread.join(0.5)

    def _work(self) -> None:
        with self._checker:
            with self._changes:
                # a page that is just being opened goes first
                self._changes.wait_for(lambda: self._asked > 1 or self._ended, FIRST_PAGE_SECONDS)
            while not self._ended:
                with self._changes:
                    asked = self._asked
                found = self._check()
                with self._changes:
                    self.latest, self._checked = found, asked
                    self._changes.notify_all()
                self._tell(found)
                with self._changes:
                    self._changes.wait_for(lambda: self._asked > self._checked or self._ended)

    def _check(self) -> Found:
        texts = dict(self._texts())
        numbered = {file.stem: text for file, text in texts.items()}
        instead = {str(file): text.encode() for file, (text, _) in texts.items()}
        try:
            problems = self._checker.check(instead)
            reading = self._checker.reading
            assert reading is not None
            usable = self._usable(reading, instead)
        except VoiceAllyError as error:
            return Found(self.latest.dialogs, (), numbered, error=str(error))
        except Exception as error:  # the next change is checked again
            sentence = f"This could not be checked ({type(error).__name__})."
            return Found(self.latest.dialogs, (), numbered, error=sentence)
        stale = frozenset(Path(one.place.file).stem for one in reading.errors)
        return Found(
            Dialogs(usable.result.pack, usable.countries), tuple(sorted(problems)), numbered, stale
        )

    def _usable(self, reading: packs.Reading, instead: packs.Files) -> packs.Reading:
        """With what cannot be used as it was when it could."""
        broken = {one.place.file for one in reading.errors}
        if before := {file: self._good[file] for file in broken if file in self._good}:
            again = self._checker.read({**instead, **before})
            if not {one.place.file for one in again.errors} & before.keys():
                return again
        self._good.update(
            (file, content)
            for file, content in reading.result.files.items()
            if file not in broken and isinstance(content, bytes)
        )
        return reading
