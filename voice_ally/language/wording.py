"""Filling slots into lines, lengths of time into numbers and numbers into words.

Rules: pure; an unfilled slot never leaves a brace behind for the voice to stumble over.
"""

import math
import re
from collections.abc import Mapping

from voice_ally.core.events import SlotValue
from voice_ally.language.model import Condition, Duration

_SLOT = re.compile(r"\{(\w+)\}")
_DOUBLE = re.compile(r"\{\{ *(\w+) *\}\}")
"""As other programs write a slot: `check` says so, and until it is mended it is filled."""
_BRACES = dict.fromkeys(map(ord, "{}"))
_ONE_OF_MANY = re.compile(
    r"(?<!ty )(?<!ty-)(?<!hundred )(?<!and )\b(1|one) (second|minute|hour)s\b"
)
"""Not "twenty one minutes"."""
_HOURS = re.compile(r"\b(60|120|180|240|300|360|420|480|540|600) minutes\b")
"""Nobody says sixty minutes for an hour."""
_SPACE_BEFORE_POINT = re.compile(r" ([,.!?])")
_LONE_COMMA = re.compile(r",(?=[.,!?]|$)")
"""What an empty slot leaves: "Good morning, ." """
_NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
DEFAULT_SLOT_NUMBER = 1.0
"""What a length counts as when its slot holds no number: one minute beats none."""
LONGEST_SECONDS = 24 * 3600.0
MOMENT_SECONDS = 15.0
_DAY = 24 * 60
_HOURS_FROM, _DAYS_FROM = 55, 36 * 60
"""From so many minutes on, a length is told in hours, in days."""


def fill(text: str, slots: Mapping[str, SlotValue]) -> str:
    """The line with its slots filled; empty slots vanish without leaving odd spaces."""
    filled = _SLOT.sub(lambda slot: _spoken(slots.get(slot[1], "")), _DOUBLE.sub(r"{\1}", text))
    if filled != text:
        filled = _HOURS.sub(_hours, _ONE_OF_MANY.sub(r"\1 \2", filled))
    filled = _SPACE_BEFORE_POINT.sub(r"\1", " ".join(filled.split()))
    if any(slots.get(slot, "") == "" for slot in slots_in(text)):
        filled = _LONE_COMMA.sub("", filled).lstrip(", ")
    if text.startswith("{"):
        filled = filled[:1].upper() + filled[1:]
    return " ".join(filled.translate(_BRACES).split()) if "{" in filled or "}" in filled else filled


def _hours(minutes: re.Match[str]) -> str:
    hours = int(minutes[1]) // 60
    return "an hour" if hours == 1 else f"{_NUMBERS[hours]} hours"


def slots_in(text: str) -> tuple[str, ...]:
    """The names of the slots a line mentions."""
    return tuple(_SLOT.findall(text))


def _spoken(value: SlotValue) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def seconds_of(duration: Duration, slots: Mapping[str, SlotValue]) -> float:
    """The length in seconds, never negative and never beyond a day."""
    return min(whole_seconds_of(duration, slots), LONGEST_SECONDS if duration.slot else math.inf)


def whole_seconds_of(
    duration: Duration, slots: Mapping[str, SlotValue], most_units: float = math.inf
) -> float:
    """The same, up to so many of its units."""
    if not duration.slot:
        return duration.seconds
    number = number_in(slots.get(duration.slot, DEFAULT_SLOT_NUMBER))
    wanted = DEFAULT_SLOT_NUMBER if number is None else number
    return min(max(0.0, wanted), most_units) * duration.unit_seconds


def number_in(value: SlotValue | None) -> float | None:
    """The value as a number, or None when it is not one."""
    try:
        return None if value is None else float(value)
    except ValueError:
        return None


def added(value: SlotValue | None, by: SlotValue) -> SlotValue:
    """What a slot that counts holds then; what is no number counts as none."""
    total = (number_in(value) or 0.0) + (number_in(by) or 0.0)
    return int(total) if total.is_integer() else total


def holds(condition: Condition, slots: Mapping[str, SlotValue]) -> bool:
    """Is the condition true of these slots?"""
    value = slots.get(condition.slot)
    if condition.known is not None:
        return (value is not None and value != "") == condition.known
    if condition.one_of is not None:
        return str(value).casefold() in {str(one).casefold() for one in condition.one_of}
    number = number_in(value)
    if number is None:
        return False
    if condition.over is not None:
        return number > condition.over
    return condition.under is not None and number < condition.under


def about(seconds: float, *, beyond_an_hour: bool = False) -> str:
    """A length of time as people say it: never to the second, nor long times to the minute."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "half a minute" if seconds >= MOMENT_SECONDS else "a moment"
    if beyond_an_hour and minutes >= _DAYS_FROM:
        return _counted(round(minutes / _DAY), "day")
    if beyond_an_hour and minutes >= _HOURS_FROM:
        return _counted(round(minutes / 60), "hour")
    return _counted(minutes, "minute")


def _counted(number: int, unit: str) -> str:
    count = _NUMBERS[number] if number < len(_NUMBERS) else str(number)
    return f"{count} {unit}" if number == 1 else f"{count} {unit}s"
