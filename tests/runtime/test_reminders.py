"""Promises to come back."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from voice_ally.core.actions import Phrase
from voice_ally.core.audio import Pcm16
from voice_ally.core.errors import StorageProblem
from voice_ally.core.speech import Utterance
from voice_ally.interpret.understanding import Understanding
from voice_ally.interpret.vocabulary import Vocabulary
from voice_ally.respond.reader import read_pack
from voice_ally.runtime.event_log import EventLog
from voice_ally.runtime.live import NoEars
from voice_ally.runtime.reminders import Reminders
from voice_ally.runtime.session import Session
from voice_ally.ui.rehearsal import SilentSounds, TypedMouth


class WallClock:
    def __init__(self) -> None:
        self.time = 1_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture
def book(tmp_path: Path, clock: WallClock) -> Iterator[Reminders]:
    book = Reminders(tmp_path / "state" / "reminders.sqlite", clock)
    yield book
    book.close()


def test_a_promise_is_kept_once_and_not_early(book: Reminders, clock: WallClock) -> None:
    book.add(600, "repair")
    clock.time += 599
    assert book.take_due() == []
    clock.time += 2
    assert book.take_due() == ["repair"]
    clock.time += 2
    assert book.take_due() == []


def test_a_promise_outlives_a_restart_and_comes_late_rather_than_never(
    tmp_path: Path, book: Reminders, clock: WallClock
) -> None:
    book.add(600, "repair")
    book.close()
    clock.time += 7 * 24 * 3600
    again = Reminders(tmp_path / "state" / "reminders.sqlite", clock)
    assert again.take_due() == ["repair"]
    again.close()


def test_a_clock_set_back_does_not_strand_a_promise(book: Reminders, clock: WallClock) -> None:
    book.add(600, "repair")
    clock.time -= 3600
    assert book.take_due() == ["repair"]


def test_promises_can_be_listed_and_cancelled(book: Reminders, clock: WallClock) -> None:
    book.add(600, "repair")
    book.add(60, "listen")
    assert book.waiting() == [(clock.time + 60, "listen"), (clock.time + 600, "repair")]
    book.clear()
    assert book.waiting() == []


def test_only_a_time_and_a_name_are_kept(tmp_path: Path, book: Reminders) -> None:
    book.add(600, "repair")
    rows = book._database.execute("SELECT * FROM reminder").fetchall()
    assert rows == [(1_000_600.0, 1_000_000.0, "repair")]


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path, clock: WallClock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageProblem, match="Reminders cannot be kept in"):
        Reminders(tmp_path / "file" / "reminders.sqlite", clock)


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
        def tone(self, ticket: int, pcm16: Pcm16, at: float, *, exact: bool = False) -> None:
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
    clock.time += 700
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
    clock.time += 20
    talk.tick(20.0)
    assert book.waiting(), "kept where it is while something is going on"
    talk.heard(Utterance(21.0, "stop", 1.0, 20.5, 21.0))
    clock.time += 2
    talk.tick(22.0)
    assert talk.idle
    clock.time += 60
    talk.tick(82.0)
    assert [frame.dialog for frame in talk.state.frames] == ["repair"]
