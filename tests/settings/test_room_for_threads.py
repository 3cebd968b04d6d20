"""A machine that allows too few threads: one sentence before anything is loaded."""

import threading

import pytest

from voice_ally.cli import _other
from voice_ally.core.errors import MachineProblem
from voice_ally.core.room_for_threads import NEEDED, is_too_few, make_sure


def test_where_there_are_enough_nothing_is_left_of_trying() -> None:
    before = threading.active_count()
    make_sure()
    assert threading.active_count() == before


def test_where_there_are_too_few_it_says_how_many_it_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    before, start, left = threading.active_count(), threading.Thread.start, [5]

    def limited(thread: threading.Thread) -> None:
        if not left[0]:
            raise RuntimeError("can't start new thread")
        left[0] -= 1
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", limited)
    with pytest.raises(MachineProblem, match=f"Allow {NEEDED} more"):
        make_sure()
    assert threading.active_count() == before


def test_noticed_later_it_is_the_same_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert is_too_few(RuntimeError("can't start new thread"))
    assert not is_too_few(RuntimeError("something else"))
    assert _other(RuntimeError("can't start new thread")) == 2
    said = capsys.readouterr().err
    assert said.startswith("voice-ally: Voice Ally may not start as many")
    assert said.count("\n") == 1
