"""What can still be reached from an object: for tests that nothing is kept."""

import gc
from collections.abc import Iterator
from types import FrameType, FunctionType, ModuleType

STEPS = (type, ModuleType, FunctionType)
"""Not followed: behind them is the whole program."""


def reached(start: object) -> Iterator[object]:
    """All objects below this one, each once."""
    seen, open_ones = {id(start)}, [start]
    while open_ones:
        one = open_ones.pop()
        yield one
        for below in gc.get_referents(one):
            if id(below) not in seen and not isinstance(below, STEPS):
                seen.add(id(below))
                open_ones.append(below)


def anywhere(words: str) -> list[object]:
    """What holds a text with these words, in the whole program; a call under way does not count."""
    gc.collect()
    found = []
    for holder in gc.get_objects():
        if not isinstance(holder, FrameType):
            for one in gc.get_referents(holder):
                if isinstance(one, str) and words in one:
                    found.append(holder)
    return found
