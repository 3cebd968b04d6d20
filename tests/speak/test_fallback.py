"""Where one voice cannot speak, the next one does."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.fakes.voice import FakeVoice
from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.speak.fallback import FallbackVoice

BROKEN = VoiceProblem("The first is broken.", mend="Mend it.")


class Row:
    """Three voices, of which the third is not installed, and what was told."""

    def __init__(self, rest_seconds: float = 60.0) -> None:
        self.first, self.second = FakeVoice(), FakeVoice()
        self.first.name, self.second.name = "first", "second"
        self.opened: list[str] = []
        self.told: list[str] = []
        self.voice = FallbackVoice(
            self.first,
            ["second", "third"],
            self._open,
            self.told.append,
            rest_seconds=rest_seconds,
        )

    def _open(self, name: str) -> FakeVoice:
        self.opened.append(name)
        if name == "third":
            raise VoiceProblem("There is no third.")
        return self.second

    def say(self, text: str = "Stay.") -> bytes:
        return self.voice.render(text, Style())


@pytest.fixture
def row() -> Iterator[Row]:
    row = Row()
    yield row
    row.voice.close()


def until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_as_long_as_the_first_speaks_no_other_is_even_opened(row: Row) -> None:
    assert row.say()
    assert (row.voice.name, row.opened, row.told) == ("first", [], [])


def test_where_it_fails_the_next_one_says_the_line_and_it_is_told_once(row: Row) -> None:
    row.first.problem = BROKEN
    assert row.say("One.") and row.say("Two.")
    assert [text for text, _ in row.second.rendered] == ["One.", "Two."]
    assert row.told == ["The first is broken. The voice second speaks now."]
    assert row.voice.name == "second"


def test_after_a_rest_it_takes_over_again(row: Row) -> None:
    row = Row(rest_seconds=0.01)
    row.first.problem = BROKEN
    assert row.say()
    row.first.problem = None
    until(lambda: not row.voice._row[0].rests)
    assert row.say()
    assert row.told[1:] == ["The voice first speaks now."]
    row.voice.close()


def test_one_that_never_mends_is_given_up(row: Row) -> None:
    row = Row(rest_seconds=0.001)
    row.first.problem = BROKEN
    assert row.say()
    until(lambda: row.voice._row[0].hopeless)
    tried = len(row.first.rendered)
    assert row.say()
    assert len(row.first.rendered) == tried
    row.voice.close()


def test_where_none_can_speak_the_first_says_why_and_is_asked_again_next_time(row: Row) -> None:
    row.first.problem, row.second.problem = BROKEN, VoiceProblem("So is the second.")
    with pytest.raises(VoiceProblem, match="The first is broken"):
        row.say()
    row.second.problem = None
    assert row.say()


def test_closing_ends_a_line_under_way_and_nobody_takes_it_over(row: Row) -> None:
    row.first.hang()
    problems: list[VoiceProblem] = []

    def speak() -> None:
        try:
            row.say()
        except VoiceProblem as problem:
            problems.append(problem)

    speaking = threading.Thread(target=speak)
    speaking.start()
    assert row.first.began.wait(5)
    row.voice.close()
    speaking.join(5)
    assert problems and row.opened == []


def test_only_the_first_is_started_ahead(row: Row) -> None:
    row.voice.warm_up()
    assert (row.first.warmed_up, row.second.warmed_up) == (True, False)
