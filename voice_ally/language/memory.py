"""What was worked out about a pack before, so that after an edit only what it touches is worked
out again.

Rules: a result is kept by what it was made from; the ones longest unused are forgotten first;
nothing in here ever changes a result, only how soon it is there.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar

T = TypeVar("T")
MOST_KEPT = 100_000
"""Results; a pack of 500 dialogs has about 10,000."""


class Memory:
    """Results by kind and by what they depend on."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._known: OrderedDict[Hashable, tuple[object, object]] = OrderedDict()
        self._numbers: dict[Hashable, int] = {}

    def of(self, key: Hashable, work_out: Callable[[], T], alive: object = None) -> T:
        """The result for a key, worked out if it is new. alive: what the key names by its
        identity, and what therefore has to live as long as the result."""
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = (work_out(), alive)
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        else:
            self._known.move_to_end(key)
        found: T = known[0]  # type: ignore[assignment]
        return found

    def number(self, what: Hashable) -> int:
        """A small number for a large key, always the same."""
        return self._numbers.setdefault(what, len(self._numbers) + 1)
