"""Graphs of words: the same words give the same bytes, and every word can be reached."""

import struct
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_ally.models.accents import both
from voice_ally.models.graph import UNKNOWN, Lexicon, graph_files
from voice_ally.models.phones import PHONES, TRANSITIONS, enter

ArcRead = tuple[Any, ...]
Words = dict[str, list[tuple[str, ...]]]
HELLO = ("HH", "AH", "L", "OW")
TWO: Lexicon = {"to": [("T", "UW")], "too": [("T", "UW")], "two": [("T", "UW")]}

words = st.text("abcdefgh'", min_size=1, max_size=6)
ways = st.lists(
    st.lists(st.sampled_from(PHONES), min_size=1, max_size=5).map(tuple), min_size=1, max_size=3
)
lexicons = st.dictionaries(words, ways, min_size=1, max_size=12)


class Bytes:
    """Read one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, layout: str) -> tuple[Any, ...]:
        found = struct.unpack_from("<" + layout, self._data, self._at)
        self._at += struct.calcsize("<" + layout)
        return found

    def text(self) -> str:
        (length,) = self.take("i")
        self._at += length
        return self._data[self._at - length : self._at].decode()

    def header(self) -> tuple[str, int, int, int, int]:
        """(type, flags, start, states, arcs)"""
        self.take("i")
        kind, _ = self.text(), self.text()
        _, flags, _, start, states, arcs = self.take("iiQqqq")
        return kind, flags, start, states, arcs

    def over(self) -> bool:
        return self._at == len(self._data)


def read_grammar(fst: bytes) -> tuple[list[ArcRead], list[str]]:
    """The arcs of the only state, and the symbols inside."""
    data = Bytes(fst)
    assert data.header()[:4] == ("vector", 2, 0, 1)
    data.take("i")
    data.text()
    _, count = data.take("qq")
    symbols = []
    for number in range(count):
        symbols.append(data.text())
        assert data.take("q") == (number,)
    _, leaving = data.take("fq")
    arcs = [data.take("iifi") for _ in range(leaving)]
    assert data.over()
    return arcs, symbols


def read_tree(fst: bytes) -> tuple[list[list[ArcRead]], list[set[int]], int]:
    """(input, output, weight, target) of each state; what it says can be told next; the label
    of the end."""
    data = Bytes(fst)
    assert data.header() == ("olabel_lookahead", 0, -1, 0, 0)
    data.take("i")
    kind, _, start, count, arcs = data.header()
    assert (kind, start) == ("const", 0)
    nodes = [data.take("fIIII") for _ in range(count)]
    links = [data.take("iifi") for _ in range(arcs)]
    states = [links[at : at + leaving] for _, at, leaving, _, _ in nodes]
    for (_, _, _, silent_in, silent_out), leaving in zip(nodes, states, strict=True):
        assert silent_in == sum(arc[0] == 0 for arc in leaving)
        assert silent_out == sum(arc[1] == 0 for arc in leaving)
    assert data.take("?????") == (True, False, True, False, False)
    end_label, sets = data.take("iq")
    assert sets == count
    reachable = []
    for _ in range(sets):
        (intervals,) = data.take("q")
        numbers = [n for _ in range(intervals) for n in range(*data.take("ii"))]
        assert data.take("i") == (len(numbers),)
        assert len(set(numbers)) == len(numbers)
        reachable.append(set(numbers))
    assert data.over()
    return states, reachable, end_label


def said_as(states: list[list[ArcRead]]) -> set[tuple[tuple[int, ...], int]]:
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
    states, _, _ = read_tree(files["graph/HCLr.fst"])
    _, symbols = read_grammar(files["graph/Gr.fst"])
    assert symbols[0] == "<eps>"
    assert symbols[-1] == UNKNOWN
    assert sorted(symbols[1:-1]) == sorted(lexicon)
    heard = [(len(sounds), symbols[word]) for sounds, word in said_as(states)]
    wanted = [
        (len(way), word)
        for word, ways in lexicon.items()
        for way in {said for one in ways for said in both(one)}
    ]
    assert sorted(heard) == sorted(wanted)


@given(lexicons)
def test_each_state_says_which_words_can_be_told_next(lexicon: Words) -> None:
    states, reachable, end_label = read_tree(graph_files(lexicon)["graph/HCLr.fst"])
    assert end_label == len(lexicon) + 2

    def next_outputs(state: int) -> set[int]:
        found, seen, open_states = set[int](), {state}, [state]
        while open_states:
            at = open_states.pop()
            if at in (0, 1):
                found.add(end_label)
            for _, output, _, target in states[at]:
                if output:
                    found.add(output)
                elif target not in seen:
                    seen.add(target)
                    open_states.append(target)
        return found

    assert reachable == [next_outputs(state) for state in range(len(states))]


@given(lexicons)
def test_the_order_of_the_words_does_not_matter(lexicon: Words) -> None:
    assert graph_files(lexicon) == graph_files(dict(reversed(lexicon.items())))


def test_words_that_sound_the_same_are_told_apart_behind_their_last_sound() -> None:
    files = graph_files(TWO)
    first = TRANSITIONS + 1
    numbers = f"{first}\n{first + 1}\n{first + 2}\n"
    assert files["graph/disambig_tid.int"].decode() == numbers
    states, _, _ = read_tree(files["graph/HCLr.fst"])
    telling = sorted(
        (label, word) for arcs in states for label, word, _, _ in arcs if label >= first
    )
    assert telling == [(first, 1), (first + 1, 2), (first + 2, 3)]


def test_arcs_are_sorted_as_the_header_says() -> None:
    files = graph_files({"hello": [HELLO], **TWO})
    states, _, _ = read_tree(files["graph/HCLr.fst"])
    assert all([arc[1] for arc in arcs] == sorted(arc[1] for arc in arcs) for arcs in states)
    loop, _ = read_grammar(files["graph/Gr.fst"])
    assert [arc[0] for arc in loop] == [1, 2, 3, 4, 5]


def test_a_phone_there_is_not_names_its_word() -> None:
    with pytest.raises(ValueError, match='"hello" has an unknown phone: HH AX L OW'):
        graph_files({"hello": [("HH", "AX", "L", "OW")]})


def test_silence_may_stand_before_each_word() -> None:
    states, _, _ = read_tree(graph_files({"hello": [HELLO]})["graph/HCLr.fst"])
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
