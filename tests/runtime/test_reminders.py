"""Promises to come back."""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_ally.core.actions import Phrase
from voice_ally.core.sound import Sound
from voice_ally.core.speech import Utterance
from voice_ally.interpret.understanding import Understanding
from voice_ally.interpret.vocabulary import Vocabulary
from voice_ally.language.reader import read_pack
from voice_ally.runtime.event_log import EventLog
from voice_ally.runtime.live import NoEars
from voice_ally.runtime.reminders import Reminders
from voice_ally.runtime.session import Session
from voice_ally.runtime.steady_clock import boot_id, steady_seconds
from voice_ally.ui.rehearsal import SilentSounds, TypedMouth

SHARED = os.environ.get("VOICE_ALLY_SHARED", "")
FUZZED = sorted(Path(SHARED or "/nowhere").glob("cases/attack/reminders-fuzzed/*.sqlite")) or [
    pytest.param(Path(), marks=pytest.mark.skip(reason="VOICE_ALLY_SHARED names no samples"))
]


class WallClock:
    """Time that passes, and a clock on the wall that somebody may set."""

    def __init__(self) -> None:
        self.time, self._passed = 1_000_000.0, 50.0

    def __call__(self) -> float:
        return self.time

    def steady(self) -> float:
        return self._passed

    def passes(self, seconds: float) -> None:
        self.time += seconds
        self._passed += seconds

    def is_set(self, seconds: float) -> None:
        self.time += seconds

    def starts_anew(self) -> None:
        """The machine does: its steady clock begins again."""
        self._passed = 15.0


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def book(tmp_path: Path, clock: WallClock) -> Iterator[Reminders]:
    book = Reminders(tmp_path / "state" / "reminders.sqlite", clock, clock.steady)
    yield book
    book.close()


def later(path: Path, clock: WallClock) -> list[str]:
    """What a new start of the program finds due."""
    again = Reminders(path / "state" / "reminders.sqlite", clock, clock.steady)
    due = again.take_due()
    again.close()
    return due


def test_a_promise_is_kept_once_and_not_early(book: Reminders, clock: WallClock) -> None:
    book.add(600, "repair")
    clock.passes(599)
    assert book.take_due() == []
    clock.passes(2)
    assert book.take_due() == ["repair"]
    clock.passes(2)
    assert book.take_due() == []


def test_a_promise_outlives_a_restart_and_comes_late_rather_than_never(
    tmp_path: Path, book: Reminders, clock: WallClock
) -> None:
    book.add(600, "repair")
    book.close()
    clock.passes(7 * 24 * 3600)
    assert later(tmp_path, clock) == ["repair"]


@pytest.mark.parametrize("seconds", [-3600.0, 3600.0, -1e6, 1e9])
def test_half_an_hour_stays_half_an_hour_when_the_clock_is_set(
    tmp_path: Path, book: Reminders, clock: WallClock, seconds: float
) -> None:
    book.add(1800, "repair")
    clock.passes(60)
    clock.is_set(seconds)
    assert book.take_due() == []
    clock.passes(1700)
    assert book.take_due() == []
    clock.passes(41)
    assert book.take_due() == ["repair"]


def test_a_clock_that_is_set_before_a_restart_of_the_program_changes_nothing(
    tmp_path: Path, book: Reminders, clock: WallClock
) -> None:
    book.add(600, "repair")
    book.close()
    clock.is_set(-3600)
    clock.passes(500)
    assert later(tmp_path, clock) == []
    clock.passes(101)
    assert later(tmp_path, clock) == ["repair"]


@pytest.mark.parametrize("named", [True, False])
def test_a_machine_without_a_clock_keeps_its_promise_on_time_after_a_power_cut(
    tmp_path: Path, clock: WallClock, named: bool
) -> None:
    """It was off for nine hours, believes that no time has passed, and is told better."""
    path = tmp_path / "reminders.sqlite"
    before = Reminders(path, clock, clock.steady, boot="first")
    before.add(12 * 3600, "repair")
    before.close()
    clock.passes(2 * 3600)
    clock.starts_anew()
    after = Reminders(path, clock, clock.steady, boot="second" if named else "first")
    assert after.take_due() == []
    clock.passes(20)
    clock.is_set(9 * 3600)
    assert after.take_due() == []
    ((left, _),) = after.waiting()
    assert left == 3600 - 20
    clock.passes(3600)
    assert after.take_due() == ["repair"]
    after.close()


