"""The names of those who use it: from the settings, or told and agreed to.

Rules: what is in the settings goes first. What was agreed to is kept in one small file that only
its owner may read; "forget me" deletes it. A file that cannot be used is as good as none.
"""

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from voice_ally.core.ports import Later, at_once

MOST_CHARACTERS = 40
MOST_BYTES = 4096


class People:
    """Names, in order. Without a path they are forgotten at the end.

    warn: told in one sentence what could not be kept.
    """

    def __init__(
        self,
        path: Path | None = None,
        names: str = "",
        warn: Callable[[str], None] = lambda sentence: None,
        later: Later = at_once,
    ) -> None:
        self._path, self._warn, self._later = path, warn, later
        self._set = [one.strip() for one in names.split(",")]
        self._kept = self._read()

    @property
    def names(self) -> tuple[str, ...]:
        """The first, and the other; empty where it is not known."""
        both = []
        for number, slot in enumerate(("name", "other_name")):
            own = self._set[number] if number < len(self._set) else ""
            both.append(own or self._kept.get(slot, ""))
        return tuple(both)

    def remember(self, slot: str, name: str) -> None:
        """Keep it, from now on and for the next time."""
        self._kept[slot] = name[:MOST_CHARACTERS]
        kept = dict(self._kept)
        self._later(lambda: self._write(kept))

    def _write(self, kept: Mapping[str, str]) -> None:
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # made readable to nobody else, and put in its place whole
            number, half = tempfile.mkstemp(dir=self._path.parent)
            with os.fdopen(number, "w", encoding="utf-8") as file:
                json.dump(kept, file, ensure_ascii=False)
            Path(half).replace(self._path)
        except OSError as error:
            self._warn(f"The name cannot be kept in {self._path} ({error.strerror}).")

    def forget(self) -> None:
        """Nobody's name is known any more; those of the settings are back at the next start."""
        self._kept, self._set = {}, []
        self._later(self._remove)

    def _remove(self) -> None:
        if self._path is not None:
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _read(self) -> dict[str, str]:
        if self._path is None or not self._path.is_file():
            return {}
        try:
            with self._path.open("rb") as file:
                found = json.loads(file.read(MOST_BYTES))
        except (OSError, ValueError, RecursionError):
            return {}
        kept = found.items() if isinstance(found, dict) else ()
        return {slot: name[:MOST_CHARACTERS] for slot, name in kept if isinstance(name, str)}
