"""Opening a device that may be stuck: it is tried again, and what comes too late is undone."""

import threading
from pathlib import Path

import pytest

from voice_ally.devices import opening as opening_module
from voice_ally.devices.opening import Opening, Question
from voice_ally.devices.portaudio import begin
from voice_ally.supervised.child_process import NoAnswer


class Server:
    """Answers in its turn; a question it lost is answered when `finds_it` is set."""

    def __init__(self, lost: int) -> None:
        self.lost, self.asked = lost, 0
        self.finds_it = threading.Event()
        self.undone: list[str] = []
        self.was_undone = threading.Event()

    def open(self) -> str:
        self.asked += 1
        number = self.asked
        if number <= self.lost:
            assert self.finds_it.wait(20)
        return f"stream {number}"

    def undo(self, stream: str) -> None:
        self.undone.append(stream)
        self.was_undone.set()


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening_module, "STUCK_SECONDS", 0.05)
    monkeypatch.setattr(opening_module, "MOST_PATIENCE_SECONDS", 0.08)
    monkeypatch.setattr(opening_module, "TURN_SECONDS", 0.02)
    monkeypatch.setattr(opening_module, "LOST_TURN_SECONDS", 0.01)
    monkeypatch.setattr(opening_module, "TRIAL", "")


def until_open(opening: Opening[str], seconds: float = 0.02) -> str:
    for _ in range(100):
        try:
            return opening.wait(seconds)
        except NoAnswer:
            continue
    raise AssertionError("it never opens")


def test_one_that_answers_is_open() -> None:
    server = Server(lost=0)
    opening = Opening(server.open, server.undo)
    assert opening.wait(5) == "stream 1"
    assert opening.wait(5) == "stream 2", "opened anew each time"
    opening.abandon()
    assert server.undone == []


def test_a_lost_question_is_asked_again_and_its_late_answer_undone() -> None:
    server = Server(lost=2)
    opening = Opening(server.open, server.undo)
    assert until_open(opening) == "stream 3"
    server.finds_it.set()
    assert server.was_undone.wait(5)
    for _ in range(200):
        if len(server.undone) == 2:
            break
        threading.Event().wait(0.01)
    assert sorted(server.undone) == ["stream 1", "stream 2"]


def test_nothing_is_opened_beside_a_stuck_call_before_the_sound_system_answers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    goes_on, stuck = tmp_path / "goes on", threading.Event()
    waits = f"import os, time\nwhile not os.path.exists({str(goes_on)!r}): time.sleep(0.01)"
    monkeypatch.setattr(opening_module, "TRIAL", waits)
    monkeypatch.setattr(opening_module, "STUCK_SECONDS", 0.5)
    server = Server(lost=0)
    hanging = begin(lambda: stuck.wait(20))
    opening = Opening(server.open, server.undo)
    for _ in range(40):
        with pytest.raises(NoAnswer):
            opening.wait(0.02)
    assert server.asked == 0
    goes_on.touch()
    assert until_open(opening, 5.0) == "stream 1"
    stuck.set()
    hanging.wait(5)


def test_a_question_that_nobody_wants_answered_leaves_no_process(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    question = Question("import time; time.sleep(60)")
    assert not question.is_answered(0.01)
    child = question._child
    question.end()
    question.end()
    assert child is not None
    assert child.returncode == -9
    monkeypatch.setattr(opening_module.sys, "platform", "darwin")
    assert question.is_answered(0.01), "elsewhere nobody is asked"


def test_where_no_process_may_be_started_it_is_opened_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(opening_module.subprocess, "Popen", refused)
    assert Question().is_answered(0.01)


def test_what_goes_wrong_is_told_and_the_next_try_is_a_new_one() -> None:
    tries = iter([OSError("busy"), None])

    def busy() -> str:
        if (wrong := next(tries)) is not None:
            raise wrong
        return "stream"

    opening = Opening(busy, lambda _stream: None)
    with pytest.raises(OSError, match="busy"):
        opening.wait(5)
    assert opening.wait(5) == "stream"


def test_two_calls_into_it_take_turns_but_one_that_is_stuck_is_not_waited_for() -> None:
    at_once, most, stuck = 0, 0, threading.Event()

    def counted() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        threading.Event().wait(0.005)
        at_once -= 1

    for one in [begin(counted, turn_seconds=10) for _ in range(3)]:
        one.wait(5)
    assert most == 1
    hanging = begin(lambda: stuck.wait(20))
    assert begin(lambda: "in time", turn_seconds=0.02).wait(5) == "in time"
    stuck.set()
    hanging.wait(5)
