"""The files of a pack, what is written of them and not saved yet, and every version saved.

Rules: a name is one that the folders hold, never a path, and a link that leads out of the pack is
no file of it. A draft is on the disk before it is said to be kept; a save goes through a second
file, and never over what somebody else wrote meanwhile. What is kept beside the pack lies in the
state folder, readable by its owner alone.
"""

import hashlib
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from voice_ally.core.errors import UsageProblem
from voice_ally.core.regular_files import read_regular
from voice_ally.core.whole_files import write_whole
from voice_ally.language.pack_files import dialog_files, is_shared
from voice_ally.settings.places import user_state_folder

MOST_BYTES = 1_000_000
"""Of one dialog."""
MOST_VERSIONS = 200


@dataclass(frozen=True)
class Draft:
    """What was written and not saved."""

    text: str
    version: str
    """Of the file that it began from."""


@dataclass(frozen=True)
class Opened:
    """A dialog's text."""

    text: str
    """With what is not saved yet."""
    saved: str
    version: str
    """Of the file that the text began from."""
    on_disk: str
    """The file's version now: another one, and somebody else has changed it."""
    read_only: bool


class Conflict(Exception):
    """The file is another than the one that was edited."""

    def __init__(self, text: str, version: str) -> None:
        super().__init__("changed on disk")
        self.text, self.version = text, version


def kept_folder(own: Path) -> Path:
    """Where what belongs to a pack is kept, made for its owner alone. Raises OSError."""
    key = hashlib.sha256(str(own.resolve()).encode()).hexdigest()[:16]
    folder = user_state_folder() / "studio" / key
    folder.mkdir(parents=True, exist_ok=True)
    for one in (folder.parent, folder):
        one.chmod(0o700)
    return folder


