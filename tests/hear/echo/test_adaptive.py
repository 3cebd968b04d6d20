"""What our own echo filter promises beyond the port."""

import numpy

from tests.hear.echo.test_canceller_contract import echo_of, power, run, speech
from voice_ally.core.audio import BLOCK_SAMPLES, SAMPLE_RATE_HZ, Pcm16, silence
from voice_ally.hear.echo.adaptive import REACH_SECONDS, AdaptiveEchoCanceller


def test_without_sound_of_ones_own_every_sample_stays_as_it_is() -> None:
    canceller = AdaptiveEchoCanceller()
    random = numpy.random.default_rng(1)
    for _ in range(50):
        block = Pcm16(random.integers(-9000, 9000, BLOCK_SAMPLES).astype("<i2").tobytes())
        assert canceller.cancel(block, silence(BLOCK_SAMPLES)) == block


def test_so_it_does_again_a_while_after_the_last_sound() -> None:
    canceller = AdaptiveEchoCanceller()
    played = speech(2.0)
    run(canceller, echo_of(played), played)
    quiet = numpy.zeros(round(REACH_SECONDS * SAMPLE_RATE_HZ) + BLOCK_SAMPLES)
    run(canceller, quiet, quiet)
    block = Pcm16(numpy.full(BLOCK_SAMPLES, 1234, "<i2").tobytes())
    assert canceller.cancel(block, silence(BLOCK_SAMPLES)) == block


def test_a_person_who_speaks_over_it_does_not_make_it_forget_the_room() -> None:
    """What an ordinary adaptive filter would do."""
    canceller = AdaptiveEchoCanceller()
    played = speech(12.0)
    person = numpy.zeros(len(played))
    word = speech(3.0, "I feel lonely and I need a moment")
    at = 6 * SAMPLE_RATE_HZ
    person[at : at + len(word)] = word
    echo = echo_of(played)
    out = run(canceller, echo + person, played)
    after = slice(at + len(word) + BLOCK_SAMPLES, at + len(word) + SAMPLE_RATE_HZ)
    assert power(out[after]) < power(echo[after]) / 100


def test_a_person_over_the_echo_keeps_their_words() -> None:
    canceller = AdaptiveEchoCanceller()
    played = speech(8.0)
    person = numpy.zeros(len(played))
    word = speech(0.8, "please stop this")
    at = 6 * SAMPLE_RATE_HZ
    person[at : at + len(word)] = word
    out = run(canceller, echo_of(played) + person, played)
    over = slice(at, at + len(word))
    assert power(out[over] - word) < power(word) / 100, "20 dB"


def test_a_loudspeaker_that_plays_later_than_it_did_is_noticed_and_by_how_much() -> None:
    for samples in (45, -45):
        canceller = AdaptiveEchoCanceller()
        played = speech(10.0)
        late = numpy.roll(played, samples)
        half = 6 * SAMPLE_RATE_HZ
        moved = numpy.concatenate((played[:half], late[half:]))
        run(canceller, echo_of(moved[: half + SAMPLE_RATE_HZ]), played[: half + SAMPLE_RATE_HZ])
        assert canceller.moved() == samples
        assert canceller.moved() == 0, "it is told once"


def test_until_it_is_told_of_the_echo_is_known_to_be_one_though_it_comes_later() -> None:
    canceller = AdaptiveEchoCanceller()
    played = speech(10.0)
    half, soon = 6 * SAMPLE_RATE_HZ, SAMPLE_RATE_HZ // 2
    late = numpy.roll(played, 200)
    run(canceller, echo_of(played[:half]), played[:half])
    assert not canceller.out_of_step()
    run(canceller, echo_of(late)[half : half + soon], played[half : half + soon])
    assert canceller.out_of_step()
    run(canceller, numpy.zeros(SAMPLE_RATE_HZ), numpy.zeros(SAMPLE_RATE_HZ))
    assert not canceller.out_of_step(), "and nothing is, where nothing was played"


def test_neither_an_unknown_room_nor_a_person_is_taken_for_that() -> None:
    canceller = AdaptiveEchoCanceller()
    played = speech(10.0)
    person = numpy.zeros(len(played))
    word = speech(3.0, "I feel lonely and I need a moment")
    person[6 * SAMPLE_RATE_HZ : 6 * SAMPLE_RATE_HZ + len(word)] = word
    run(canceller, echo_of(played) + person, played)
    assert canceller.moved() == 0
    over = slice(6 * SAMPLE_RATE_HZ, 7 * SAMPLE_RATE_HZ)
    run(canceller, (echo_of(played) + person)[over], played[over])
    assert not canceller.out_of_step()


def test_the_same_sound_gives_the_same_result() -> None:
    played = speech(1.0)
    once, again = (run(AdaptiveEchoCanceller(), echo_of(played), played) for _ in range(2))
    assert (once == again).all()
