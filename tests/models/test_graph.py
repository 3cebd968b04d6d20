"""Graphs of words: the same words give the same bytes, and every word can be reached."""

import struct
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_ally.models.graph import UNKNOWN, Lexicon, graph_files
from voice_ally.models.phones import PHONES, TRANSITIONS, enter

Words = dict[str, list[tuple[str, ...]]]
HELLO = ("HH", "AH", "L", "OW")
TWO: Lexicon = {"to": [("T", "UW")], "too": [("T", "UW")], "two": [("T", "UW")]}

words = st.text("abcdefgh'", min_size=1, max_size=6)
ways = st.lists(
    st.lists(st.sampled_from(PHONES), min_size=1, max_size=5).map(tuple), min_size=1, max_size=3
)
lexicons = st.dictionaries(words, ways, min_size=1, max_size=12)


def read_arcs(fst: bytes) -> tuple[list[list[tuple[int, int, float, int]]], list[str]]:
    """(input, output, weight, target) of each state, and the symbols inside."""
    at = 0

    def take(layout: str) -> tuple[int, ...]:
        nonlocal at
        found = struct.unpack_from("<" + layout, fst, at)
        at += struct.calcsize("<" + layout)
        return found

    def text() -> str:
        nonlocal at
        (length,) = take("i")
        at += length
        return fst[at - length : at].decode()

    take("i")
    assert (text(), text()) == ("vector", "standard")
    _, flags, _, start, states, arcs = take("iiQqqq")
    assert start == 0
    symbols = []
    if flags & 2:
        take("i")
        text()
        _, count = take("qq")
        for number in range(count):
            symbols.append(text())
            assert take("q") == (number,)
    found = []
    for _ in range(states):
        _, leaving = take("fq")
        found.append([take("iifi") for _ in range(leaving)])
    assert at == len(fst)
    assert sum(map(len, found)) == arcs
    return found, symbols  # type: ignore[return-value]


def said_as(states: list[list[tuple[int, int, float, int]]]) -> set[tuple[tuple[int, ...], int]]:
    """Each way through the tree that says a word: (sounds entered, word), [unk] left out."""
    _, root, _ = range(3)
    found = set()
    stack = [(root, (), 0)]
    while stack:
        state, sounds, word = stack.pop()
        for label, output, _, target in states[state]:
            if target == state or (state == root and label == 0):
                continue
            told = word or output
            entered = sounds + ((label,) if 0 < label <= TRANSITIONS else ())
            if target == 0:
                found.add((entered, told))
            else:
                stack.append((target, entered, told))
    return found


@given(lexicons)
def test_every_word_can_be_said_in_each_of_its_ways(
    lexicon: dict[str, list[tuple[str, ...]]],
) -> None:
    files = graph_files(lexicon)
    states, _ = read_arcs(files["graph/HCLr.fst"])
    _, symbols = read_arcs(files["graph/Gr.fst"])
    assert symbols == ["<eps>", *sorted(lexicon), UNKNOWN]
    heard = [(len(sounds), symbols[word]) for sounds, word in said_as(states)]
    wanted = [(len(way), word) for word, ways in lexicon.items() for way in set(ways)]
    assert sorted(heard) == sorted(wanted)


@given(lexicons)
def test_the_order_of_the_words_does_not_matter(lexicon: Words) -> None:
    assert graph_files(lexicon) == graph_files(dict(reversed(lexicon.items())))


def test_words_that_sound_the_same_are_told_apart_behind_their_last_sound() -> None:
    files = graph_files(TWO)
    first = TRANSITIONS + 1
    numbers = f"{first}\n{first + 1}\n{first + 2}\n"
    assert files["graph/disambig_tid.int"].decode() == numbers
    states, _ = read_arcs(files["graph/HCLr.fst"])
    telling = sorted(
        (label, word) for arcs in states for label, word, _, _ in arcs if label >= first
    )
    assert telling == [(first, 1), (first + 1, 2), (first + 2, 3)]


def test_arcs_are_sorted_as_the_header_says() -> None:
    files = graph_files({"hello": [HELLO], **TWO})
    states, _ = read_arcs(files["graph/HCLr.fst"])
    assert all([arc[1] for arc in arcs] == sorted(arc[1] for arc in arcs) for arcs in states)
    (loop,), _ = read_arcs(files["graph/Gr.fst"])
    assert [arc[0] for arc in loop] == [1, 2, 3, 4, 5]


def test_a_phone_there_is_not_names_its_word() -> None:
    with pytest.raises(ValueError, match='"hello" has an unknown phone: HH AX L OW'):
        graph_files({"hello": [("HH", "AX", "L", "OW")]})


def test_silence_may_stand_before_each_word() -> None:
    states, _ = read_arcs(graph_files({"hello": [HELLO]})["graph/HCLr.fst"])
    assert enter(1) in {label for label, _, _, _ in states[0]}


def test_two_thousand_words_take_well_under_a_second() -> None:
    many = {
        f"word{n}": [tuple(PHONES[(n * k + k) % len(PHONES)] for k in range(1, 8))]
        for n in range(2000)
    }
    used = time.process_time()
    graph_files(many)
    # CPU time, so that a busy machine does not matter
    assert time.process_time() - used < 1.0
