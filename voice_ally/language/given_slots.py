"""What every dialog may put into its lines without capturing it: the time of day, the day, names.

Rules: pure; the words are the pack's, so that other languages have theirs. Where nobody told a
name, its slot is empty and the line reads on without it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from voice_ally.core.calendar import WEEKDAYS
from voice_ally.core.events import SlotValue
from voice_ally.language.model import Pack

PART_OF_DAY, WEEKDAY, NAME, OTHER_NAME = "part_of_day", "weekday", "name", "other_name"
NAMES = (NAME, OTHER_NAME)
GIVEN = (PART_OF_DAY, WEEKDAY, *NAMES)
MORNING_FROM, AFTERNOON_FROM, EVENING_FROM = 5, 12, 17
"""Hours. There is no night: "good night" is no greeting."""


def given_slots(pack: Pack, now: datetime, names: Sequence[str]) -> Mapping[str, SlotValue]:
    """Their values at this moment. names: whose they are, in order; perhaps none."""
    part = "evening"
    if MORNING_FROM <= now.hour < AFTERNOON_FROM:
        part = "morning"
    elif AFTERNOON_FROM <= now.hour < EVENING_FROM:
        part = "afternoon"
    day = WEEKDAYS[now.weekday()]
    known = dict(zip(NAMES, names, strict=False))
    return {
        PART_OF_DAY: pack.lines.get(part) or part,
        WEEKDAY: pack.lines.get(day) or day.capitalize(),
        **{slot: known.get(slot, "") for slot in NAMES},
    }
