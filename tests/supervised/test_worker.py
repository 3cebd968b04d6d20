"""Children that die, hang or stand still: whoever asks gets an answer, or hears in time of none."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import pytest

from voice_ally.supervised.calls import Call, within
from voice_ally.supervised.child_process import (
    BrokenChild,
    ChildProcess,
    DeadChild,
    NoAnswer,
    Talk,
)
from voice_ally.supervised.worker import Worker

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are sent")
CHILD = "tests.supervised_child"
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def _child_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker(CHILD, lambda child: None)
    yield made
    made.close()


def line(text: str) -> Talk[str]:
    def talk(requests: IO[bytes], answers: IO[bytes]) -> str:
        requests.write(f"{text}\n".encode())
        requests.flush()
        return answers.readline().decode().strip() or gone()

    return talk


def gone() -> str:
    raise EOFError


def wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30.0
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def state_of(process_id: int) -> str:
    """A letter, as proc(5) has it: T for one that stands still, Z for one that is over."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def is_there(process_id: int) -> bool:
    return state_of(process_id) != "Z"


def test_it_answers(worker: Worker) -> None:
    assert worker.ask(line("hello"), 60) == "hello"
    assert worker.answers


def test_one_that_died_is_replaced_within_the_same_question(worker: Worker) -> None:
    worker.ask(line("hello"), 60)
    first = worker.process_id
    with pytest.raises(BrokenChild):
        worker.ask(line("die"), 60)  # each child dies of it
    assert worker.ask(line("still there?"), 60) == "still there?"
    os.kill(worker.process_id, signal.SIGKILL)
    assert worker.ask(line("and now?"), 60) == "and now?"
    assert worker.process_id != first


def test_one_that_dies_while_nobody_asks_is_replaced_at_once(worker: Worker) -> None:
    worker.ask(line("hello"), 60)
    worker._began -= 60  # it has lived long
    first = worker.process_id
    os.kill(first, signal.SIGKILL)
    wait_until(lambda: worker.process_id != first)
    assert worker.ask(line("hello"), 60) == "hello"


def test_one_that_stands_still_costs_the_time_given_and_then_none(worker: Worker) -> None:
    worker.ask(line("hello"), 60)
    os.kill(worker.process_id, signal.SIGSTOP)
    big = "x" * 1_000_000  # far more than a pipe takes
    with pytest.raises(NoAnswer, match="within"):
        worker.ask(line(big), 0.1)
    assert not worker.answers
    with pytest.raises(NoAnswer, match="before this"):
        worker.ask(line("hello"), 60)
    later = worker.tell(line("later"))
    os.kill(worker.process_id, signal.SIGCONT)
    assert later.wait(60) == "later", "the answers before it went to those who asked for them"
    assert worker.answers


def test_one_that_stands_still_for_too_long_is_replaced() -> None:
    told: list[int] = []
    worker = Worker(CHILD, lambda child: told.append(child.process_id), patience_seconds=0.2)
    first = worker.process_id
    os.kill(first, signal.SIGSTOP)
    with pytest.raises(NoAnswer):
        worker.ask(line("hello"), 0.1)
    wait_until(lambda: worker.answers)
    assert told == [first, worker.process_id]
    wait_until(lambda: not is_there(first))
    worker.close()
    worker.close()
    assert not is_there(worker.process_id)


def test_a_closed_one_says_so(worker: Worker) -> None:
    worker.close()
    with pytest.raises(BrokenChild):
        worker.ask(line("hello"), 60)
    assert not worker.answers


def test_no_process_can_be_started(monkeypatch: pytest.MonkeyPatch, worker: Worker) -> None:
    def none_left(*_: object, **__: object) -> None:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    worker.ask(line("hello"), 60)
    with monkeypatch.context() as patched:
        patched.setattr(subprocess, "Popen", none_left)
        os.kill(worker.process_id, signal.SIGKILL)
        with pytest.raises(BrokenChild):
            worker.ask(line("hello"), 60)
    assert worker.ask(line("again"), 60) == "again"


def test_what_is_still_in_line_when_a_child_is_ended_is_not_left_waiting() -> None:
    child = ChildProcess(CHILD)
    child.submit(line("sleep"))
    waiting = [child.submit(line(str(number))) for number in range(3)]
    child.end()
    for one in (*waiting, child.submit(line("afterwards"))):
        with pytest.raises(DeadChild):
            child.wait_for(one, 60)


def test_a_mistake_of_the_talk_itself_is_no_fault_of_the_child() -> None:
    child = ChildProcess(CHILD)
    with pytest.raises(ZeroDivisionError):
        child.ask(lambda _requests, _answers: 1 / 0, 60)
    assert child.ask(line("hello"), 60) == "hello"
    child.end()


def test_no_memory_of_a_child_is_written_or_read_by_others(worker: Worker) -> None:
    assert worker.ask(line("memory"), 60) == "0 (0, 0)"


PARENT = """
import sys, time
from voice_ally.supervised.child_process import ChildProcess
child = ChildProcess("tests.supervised_child")
print(child.process_id, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_a_child_that_stands_still_does_not_outlive_a_parent_that_was_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=ROOT)
    assert parent.stdout
    child = int(parent.stdout.readline())
    os.kill(child, signal.SIGSTOP)
    wait_until(lambda: state_of(child) == "T")
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not is_there(child))


class TestCalls:
    """Calls into libraries that may never return."""

    def test_what_it_returns_and_raises(self) -> None:
        assert within(60, lambda: 7) == 7
        with pytest.raises(ZeroDivisionError):
            within(60, lambda: 1 // 0)

    def test_one_that_takes_too_long_is_left_and_undone_when_it_returns(self) -> None:
        go_on, undone = threading.Event(), threading.Event()
        results: list[str] = []

        def undo(result: str) -> None:
            results.append(result)
            undone.set()

        def slow() -> str:
            go_on.wait(60)
            return "opened"

        with pytest.raises(NoAnswer):
            within(0.05, slow, undo)
        go_on.set()
        assert undone.wait(60)
        assert results == ["opened"]

    def test_one_may_be_waited_for_again(self) -> None:
        go_on = threading.Event()
        call = Call(lambda: go_on.wait(60))
        with pytest.raises(NoAnswer):
            call.wait(0.0)
        assert not call.is_over
        go_on.set()
        assert call.wait(60)
        assert call.is_over

    def test_one_that_is_over_is_undone_at_once_when_it_is_abandoned(self) -> None:
        undone: list[int] = []
        call = Call(lambda: 7, undone.append)
        call.wait(60)
        call.abandon()
        assert undone == [7]
