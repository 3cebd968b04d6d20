"""The rules and lists that templates refer to.

Rules: frozen data; the templates that were compiled with it are kept beside it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from voice_ally.core.events import SlotValue


@dataclass(frozen=True)
class SpokenValues:
    """What a slot may hold."""

    values: tuple[tuple[str, SlotValue], ...] = ()
    """(template, value); a template that is its own value stands for the words heard."""
    numbers: tuple[int, int, int] | None = None
    """First, last, step; spoken as words."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """All of a pack's rules (<name>) and lists ({name})."""

    rules: Mapping[str, str] = field(default_factory=dict)
    """Name -> template."""
    lists: Mapping[str, SpokenValues] = field(default_factory=dict)
    compiled: dict[str, object] = field(default_factory=dict, init=False, repr=False)
    """By template; for interpret/word_graph.py alone."""
    minimal: dict[str, object] = field(default_factory=dict, init=False, repr=False)
    """By template; for interpret/grammar.py alone."""
