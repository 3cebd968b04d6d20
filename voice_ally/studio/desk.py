"""The pack on the desk: its dialogs, their texts and what is found of them, for every page open.

Rules: whatever is told goes to all pages; a draft is kept before it is answered; nobody waits here
for a check, a voice or a recogniser.
"""

import threading
from collections.abc import Callable
from pathlib import Path

from voice_ally.app.watching import look
from voice_ally.core.errors import UsageProblem, VoiceAllyError
from voice_ally.studio.checks import Checks, Found
from voice_ally.studio.listing import pack_told
from voice_ally.studio.starting import make_new, make_own, make_phrases, with_sounds_of
from voice_ally.studio.store import Conflict, Store
from voice_ally.studio.views import map_of, problem_data

Told = dict[str, object]
LOOK_SECONDS = 0.5


class Desk:
    """One pack, as it is being worked on."""

    def __init__(self, own: Path, bundled: Path, tell: Callable[[Told], None]) -> None:
        self.store = Store(own, bundled)
        self._tell = tell
        self._lock = threading.RLock()
        self._texts: dict[Path, tuple[str, int]] = {
            file: (text, 0) for file, text in self.store.drafts().items()
        }
        self._open: set[str] = set()
        """Dialogs that some page has opened."""
        self._told: dict[str, tuple[object, ...]] = {}
        """What was told of each, to tell it once."""
        self._pack_told: Told = {}
        self._on_disk = self.store.on_disk()
        self._ended = threading.Event()
        self.on_found: Callable[[Found], None] = lambda _found: None
        self.checks = Checks([bundled, own], self._written, self._found)
        self._watch = threading.Thread(target=self._look, name="studio files", daemon=True)

    def start(self) -> None:
        """Begin to check, and to look after the files."""
        self.checks.start()
        self._watch.start()

    def close(self) -> None:
        """End both."""
        self._ended.set()
        self.checks.close()

    # -- what pages ask ----------------------------------------------------------------

    def hello(self) -> Told:
        """The pack and its dialogs, as far as they are known; what else there is to say of them
        is told as soon as the pack was read."""
        return self._pack(self.checks.latest)

    def open(self, name: str) -> Told:
        """A text to edit."""
        with self._lock:
            found = self.store.open(name)
            self._open.add(name)
            self._told.pop(name, None)
        if found.on_disk != found.version:
            changed = {"name": name, "text": found.saved, "version": found.on_disk}
            self._tell({"event": "changed_on_disk", **changed})
        self.checks.again()
        return {
            "name": name,
            "text": found.text,
            "saved": found.saved,
            "version": found.version,
            "read_only": found.read_only,
            "draft": found.text != found.saved,
        }

    def edit(self, name: str, text: str, number: int) -> Told:
        """Answered once it is kept."""
        with self._lock:
            file = self.store.keep(name, text)
            self._texts[file] = (text, number)
            self._open.add(name)
        self.checks.again()
        return {"number": number}

    def save(self, name: str, text: str, version: str) -> Told:
        """To the file, unless somebody else changed it meanwhile."""
        with self._lock:
            try:
                now = self.store.save(name, text, version)
            except Conflict as conflict:
                return {"conflict": {"text": conflict.text, "version": conflict.version}}
            self._on_disk[name] = now
            self._texts.pop(self.store.file(name), None)
        self.checks.again()
        return {"version": now, "in_use": self._usable(name, text)}

    def discard(self, name: str) -> Told:
        """Back to what is saved; what was written stays in the history."""
        with self._lock:
            self.store.discard(name)
            self._texts.pop(self.store.file(name), None)
        return self.open(name)

    def own(self, name: str) -> Told:
        """A bundled dialog, copied to be changed."""
        with self._lock:
            make_own(self.store, name)
            self._on_disk = self.store.on_disk()
        self.checks.again()
        return self.open(name)

    def new(self, title: str, template: str) -> Told:
        """A new dialog. Takes a moment: its conversation is run."""
        name = make_new(self.store, title, template)
        with self._lock:
            self._on_disk = self.store.on_disk()
        self.checks.again()
        return {"name": name}

    def history(self, name: str) -> Told:
        """Every version of a dialog."""
        with self._lock:
            versions = self.store.versions(name)
        return {"versions": [{"id": one, "when": when} for one, when in versions]}

    def version(self, name: str, version: str) -> Told:
        """One of them."""
        with self._lock:
            return {"text": self.store.version(name, version)}

    def pronounce(self, word: str, sounds: str) -> Told:
        """Write into the phrases how a word is said."""
        with_sounds_of("", word, sounds)  # refused before any file is made
        with self._lock:
            name = make_phrases(self.store)
            opened = self.store.open(name)
            text = with_sounds_of(opened.text, word, sounds)
            if opened.text == opened.saved:
                self._on_disk[name] = self.store.save(name, text, opened.version)
            else:
                file = self.store.keep(name, text)
                self._texts[file] = (text, self._texts.get(file, ("", 0))[1])
        self._tell({"event": "changed_on_disk", "name": name, **self._saved(name)})
        self.checks.again()
        return {"name": name}

    def own_files(self) -> dict[str, bytes]:
        """The own files with what is not saved yet, by name."""
        with self._lock:
            texts = dict(self._texts)
            files = [one for one in self.store.files().values() if self.store.is_own(one)]
            return {
                one.name: (
                    texts[one][0] if one in texts else self.store.open_again(one.stem)
                ).encode()
                for one in files
            }

    # -- what is told ------------------------------------------------------------------

    def _saved(self, name: str) -> Told:
        opened = self.store.open(name)
        return {"text": opened.text, "version": opened.on_disk}

    def _usable(self, name: str, text: str) -> bool:
        """Can it be used as it is written? As far as it can be told by reading it alone."""
        try:
            return name not in self.checks.broken_in(self.store.file(name), text)
        except VoiceAllyError:
            return False

    def _written(self) -> dict[Path, tuple[str, int]]:
        with self._lock:
            return dict(self._texts)

    def _found(self, found: Found) -> None:
        with self._lock:
            wanted = sorted(self._open)
        for name in wanted:
            told = self._checked(name, found)
            key = (found.texts.get(name), repr(told))
            with self._lock:
                known, self._told[name] = self._told.get(name), key
            if known != key:
                self._tell(told)
        pack = self._pack(found)
        if pack != self._pack_told:
            self._pack_told = pack
            self._tell({"event": "pack", **pack})
        self.on_found(found)

    def _checked(self, name: str, found: Found) -> Told:
        text, number = found.texts.get(name, ("", 0))
        if name not in found.texts:
            with self._lock:
                try:
                    text = self.store.open_again(name)
                except UsageProblem:
                    text = ""
        lines = text.split("\n")
        problems = [problem_data(one, lines) for one in found.of(name)]
        if found.error:
            whole = {"line": 1, "column": 1, "code": "", "severity": "error", "mend": ""}
            problems = [{**whole, "message": found.error, "fixes": []}]
        dialog = found.dialogs.pack.dialogs.get(name)
        graph = map_of(found.dialogs.pack, dialog) if dialog else {"nodes": [], "edges": []}
        # the map of what cannot be used would be that of an older text
        graph_told = {} if name in found.stale else {"graph": graph}
        return {
            "event": "checked",
            "name": name,
            "number": number,
            "problems": problems,
            "in_use": name not in found.stale,
            **graph_told,
        }

    def _pack(self, found: Found) -> Told:
        with self._lock:
            files = self.store.files()
            own = {name for name, file in files.items() if self.store.is_own(file)}
            unsaved = {file.stem for file in self._texts}
        return pack_told(self.store.own, files, found, own=own, unsaved=unsaved)

    # -- files changed elsewhere -------------------------------------------------------

    def _look(self) -> None:
        before = self._looked()
        while not self._ended.wait(LOOK_SECONDS):
            now = self._looked()
            if now == before:
                continue
            before = now
            try:
                self._changed()
            except (OSError, VoiceAllyError):
                continue  # half written, or gone: looked at again when it changes
            self.checks.again()

    def _looked(self) -> object:
        try:
            return look(self.store.own)
        except OSError:
            return None

    def _changed(self) -> None:
        changed = []
        with self._lock:
            now = self.store.on_disk()
            for name, version in now.items():
                if self._on_disk.get(name) != version and name in self._open:
                    text = self.store.open_again(name)
                    changed.append({"name": name, "text": text, "version": version})
            self._on_disk = now
        for one in changed:
            self._tell({"event": "changed_on_disk", **one})
