"""A dialog pack, read and understood: plain frozen data, no behaviour.

Rules: everything an author wrote is here and nothing else; what a step can do is declared in
instructions.py and has its names here as well.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from voice_ally.core.events import SlotValue
from voice_ally.language.instructions import (
    Answer,
    Ask,
    Block,
    Breathe,
    Chime,
    Condition,
    Detour,
    Duration,
    End,
    Forget,
    Go,
    Hold,
    Instruction,
    Pause,
    Play,
    Recall,
    Remember,
    Remind,
    Repeat,
    Run,
    Say,
    Set,
    Turn,
    When,
)
from voice_ally.language.place import NOWHERE, Place

__all__ = [
    "NOWHERE",
    "Answer",
    "Ask",
    "Block",
    "Breathe",
    "Chime",
    "Condition",
    "Detour",
    "Dialog",
    "Duration",
    "End",
    "Forget",
    "Go",
    "Hold",
    "Instruction",
    "NumberRange",
    "Pack",
    "Pause",
    "Place",
    "Play",
    "Recall",
    "Remember",
    "Remind",
    "Repeat",
    "Run",
    "Say",
    "Set",
    "SpokenList",
    "Turn",
    "When",
]
T = TypeVar("T")


class Lasting:
    """What does not change, and therefore can keep what follows from it alone."""

    def once(self, name: str, work_out: Callable[[], T]) -> T:
        """What work_out gives; it is worked out the first time it is asked for by this name."""
        known: dict[str, T] = self.__dict__.setdefault("_worked_out", {})
        if name not in known:
            known[name] = work_out()
        return known[name]


@dataclass(frozen=True)
class Dialog(Lasting):
    """One file: a script and how to start it."""

    id: str
    title: str
    audience: str
    """"one", "two" or "either"."""
    triggers: tuple[str, ...]
    start: str
    steps: Mapping[str, Block]
    """In the order they were written."""
    confirm: str = ""
    """Asked before it starts, when it was started by voice from idle. For two people something
    is asked in any case."""
    anywhere: bool = False
    """Its triggers work in every state, not only when nothing is running."""
    low_voice: bool = False
    slots: Mapping[str, SlotValue] = field(default_factory=dict)
    """What slots hold before anything is captured."""
    wait: Duration | None = None
    silence: tuple[Block, ...] = ()
    unclear: tuple[Block, ...] = ()
    others: str = "ask"
    """What the triggers of other dialogs do at its questions: "ask", "yes" or "no"."""
    rules: Mapping[str, str] = field(default_factory=dict)
    """Its own, by the names that own_names.py gives them."""
    lists: Mapping[str, "SpokenList"] = field(default_factory=dict)
    place: Place = field(default=NOWHERE, compare=False)

    @property
    def asks_first(self) -> bool:
        """Is somebody asked before it starts by voice? Always where there are two to be asked."""
        return bool(self.confirm) or self.audience == "two"

    @property
    def question(self) -> str:
        """What is asked then: its own words, else its title."""
        return self.confirm or f"{self.title}?"


@dataclass(frozen=True)
class NumberRange:
    """A list of whole numbers, spoken as words."""

    first: int
    last: int
    step: int = 1


@dataclass(frozen=True)
class SpokenList:
    """What a slot may hold: (template, value) pairs, or a range of numbers."""

    values: tuple[tuple[str, SlotValue], ...] = ()
    numbers: NumberRange | None = None
    place: Place = field(default=NOWHERE, compare=False)


@dataclass(frozen=True)
class Pack(Lasting):
    """A folder of dialogs with what they share."""

    language: str = "en"
    dialogs: Mapping[str, Dialog] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)
    """Name -> template, for <name>."""
    lists: Mapping[str, SpokenList] = field(default_factory=dict)
    """Name -> values, for {name}."""
    commands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """stop, pause, continue, repeat, back, skip, help, slower, faster, louder, quieter,
    how_long, longer, start_over, quiet, goodbye, exit -> templates."""
    lines: Mapping[str, str] = field(default_factory=dict)
    """What the engine itself says: paused, nothing_before, you_can_say …"""
    not_meant: tuple[str, ...] = ()
    """Templates that sound like a phrase but must come to nothing ("don't stop")."""
    pronunciations: Mapping[str, str] = field(default_factory=dict)
    """Word -> ARPAbet phones, for words no dictionary knows."""
    wait: Duration = Duration(seconds=12.0)
    silence: tuple[Block, ...] = ()
    unclear: tuple[Block, ...] = ()
    earlier: frozenset[str] = field(default=frozenset(), repr=False, compare=False)
    """The templates of the folders below: not its author's to mend."""
