"""A promise as it is kept in SQLite, and what is done with rows that are damaged.

Rules: whatever a file holds, reading it ends soon and raises nothing but OSError and what BROKEN
names. A damaged row is moved into a table of its own, so that it is neither lost nor in the way.
"""

import json
import math
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from voice_ally.core.plain_text import unprintable_in
from voice_ally.core.regular_files import read_regular, refuse_irregular

BUSY_SECONDS = 0.3
"""Another program may be writing; nobody is kept waiting for it."""
BROKEN = (sqlite3.Error, ValueError, OverflowError, SystemError, MemoryError)
"""What a file that is no sound database makes sqlite3 raise (a name that is no text, for one)."""
MOST_ROWS = 10_000
LONGEST_NAME = 2_000
LATEST = 253_402_300_800.0
"""The year 10000; what is due later is no time."""
MOST_STEPS = 2_000
"""Of a thousand operations each: a file may hold a view that never ends."""
MOST_COPY_BYTES = 5_000_000
_TABLE = """CREATE TABLE IF NOT EXISTS promise (
    due REAL NOT NULL, dialog TEXT NOT NULL,
    boot TEXT NOT NULL DEFAULT '', made REAL NOT NULL DEFAULT 0, steady REAL NOT NULL DEFAULT 0)"""
_NEW_COLUMNS = {
    "boot": "TEXT NOT NULL DEFAULT ''",
    "made": "REAL NOT NULL DEFAULT 0",
    "steady": "REAL NOT NULL DEFAULT 0",
}
_COLUMNS = "due, dialog, boot, made, steady"


class Row(NamedTuple):
    """One promise."""

    due: float
    """By the wall clock, in seconds since 1970, as it was when the promise was made."""
    dialog: str
    boot: str = ""
    """Which run of the machine it was made in; empty: an earlier one, or not known."""
    made: float = 0.0
    """By the steady clock of that run."""
    steady: float = 0.0
    """When it is due by that clock."""


def row_from(values: Iterable[object]) -> Row | None:
    """A sound row of these values, or None."""
    due, dialog, *rest = values
    boot, made, steady = rest if len(rest) == 3 else ("", 0.0, 0.0)  # noqa: PLR2004 - of Row
    if not (isinstance(due, int | float) and 0 <= due < LATEST):
        return None
    if not isinstance(dialog, str) or not 0 < len(dialog) <= LONGEST_NAME:
        return None
    if unprintable_in(dialog):
        return None
    times = [one for one in (made, steady) if isinstance(one, int | float) and math.isfinite(one)]
    if not isinstance(boot, str) or len(times) < 2:  # noqa: PLR2004 - both
        return Row(float(due), dialog)  # the time on the wall is enough
    return Row(float(due), dialog, boot, float(times[0]), float(times[1]))


def opened(path: Path | None) -> tuple[sqlite3.Connection, int]:
    """The database, and how many damaged rows were set aside. Raises OSError and BROKEN."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        refuse_irregular(path)
    database = sqlite3.connect(path or ":memory:", check_same_thread=False, timeout=BUSY_SECONDS)
    database.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        with database:
            _bound(database)
            database.execute(_TABLE)
            _add_columns(database)
            _bring_over(database)
            damaged = _set_aside(database)
    except BROKEN:
        database.close()
        raise
    return database, damaged


def done(
    database: sqlite3.Connection, statement: str, values: tuple[object, ...] = ()
) -> list[tuple[Any, ...]]:
    """Run it. Raises BROKEN."""
    with database:
        _bound(database)
        return database.execute(statement, values).fetchmany(MOST_ROWS)


def _bound(database: sqlite3.Connection) -> None:
    """From now on, one statement takes so many steps and no more."""
    left = iter(range(MOST_STEPS))
    database.set_progress_handler(lambda: next(left, None) is None, 1000)


def rows_of(database: sqlite3.Connection) -> list[Row]:
    """All sound rows, soonest first. Raises BROKEN."""
    found = done(database, f"SELECT {_COLUMNS} FROM promise ORDER BY due")
    return [row for values in found if (row := row_from(values)) is not None]


def insert(database: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Add them. Raises BROKEN."""
    with database:
        _bound(database)
        database.executemany(f"INSERT INTO promise ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)", rows)


def replace_all(database: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """These and no others; all or nothing. Raises BROKEN."""
    with database:
        _bound(database)
        database.execute("DELETE FROM promise")
        database.executemany(f"INSERT INTO promise ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)", rows)


def forget_earlier_runs(database: sqlite3.Connection, boot: str, steady_now: float) -> None:
    """A steady clock that stands before the time a promise was made began anew since: then that
    was another run of the machine, whatever the system calls it. Raises BROKEN."""
    done(database, "UPDATE promise SET boot = '' WHERE boot = ? AND made > ?", (boot, steady_now))


def salvaged(path: Path) -> list[Row]:
    """What can still be read of a broken file, row by row. Never raises."""
    found: list[Row] = []
    try:
        refuse_irregular(path)
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        database.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    except (OSError, *BROKEN):
        return []
    try:
        _bound(database)
        kind = database.execute("SELECT type FROM sqlite_master WHERE name = 'promise'")
        if kind.fetchone() != ("table",):
            return []
        for values in database.execute(f"SELECT due, dialog FROM promise LIMIT {MOST_ROWS}"):
            if (row := row_from(values)) is not None:
                found.append(row)
    except BROKEN:
        pass
    finally:
        database.close()
    return found


def copied(path: Path) -> list[Row]:
    """What the copy beside a file holds; nothing if it cannot be read either."""
    try:
        content = read_regular(path, MOST_COPY_BYTES)
        rows = json.loads(content.decode())
        found = [row_from(values) for values in rows[:MOST_ROWS]]
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return []
    return [row for row in found if row is not None]


def _add_columns(database: sqlite3.Connection) -> None:
    """What an earlier version did not keep."""
    there = {str(one[1]) for one in database.execute("PRAGMA table_info(promise)")}
    for name, kind in _NEW_COLUMNS.items():
        if name not in there:
            database.execute(f"ALTER TABLE promise ADD COLUMN {name} {kind}")


def _bring_over(database: sqlite3.Connection) -> None:
    """Promises of an even earlier version."""
    old = "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'reminder'"
    if database.execute(old).fetchone():
        database.execute("INSERT INTO promise (due, dialog) SELECT due, dialog FROM reminder")
        database.execute("DROP TABLE reminder")


def _set_aside(database: sqlite3.Connection) -> int:
    """Damaged rows, into a table of their own; how many."""
    rows = database.execute(f"SELECT rowid, {_COLUMNS} FROM promise LIMIT {MOST_ROWS}").fetchall()
    damaged = [(number,) for number, *values in rows if row_from(values) is None]
    if damaged:
        database.execute("CREATE TABLE IF NOT EXISTS damaged (due, dialog)")
        copy = "INSERT INTO damaged SELECT due, dialog FROM promise WHERE rowid = ?"
        database.executemany(copy, damaged)
        database.executemany("DELETE FROM promise WHERE rowid = ?", damaged)
    return len(damaged)
