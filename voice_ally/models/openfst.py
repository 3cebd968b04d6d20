"""OpenFst's `vector` files, written without OpenFst.

Rules: standard (tropical) weights; the same arcs give the same bytes. The layout is that of
OpenFst 1.6 and later: a header, a symbol table if wanted, then each state with its arcs.
"""

import struct
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

_FST_MAGIC, _SYMBOLS_MAGIC = 2125659606, 2125658996
_VERSION, _HAS_OUTPUT_SYMBOLS = 2, 2
_EXPANDED_MUTABLE = 0b11
_SORTED = {"input": 0x10000000, "output": 0x40000000}
"""Property bits: the arcs of each state are sorted by that label."""
_HEADER, _STATE, _ARC = struct.Struct("<iiQqqq"), struct.Struct("<fq"), struct.Struct("<iifi")
_INFINITY = float("inf")


class Arc(NamedTuple):
    """From one state to another."""

    source: int
    target: int
    input: int
    output: int
    weight: float = 0.0
    """A cost: a negative logarithm."""


def vector_fst(
    arcs: Sequence[Arc],
    final: Mapping[int, float],
    states: int,
    *,
    sort: Literal["input", "output"],
    output_symbols: Sequence[str] = (),
) -> bytes:
    """The file's bytes. State 0 is the start; symbol n of output_symbols has the number n."""
    by_state: list[list[Arc]] = [[] for _ in range(states)]
    for arc in arcs:
        by_state[arc.source].append(arc)
    flags = _HAS_OUTPUT_SYMBOLS if output_symbols else 0
    parts = [
        struct.pack("<i", _FST_MAGIC) + _string("vector") + _string("standard"),
        _HEADER.pack(_VERSION, flags, _EXPANDED_MUTABLE | _SORTED[sort], 0, states, len(arcs)),
        _symbol_table(output_symbols) if output_symbols else b"",
    ]
    for state, leaving in enumerate(by_state):
        if sort == "input":
            leaving.sort(key=lambda arc: arc.input)
        else:
            leaving.sort(key=lambda arc: arc.output)
        parts.append(_STATE.pack(final.get(state, _INFINITY), len(leaving)))
        parts.extend(_ARC.pack(arc.input, arc.output, arc.weight, arc.target) for arc in leaving)
    return b"".join(parts)


def _string(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<i", len(data)) + data


def _symbol_table(symbols: Sequence[str]) -> bytes:
    head = struct.pack("<i", _SYMBOLS_MAGIC) + _string("words")
    count = struct.pack("<qq", len(symbols), len(symbols))
    entries = (_string(word) + struct.pack("<q", n) for n, word in enumerate(symbols))
    return head + count + b"".join(entries)
