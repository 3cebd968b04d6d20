"""From sound to utterances, with a gate and a recogniser one can see into."""

import threading
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.gate import LOUD, FakeGate
from tests.fakes.recogniser import FakeRecogniser
from tests.speech_samples import conversation, human_recordings, quiet, read, spoken, write
from voice_ally.core.audio import BLOCK_BYTES, BLOCK_SAMPLES, Pcm16, to_samples
from voice_ally.core.clock import RealClock
from voice_ally.core.errors import MicrophoneProblem, RecordingProblem
from voice_ally.core.ports import SpeechGate
from voice_ally.core.speech import Grammar, HearingEvent, SpeechStarted, Utterance
from voice_ally.hear.blocks import BlockMaker
from voice_ally.hear.device import list_devices
from voice_ally.hear.gate import SileroGate
from voice_ally.hear.listener import SegmentListener
from voice_ally.hear.recording import RecordingMicrophone
from voice_ally.hear.thread import ListenerThread

YES = Grammar("yes", ({"yes": 1}, {}), frozenset({1}), ("yes",))


def voice(seconds: float) -> Pcm16:
    return Pcm16(array("h", [LOUD] * to_samples(seconds)).tobytes())


def blocks(sound: Pcm16) -> Iterator[Pcm16]:
    for at in range(0, len(sound), BLOCK_BYTES):
        yield Pcm16(sound[at : at + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0"))


def listen(sound: Pcm16, *answers: str) -> tuple[list[HearingEvent], FakeRecogniser]:
    recogniser = FakeRecogniser(*answers)
    listener = SegmentListener(FakeGate(), recogniser)
    listener.use(YES)
    events = [event for block in blocks(sound) for event in listener.feed(block)]
    return [*events, *listener.flush()], recogniser


def test_one_word_between_quiet_is_one_utterance() -> None:
    events, recogniser = listen(conversation(1.0, voice(0.8), 1.0), "yes")
    started, said = events
    assert isinstance(started, SpeechStarted)
    assert isinstance(said, Utterance)
    assert started.at == pytest.approx(1.0, abs=0.04)
    assert (said.text, said.speech_start) == ("yes", started.at)
    assert said.speech_end == pytest.approx(1.8, abs=0.04)
    assert said.at == pytest.approx(said.speech_end + 0.5, abs=0.04)
    assert len(recogniser.fed) > len(voice(1.1)), "with the moment before and after"


def test_a_pause_for_thought_does_not_cut_the_sentence() -> None:
    events, _ = listen(conversation(0.5, voice(0.5), 0.4, voice(0.5), 1.0), "yes")
    assert len(events) == 2


def test_endless_speech_is_decided_after_fifteen_seconds() -> None:
    events, _ = listen(voice(16.0))
    said = next(one for one in events if isinstance(one, Utterance))
    assert said.at == pytest.approx(15.0, abs=0.1)


def test_speech_at_the_very_end_is_not_lost() -> None:
    events, _ = listen(conversation(0.5, voice(0.5)), "yes")
    assert [getattr(one, "text", None) for one in events] == [None, "yes"]


def test_what_is_under_way_when_the_ears_are_shut_is_decided_at_once() -> None:
    listener = SegmentListener(FakeGate(), FakeRecogniser("yes"))
    for block in blocks(conversation(0.5, voice(0.5))):
        listener.feed(block)
    assert listener.speaking
    first, *rest = [listener.skip(block) for block in blocks(quiet(0.2))]
    assert [getattr(one, "text", None) for one in first] == ["yes"]
    assert not any(rest)


def test_nothing_said_while_shut_leaks_into_what_comes_after() -> None:
    recogniser = FakeRecogniser()
    listener = SegmentListener(FakeGate(), recogniser)
    for block in blocks(voice(1.0)):
        assert listener.skip(block) == []
    events = [
        e for block in blocks(conversation(1.0, voice(0.5), 1.0)) for e in listener.feed(block)
    ]
    assert [type(one) for one in events] == [SpeechStarted, Utterance]
    assert len(recogniser.fed) < len(voice(1.3))
    listener.close()
    assert recogniser.closed


@pytest.mark.parametrize("make", [SileroGate, FakeGate])
def test_gate_contract(make: type[SpeechGate]) -> None:
    gate = make()
    speech = spoken("I need to repair this with you")
    size = gate.chunk_samples * 2
    chunks = [Pcm16(speech[at : at + size]) for at in range(0, len(speech) - size, size)]
    found = [gate.probability(one) for one in chunks]
    assert max(found) > 0.9
    assert all(0 <= one <= 1 for one in found)
    gate.reset()
    assert max(gate.probability(Pcm16(quiet(0.032))) for _ in range(20)) < 0.5


def test_kitchen_noise_is_no_speech() -> None:
    (noise,) = human_recordings("kitchen.flac")
    listener = SegmentListener(SileroGate(), FakeRecogniser())
    assert [e for block in blocks(read(noise)) for e in listener.feed(block)] == []


@pytest.mark.parametrize(
    ("rate_hz", "channels"), [(16_000, 1), (8_000, 1), (44_100, 2), (48_000, 3)]
)
def test_blocks_are_whole_whatever_comes_in(rate_hz: int, channels: int) -> None:
    maker = BlockMaker(rate_hz, channels)
    piece = bytes(2 * channels * (rate_hz // 7))
    made = [*maker.feed(piece), *maker.feed(piece), *maker.feed(piece, last=True)]
    assert {len(one) for one in made} == {BLOCK_BYTES}
    assert len(made) * BLOCK_SAMPLES == pytest.approx(16_000 * 3 / 7, abs=2 * BLOCK_SAMPLES)


def test_a_recording_in_real_time_ends_when_it_is_closed(tmp_path: Path) -> None:
    microphone = RecordingMicrophone(str(write(tmp_path / "a.wav", quiet(30.0))), real_time=True)
    taken = 0
    for _ in microphone.blocks():
        taken += 1
        if taken == 3:
            microphone.close()
    assert taken == 3


def test_a_file_that_breaks_off_is_one_sentence(tmp_path: Path) -> None:
    file = write(tmp_path / "a.flac", spoken("stop"), format="FLAC")
    content = file.read_bytes()
    file.write_bytes(content[:200] + bytes(len(content) - 200))
    with pytest.raises(RecordingProblem):
        list(RecordingMicrophone(str(file), real_time=False).blocks())


class Posted:
    """What a listening thread tells."""

    def __init__(self) -> None:
        self.events: list[HearingEvent] = []
        self.errors: list[str] = []
        self.over = threading.Event()

    def thread(self, microphone: object, listener: SegmentListener) -> ListenerThread:
        return ListenerThread(
            microphone,  # type: ignore[arg-type]
            listener,
            RealClock(),
            post=self.events.append,
            failed=self._failed,
            ended=self.over.set,
        )

    def _failed(self, source: str, error: Exception) -> None:
        self.errors.append(f"{source}: {error}")
        self.over.set()


def test_a_listening_thread_hears_only_while_it_is_told_to(tmp_path: Path) -> None:
    sound = conversation(0.5, voice(0.5), 1.0)
    for wish, expected in (("hear", 2), ("deafen", 0)):
        posted = Posted()
        file = write(tmp_path / f"{wish}.wav", sound)
        listener = SegmentListener(FakeGate(), FakeRecogniser("yes"))
        thread = posted.thread(RecordingMicrophone(str(file), real_time=False), listener)
        thread.use(YES)
        getattr(thread, wish)()
        thread.start()
        assert posted.over.wait(10)
        thread.close()
        assert (len(posted.events), posted.errors) == (expected, [])


class BrokenMicrophone:
    name = "broken"
    dropped_blocks = 0

    def blocks(self) -> Iterator[Pcm16]:
        yield quiet(0.01)
        raise MicrophoneProblem("The microphone is gone.")

    def close(self) -> None:
        return None


def test_a_microphone_that_goes_away_is_told_not_swallowed() -> None:
    posted = Posted()
    thread = posted.thread(BrokenMicrophone(), SegmentListener(FakeGate(), FakeRecogniser()))
    thread.start()
    assert posted.over.wait(10)
    thread.close()
    assert posted.errors == ["microphone: The microphone is gone."]


def test_devices_can_be_listed_even_where_there_are_none() -> None:
    assert isinstance(list_devices(), list)
