"""Promises to come back, kept in SQLite so that they outlive a restart.

Rules:
1. A row is a time (wall-clock seconds since 1970) and the name of a dialog, behind it for what was
   promised by the calendar a tab, the time of day and how often; nothing else.
2. Late rather than never: what came due while nothing was running is given at the next start.
3. A clock that is set while the program runs moves the promises with it: "in half an hour" stays
   half an hour. (A steady clock beside the wall clock tells the one from the other.) What was
   promised by the calendar stays where it is. What comes again and again is not given hours late,
   but the next time, also where a clock did not know the day before it was set.
4. A file that cannot be used never keeps anybody from being helped, and no promise is lost with
   it: what cannot be written is remembered, and written as soon as that is possible again. A
   broken file is put aside; a copy beside it holds the promises as they were last written.
"""

import contextlib
import json
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from voice_ally.core.calendar import EVERY, Moment, same_time

CHECK_EVERY_SECONDS = 1.0
CLOCK_WAS_SET_SECONDS = 2.0
"""Two clocks never agree to the millisecond; from here on one of them was set."""
BUSY_SECONDS = 0.3
"""Another program may be writing; nobody is kept waiting for it."""
RETURN_SECONDS = 2.0
"""So often a file that could not be used is tried again."""
ASIDE, COPY, HALF = ".unreadable", ".copy", ".half"
ANOTHER_DAY_SECONDS = 3600.0
"""A clock set by more than this did not know the day, or not the time of day."""
LATE_SECONDS = 2 * 3600.0
"""An evening's invitation is none in the night."""
Rows = list[tuple[float, str]]
_TABLE = "CREATE TABLE IF NOT EXISTS promise (due REAL NOT NULL, dialog TEXT NOT NULL)"


