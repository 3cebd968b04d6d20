"""Where utterances begin and end, for a gate whose every probability is known."""

import pytest

from tests.fakes.gate import FakeGate, steps_of
from voice_ally.core.audio import BLOCK_SAMPLES, Pcm16, samples_in, silence
from voice_ally.hear.segmenter import Began, Ended, More, Piece, Segmenter, SegmenterSettings

CHUNK = FakeGate.chunk_samples
QUIET_TO_END = 16
"""Chunks: the first whole number of them that makes 0.5 s."""


def pieces_of(*probabilities: float, **settings: float) -> list[Piece]:
    segmenter = Segmenter(FakeGate(steps_of(*probabilities)), SegmenterSettings(**settings))
    return [
        piece
        for _ in range(len(probabilities) * CHUNK // BLOCK_SAMPLES)
        for piece in segmenter.feed(silence(BLOCK_SAMPLES))
    ]


def sound_of(pieces: list[Piece]) -> int:
    return sum(samples_in(one.pcm16) for one in pieces if isinstance(one, More))


def test_one_loud_moment_is_no_speech() -> None:
    assert pieces_of(*[0.0] * 5, 0.99, *[0.0] * 5) == []
    assert pieces_of(*[0.0, 0.99] * 5) == []


def test_it_begins_where_the_voice_set_in_not_where_it_was_sure() -> None:
    began = pieces_of(*[0.0] * 10, 0.6, 0.6, 0.9, 0.9, 0.9)[0]
    assert began == Began(10 * CHUNK)


def test_a_murmur_that_never_grows_clear_is_no_speech() -> None:
    assert pieces_of(*[0.65] * 40) == []


def test_it_ends_after_half_a_second_of_quiet() -> None:
    pieces = pieces_of(*[0.0] * 10, *[0.9] * 10, *[0.4] * (QUIET_TO_END + 1))
    assert pieces[0] == Began(10 * CHUNK)
    assert pieces[-1] == Ended(10 * CHUNK, 20 * CHUNK, too_short=False)
    assert pieces_of(*[0.9] * 10, *[0.4] * (QUIET_TO_END - 1))[-1] != pieces[-1]


def test_the_recogniser_gets_what_came_before_and_a_little_of_what_came_after() -> None:
    pieces = pieces_of(*[0.0] * 50, *[0.9] * 10, *[0.0] * 20)
    before, tail = 12, 9
    assert sound_of(pieces) == (before + 10 + tail) * CHUNK


def test_a_pause_for_thought_belongs_to_the_sentence_when_it_goes_on() -> None:
    pieces = pieces_of(*[0.9] * 10, *[0.0] * 14, *[0.9] * 10, *[0.0] * 20)
    assert [type(one) for one in pieces if not isinstance(one, More)] == [Began, Ended]
    assert sound_of(pieces) == (10 + 14 + 10 + 9) * CHUNK


def test_what_one_utterance_had_is_not_given_to_the_next() -> None:
    pieces = pieces_of(*[0.9] * 10, *[0.0] * QUIET_TO_END, *[0.9] * 10, *[0.0] * 20)
    assert [type(one) for one in pieces if not isinstance(one, More)] == [Began, Ended] * 2
    assert sound_of(pieces) == (10 + 9 + 10 + 9) * CHUNK


def test_whoever_never_stops_is_decided_after_fifteen_seconds_and_heard_again() -> None:
    pieces = pieces_of(*[0.9] * 1000)
    first, second = (one for one in pieces if isinstance(one, Ended))
    assert first.last_sample - first.first_sample == pytest.approx(15 * 16_000, abs=CHUNK)
    assert second.first_sample >= first.last_sample


@pytest.mark.parametrize(("chunks", "too_short"), [(2, True), (3, False)])
def test_a_click_is_too_short_to_be_a_word(chunks: int, too_short: bool) -> None:
    ended = pieces_of(*[0.0] * 5, *[0.9] * chunks, *[0.0] * 20)[-1]
    assert isinstance(ended, Ended)
    assert ended.too_short is too_short


def test_the_end_of_the_sound_ends_the_utterance_with_its_last_sample() -> None:
    segmenter = Segmenter(FakeGate(steps_of(*[0.9] * 10)))
    begun = segmenter.feed(silence(10 * CHUNK + 100))
    assert segmenter.speaking
    last = segmenter.flush()
    assert sound_of(begun) + sound_of(last) == 10 * CHUNK + 100
    assert last[-1] == Ended(0, 10 * CHUNK, too_short=False)
    assert not segmenter.speaking
    assert segmenter.flush() == []


def test_skipped_sound_counts_but_is_never_heard() -> None:
    gate = FakeGate(steps_of(*[0.9] * 11))
    segmenter = Segmenter(gate)
    segmenter.feed(silence(CHUNK + 7))
    for _ in range(3):
        segmenter.skip(silence(BLOCK_SAMPLES))
    assert gate.resets == 1, "once is enough"
    skipped = CHUNK + 7 + 3 * BLOCK_SAMPLES
    assert segmenter.position == skipped
    pieces = segmenter.feed(silence(10 * CHUNK))
    assert pieces[0] == Began(skipped)
    assert sound_of(pieces) == 10 * CHUNK


def test_blocks_of_any_length_come_to_the_same() -> None:
    probabilities = [*[0.0] * 10, *[0.9] * 10, *[0.0] * 20]
    total = len(probabilities) * CHUNK
    results = []
    for length in (1, 160, 1000, total):
        segmenter = Segmenter(FakeGate(steps_of(*probabilities)))
        pieces = []
        for at in range(0, total, length):
            pieces += segmenter.feed(silence(min(length, total - at)))
        results.append(pieces)
    assert all(one == results[0] for one in results)


def test_it_knows_for_how_long_the_voice_lasted_and_the_quiet_after_it() -> None:
    segmenter = Segmenter(FakeGate(steps_of(*[0.9] * 10)))
    segmenter.feed(Pcm16(bytes(2 * CHUNK * 13 + 20)))
    assert segmenter.voiced_samples == 10 * CHUNK
    assert segmenter.quiet_samples == 3 * CHUNK
    assert segmenter.end_now() == Ended(0, 10 * CHUNK, too_short=False)
    assert segmenter.feed(silence(20 * CHUNK)) == []
