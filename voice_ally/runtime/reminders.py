"""Promises to come back, kept in SQLite so that they outlive a restart.

Rules:
1. A row is two clocks and what was promised, nothing else: the time on the wall, and in which run
   of the machine (boot id) at which time of its steady clock; the name of a dialog, behind it for
   what was promised by the calendar a tab, the time of day and how often.
2. Late rather than never: what came due while nothing was running is given at the next start.
3. While the machine stays on, the steady clock counts: "in half an hour" is half an hour, however
   the clock on the wall is set. After a restart the time on the wall counts: a machine without a
   clock of its own first believes that no time has passed, and learns better from the network.
   What was promised by the calendar always goes by the wall. What comes again and again is not
   given hours late, but the next time, also where a clock did not know the day before it was set.
4. A file that cannot be used never keeps anybody from being helped, and no promise is lost with
   it: what cannot be written is remembered, and written as soon as that is possible again. A
   broken file is put aside; a copy beside it holds the promises as they were last written. A
   damaged row is set aside, and the others are kept.
"""

import contextlib
import json
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from voice_ally.core.calendar import EVERY, Moment, promised
from voice_ally.core.regular_files import open_regular
from voice_ally.runtime.reminder_rows import (
    BROKEN,
    Row,
    copied,
    done,
    forget_earlier_runs,
    insert,
    opened,
    replace_all,
    rows_of,
    salvaged,
)
from voice_ally.runtime.steady_clock import boot_id, steady_seconds

