"""Numbers, yes or no, what slots hold, lengths of time and times of day.

Rules: as in shape_values.py; numbers stay within bounds, so that whatever is read can be counted
with.
"""

import re
from dataclasses import dataclass

from voice_ally.core.calendar import is_time
from voice_ally.core.events import SlotValue
from voice_ally.language.durations import DAY_SECONDS, PATTERN, TOMORROW, read_duration
from voice_ally.language.instructions import Duration
from voice_ally.language.shape_kinds import Reading, Schema, Written
from voice_ally.language.shape_values import Choice, Line
from voice_ally.language.yaml_nodes import Items, Node, Text

_ONLY_A_SLOT = re.compile(r"\{\w+\}")
TRUE_WORDS, FALSE_WORDS = ("yes", "true"), ("no", "false")
_NUMBER_TEXT = r"[0-9]{1,9}(?:\.[0-9]{1,9})?"
_NUMBER = re.compile(rf"[+-]?{_NUMBER_TEXT}")


def _shortest(seconds: float) -> str:
    return f"{seconds / 3600:g}h" if seconds > 3600 else f"{seconds:g}s"  # noqa: PLR2004


@dataclass(frozen=True)
class TimeOfDay:
    """A time of day, or the slot that holds one."""

    def read(self, node: Node, what: str, reading: Reading) -> Written | None:
        """The time as it was written."""
        text = Line().read(node, what, reading)
        if text is None or is_time(text) or _ONLY_A_SLOT.fullmatch(text):
            return text
        mend = 'Write it like "07:30" or "21:00", in quotes.'
        reading.wrong(node.place, "VA014", f'"{text}" is not a time of day.', mend)
        return None

    def schema(self) -> Schema:
        """The same patterns."""
        pattern = r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$|^\{\w+\}$"
        return {"type": "string", "pattern": pattern, "examples": ["07:30", "21:00"]}


@dataclass(frozen=True)
class Truth:
    """Yes or no."""

    def read(self, node: Node, what: str, reading: Reading) -> bool | None:
        """The answer."""
        word = Choice((*TRUE_WORDS, *FALSE_WORDS)).read(node, what, reading)
        return None if word is None else word in TRUE_WORDS

    def schema(self) -> Schema:
        """As words, or as what other YAML readers make of them."""
        return {"enum": [*TRUE_WORDS, *FALSE_WORDS, True, False]}


@dataclass(frozen=True)
class Number:
    """A number within bounds; whole numbers unless fractions are allowed."""

    lowest: float = -1e9
    highest: float = 1e9
    whole: bool = True

    def read(self, node: Node, what: str, reading: Reading) -> float | None:
        """The number."""
        text = Line().read(node, what, reading)
        if text is None:
            return None
        number = float(text) if _NUMBER.fullmatch(text) else None
        if number is None or (self.whole and not number.is_integer()):
            kind = "whole number" if self.whole else "number"
            reading.wrong(node.place, "VA012", f'"{what}" must be a {kind}, not "{text}".')
            return None
        if not self.lowest <= number <= self.highest:
            bounds = f"from {self.lowest:g} to {self.highest:g}"
            reading.wrong(node.place, "VA012", f'"{what}" must be {bounds}, not {text}.')
            return None
        return number

    def schema(self) -> Schema:
        """A number."""
        kind = "integer" if self.whole else "number"
        return {"type": kind, "minimum": self.lowest, "maximum": self.highest}


@dataclass(frozen=True)
class Value:
    """What a slot may hold: a number where it looks like one, else text (perhaps empty)."""

    def read(self, node: Node, what: str, reading: Reading) -> SlotValue | None:
        """Quoted numbers stay text."""
        if not isinstance(node, Text):
            reading.wrong(node.place, "VA012", f'"{what}" must be a word or a number.')
            return None
        if node.quoted or not _NUMBER.fullmatch(node.value):
            return Written.at(node.value, node.place)
        return float(node.value) if "." in node.value else int(node.value)

    def schema(self) -> Schema:
        """A string or a number."""
        return {"type": ["string", "number", "boolean"]}


@dataclass(frozen=True)
class Added:
    """What is added to the number that a slot holds."""

    by: SlotValue


@dataclass(frozen=True)
class Change:
    """What a slot is set to, or +1: how much is added to the number it holds."""

    def read(self, node: Node, what: str, reading: Reading) -> SlotValue | Added | None:
        """A value, or how much is added."""
        value = Value().read(node, what, reading)
        counts = isinstance(node, Text) and not node.quoted and node.value.startswith("+")
        return Added(value) if counts and isinstance(value, int | float) else value

    def schema(self) -> Schema:
        """A string or a number."""
        return Value().schema()


@dataclass(frozen=True)
class Times:
    """How often: a number, or the slot that holds it."""

    most: int

    def read(self, node: Node, what: str, reading: Reading) -> int | str | None:
        """The number, or the name of the slot."""
        if isinstance(node, Text) and _ONLY_A_SLOT.fullmatch(node.value):
            return Written.at(node.value[1:-1], node.place)
        number = Number(1, self.most).read(node, what, reading)
        return None if number is None else int(number)

    def schema(self) -> Schema:
        """Either of both."""
        slot = {"type": "string", "pattern": r"^\{\w+\}$"}
        return {"anyOf": [Number(1, self.most).schema(), slot]}


@dataclass(frozen=True)
class Values:
    """One value or a list of them."""

    def read(self, node: Node, what: str, reading: Reading) -> tuple[SlotValue, ...] | None:
        """All of them."""
        nodes = node.items if isinstance(node, Items) else (node,)
        found = (Value().read(one, what, reading) for one in nodes)
        return tuple(one for one in found if one is not None)

    def schema(self) -> Schema:
        """Either of both."""
        return {"anyOf": [Value().schema(), {"type": "array", "items": Value().schema()}]}


@dataclass(frozen=True)
class Length:
    """A length of time."""

    by_slot: bool = True
    """Whether a slot may give it ("{minutes} minutes")."""
    longest_seconds: float = 2 * 3600.0
    days: bool = False
    """Whether it may be told in days."""

    def read(self, node: Node, what: str, reading: Reading) -> Duration | None:
        """Fixed, or depending on a slot."""
        text = Line().read(node, what, reading)
        if text is None:
            return None
        found = read_duration(text)
        in_days = found is not None and found.unit_seconds == DAY_SECONDS
        if found is None or (found.slot and not self.by_slot) or (in_days and not self.days):
            mend = 'Write it like 90s, 2m, 1m30s or "{minutes} minutes".'
            if self.days:
                mend = 'Write it like 20m, 3h, tomorrow, "2 days" or "{minutes} minutes".'
            if _NUMBER.fullmatch(text):
                mend = f"Did you mean {text}s or {text}m?"
            reading.wrong(node.place, "VA013", f'"{text}" is not a length of time.', mend)
            return None
        if not found.slot and not 0 < found.seconds <= self.longest_seconds:
            message = f'"{text}" is too long.' if found.seconds else f'"{text}" is no time at all.'
            mend = f"It can be up to {_shortest(self.longest_seconds)}."
            reading.wrong(node.place, "VA043", message, mend)
            return None
        return found

    def schema(self) -> Schema:
        """The same patterns."""
        examples = ["90s", "2m", "1m30s"]
        if self.days:
            days = rf"^([0-9]{{1,9}}|\{{\w+\}}) ?d(ays?)?$|^{TOMORROW}$"
            pattern = f"{PATTERN}|{days}"
            return {"type": "string", "pattern": pattern, "examples": ["20m", TOMORROW, "2 days"]}
        return {"type": "string", "pattern": PATTERN, "examples": examples}
