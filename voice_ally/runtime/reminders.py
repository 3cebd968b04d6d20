"""Promises to come back, kept in SQLite so that they outlive a restart.

Rules: a row is a time and the name of a dialog, nothing else. Times are wall-clock seconds
since 1970, so a reminder missed while nothing was running comes late rather than never. A
clock set back by more than the promise itself does not strand it: see take_due.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from voice_ally.core.errors import StorageProblem

CHECK_EVERY_SECONDS = 1.0


class Reminders:
    """The promises kept in one file."""

    def __init__(self, path: Path, wall_clock: Callable[[], float]) -> None:
        self._now = wall_clock
        self._next_check = 0.0
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._database = sqlite3.connect(path, check_same_thread=False, timeout=2.0)
            with self._database:
                self._database.execute(
                    "CREATE TABLE IF NOT EXISTS reminder"
                    " (due REAL NOT NULL, made REAL NOT NULL, dialog TEXT NOT NULL)"
                )
        except (OSError, sqlite3.Error) as error:
            raise StorageProblem(f"Reminders cannot be kept in {path}: {error}.") from error

    def add(self, seconds: float, dialog: str) -> None:
        """In so many seconds from now."""
        now = self._now()
        with self._database:
            self._database.execute(
                "INSERT INTO reminder VALUES (?, ?, ?)", (now + seconds, now, dialog)
            )
        self._next_check = 0.0

    def clear(self) -> None:
        """Forget all of them."""
        with self._database:
            self._database.execute("DELETE FROM reminder")

    def waiting(self) -> list[tuple[float, str]]:
        """When and what, soonest first."""
        rows = self._database.execute("SELECT due, dialog FROM reminder ORDER BY due")
        return [(float(due), str(dialog)) for due, dialog in rows]

    def take_due(self) -> list[str]:
        """The dialogs whose time has come, each once.

        A reminder made "in the future" means the clock was set back: it counts as due, since
        an early reminder is kinder than a lost one.
        """
        now = self._now()
        if abs(now - self._next_check) < CHECK_EVERY_SECONDS:
            return []
        self._next_check = now
        due = "due <= ? OR made > ? + 60"
        with self._database:
            rows = self._database.execute(
                f"SELECT dialog FROM reminder WHERE {due} ORDER BY due", (now, now)
            ).fetchall()
            if rows:
                self._database.execute(f"DELETE FROM reminder WHERE {due}", (now, now))
        return [str(dialog) for (dialog,) in rows]

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()


class NoReminders:
    """For sessions that must leave no trace: rehearsals, recordings, the demo."""

    def add(self, seconds: float, dialog: str) -> None:
        """Not kept."""

    def clear(self) -> None:
        """Nothing to forget."""

    def take_due(self) -> list[str]:
        """Never any."""
        return []