def test_promises_can_be_listed_and_cancelled(book: Reminders, clock: WallClock) -> None:
    book.add(600, "repair")
    book.add(60, "listen")
    clock.passes(10)
    assert book.waiting() == [(50.0, "listen"), (590.0, "repair")]
    book.clear()
    assert book.waiting() == []


def test_only_a_time_and_a_name_are_kept(tmp_path: Path, book: Reminders) -> None:
    book.add(600, "repair")
    with sqlite3.connect(tmp_path / "state" / "reminders.sqlite") as other:
        rows = other.execute("SELECT * FROM promise").fetchall()
        tables = other.execute("SELECT name FROM sqlite_master").fetchall()
    other.close()
    assert rows == [(1_000_600.0, "repair", boot_id(), 50.0, 650.0)]
    assert tables == [("promise",)]


def test_promises_of_an_earlier_version_are_brought_over(tmp_path: Path, clock: WallClock) -> None:
    file = tmp_path / "reminders.sqlite"
    with sqlite3.connect(file) as old:
        old.execute("CREATE TABLE reminder (due REAL, made REAL, dialog TEXT)")
        old.execute("INSERT INTO reminder VALUES (1000600.0, 1000000.0, 'repair')")
    old.close()
    book = Reminders(file, clock, clock.steady)
    assert book.waiting() == [(600.0, "repair")]
    book.close()
    with sqlite3.connect(file) as now:
        rows = now.execute("SELECT due, dialog FROM promise").fetchall()
    assert rows == [(1_000_600.0, "repair")]
    now.close()


def test_a_place_that_cannot_be_written_keeps_nobody_from_being_helped(
    tmp_path: Path, clock: WallClock
) -> None:
    told: list[str] = []
    (tmp_path / "file").write_text("")
    book = Reminders(tmp_path / "file" / "reminders.sqlite", clock, clock.steady, told.append)
    assert len(told) == 1
    assert "they are remembered meanwhile" in told[0]
    book.add(600, "repair")
    clock.passes(601)
    assert book.take_due() == ["repair"]
    book.close()


def test_a_file_that_cannot_be_read_is_put_aside(tmp_path: Path, clock: WallClock) -> None:
    told: list[str] = []
    file = tmp_path / "reminders.sqlite"
    file.write_bytes(b"this is no database, whatever its name says" * 50)
    book = Reminders(file, clock, clock.steady, told.append)
    book.add(600, "repair")
    book.close()
    assert [one for one in told if "put aside as reminders.sqlite.unreadable" in one] == told
    assert (tmp_path / "reminders.sqlite.unreadable").read_bytes().startswith(b"this is no")
    again = Reminders(file, clock, clock.steady)
    assert again.waiting() == [(600.0, "repair")]
    again.close()


def test_a_file_that_fails_later_is_said_once_and_nothing_is_lost(
    tmp_path: Path, clock: WallClock
) -> None:
    told: list[str] = []
    file = tmp_path / "reminders.sqlite"
    book = Reminders(file, clock, clock.steady, told.append)
    book.add(600, "repair")
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")  # another program that never lets go
        book.add(60, "listen")
        other.execute("ROLLBACK")
    other.close()
    book.add(30, "ally")
    assert [name for _, name in book.waiting()][:2] == ["ally", "listen"]
    assert len(told) == 1
    book.close()


def test_what_could_not_be_written_is_written_when_that_is_possible_again(
    tmp_path: Path, clock: WallClock
) -> None:
    file = tmp_path / "reminders.sqlite"
    book = Reminders(file, clock, clock.steady)
    book.add(600, "repair")
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        book.add(700, "listen")
        clock.passes(3)
        assert len(book.waiting()) == 2, "still not possible"
        other.execute("ROLLBACK")
        other.execute("INSERT INTO promise (due, dialog) VALUES (1000800.0, 'ally')")
    other.close()
    clock.passes(3)
    assert [name for _, name in book.waiting()] == ["repair", "listen", "ally"]
    book.close()
    again = Reminders(file, clock, clock.steady)
    assert [name for _, name in again.waiting()] == ["repair", "listen", "ally"]
    again.close()


