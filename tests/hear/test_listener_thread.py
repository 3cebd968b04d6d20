"""The listening thread: a microphone spoken into by hand, a clock set by hand."""

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from tests.fakes.gate import FakeGate, voice
from tests.fakes.microphone import FakeMicrophone
from tests.fakes.recogniser import FakeRecogniser
from tests.speech_samples import conversation
from voice_ally.core.audio import BLOCK_SECONDS, Pcm16
from voice_ally.core.errors import MicrophoneProblem, RecogniserProblem
from voice_ally.core.speech import Grammar, HearingEvent, SpeechStarted, Utterance
from voice_ally.hear.listener import SegmentListener
from voice_ally.hear.thread import ListenerThread

YES = Grammar("yes", ({"yes": 1}, {}), frozenset({1}), ("yes",))
NO = Grammar("no", ({"no": 1}, {}), frozenset({1}), ("no",))
LATE_SECONDS = 100.0
"""The session is that much older than the stream."""


class Session:
    """What the rest of the program sees of it; the clock ticks 10 ms with each block."""

    def __init__(
        self, *answers: str, kind: Callable[..., SegmentListener] = SegmentListener
    ) -> None:
        self.microphone = FakeMicrophone()
        self.recogniser = FakeRecogniser(*answers)
        self.told: queue.Queue[HearingEvent | str | tuple[str, Exception]] = queue.Queue()
        self.begun_after: queue.Queue[int] = queue.Queue()
        """How many blocks were taken when it said that it hears."""
        self.time = LATE_SECONDS
        self.taken = 0
        self.at_block: dict[int, threading.Event] = {}
        self.next_breaks_too = False
        self.thread = ListenerThread(
            self.microphone,
            kind(FakeGate(), self.recogniser),
            self,
            post=self.told.put,
            failed=lambda source, error: self.told.put((source, error)),
            ended=lambda: self.told.put("ended"),
            tap=self._count,
            presence=lambda present: self.told.put("back" if present else "lost"),
            dropped=lambda blocks: self.told.put(f"{blocks} dropped"),
            remake=self._remake,
            hears=lambda: self.begun_after.put(self.taken),
        )

    def _remake(self) -> SegmentListener:
        self.recogniser = FakeRecogniser("no")
        if self.next_breaks_too:
            self.recogniser.breaks_with = RuntimeError("again")
        return SegmentListener(FakeGate(), self.recogniser)

    def now(self) -> float:
        return self.time

    def _count(self, _block: Pcm16) -> None:
        self.taken += 1
        self.time += BLOCK_SECONDS
        if self.taken in self.at_block:
            self.at_block[self.taken].set()

    def hears(self, *parts: Pcm16 | float) -> None:
        self.microphone.push(conversation(*parts))

    def hears_one(self) -> tuple[SpeechStarted, Utterance]:
        """Half a second of voice after half a second of quiet, and what is told of it."""
        self.thread.hear()
        self.hears(0.5, voice(0.5), 1.0)
        self.thread.start()
        started, said = self.next(), self.next()
        assert isinstance(started, SpeechStarted)
        assert isinstance(said, Utterance)
        return started, said

    def next(self) -> HearingEvent | str | tuple[str, Exception]:
        return self.told.get(timeout=5)


@pytest.fixture
def session() -> Iterator[Session]:
    session = Session("yes", "no")
    yield session
    session.thread.close()
    session.thread.close()


def text(told: object) -> str:
    if isinstance(told, SpeechStarted):
        return "…"
    return told.text if isinstance(told, Utterance) else str(told)


def test_what_is_said_is_told_and_then_that_the_sound_has_ended(session: Session) -> None:
    session.thread.use(lambda: YES)
    session.thread.hear()
    session.hears(0.5, voice(0.5), 1.0, voice(0.5))
    session.microphone.finish()
    session.thread.start()
    assert [text(session.next()) for _ in range(5)] == ["…", "yes", "…", "no", "ended"]
    session.thread.close()
    assert session.recogniser.closed


