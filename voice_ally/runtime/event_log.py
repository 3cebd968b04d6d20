"""The session's events, as JSON lines for whoever asked for them and as calls for the screen.

Rules: nothing is written to disk unless a file was named on the command line; times are
seconds on the session's clock, to the millisecond.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from voice_ally.core.errors import StorageProblem
from voice_ally.core.ports import Later, at_once
from voice_ally.core.whole_files import may_replace, open_for_writing, reason

Observer = Callable[[float, str, Mapping[str, object]], None]
"""Called with the time, the name of the event and its data."""


class EventLog:
    """Tells observers what happens, and writes it down if a file was asked for."""

    def __init__(
        self,
        path: Path | None = None,
        later: Later = at_once,
    ) -> None:
        self._later = later
        """Does what writes to the disk."""
        self._why_broken = ""
        """Not told of yet."""
        self._observers: list[Observer] = []
        self._path = path
        self._file: TextIO | None = None
        if path is not None and not may_replace(path, b'{"t": '):
            raise StorageProblem(
                f"{path} is there already, and holds no events.", mend="Name another file."
            )
        if path is not None:
            try:
                self._file = open_for_writing(path)
            except OSError as error:
                raise StorageProblem(
                    f"The events cannot be written to {path}: {reason(error)}."
                ) from error

    def watch(self, observer: Observer) -> None:
        """From now on, call this for every event."""
        self._observers.append(observer)

    def tell(self, at: float, event: str, **data: object) -> None:
        """Something happened. A full disk ends the writing, never the session."""
        if self._file is not None:
            line = {"t": round(at, 3), "event": event, **data}
            text = json.dumps(line, ensure_ascii=False, default=str) + "\n"
            self._later(lambda: self._write(text))
        if self._why_broken:
            message, self._why_broken = self._why_broken, ""
            self.tell(at, "failed", source="events", message=message)
        for observer in self._observers:
            observer(at, event, data)

    def _write(self, text: str) -> None:
        if self._file is not None:
            try:
                self._file.write(text)
            except OSError as error:
                self._file = None
                self._why_broken = f"{self._path}: {error.strerror}"

    def close(self) -> None:
        """Finish the file; may be called twice."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
