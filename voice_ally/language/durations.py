"""Lengths of time as people write them: "90s", "1m30s", "3 sec", "two minutes", "half an hour",
"1:30", "{minutes} minutes".

Rules: pure; what is ambiguous (a bare number) is no length of time.
"""

import re

from voice_ally.language.instructions import Duration

DAY_SECONDS = 24 * 3600.0
TOMORROW = "tomorrow"
_NUMBER_TEXT = r"[0-9]{1,9}(?:[.,][0-9]{1,9})?"
_SECONDS = {
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes"), 60.0),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600.0),
}
_COUNTS = {
    **{"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0, "six": 6.0, "seven": 7.0},
    **{"eight": 8.0, "nine": 9.0, "ten": 10.0, "eleven": 11.0, "twelve": 12.0},
    **{"fifteen": 15.0, "twenty": 20.0, "thirty": 30.0, "forty": 40.0, "forty-five": 45.0},
    **{"forty five": 45.0, "fifty": 50.0, "sixty": 60.0, "ninety": 90.0},
    **{"a": 1.0, "an": 1.0, "half a": 0.5, "half an": 0.5, "½": 0.5, "a quarter of an": 0.25},
    **{"three quarters of an": 0.75, "a couple of": 2.0},
}  # fmt: skip
_UNIT = "|".join(sorted(_SECONDS, key=len, reverse=True))
_WORDS = "|".join(sorted(map(re.escape, _COUNTS), key=len, reverse=True))
_PART = re.compile(rf"(?:({_NUMBER_TEXT})(½)? ?|({_WORDS}) |(½) ?)({_UNIT})\b\.?")
_AND_A_HALF = re.compile(
    rf"({_NUMBER_TEXT}|{_WORDS}) and a half ({_UNIT})|({_WORDS}) ({_UNIT}) and a half"
)
_BETWEEN = re.compile(r"(?:,? and |, ?| )?")
_CLOCK = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-5][0-9])")
_SLOT = re.compile(rf"\{{(\w+)\}} ?({_UNIT})", re.IGNORECASE)
_SLOT_OF_DAYS = re.compile(r"\{(\w+)\} ?d(?:ays?)?", re.IGNORECASE)
_DAYS = re.compile(rf"([0-9]{{1,9}}|{_WORDS}) ?d(?:ays?)?")
_SHORT = re.compile(r"(?<=[0-9])([hms])(?=[0-9])")
PATTERN = (
    rf"^(({_NUMBER_TEXT}[hms])+|({_NUMBER_TEXT}|\{{\w+\}}|[a-z½ -]+) ?({_UNIT})\.?"
    r"|[0-9]{1,3}(:[0-5][0-9]){1,2}|.+ (and a half|[a-z]+))$"
)
"""For editors; looser than what is read."""


def read_duration(text: str) -> Duration | None:
    """The length of time a text stands for, or None. Whole days are told by the calendar."""
    text = " ".join(text.split())
    if (days := _whole_days(text)) is not None:
        return days
    if found := _SLOT.fullmatch(text):
        return Duration(slot=found[1], unit_seconds=_SECONDS[found[2].lower()])
    text = text.lower()
    if found := _CLOCK.fullmatch(text):
        hours, minutes, last = (float(part or 0) for part in found.groups())
        return Duration(hours * 3600 + minutes * 60 + last)
    if found := _AND_A_HALF.fullmatch(text):
        count, unit = found[1] or found[3], found[2] or found[4]
        return Duration((_count(count) + 0.5) * _SECONDS[unit])
    seconds = _sum_of_parts(_SHORT.sub(r"\1 ", text))
    return None if seconds is None else Duration(seconds)


def _whole_days(text: str) -> Duration | None:
    if found := _SLOT_OF_DAYS.fullmatch(text):
        return Duration(slot=found[1], unit_seconds=DAY_SECONDS)
    found = _DAYS.fullmatch(text.lower())
    if found is None and text.lower() != TOMORROW:
        return None
    days = _count(found[1]) if found else 1.0
    return Duration(days * DAY_SECONDS, unit_seconds=DAY_SECONDS)


def _sum_of_parts(text: str) -> float | None:
    """ "1 hour and 30 minutes", the larger unit first."""
    at, total, above = 0, 0.0, float("inf")
    while at < len(text):
        found = _PART.match(text, at)
        if found is None or _SECONDS[found[5]] >= above:
            return None
        above = _SECONDS[found[5]]
        words = found[1] or found[3] or found[4]
        total += (_count(words) + (0.5 if found[2] else 0.0)) * above
        between = _BETWEEN.match(text, found.end())
        assert between is not None
        if between.end() == len(text) > found.end():
            return None
        at = between.end()
    return total if text else None


def _count(words: str) -> float:
    return _COUNTS[words] if words in _COUNTS else float(words.replace(",", "."))