CHECK_EVERY_SECONDS = 1.0
RETURN_SECONDS = 2.0
"""So often a file that could not be used is tried again."""
CALENDAR = "\t"
"""Between a dialog and its moment in the calendar."""
ASIDE, COPY, HALF = ".unreadable", ".copy", ".half"
_AROUND = ("locked", "readonly", "full", "unable to open", "I/O error", "authoriz")
"""What sqlite3 says of surroundings; all else that it calls operational is the file's own."""
ANOTHER_DAY_SECONDS = 3600.0
"""A clock set by more than this did not know the day, or not the time of day."""
LATE_SECONDS = 2 * 3600.0
"""An evening's invitation is none in the night."""


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
        boot: str = "",
    ) -> None:
        self._now, self._steady, self._warn = wall_clock, steady_clock, warn
        self._boot = boot or boot_id()
        self._next_check = -CHECK_EVERY_SECONDS
        self._offset = wall_clock() - steady_clock()
        self._path = path
        self._return_at: float | None = None
        """While only memory holds them: when the file is tried again."""
        self._left_behind: list[Row] = []
        """What the file held when it could no longer be used."""
        self._told_of_damage = False
        self._database = self._open(path)
        self._keep_copy()

    def _open(self, path: Path | None) -> sqlite3.Connection:
        if path is None:
            return opened(None)[0]
        try:
            return self._opened(path)
        except (OSError, *BROKEN) as error:
            if _is_around(error):
                self._tell(path, error)
                return self._in_memory()
        rows = self._put_aside(path)
        try:
            database = self._opened(path)
            insert(database, rows)
            forget_earlier_runs(database, self._boot, self._steady())
        except (OSError, *BROKEN):
            return self._in_memory()
        return database

    def _opened(self, path: Path) -> sqlite3.Connection:
        database, damaged = opened(path)
        with contextlib.suppress(OSError):
            path.chmod(0o600)  # also where it was made before, or came out of a backup
        forget_earlier_runs(database, self._boot, self._steady())
        if damaged and not self._told_of_damage:
            self._told_of_damage = True
            what = "One reminder is" if damaged == 1 else f"{damaged} reminders are"
            self._warn(f"{what} damaged and set aside; the others are kept.")
        return database

    def _tell(self, path: Path | None, error: Exception) -> None:
        said = (error.strerror if isinstance(error, OSError) else "") or type(error).__name__
        if isinstance(error, sqlite3.Error):
            said = str(error)
        self._warn(f"Reminders cannot be kept in {path} ({said}): they are remembered meanwhile.")

    def _in_memory(self) -> sqlite3.Connection:
        """With what the copy holds, until the file can be used again."""
        self._return_at = self._steady() + RETURN_SECONDS
        self._left_behind = copied(self._beside(COPY)) if self._path else []
        database, _ = opened(None)
        insert(database, self._left_behind)
        forget_earlier_runs(database, self._boot, self._steady())
        return database

    def _beside(self, ending: str) -> Path:
        assert self._path is not None
        return self._path.with_name(self._path.name + ending)

    def _return_to_file(self) -> None:
        """Whatever others wrote there meanwhile stays; what was there before is what it is now."""
        if self._return_at is None or self._path is None or self._steady() < self._return_at:
            return
        self._return_at = self._steady() + RETURN_SECONDS
        ours = rows_of(self._database)
        try:
            database = self._opened(self._path)
            others = [one for one in rows_of(database) if one not in self._left_behind]
            replace_all(database, [*ours, *others])
        except (OSError, *BROKEN) as error:
            if not _is_around(error):
                self._put_aside(self._path)
            return
        self._database.close()
        self._database, self._return_at = database, None
        self._keep_copy()

    def _keep_copy(self) -> None:
        """Whole or not at all, so that one of the two can always be read."""
        if self._path is None or self._return_at is not None:
            return
        with contextlib.suppress(OSError, *BROKEN):
            text = json.dumps(rows_of(self._database))
            flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
            with os.fdopen(open_regular(self._beside(HALF), flags), "w", encoding="utf-8") as half:
                half.write(text)
            self._beside(HALF).replace(self._beside(COPY))

    def _put_aside(self, path: Path) -> list[Row]:
        """What could still be read of it, or else what the copy holds."""
        rows = list(dict.fromkeys((*copied(self._beside(COPY)), *salvaged(path))))
        known = {(row.due, row.dialog): row for row in reversed(rows)}
        aside = path.with_name(path.name + ASIDE)
        with contextlib.suppress(OSError):
            path.replace(aside)
        self._warn(f"The reminders in {path} cannot be read; they were put aside as {aside.name}.")
        return sorted(known.values())

    def add(
        self, seconds: float, dialog: str, *, days: int = 0, at: str = "", every: str = ""
    ) -> float:
        """See ports.ReminderBook."""
        now = self._now()
        due = now + seconds
        if (moment := promised(now, days, at, every)) is not None:
            due = moment.after(now, days)
            dialog = f"{dialog}{CALENDAR}{moment.at} {moment.every}"
        self._insert(due, dialog, now)
        self._keep_copy()
        self._next_check = self._steady()
        return due - now

    def _insert(self, due: float, what: str, now: float) -> None:
        made = self._steady()
        row = Row(due, what, self._boot, made, made + due - now)
        self._do("INSERT INTO promise VALUES (?, ?, ?, ?, ?)", tuple(row))

    def clear(self) -> None:
        """Forget all of them. Where there are none no file is touched: it may be safety that takes
        them back, and when that was is nobody's business."""
        if self._rows():
            self._do("DELETE FROM promise")
            self._keep_copy()

    def waiting(self) -> list[tuple[float, str]]:
        """In how many seconds, and what; soonest first."""
        rows = sorted((max(0.0, self._seconds_left(row)), row.dialog) for row in self._rows())
        return [(left, _dialog_of(what)) for left, what in rows]

    def take_due(self, most: int | None = None) -> list[str]:
        """The dialogs whose time has come, each once, soonest first; beyond `most` of them, the
        others stay where they are kept until they are asked for again."""
        if self._steady() < self._next_check:
            return []
        self._next_check = self._steady() + CHECK_EVERY_SECONDS
        self._notice_another_day()
        due = sorted((left, row) for row in self._rows() if (left := self._seconds_left(row)) <= 0)
        given: list[str] = []
        for left, row in due:
            if len(given) == most:
                break
            moment = _recurring(row.dialog)
            if moment is None or -left <= LATE_SECONDS:
                given.append(_dialog_of(row.dialog))
            self._again(row, moment)
        if due:
            self._keep_copy()
        return given

    def _again(self, row: Row, moment: Moment | None) -> None:
        """This promise has been kept; the next one, where it comes again and again."""
        self._do("DELETE FROM promise WHERE due = ? AND dialog = ?", (row.due, row.dialog))
        if moment is not None:
            now = self._now()
            self._insert(moment.after(now), row.dialog, now)

    def _notice_another_day(self) -> None:
        """Where the clock on the wall was set by hours, what recurs counted from a wrong day."""
        offset = self._now() - self._steady()
        if abs(offset - self._offset) > ANOTHER_DAY_SECONDS:
            for row in self._rows():
                if (moment := _recurring(row.dialog)) is not None:
                    self._again(row, moment)
        self._offset = offset

    def _seconds_left(self, row: Row) -> float:
        if row.boot == self._boot and CALENDAR not in row.dialog:
            return row.steady - self._steady()
        return row.due - self._now()

    def _rows(self) -> list[Row]:
        self._return_to_file()
        try:
            return rows_of(self._database)
        except BROKEN as error:
            self._go_on_in_memory(error)
            return rows_of(self._database)

    def _do(self, statement: str, values: tuple[object, ...] = ()) -> None:
        self._return_to_file()
        try:
            done(self._database, statement, values)
        except BROKEN as error:
            self._go_on_in_memory(error)
            done(self._database, statement, values)

    def _go_on_in_memory(self, error: Exception) -> None:
        broken, self._database = self._database, self._in_memory()
        with contextlib.suppress(*BROKEN):
            broken.close()
        self._tell(self._path, error)

    def close(self) -> None:
        """Let go of the file; what is only remembered is written if that can be done now."""
        for _ in range(2):  # the first try may only put a broken file aside
            if self._return_at is not None:
                self._return_at = self._steady()
                self._return_to_file()
        self._database.close()


def _dialog_of(what: str) -> str:
    return what.partition(CALENDAR)[0]


def _recurring(what: str) -> Moment | None:
    """The moment at which it comes again and again, if it does."""
    at, _, every = what.partition(CALENDAR)[2].partition(" ")
    return Moment(at, every) if every in EVERY else None


def _is_around(error: Exception) -> bool:
    """Is it the surroundings (a full disk, another program) and not the file itself?"""
    if isinstance(error, sqlite3.OperationalError):
        return any(one in str(error) for one in _AROUND)
    return isinstance(error, OSError)
