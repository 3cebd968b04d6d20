"""Speech models changed by somebody who knows Kaldi's files: for benchmarks/hostile.py.

Rules: each change keeps the file readable up to where it was changed, so that it reaches the code
behind the reader: sizes of matrices, numbers of states, labels and targets of arcs, options, and
numbers that are none. The layouts are those of Kaldi's `io-funcs.cc` (a number is its size in bytes
and then itself; a matrix is "FM", rows, columns) and of OpenFst's `fst.cc` and `vector-fst.h`.
"""

import random
import re
import struct

_NUMBER = re.compile(rb"\x04(?=....)", re.DOTALL)
_MATRIX = re.compile(rb"[FDC][MV][23]? \x04(?=....)", re.DOTALL)
_TOKEN = re.compile(rb"</?[A-Za-z0-9]{3,30}> ")
_FST_MAGIC = struct.pack("<I", 0x7EB2FDD6)
ODD_NUMBERS = (-1, -(2**31), 2**31 - 1, 0, 1, 2**16, 2**24, 10**9)
_WEIGHTS = (float("nan"), float("inf"), -float("inf"), -1e30, 1e38, 0.0)
_OPTIONS = (
    "--sample-frequency={}", "--num-mel-bins={}", "--num-ceps={}", "--low-freq={}",
    "--high-freq={}", "--frame-length={}", "--frame-shift={}", "--dither={}", "--min-active={}",
    "--max-active={}", "--beam={}", "--lattice-beam={}", "--acoustic-scale={}",
    "--frame-subsampling-factor={}", "--endpoint.rule2.min-trailing-silence={}",
    "--endpoint.silence-phones={}", "--frames-per-chunk={}", "--extra-left-context-initial={}",
)  # fmt: skip
_VALUES = ("0", "-1", "1", "1e9", "99999999999", "nan", "inf", "0.0001", "1:1:99999", "", "true")


def knowingly_changed(name: str, data: bytes, chance: random.Random) -> bytes:
    """A file of a model, changed where it hurts."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        if name.endswith(".conf"):
            option = chance.choice(_OPTIONS).format(chance.choice(_VALUES))
            changed += f"{option}\n".encode()
        elif name.endswith(".fst"):
            _change_graph(changed, chance)
        elif name.endswith(".mdl"):
            _change_network(changed, chance)
        else:
            _change_list(changed, chance)
    return bytes(changed)


def _change_network(changed: bytearray, chance: random.Random) -> None:
    match chance.randrange(4):
        case 0:  # how large a matrix is
            found = chance.choice(list(_MATRIX.finditer(changed)))
            _write(changed, found.end() + chance.choice((0, 5)), "<i", _odd(chance))
        case 1:  # a number of the network's plan or of the states of sounds
            front = list(_NUMBER.finditer(changed[:200_000]))
            at = chance.choice(front).end()
            (before,) = struct.unpack_from("<i", changed, at)
            near = (before + 1, before - 1, before * 2)
            value = chance.choice(near) if chance.randrange(2) else _odd(chance)
            _write(changed, at, "<i", max(-(2**31), min(value, 2**31 - 1)))
        case 2:  # one part where another belongs
            tokens = list(_TOKEN.finditer(changed))
            gone, there = chance.choice(tokens), chance.choice(tokens)[0]
            changed[gone.start() : gone.end()] = there
        case 3:  # weights that are no numbers
            at = chance.randrange(len(changed) - 4000)
            row = struct.pack("<f", chance.choice(_WEIGHTS)) * chance.choice((1, 100, 900))
            changed[at : at + len(row)] = row


def _change_graph(changed: bytearray, chance: random.Random) -> None:
    headers = [one.start() for one in re.finditer(re.escape(_FST_MAGIC), changed)]
    if chance.randrange(3) == 0:  # flags, properties, start, states, arcs
        at = chance.choice(headers) + 4
        for _ in range(2):  # the names of its kind and of its arcs
            (length,) = struct.unpack_from("<i", changed, at)
            at += 4 + max(0, min(length, 40))
        field = chance.choice((4, 8, 16, 24, 32))
        _write(changed, at + field, "<q", _odd(chance))
    else:  # labels, weight, target
        at = chance.randrange(100, len(changed) - 16) // 4 * 4
        if chance.randrange(3):
            _write(changed, at, "<i", _odd(chance))
        else:
            _write(changed, at, "<f", chance.choice(_WEIGHTS))


def _change_list(changed: bytearray, chance: random.Random) -> None:
    numbers = list(re.finditer(rb"\d+", changed))
    if numbers:
        found = chance.choice(numbers)
        odd = chance.choice((*map(str, ODD_NUMBERS), "9" * 30, "", "x", "1 1 1"))
        changed[found.start() : found.end()] = odd.encode()


def _odd(chance: random.Random) -> int:
    return chance.choice(ODD_NUMBERS)


def _write(changed: bytearray, at: int, layout: str, value: float) -> None:
    if 0 <= at <= len(changed) - struct.calcsize(layout):
        struct.pack_into(layout, changed, at, value)