@pytest.mark.parametrize("noticed", ["while it runs", "at its end", "at the next start"])
def test_a_file_that_is_overwritten_loses_no_promise(
    tmp_path: Path, clock: WallClock, noticed: str
) -> None:
    file = tmp_path / "reminders.sqlite"
    book = Reminders(file, clock, clock.steady)
    book.add(600, "repair")
    if noticed == "at the next start":
        book.close()
    file.write_bytes(b"rubbish " * 2000)
    if noticed == "while it runs":
        for _ in range(3):
            assert [name for _, name in book.waiting()] == ["repair"]
            clock.passes(3)
    if noticed == "at its end":
        book.add(700, "repair")
    if noticed != "at the next start":
        book.close()
    again = Reminders(file, clock, clock.steady)
    assert {name for _, name in again.waiting()} == {"repair"}
    again.close()
    with sqlite3.connect(file) as whole:
        assert whole.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    whole.close()


def test_where_the_copy_is_rubbish_too_it_begins_anew(tmp_path: Path, clock: WallClock) -> None:
    for name in ("reminders.sqlite", "reminders.sqlite.copy"):
        (tmp_path / name).write_bytes(b"rubbish " * 2000)
    book = Reminders(tmp_path / "reminders.sqlite", clock, clock.steady)
    assert book.waiting() == []
    book.close()


DAMAGE = {
    "text": "'soon'",
    "blob": "x'00ff'",
    "infinite": "9e999",
    "before all time": "-5.0",
    "far too late": "1e300",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_time_is_set_aside_told_once_and_the_others_are_kept(
    tmp_path: Path, clock: WallClock, damage: str
) -> None:
    file, told = tmp_path / "reminders.sqlite", list[str]()
    with sqlite3.connect(file) as old:
        old.execute("CREATE TABLE promise (due, dialog)")
        old.execute(f"INSERT INTO promise VALUES ({DAMAGE[damage]}, 'repair')")
        old.execute("INSERT INTO promise VALUES (NULL, 'repair')")
        old.execute("INSERT INTO promise VALUES (1000600.0, 'repair')")
        old.execute("INSERT INTO promise VALUES (1000700.0, NULL)")
        old.execute("INSERT INTO promise VALUES (1000800.0, x'ff')")
        old.execute("INSERT INTO promise VALUES (1000900.0, 'a' || char(27) || '[2J')")
        old.execute("INSERT INTO promise VALUES (1001000.0, CAST(x'c328' AS TEXT))")
    old.close()
    for _ in range(2):
        book = Reminders(file, clock, clock.steady, told.append)
        assert book.waiting() == [(600.0, "repair")]
        book.close()
    assert told == ["6 reminders are damaged and set aside; the others are kept."]
    with sqlite3.connect(file) as now:
        now.text_factory = bytes
        assert len(now.execute("SELECT * FROM damaged").fetchall()) == 6
    now.close()


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE VIEW promise AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)"
        " SELECT i AS due, 'repair' AS dialog FROM n",
        "CREATE TABLE promise (other INT)",
        "CREATE TABLE promise (due REAL, dialog TEXT, boot INT UNIQUE, made)",
    ],
)
def test_a_database_of_another_make_is_put_aside_and_nothing_hangs(
    tmp_path: Path, clock: WallClock, schema: str
) -> None:
    file, told = tmp_path / "reminders.sqlite", list[str]()
    with sqlite3.connect(file) as old:
        old.execute(schema)
    old.close()
    book = Reminders(file, clock, clock.steady, told.append)
    book.add(600, "repair")
    assert book.waiting() == [(600.0, "repair")]
    assert book.take_due() == []
    book.close()
    again = Reminders(file, clock, clock.steady, told.append)
    assert again.waiting() == [(600.0, "repair")]
    again.close()
    assert len(told) <= 1


