"""Spoken lines through the real gate: every one is found, and little else."""

import numpy
import pytest

from tests.fakes.recogniser import FakeRecogniser
from tests.speech_samples import conversation, human_recordings, read, spoken
from voice_ally.core.audio import BLOCK_BYTES, Pcm16, seconds_in
from voice_ally.core.speech import HearingEvent, Utterance
from voice_ally.hear.gate import SileroGate
from voice_ally.hear.listener import SegmentListener

LINES = ("stop", "yes", "no", "not now", "calming pause", "I need to repair this with you")


def listen(sound: Pcm16) -> list[HearingEvent]:
    listener = SegmentListener(SileroGate(), FakeRecogniser(*["heard"] * 50))
    blocks = (
        Pcm16(sound[at : at + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0"))
        for at in range(0, len(sound), BLOCK_BYTES)
    )
    events = [event for block in blocks for event in listener.feed(block)]
    return [*events, *listener.flush()]


def in_a_room(sound: Pcm16, loudness: float = 30.0) -> Pcm16:
    """With the faint hiss every microphone has."""
    samples = numpy.frombuffer(sound, "<i2")
    hiss = numpy.random.default_rng(1).normal(0, loudness, samples.size)
    return Pcm16((samples + hiss).clip(-32768, 32767).astype("<i2").tobytes())


@pytest.mark.parametrize("hiss", [0.0, 30.0])
@pytest.mark.parametrize("voice", ["slt", "rms", "en-us", "en-us+f3"])
def test_each_line_is_one_utterance_where_it_was_said(voice: str, hiss: float) -> None:
    sound, spans = conversation(1.0), []
    for line in LINES:
        said = spoken(line, voice)
        spans.append((seconds_in(sound), seconds_in(sound) + seconds_in(said)))
        sound = conversation(sound, said, 1.5)
    heard = [one for one in listen(in_a_room(sound, hiss)) if isinstance(one, Utterance)]
    assert [one.text for one in heard] == ["heard"] * len(LINES)
    for one, (begin, end) in zip(heard, spans, strict=True):
        assert begin - 0.1 <= one.speech_start <= begin + 0.4
        assert one.speech_start + 0.1 < one.speech_end <= end + 0.2
        assert one.at - one.speech_end == pytest.approx(0.5, abs=0.05)


def test_hiss_and_kitchen_noise_are_nobody() -> None:
    hiss = in_a_room(conversation(2.0), 1000.0)
    assert listen(hiss) == []
    (kitchen,) = human_recordings("kitchen.flac")
    assert listen(conversation(hiss, read(kitchen))) == []


def test_people_ordering_coffee_are_heard() -> None:
    orders = human_recordings("commands")[::25]
    found = [any(isinstance(one, Utterance) for one in listen(read(file))) for file in orders]
    assert all(found)
