"""OpenFst's files, written without OpenFst.

Rules: standard (tropical) weights; the same arcs give the same bytes; the properties written are
those that are sure, the others are left open. The layouts are those of OpenFst 1.8 (`vector-fst.h`,
`const-fst.h`, `add-on.h`, `label-reachable.h`, `interval-set.h`).
"""

import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

_FST_MAGIC, _SYMBOLS_MAGIC, _ADD_ON_MAGIC = 2125659606, 2125658996, 446681434
_VECTOR_VERSION, _CONST_VERSION, _ADD_ON_VERSION = 2, 2, 1
_HAS_OUTPUT_SYMBOLS = 2
_EXPANDED, _MUTABLE, _INPUT_SORTED, _OUTPUT_SORTED = 0x1, 0x2, 0x10000000, 0x40000000
"""Property bits; sorted: the arcs of each state, by that label."""
_HEADER, _STATE, _ARC = struct.Struct("<iiQqqq"), struct.Struct("<fq"), struct.Struct("<iifi")
_CONST_STATE, _INTERVAL = struct.Struct("<fIIII"), struct.Struct("<ii")
_INFINITY = float("inf")
Intervals = Sequence[tuple[int, int]]
"""Labels from the first to before the last; in order, apart from each other."""


class Arc(NamedTuple):
    """From one state to another."""

    source: int
    target: int
    input: int
    output: int
    weight: float = 0.0
    """A cost: a negative logarithm."""


def vector_fst(
    arcs: Iterable[Arc], final: Mapping[int, float], states: int, output_symbols: Sequence[str] = ()
) -> bytes:
    """A `vector` file, its arcs sorted by input. State 0 is the start; symbol n of
    output_symbols has the number n."""
    by_state = _by_state(arcs, states)
    flags = _HAS_OUTPUT_SYMBOLS if output_symbols else 0
    properties = _EXPANDED | _MUTABLE | _INPUT_SORTED
    count = sum(map(len, by_state))
    parts = [
        _type("vector"),
        _HEADER.pack(_VECTOR_VERSION, flags, properties, 0, states, count),
        _symbol_table(output_symbols) if output_symbols else b"",
    ]
    for state, leaving in enumerate(by_state):
        leaving.sort(key=lambda arc: arc.input)
        parts.append(_STATE.pack(final.get(state, _INFINITY), len(leaving)))
        parts.extend(_packed(arc) for arc in leaving)
    return b"".join(parts)


def output_lookahead_fst(
    arcs: Iterable[Arc],
    final: Mapping[int, float],
    states: int,
    reachable: Sequence[Intervals],
    end_label: int,
) -> bytes:
    """An `olabel_lookahead` file: arcs sorted by output, and for each state which outputs can
    come next, so that composing it with a grammar never walks into words the grammar has not.

    reachable[state]: all outputs that can be reached from there before any other output, and
    end_label where an end can be reached so.
    """
    by_state = _by_state(arcs, states)
    properties = _EXPANDED | _OUTPUT_SORTED
    count = sum(map(len, by_state))
    nodes: list[bytes] = []
    links: list[bytes] = []
    at = 0
    for state, leaving in enumerate(by_state):
        leaving.sort(key=lambda arc: arc.output)
        silent_in = sum(not arc.input for arc in leaving)
        silent_out = sum(not arc.output for arc in leaving)
        weight = final.get(state, _INFINITY)
        nodes.append(_CONST_STATE.pack(weight, at, len(leaving), silent_in, silent_out))
        links.extend(_packed(arc) for arc in leaving)
        at += len(leaving)
    return b"".join(
        [
            _type("olabel_lookahead"),
            _HEADER.pack(_ADD_ON_VERSION, 0, properties, -1, 0, 0),
            struct.pack("<i", _ADD_ON_MAGIC),
            _type("const"),
            _HEADER.pack(_CONST_VERSION, 0, properties, 0, states, count),
            *nodes,
            *links,
            # there is an add-on; none for inputs, one for outputs: not by input, no relabelling
            struct.pack("<?????", True, False, True, False, False),
            struct.pack("<iq", end_label, states),
            *(_interval_set(one) for one in reachable),
        ]
    )


def _by_state(arcs: Iterable[Arc], states: int) -> list[list[Arc]]:
    by_state: list[list[Arc]] = [[] for _ in range(states)]
    for arc in arcs:
        by_state[arc.source].append(arc)
    return by_state


def _packed(arc: Arc) -> bytes:
    return _ARC.pack(arc.input, arc.output, arc.weight, arc.target)


def _type(name: str) -> bytes:
    return struct.pack("<i", _FST_MAGIC) + _string(name) + _string("standard")


def _interval_set(intervals: Intervals) -> bytes:
    count = sum(end - begin for begin, end in intervals)
    packed = b"".join(_INTERVAL.pack(*one) for one in intervals)
    return struct.pack("<q", len(intervals)) + packed + struct.pack("<i", count)


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<i", len(data)) + data


def _symbol_table(symbols: Sequence[str]) -> bytes:
    head = struct.pack("<i", _SYMBOLS_MAGIC) + _string("words")
    count = struct.pack("<qq", len(symbols), len(symbols))
    entries = (_string(word) + struct.pack("<q", n) for n, word in enumerate(symbols))
    return head + count + b"".join(entries)
