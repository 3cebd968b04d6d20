"""The log: what went wrong, never what was said or done.

Rules:
1. Only what KEPT names is written, to the minute. No word heard or spoken, no slot, no phrase, no
   name of a dialog; nor anything by which one script can be told from another: when and how often
   somebody was heard, spoken to, asked, or fell silent is the pattern of a script, and that
   somebody asked for safety must not be found by someone else. Not even the end of a session.
2. Bounded: four files of at most 200 kB, in a folder only its owner may enter.
3. Never a reason to end a session: what cannot be written is not.
4. With `--log-text` everything is written, into a file of its own, and that is said aloud at the
   start.
"""

import io
import json
import logging
import logging.handlers
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from voice_ally.core.ports import Later, at_once
from voice_ally.core.regular_files import open_regular

MOST_BYTES = 200_000
OLDER_FILES = 3
NAME, NAME_WITH_TEXT = "voice-ally.log", "with-text.log"
TO_THE_MINUTE, TO_THE_SECOND = "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"
KEPT: Mapping[str, tuple[str, ...]] = {
    "lost": ("source",),
    "back": ("source",),
    "dropped": (),
    "failed": ("source", "message"),
}
"""Which of an event's data are written. An event that is not here is not written at all."""
_SAFE_START = re.compile(r"[^(\"'“:{\[]*")
_KIND = re.compile(r"\b[A-Z]\w*(?:Error|Exception|Problem|Timeout)\b")


def without_words(message: str) -> str:
    """The fixed part of one of our sentences, and which errors it names.

    What stands in quotes or brackets or behind a colon may repeat what somebody said.
    """
    start = _SAFE_START.match(message)
    kinds = sorted(set(_KIND.findall(message)))
    return " ".join([*(start[0] if start else "").split(), *kinds])


class _QuietFile(logging.handlers.RotatingFileHandler):
    """A full disk is no reason to print a traceback, and a pipe in its place none to wait."""

    def _open(self) -> io.TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        return os.fdopen(open_regular(Path(self.baseFilename), flags), "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name there
        """The line is lost."""

    def close(self) -> None:
        """Also when what is left cannot be written."""
        with suppress(OSError):
            super().close()


class Logbook:
    """An observer of the event log that writes a line for what happened."""

    def __init__(
        self,
        folder: Path,
        *,
        with_text: bool = False,
        later: Later = at_once,
    ) -> None:
        self._with_text, self._later = with_text, later
        self.path = folder / (NAME_WITH_TEXT if with_text else NAME)
        self._logger = logging.Logger("voice-ally")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            handler = _QuietFile(
                self.path, maxBytes=MOST_BYTES, backupCount=OLDER_FILES, encoding="utf-8"
            )
        except OSError:
            return
        dates = TO_THE_SECOND if with_text else TO_THE_MINUTE
        handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", dates))
        self._logger.addHandler(handler)

    def note(self, event: str, **data: object) -> None:
        """Something about the program itself."""
        line = _line(event, data)
        self._later(lambda: self._logger.info("%s", line))

    def __call__(self, at: float, event: str, data: Mapping[str, object]) -> None:
        """See event_log.Observer."""
        if self._with_text:
            self.note(event, **{"at": round(at, 3), **data})
        elif event in KEPT:
            kept = {name: data[name] for name in KEPT[event] if name in data}
            if "message" in kept:
                kept["message"] = without_words(str(kept["message"]))
            self.note(event, **kept)

    def close(self) -> None:
        """Finish the file; may be called twice. That a session ended is not noted: how long one
        took tells which it was."""
        for handler in self._logger.handlers[:]:
            self._logger.removeHandler(handler)
            handler.close()


def _line(event: str, data: Mapping[str, object]) -> str:
    def text(value: object) -> str:
        return json.dumps(value, ensure_ascii=False, default=str)

    pairs = (f"{name}={text(value)}" for name, value in data.items())
    return " ".join([event.replace(" ", "-"), *pairs])