def steady_seconds() -> float:
    """Seconds that nobody can set. They go on while the computer sleeps, where the system can."""
    with contextlib.suppress(AttributeError, OSError):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Reminders:
    """The promises kept in one file, or in memory alone where there is none.

    warn: told in one sentence what could not be kept as it should.
    """

    def __init__(
        self,
        path: Path | None,
        wall_clock: Callable[[], float] = time.time,
        steady_clock: Callable[[], float] = steady_seconds,
        warn: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        self._now, self._steady, self._warn = wall_clock, steady_clock, warn
        self._next_check = 0.0
        self._offset = wall_clock() - steady_clock()
        self._path = path
        self._return_at: float | None = None
        """While only memory holds them: when the file is tried again."""
        self._left_behind: Rows = []
        """What the file held when it could no longer be used."""
        self._database = self._open(path)
        self._keep_copy()

    def _open(self, path: Path | None) -> sqlite3.Connection:
        if path is None:
            return _opened(None)
        try:
            return _opened(path)
        except (OSError, sqlite3.OperationalError) as error:
            self._tell(path, error)
        except sqlite3.DatabaseError:
            self._put_aside(path)
            with contextlib.suppress(OSError, sqlite3.Error):
                return _filled(_opened(path), _copied(path))
        return self._in_memory()

    def _tell(self, path: Path | None, error: Exception) -> None:
        said = (error.strerror if isinstance(error, OSError) else "") or str(error)
        self._warn(f"Reminders cannot be kept in {path} ({said}): they are remembered meanwhile.")

    def _in_memory(self) -> sqlite3.Connection:
        """With what the copy holds, until the file can be used again."""
        self._return_at = self._steady() + RETURN_SECONDS
        self._left_behind = _copied(self._path)
        return _filled(_opened(None), self._left_behind)

    def _return_to_file(self) -> None:
        """Whatever others wrote there meanwhile stays; what was there before is what it is now."""
        if self._return_at is None or self._path is None or self._steady() < self._return_at:
            return
        self._return_at = self._steady() + RETURN_SECONDS
        ours = _rows_of(self._database)
        try:
            database = _opened(self._path)
            others = [one for one in _rows_of(database) if one not in self._left_behind]
            with database:
                database.execute("DELETE FROM promise")
                _insert(database, [*ours, *others])
        except (OSError, sqlite3.OperationalError):
            return
        except sqlite3.DatabaseError:
            self._put_aside(self._path)
            return
        self._database.close()
        self._database, self._return_at = database, None
        self._keep_copy()

    def _keep_copy(self) -> None:
        """Whole or not at all, so that one of the two can always be read."""
        if self._path is None or self._return_at is not None:
            return
        half = self._path.with_name(self._path.name + HALF)
        with contextlib.suppress(OSError, sqlite3.Error):
            half.write_text(json.dumps(_rows_of(self._database)), encoding="utf-8")
            half.replace(self._path.with_name(self._path.name + COPY))

    def _put_aside(self, path: Path) -> None:
        aside = path.with_name(path.name + ASIDE)
        with contextlib.suppress(OSError):
            path.replace(aside)
        self._warn(f"The reminders in {path} cannot be read; they were put aside as {aside.name}.")

    def add(
        self, seconds: float, dialog: str, *, days: int = 0, at: str = "", every: str = ""
    ) -> float:
        """See ports.ReminderBook."""
        now = self._clock()
        due = now + seconds
        if at or days:
            moment = Moment(at, every) if at else same_time(now)
            due = moment.after(now, days)
            dialog = f"{dialog}\t{moment.at} {moment.every}"
        self._change("INSERT INTO promise (due, dialog) VALUES (?, ?)", (due, dialog))
        self._next_check = 0.0
        return due - now

    def clear(self) -> None:
        """Forget all of them."""
        self._change("DELETE FROM promise")

    def waiting(self) -> list[tuple[float, str]]:
        """In how many seconds, and what; soonest first."""
        now = self._clock()
        rows = self._do("SELECT due, dialog FROM promise ORDER BY due")
        return [(max(0.0, float(due) - now), _dialog_of(what)) for due, what in rows]

    def take_due(self) -> list[str]:
        """The dialogs whose time has come, each once."""
        now = self._clock()
        if abs(now - self._next_check) < CHECK_EVERY_SECONDS:
            return []
        self._next_check = now
        rows = self._do("SELECT due, dialog FROM promise WHERE due <= ? ORDER BY due", (now,))
        given = []
        for due, what in rows:
            moment = _recurring(what)
            if moment is None or now - float(due) <= LATE_SECONDS:
                given.append(_dialog_of(what))
            if moment is not None:
                self._put_off(what, moment.after(now))
        if rows:
            self._change("DELETE FROM promise WHERE due <= ?", (now,))
        return given

    def _put_off(self, what: str, due: float) -> None:
        self._change("UPDATE promise SET due = ? WHERE dialog = ?", (due, what))

    def _clock(self) -> float:
        """The time now; if the clock has been set meanwhile, the promises move with it."""
        now = self._now()
        offset = now - self._steady()
        if abs(moved := offset - self._offset) > CLOCK_WAS_SET_SECONDS:
            self._offset = offset
            by_the_calendar = "instr(dialog, char(9))"
            self._change(f"UPDATE promise SET due = due + ? WHERE NOT {by_the_calendar}", (moved,))
            rows = self._do(f"SELECT DISTINCT dialog FROM promise WHERE {by_the_calendar}")
            for (what,) in rows if abs(moved) > ANOTHER_DAY_SECONDS else ():
                if (moment := _recurring(what)) is not None:
                    self._put_off(what, moment.after(now))
        return now

    def _change(self, statement: str, values: tuple[object, ...] = ()) -> None:
        self._do(statement, values)
        self._keep_copy()

    def _do(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        self._return_to_file()
        try:
            return _done(self._database, statement, values)
        except sqlite3.Error as error:
            self._go_on_in_memory(error)
            return _done(self._database, statement, values)

    def _go_on_in_memory(self, error: sqlite3.Error) -> None:
        broken, self._database = self._database, self._in_memory()
        with contextlib.suppress(sqlite3.Error):
            broken.close()
        self._tell(self._path, error)

    def close(self) -> None:
        """Let go of the file; what is only remembered is written if that can be done now."""
        for _ in range(2):  # the first try may only put a broken file aside
            if self._return_at is not None:
                self._return_at = self._steady()
                self._return_to_file()
        self._database.close()


def _dialog_of(what: object) -> str:
    return str(what).partition("\t")[0]


def _recurring(what: object) -> Moment | None:
    """The moment at which it comes again and again, if it does."""
    at, _, every = str(what).partition("\t")[2].partition(" ")
    return Moment(at, every) if every in EVERY else None


def _copied(path: Path | None) -> Rows:
    """What the copy beside the file holds; nothing if it cannot be read either."""
    if path is None:
        return []
    try:
        text = path.with_name(path.name + COPY).read_text(encoding="utf-8")
        return [(float(due), str(dialog)) for due, dialog in json.loads(text)]
    except (OSError, ValueError, TypeError):
        return []


def _rows_of(database: sqlite3.Connection) -> Rows:
    rows = database.execute("SELECT due, dialog FROM promise ORDER BY due")
    return [(float(due), str(dialog)) for due, dialog in rows]


def _insert(database: sqlite3.Connection, rows: Rows) -> None:
    database.executemany("INSERT INTO promise (due, dialog) VALUES (?, ?)", rows)


def _filled(database: sqlite3.Connection, rows: Rows) -> sqlite3.Connection:
    with database:
        _insert(database, rows)
    return database


def _done(
    database: sqlite3.Connection, statement: str, values: tuple[object, ...]
) -> list[tuple[Any, ...]]:
    with database:
        return database.execute(statement, values).fetchall()


def _opened(path: Path | None) -> sqlite3.Connection:
    """Raises OSError and sqlite3.DatabaseError."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path or ":memory:", check_same_thread=False, timeout=BUSY_SECONDS)
    try:
        with database:
            database.execute(_TABLE)
            _bring_over(database)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _bring_over(database: sqlite3.Connection) -> None:
    """Promises of an earlier version, which kept a second time with each."""
    old = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'reminder'"
    if database.execute(old).fetchone():
        database.execute("INSERT INTO promise (due, dialog) SELECT due, dialog FROM reminder")
        database.execute("DROP TABLE reminder")
