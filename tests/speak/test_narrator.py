import queue
import threading
from collections.abc import Iterator

import pytest

from tests.fakes.speaker import FakeSpeaker
from tests.fakes.voice import FakeVoice
from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.speak.narrator import Narrator, RememberingVoice
from voice_ally.speak.playback import Playback

SLOWLY = Style(rate=0.5)


class Stage:
    """A narrator with a voice, a mixer, a loudspeaker, and all it told of."""

    def __init__(self) -> None:
        self.voice = FakeVoice()
        self.playback = Playback()
        self.speaker = FakeSpeaker(self.playback)
        self.told: queue.Queue[tuple[str, int]] = queue.Queue()
        self.problems: list[Exception] = []
        self.narrator = Narrator(
            RememberingVoice(self.voice),
            self.playback,
            started=lambda ticket, _start: self.told.put(("started", ticket)),
            failed=self._failed,
        )

    def _failed(self, ticket: int, error: Exception) -> None:
        self.problems.append(error)
        self.told.put(("failed", ticket))

    def next_told(self) -> tuple[str, int]:
        return self.told.get(timeout=5)


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    yield stage
    stage.narrator.close()
    stage.narrator.close()


def test_a_line_is_rendered_and_played(stage: Stage) -> None:
    stage.narrator.say(1, "Breathe in.", Style())
    assert stage.next_told() == ("started", 1)
    stage.narrator.say(2, "Breathe out.", Style())
    assert stage.next_told() == ("started", 2)
    assert any(stage.speaker.advance(0.05))


def test_a_line_rendered_after_a_cut_is_never_played(stage: Stage) -> None:
    stage.voice.hang()
    stage.narrator.say(1, "Too late.", Style())
    stage.narrator.say(2, "Later still.", Style())
    assert stage.voice.began.wait(5)
    stage.narrator.cut()
    stage.narrator.say(3, "Now.", SLOWLY)
    stage.voice.let_go()
    assert stage.next_told() == ("started", 3)
    assert [text for text, _ in stage.voice.rendered] == ["Too late.", "Now."]


def test_a_cut_also_silences_a_line_that_slipped_in(stage: Stage) -> None:
    stage.narrator.say(1, "Stay.", Style())
    assert stage.next_told() == ("started", 1)
    stage.narrator.cut()
    assert not any(stage.speaker.advance(0.1)[240:])


def test_a_line_wanted_goes_before_lines_that_are_only_likely(stage: Stage) -> None:
    stage.voice.hang()
    stage.narrator.prepare(["first", "second"], Style())
    assert stage.voice.began.wait(5)
    stage.narrator.say(1, "wanted", Style())
    stage.voice.let_go()
    assert stage.next_told() == ("started", 1)
    assert [text for text, _ in stage.voice.rendered][:2] == ["first", "wanted"]


def test_a_prepared_line_is_not_rendered_again(stage: Stage) -> None:
    stage.narrator.prepare(["Breathe in."], Style())
    stage.narrator.say(1, "Breathe in.", Style())
    assert stage.next_told() == ("started", 1)
    assert len(stage.voice.rendered) == 1


@pytest.mark.parametrize("problem", [VoiceProblem("No voice."), RuntimeError("a defect")])
def test_a_failure_is_told_of_and_the_next_line_is_spoken(stage: Stage, problem: Exception) -> None:
    stage.voice.problem = problem
    stage.narrator.prepare(["likely"], Style())
    stage.narrator.say(1, "Breathe in.", Style())
    assert stage.next_told() == ("failed", 1)
    assert isinstance(stage.problems[0], VoiceProblem)
    stage.voice.problem = None
    stage.narrator.say(2, "Breathe in.", Style())
    assert stage.next_told() == ("started", 2)


def test_a_failure_after_a_cut_is_nobodys_concern(stage: Stage) -> None:
    stage.voice.hang()
    stage.narrator.say(1, "Breathe in.", Style())
    assert stage.voice.began.wait(5)
    stage.narrator.cut()
    stage.voice.problem = VoiceProblem("No voice.")
    stage.voice.let_go()
    stage.narrator.say(2, "Breathe out.", Style())
    assert stage.next_told() == ("failed", 2)


def test_closing_ends_the_thread_even_in_the_middle_of_a_line(stage: Stage) -> None:
    stage.voice.hang()
    stage.narrator.say(1, "Breathe in.", Style())
    assert stage.voice.began.wait(5)
    stage.narrator.close()
    assert stage.voice.closed
    assert not any(one.name == "voice" and one.is_alive() for one in threading.enumerate())


def test_a_remembered_line_is_rendered_once_for_each_style() -> None:
    voice = FakeVoice()
    remembering = RememberingVoice(voice)
    once = remembering.render("Stay.", Style())
    assert remembering.render("Stay.", Style()) == once
    assert remembering.render("Stay.", SLOWLY) != once
    assert len(voice.rendered) == 2
    remembering.close()
    assert voice.closed


def test_memory_is_bounded_and_the_line_not_used_for_longest_goes() -> None:
    voice = FakeVoice(seconds=0.1)
    remembering = RememberingVoice(voice, kept_bytes=2 * 4800)
    for text in ("one", "two", "one", "three", "one", "two"):
        remembering.render(text, Style())
    assert [text for text, _ in voice.rendered] == ["one", "two", "three", "two"]
