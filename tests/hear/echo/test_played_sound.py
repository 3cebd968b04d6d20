"""The queue between the loudspeaker's thread and the microphone's."""

import numpy

from voice_ally.core.audio import BLOCK_SAMPLES, Pcm16
from voice_ally.hear.echo.played import KEPT_BLOCKS, WATCHED_READS, PlayedSound


def block(number: int) -> Pcm16:
    return Pcm16(number.to_bytes(2, "little") * BLOCK_SAMPLES)


def number(pcm16: Pcm16) -> int:
    """Which block it is; 0 is silence."""
    assert pcm16 == pcm16[:2] * BLOCK_SAMPLES
    return int.from_bytes(pcm16[:2], "little")


def test_blocks_come_out_as_they_went_in() -> None:
    played = PlayedSound()
    for one in (1, 2, 3):
        played.push(block(one))
        assert number(played.next_block()) == one


def test_any_length_goes_in() -> None:
    played = PlayedSound()
    sound = block(1) + block(2) + block(3)
    played.push(Pcm16(sound[:200]))
    assert number(played.next_block()) == 0
    played.push(Pcm16(sound[200:]))
    assert [number(played.next_block()) for _ in range(4)] == [1, 2, 3, 0]


def test_a_cushion_is_filled_before_the_first_block_is_given() -> None:
    played = PlayedSound(cushion_blocks=2)
    given = []
    for one in range(1, 6):
        played.push(block(one))
        given.append(number(played.next_block()))
    assert given == [0, 0, 1, 2, 3]


def test_a_late_loudspeaker_leaves_a_gap_and_the_cushion_grows_again() -> None:
    played = PlayedSound(cushion_blocks=1)
    played.push(block(1))
    played.push(block(2))
    assert [number(played.next_block()) for _ in range(3)] == [1, 2, 0]
    played.push(block(3))
    assert number(played.next_block()) == 0
    played.push(block(4))
    assert number(played.next_block()) == 3


def test_a_reader_that_was_held_up_catches_up_and_misses_nothing() -> None:
    played = PlayedSound(cushion_blocks=1)
    for one in range(1, 50):
        played.push(block(one))
    assert [number(played.next_block()) for _ in range(49)] == list(range(1, 50))


def test_two_clocks_that_drift_apart_are_brought_together_again() -> None:
    played = PlayedSound(cushion_blocks=1)
    for one in range(1, 11):
        played.push(block(one))
    behind = []
    for one in range(11, 11 + WATCHED_READS + 1):
        played.push(block(one))
        behind.append(one - number(played.next_block()))
    assert behind[0] == 10
    assert behind[-1] <= 2
    assert (played.gaps, played.jumps) == (0, 1)


def test_what_is_read_can_be_moved_by_single_samples_either_way() -> None:
    played = PlayedSound()
    sound = numpy.arange(BLOCK_SAMPLES * 4, dtype="<i2")
    played.push(Pcm16(sound.tobytes()))
    first = numpy.frombuffer(played.next_block(), "<i2")
    played.move(3)
    again = numpy.frombuffer(played.next_block(), "<i2")
    assert list(again[:4]) == [*first[-3:], BLOCK_SAMPLES]
    played.move(-5)
    assert numpy.frombuffer(played.next_block(), "<i2")[0] == again[-1] + 6
    assert played.moves == 2


def test_if_nobody_reads_it_does_not_grow() -> None:
    played = PlayedSound()
    for one in range(1, KEPT_BLOCKS + 101):
        played.push(block(one))
    assert number(played.next_block()) == 101