class Store:
    """One pack's own folder over the bundled one. Not for two threads at once."""

    def __init__(self, own: Path, bundled: Path, now: Callable[[], float] = time.time) -> None:
        self.own, self.bundled, self._now = own, bundled, now
        self.folder = kept_folder(own)
        for one in ("drafts", "versions"):
            (self.folder / one).mkdir(exist_ok=True)
        self._opened: dict[str, str] = {}
        """Which version somebody edits."""

    def files(self) -> dict[str, Path]:
        """Every dialog by its name, the own one before the bundled one, phrases last."""
        found = {one.stem: one for one in dialog_files(self.bundled)}
        if self.own.is_dir():
            root = self.own.resolve()
            found.update(
                (one.stem, one)
                for one in dialog_files(self.own)
                if not one.is_symlink() or one.resolve().parent == root
            )
        return dict(sorted(found.items(), key=lambda pair: (is_shared(pair[1].name), pair[0])))

    def file(self, name: str) -> Path:
        """Raises UsageProblem for a name that no file has."""
        found = self.files().get(name)
        if found is None:
            raise UsageProblem("There is no such dialog in this pack any more.")
        return found

    def is_own(self, file: Path) -> bool:
        """May it be written to?"""
        return file.parent == self.own and self.own != self.bundled

    def open(self, name: str) -> Opened:
        """Raises UsageProblem."""
        file = self.file(name)
        content = _content(file)
        on_disk, saved = version_of(content), _text(content)
        draft = self.draft(name) if self.is_own(file) else None
        text, version = (draft.text, draft.version) if draft else (saved, on_disk)
        self._opened[name] = version
        return Opened(text, saved, version, on_disk, not self.is_own(file))

    def open_again(self, name: str) -> str:
        """What is in the file now. Raises UsageProblem."""
        return _text(_content(self.file(name)))

    def draft(self, name: str) -> Draft | None:
        """What is not saved yet, or None."""
        try:
            found = json.loads(read_regular(self._draft(name), 8 * MOST_BYTES))
            return Draft(str(found["text"]), str(found["version"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def drafts(self) -> dict[Path, str]:
        """Of all own dialogs, by their files."""
        found = ((file, self.draft(name)) for name, file in self.files().items())
        return {file: one.text for file, one in found if one is not None and self.is_own(file)}

    def keep(self, name: str, text: str) -> Path:
        """Keep what is not saved yet; the file it is for. Raises UsageProblem, and OSError."""
        file = self._writable(name, text)
        content = _content(file)
        before = self.draft(name)
        began = before.version if before else self._opened.get(name, version_of(content))
        if text == _text(content) and began == version_of(content):
            self._draft(name).unlink(missing_ok=True)
        else:
            write_whole(self._draft(name), json.dumps({"text": text, "version": began}))
        return file

    def save(self, name: str, text: str, version: str) -> str:
        """Write the file; the version it has then. Raises Conflict, UsageProblem and OSError."""
        file = self._writable(name, text)
        before = _content(file)
        if version_of(before) != version and _text(before) != text:
            raise Conflict(_text(before), version_of(before))
        self._remember(name, before, file.stat().st_mtime)
        content = text.replace("\n", "\r\n" if b"\r\n" in before else "\n").encode()
        write_whole(file, content)
        self._remember(name, content, self._now())
        self._draft(name).unlink(missing_ok=True)
        self._opened[name] = version_of(content)
        return version_of(content)

    def discard(self, name: str) -> Opened:
        """Without what was not saved; it becomes a version. Raises UsageProblem and OSError."""
        if (draft := self.draft(name)) is not None:
            self._remember(name, draft.text.encode(), self._now())
            self._draft(name).unlink(missing_ok=True)
        return self.open(name)

    def versions(self, name: str) -> list[tuple[str, float]]:
        """Each version's id and when it was (seconds since 1970), the newest first."""
        folder = self.folder / "versions" / _safe(name)
        found = sorted(folder.glob("*.yaml"), reverse=True) if folder.is_dir() else []
        return [(one.stem, int(one.stem.partition("-")[0]) / 1000) for one in found]

    def version(self, name: str, which: str) -> str:
        """Its text. Raises UsageProblem."""
        if which not in (one for one, _ in self.versions(name)):
            raise UsageProblem("This version is not there any more.")
        return _text(_content(self.folder / "versions" / _safe(name) / f"{which}.yaml"))

    def on_disk(self) -> dict[str, str]:
        """The version of each own file as it is now."""
        found = {}
        for name, file in self.files().items():
            if self.is_own(file):
                with suppress(UsageProblem):
                    found[name] = version_of(_content(file))
        return found

    def _remember(self, name: str, content: bytes, when: float) -> None:
        """As a version, unless it is the newest one."""
        known = self.versions(name)
        if known and known[0][0].partition("-")[2] == version_of(content):
            return
        folder = self.folder / "versions" / _safe(name)
        folder.mkdir(parents=True, exist_ok=True)
        moment = max(round(when * 1000), round(known[0][1] * 1000) + 1 if known else 0)
        write_whole(folder / f"{moment:014d}-{version_of(content)}.yaml", content)
        for old in sorted(folder.glob("*.yaml"))[:-MOST_VERSIONS]:
            with suppress(OSError):
                old.unlink()

    def _writable(self, name: str, text: str) -> Path:
        file = self.file(name)
        if not self.is_own(file):
            raise UsageProblem("This dialog came with Voice Ally: make it yours first.")
        if len(text.encode()) > MOST_BYTES:
            raise UsageProblem("This text is too long for a dialog.")
        return file

    def _draft(self, name: str) -> Path:
        return self.folder / "drafts" / f"{_safe(name)}.json"


def _safe(name: str) -> str:
    """A name for a file, whatever letters the dialog's has."""
    return hashlib.sha256(name.encode()).hexdigest()[:24]


def _content(file: Path) -> bytes:
    try:
        content = read_regular(file, MOST_BYTES)
    except OSError as error:
        raise UsageProblem(f"{file.name} cannot be read: {error.strerror}.") from error
    if len(content) > MOST_BYTES:
        raise UsageProblem(f"{file.name} is too long for a dialog.")
    return content


def version_of(content: bytes) -> str:
    """The same for the same content only."""
    return hashlib.sha256(content).hexdigest()[:16]


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise UsageProblem("This file is not saved as UTF-8: save it so in an editor.") from error