def test_whose_voice_it_was_is_told_with_its_beginning_and_its_end() -> None:
    class Echoing(SegmentListener):
        """Says that all of it is the assistant's own."""

        def feed(self, block: Pcm16) -> list[HearingEvent]:
            return [replace(one, own_share=0.9) for one in super().feed(block)]

    session = Session("yes", kind=Echoing)
    started, said = session.hears_one()
    assert started.own_share == said.own_share == 0.9
    session.thread.close()


def test_moments_are_told_on_the_clock_of_the_session(session: Session) -> None:
    started, said = session.hears_one()
    assert started.at == pytest.approx(LATE_SECONDS + 0.5, abs=0.05)
    assert said.speech_start == started.at
    assert said.speech_end == pytest.approx(LATE_SECONDS + 1.0, abs=0.05)
    assert said.at == pytest.approx(LATE_SECONDS + 1.5, abs=0.05)


def test_time_never_runs_backwards_even_if_blocks_come_in_a_bunch(session: Session) -> None:
    session.thread.hear()
    session.thread._tap = lambda _block: None
    session.hears(*[0.5, voice(0.5), 1.0] * 2)
    session.microphone.finish()
    session.thread.start()
    told = [session.next() for _ in range(5)]
    moments = []
    for one in told[:4]:
        moments += [one.at] if isinstance(one, SpeechStarted) else [one.speech_end, one.at]
    assert moments == sorted(moments)


def test_until_it_is_told_to_hear_it_is_deaf(session: Session) -> None:
    session.hears(0.5, voice(0.5), 1.0)
    session.microphone.finish()
    session.thread.start()
    assert session.next() == "ended"


def test_a_microphone_that_goes_away_is_told(session: Session) -> None:
    problem = MicrophoneProblem("The microphone is gone.")
    session.microphone.break_(problem)
    session.thread.start()
    assert session.next() == ("microphone", problem)


def test_a_defect_is_told_in_one_sentence_with_its_cause(session: Session) -> None:
    defect = ZeroDivisionError("by nought")
    session.recogniser.breaks_with = defect
    session.thread._remake = None
    session.thread.hear()
    session.hears(0.5, voice(0.5), 1.0)
    session.thread.start()
    assert text(session.next()) == "…"
    source, error = session.next()
    assert source == "microphone"
    assert isinstance(error, RecogniserProblem)
    assert str(error) == "Listening broke off (ZeroDivisionError: by nought)."
    assert error.__cause__ is defect
    session.thread.close()
    assert session.recogniser.closed


def test_closed_in_the_middle_it_says_nothing_more(session: Session) -> None:
    session.thread.hear()
    session.thread.start()
    session.hears(0.5, voice(0.5))
    assert text(session.next()) == "…"
    session.thread.close()
    assert session.told.empty()
    assert session.recogniser.closed


def test_closed_before_it_began_it_frees_the_engine(session: Session) -> None:
    session.thread.close()
    assert session.recogniser.closed


def test_closing_from_its_own_callbacks_does_not_wait_for_itself() -> None:
    session = Session()
    closed = threading.Event()

    def close(_source: str, _error: Exception) -> None:
        session.thread.close()
        closed.set()

    session.thread._failed = close
    session.microphone.break_()
    session.thread.start()
    assert closed.wait(5)


