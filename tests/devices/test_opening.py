"""Opening a device that may be stuck: it is tried again, and what comes too late is undone."""

import threading

import pytest

from voice_ally.devices import opening as opening_module
from voice_ally.devices import portaudio
from voice_ally.devices.opening import Opening
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
    monkeypatch.setattr(portaudio, "TURN_SECONDS", 0.02)


def until_open(opening: Opening[str]) -> str:
    for _ in range(100):
        try:
            return opening.wait(0.02)
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


def test_two_calls_into_it_take_turns_but_one_that_is_stuck_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    at_once, most, stuck = 0, 0, threading.Event()

    def counted() -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        threading.Event().wait(0.005)
        at_once -= 1

    with monkeypatch.context() as patient:
        patient.setattr(portaudio, "TURN_SECONDS", 10.0)
        for one in [begin(counted) for _ in range(3)]:
            one.wait(5)
    assert most == 1
    hanging = begin(lambda: stuck.wait(20))
    assert begin(lambda: "in time").wait(5) == "in time"
    stuck.set()
    hanging.wait(5)