@pytest.mark.parametrize("name", ["reminders.sqlite", ".copy", ".half"])
def test_a_pipe_in_the_place_of_a_file_holds_up_nothing(
    tmp_path: Path, clock: WallClock, name: str
) -> None:
    os.mkfifo(tmp_path / (name if "rem" in name else f"reminders.sqlite{name}"))
    book = Reminders(tmp_path / "reminders.sqlite", clock, clock.steady)
    book.add(600, "repair")
    assert book.waiting() == [(600.0, "repair")]
    book.close()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 12_000), st.integers(0, 255)), min_size=1, max_size=40),
    st.integers(0, 12_288),
)
def test_whatever_bytes_are_damaged_what_the_copy_holds_is_not_lost(
    flips: list[tuple[int, int]], length: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file, clock = Path(folder) / "reminders.sqlite", WallClock()
        book = Reminders(file, clock, clock.steady)
        for number in range(20):
            book.add(600 + number, f"repair_{number}")
        book.close()
        content = bytearray(file.read_bytes())
        for at, value in flips:
            content[at % len(content)] = value
        file.write_bytes(content[:length] if length > len(content) // 2 else content)
        again = Reminders(file, clock, clock.steady)
        again.add(60, "new")
        clock.passes(61)
        assert "new" in again.take_due()
        again.waiting()
        again.close()


@pytest.mark.parametrize("fuzzed", FUZZED, ids=lambda path: path.name)
def test_databases_that_were_fuzzed_hold_up_nothing(
    tmp_path: Path, clock: WallClock, fuzzed: Path
) -> None:
    file, told = tmp_path / "reminders.sqlite", list[str]()
    shutil.copyfile(fuzzed, file)
    book = Reminders(file, clock, clock.steady, told.append)
    book.waiting()
    book.take_due()
    book.add(60, "repair")
    clock.passes(2_000_000_000)
    assert "repair" in book.take_due()
    assert book.waiting() == []
    book.close()
    assert len(told) <= 2


def test_without_a_file_they_live_as_long_as_the_program(clock: WallClock) -> None:
    book = Reminders(None, clock, clock.steady)
    book.add(10, "repair")
    clock.passes(11)
    assert book.take_due() == ["repair"]
    book.close()


def test_the_real_clocks_go_forward() -> None:
    assert steady_seconds() <= steady_seconds()


def session(book: Reminders) -> Session:
    pack = read_pack(
        {
            "phrases.yaml": b"commands: {stop: [stop]}",
            "repair.yaml": b"dialog: repair\ntriggers: [repair]\nsteps: {a: [{hold: 5m}]}\n",
        }
    ).pack

    def understand(phrases: Sequence[Phrase]) -> Understanding:
        return Understanding.of(phrases, Vocabulary())

    class Mouth(TypedMouth):
        def tone(self, ticket: int, pcm16: Sound, at: float, *, exact: bool = False) -> None:
            raise AssertionError("nothing sounds in this dialog")

    return Session(
        pack,
        understand,
        ears=NoEars(),
        mouth=Mouth(),
        sounds=SilentSounds(),
        log=EventLog(),
        reminders=book,
    )


def test_what_came_due_while_nothing_ran_is_brought_up_at_the_start(
    book: Reminders, clock: WallClock
) -> None:
    book.add(600, "repair")
    clock.passes(700)
    talk = session(book)
    talk.begin(0.0)
    talk.tick(0.1)
    assert [frame.dialog for frame in talk.state.frames] == ["repair"]


def test_nobody_is_interrupted_and_a_stop_is_followed_by_quiet(
    book: Reminders, clock: WallClock
) -> None:
    talk = session(book)
    talk.begin(0.0, "repair")
    book.add(10, "repair")
    clock.passes(20)
    talk.tick(20.0)
    assert book.waiting(), "kept where it is while something is going on"
    talk.heard(Utterance(21.0, "stop", 1.0, 20.5, 21.0))
    clock.passes(2)
    talk.tick(22.0)
    assert talk.idle
    clock.passes(60)
    talk.tick(82.0)
    assert [frame.dialog for frame in talk.state.frames] == ["repair"]


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps a user's folders private itself")
def test_a_file_that_others_could_read_is_its_owners_alone_from_now_on(
    tmp_path: Path, clock: WallClock
) -> None:
    path = tmp_path / "reminders.sqlite"
    Reminders(path, clock, clock.steady).close()
    path.chmod(0o644)
    Reminders(path, clock, clock.steady).close()
    assert path.stat().st_mode & 0o777 == 0o600


def test_of_two_that_are_due_together_one_stays_where_it_is_kept(
    tmp_path: Path, book: Reminders, clock: WallClock
) -> None:
    book.add(60, "repair")
    book.add(60, "ally")
    clock.passes(61)
    [first] = book.take_due(most=1)
    assert sorted([first, *later(tmp_path, clock)]) == ["ally", "repair"]


def test_the_steady_clock_of_a_system_without_boottime_goes_on_while_it_sleeps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delattr("time.CLOCK_BOOTTIME", raising=False)
    monkeypatch.setattr("time.CLOCK_MONOTONIC", 6, raising=False)
    monkeypatch.setattr("time.clock_gettime", {6: 1234.0}.__getitem__, raising=False)
    assert steady_seconds() == 1234.0