def test_a_recogniser_that_breaks_is_replaced_and_what_was_said_counts_as_unclear(
    session: Session,
) -> None:
    first = session.recogniser
    first.breaks_with = RuntimeError("a defect")
    session.thread.use(lambda: NO)
    session.thread.hear()
    session.hears(0.5, voice(0.5), 1.0, voice(0.5), 1.0)
    session.thread.start()
    assert isinstance(session.next(), SpeechStarted)
    told = session.next()
    assert isinstance(told, tuple)
    assert told[0] == "recogniser"
    assert "a defect" in str(told[1])
    unclear, started, said = session.next(), session.next(), session.next()
    assert (text(unclear), text(started), text(said)) == ("", "…", "no")
    assert isinstance(started, SpeechStarted)
    assert started.at == pytest.approx(LATE_SECONDS + 2.0, abs=0.05), "on the same clock"
    assert session.recogniser.grammars == ["no"], "and with the same phrases"
    assert first.closed


def test_a_recogniser_that_keeps_breaking_is_given_up(session: Session) -> None:
    session.recogniser.breaks_with = RuntimeError("a defect")
    session.next_breaks_too = True
    session.thread.hear()
    session.hears(*[0.5, voice(0.5), 1.0] * 12)
    session.thread.start()
    sources = []
    while not sources or sources[-1] != "microphone":
        if isinstance(told := session.next(), tuple):
            sources.append(told[0])
    assert sources == ["recogniser"] * 10 + ["microphone"]


def test_a_microphone_that_goes_away_decides_what_was_being_said(session: Session) -> None:
    session.thread.hear()
    session.hears(0.5, voice(0.5))
    session.microphone.unplug()
    session.microphone.plug_in()
    session.thread.start()
    assert [text(session.next()) for _ in range(4)] == ["…", "yes", "lost", "back"]


def test_dropped_blocks_are_told_once(session: Session) -> None:
    session.microphone.dropped_blocks = 2  # before it listens: nobody's loss
    session.at_block[10] = threading.Event()
    session.hears(0.1)
    session.thread.start()
    assert session.at_block[10].wait(5)
    session.microphone.dropped_blocks = 9
    session.hears(0.5)
    session.microphone.finish()
    assert [session.next() for _ in range(2)] == ["7 dropped", "ended"]


def test_its_phrases_are_ready_before_it_says_that_it_hears(session: Session) -> None:
    session.thread.use(lambda: YES)
    session.thread.hear()
    session.hears(0.5, voice(0.5), 1.0)
    session.thread.start()
    assert session.begun_after.get(timeout=5) == 0, "no sound was taken yet"
    assert [text(session.next()) for _ in range(2)] == ["…", "yes"]


def test_where_its_phrases_cannot_be_made_ready_another_recogniser_is_tried(
    session: Session,
) -> None:
    session.recogniser.refuses = RuntimeError("no such words")
    session.thread.use(lambda: YES)
    session.thread.hear()
    session.hears(0.5, voice(0.5), 1.0)
    session.thread.start()
    told = session.next()
    assert isinstance(told, tuple)
    assert told[0] == "recogniser"
    assert "no such words" in str(told[1])


def test_broken_off_it_answers_at_once_and_what_follows_is_a_new_utterance(
    session: Session,
) -> None:
    session.thread.use(lambda: YES)
    session.thread.hear()
    all_said = session.at_block[100] = threading.Event()
    session.hears(0.5, voice(0.5))
    session.thread.start()
    assert text(session.next()) == "…"
    assert all_said.wait(5)
    session.thread.break_off()
    session.hears(voice(0.5), 1.0)
    session.microphone.finish()
    assert [text(session.next()) for _ in range(4)] == ["yes", "…", "no", "ended"]


def test_a_decoder_that_breaks_as_the_microphone_goes_away_is_replaced(session: Session) -> None:
    session.recogniser.breaks_with = RuntimeError("a defect")
    session.thread.hear()
    session.hears(0.5, voice(0.5))
    session.microphone.unplug()
    session.microphone.plug_in()
    session.hears(0.5, voice(0.5), 1.0)
    session.thread.start()
    assert text(session.next()) == "…"
    told = session.next()
    assert isinstance(told, tuple) and told[0] == "recogniser"
    assert [text(session.next()) for _ in range(5)] == ["", "lost", "back", "…", "no"]
