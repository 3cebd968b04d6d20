"""One suite over the filter of our own, WebRTC's canceller and the fake that stands in for them."""

from collections.abc import Callable

import numpy
import pytest

from tests.fakes.echo import FakeEchoCanceller
from tests.speech_samples import spoken
from voice_ally.core.audio import BLOCK_BYTES, SAMPLE_RATE_HZ, Pcm16
from voice_ally.core.errors import RecogniserProblem
from voice_ally.core.ports import EchoCanceller
from voice_ally.hear.echo.adaptive import AdaptiveEchoCanceller
from voice_ally.hear.echo.webrtc import WebRtcEchoCanceller

GAIN, DELAY_BLOCKS = 0.4, 5


def webrtc() -> EchoCanceller:
    try:
        return WebRtcEchoCanceller()
    except RecogniserProblem:
        pytest.skip("livekit (the extra barge-in) is not installed")


CANCELLERS: dict[str, Callable[[], EchoCanceller]] = {
    "adaptive": AdaptiveEchoCanceller,
    "webrtc": webrtc,
    "fake": lambda: FakeEchoCanceller(GAIN, DELAY_BLOCKS),
}


@pytest.fixture(params=CANCELLERS)
def canceller(request: pytest.FixtureRequest) -> EchoCanceller:
    return CANCELLERS[request.param]()


def speech(seconds: float, text: str = "Thank you for coming back to each other.") -> numpy.ndarray:
    samples = numpy.frombuffer(spoken(text), "<i2").astype(float)
    wanted = round(seconds * SAMPLE_RATE_HZ)
    return numpy.tile(samples, wanted // len(samples) + 1)[:wanted]


def echo_of(played: numpy.ndarray) -> numpy.ndarray:
    delay = DELAY_BLOCKS * BLOCK_BYTES // 2
    return numpy.concatenate((numpy.zeros(delay), played))[: len(played)] * GAIN


def run(canceller: EchoCanceller, heard: numpy.ndarray, played: numpy.ndarray) -> numpy.ndarray:
    """Block by block; what comes out, as long as what went in."""
    both = [one.round().astype("<i2").tobytes() for one in (heard, played)]
    out = b"".join(
        canceller.cancel(
            Pcm16(both[0][at : at + BLOCK_BYTES]), Pcm16(both[1][at : at + BLOCK_BYTES])
        )
        for at in range(0, len(both[0]) // BLOCK_BYTES * BLOCK_BYTES, BLOCK_BYTES)
    )
    return numpy.frombuffer(out, "<i2").astype(float)


def power(samples: numpy.ndarray) -> float:
    return float((samples**2).mean())


def test_an_echo_is_taken_out(canceller: EchoCanceller) -> None:
    played = speech(6.0)
    out = run(canceller, echo_of(played), played)
    late = slice(3 * SAMPLE_RATE_HZ, len(out))
    assert power(out[late]) < power(echo_of(played)[late]) / 100, "20 dB"


def test_a_person_is_left_alone_while_nothing_is_played(canceller: EchoCanceller) -> None:
    heard = speech(2.0, "I need to repair")
    out = run(canceller, heard, numpy.zeros(len(heard)))
    assert 0.5 < power(out) / power(heard) < 1.1


def test_a_person_over_the_echo_comes_through(canceller: EchoCanceller) -> None:
    played = speech(8.0)
    person = numpy.zeros(len(played))
    word = speech(0.8, "please stop this")
    at = 6 * SAMPLE_RATE_HZ
    person[at : at + len(word)] = word
    out = run(canceller, echo_of(played) + person, played)
    over, before = slice(at, at + len(word)), slice(at - SAMPLE_RATE_HZ, at)
    assert power(out[over]) > 20 * power(out[before])
    assert power(out[over]) > 0.2 * power(word)


def test_blocks_stay_blocks_and_nothing_overflows(canceller: EchoCanceller) -> None:
    loud = Pcm16(numpy.full(BLOCK_BYTES // 2, 32767, "<i2").tobytes())
    for _ in range(100):
        assert len(canceller.cancel(loud, loud)) == BLOCK_BYTES


def test_an_echo_that_stays_where_it_is_has_not_moved(canceller: EchoCanceller) -> None:
    played = speech(4.0)
    run(canceller, echo_of(played), played)
    assert canceller.moved() == 0


def test_after_a_reset_it_learns_again(canceller: EchoCanceller) -> None:
    played = speech(6.0)
    run(canceller, echo_of(played), played)
    canceller.reset()
    out = run(canceller, echo_of(played), played)
    late = slice(3 * SAMPLE_RATE_HZ, len(out))
    assert power(out[late]) < power(echo_of(played)[late]) / 100


def test_it_can_be_closed(canceller: EchoCanceller) -> None:
    canceller.close()
