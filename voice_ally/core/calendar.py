"""Moments of the calendar: "at nine in the evening", "every Sunday", "tomorrow".

Rules: pure but for the time zone of the system. Days are counted by the calendar and times are
those of the clock on the wall, so that nine stays nine when the clocks go forward or back.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

DAY_SECONDS = 24 * 3600.0
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SATURDAY = 5
EVERY = ("day", "weekday", "weekend", *WEEKDAYS)
"""How often something may come again."""
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")


def is_time(text: str) -> bool:
    """Is this a time of day, such as 21:00?"""
    return _TIME.fullmatch(text) is not None


@dataclass(frozen=True)
class Moment:
    """A time of day on some days. `every` empty: once."""

    at: str
    """Hours and minutes, such as "21:00"; what is none counts as midnight."""
    every: str = ""
    """One of EVERY."""

    def after(self, now: float, days: int = 0) -> float:
        """Its next time after this moment, so many days from now at the earliest.

        Seconds since 1970, as `now`.
        """
        found = _TIME.fullmatch(self.at)
        hour, minute = (int(found[1]), int(found[2])) if found else (0, 0)
        today = datetime.fromtimestamp(now)
        first = today.replace(hour=hour, minute=minute, second=0, microsecond=0)
        # a plain date and time is what the clock on the wall shows
        wanted = (first + timedelta(days=later) for later in count(days))
        return next(
            one.timestamp()
            for one in wanted
            if one.timestamp() > now and self._is_on(one.weekday())
        )

    def _is_on(self, weekday: int) -> bool:
        if self.every in WEEKDAYS:
            return weekday == WEEKDAYS.index(self.every)
        if self.every == "weekday":
            return weekday < _SATURDAY
        return self.every != "weekend" or weekday >= _SATURDAY


def promised(now: float, days: int, at: str, every: str) -> Moment | None:
    """What is promised by the calendar, with this time of day or with the one that it is now; None
    where it is only "in so many seconds"."""
    if at:
        return Moment(at, every)
    if not days:
        return None
    today = datetime.fromtimestamp(now)
    return Moment(f"{today.hour:02}:{today.minute:02}")
