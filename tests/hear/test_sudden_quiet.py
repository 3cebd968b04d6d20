"""Where a voice breaks off, told by loudness."""

import numpy

from tests.speech_samples import spoken
from voice_ally.core.audio import BLOCK_BYTES, BLOCK_SAMPLES, Pcm16
from voice_ally.hear.sudden_quiet import LOOKS_BLOCKS, MAY_BE_OVER_BLOCKS, SuddenQuiet


def noise(rms: float, blocks: int, seed: int = 1) -> list[Pcm16]:
    samples = numpy.random.default_rng(seed).normal(0, rms, (blocks, BLOCK_SAMPLES))
    return [Pcm16(one.round().astype("<i2").tobytes()) for one in samples]


def looks(blocks: list[Pcm16]) -> list[int]:
    """At which blocks it wants to look."""
    quiet = SuddenQuiet()
    return [number for number, block in enumerate(blocks) if quiet.note(block)]


def test_soon_after_a_voice_has_broken_off_it_is_time_to_look() -> None:
    blocks = noise(20, 30) + noise(3000, 30) + noise(20, 30)
    assert looks(blocks) == [60 + one - 1 for one in LOOKS_BLOCKS]


def test_what_goes_on_softer_is_no_voice() -> None:
    assert looks(noise(3000, 30) + noise(300, 30))[0] < 40


def test_a_voice_that_comes_back_counts_anew() -> None:
    blocks = noise(3000, 30) + noise(20, 3) + noise(3000, 30) + noise(20, 3)
    assert looks(blocks) == [31, 64]


def test_steady_sound_and_silence_are_no_reason() -> None:
    assert looks(noise(300, 300)) == []
    assert looks(noise(0, 300)) == []


def test_it_looks_before_the_last_sound_of_stop() -> None:
    word = spoken("stop")
    blocks = [Pcm16(word[at : at + BLOCK_BYTES]) for at in range(0, len(word), BLOCK_BYTES)]
    found = looks(blocks[:-1])
    assert found
    assert found[0] * 0.01 < len(blocks) * 0.01 - 0.03


def test_from_then_on_until_long_after_the_voice_may_be_over() -> None:
    quiet = SuddenQuiet()
    over = []
    for number, block in enumerate(noise(3000, 30) + noise(20, 60)):
        quiet.note(block)
        if quiet.may_be_over:
            over.append(number - 29)
    assert over == list(MAY_BE_OVER_BLOCKS)
