"""What takes time: holds, turns, breathing and reminders, each with keys of its own.

Rules: as in shapes.py, whose instructions these are.
"""

from collections.abc import Mapping
from typing import Any

from voice_ally.core.calendar import DAY_SECONDS, EVERY
from voice_ally.language import model
from voice_ally.language.breath_patterns import PATTERNS
from voice_ally.language.model import Place
from voice_ally.language.shape_kinds import Field, Reading, Record
from voice_ally.language.shape_numbers import Length, Number, TimeOfDay
from voice_ally.language.shape_values import Choice, Line, Lines

CHIMES = ("bell", "soft")
GUIDES = ("voice", "tone", "silent")
BREATH_PARTS = ("in", "hold", "out", "rest")

Found = Mapping[str, Any]


def _hold(found: Found, place: Place, _: Reading) -> model.Hold:
    return model.Hold(
        found["for"],
        found.get("until", ()),
        found.get("chime", ""),
        found.get("until_quiet"),
        place,
    )


def _turn(found: Found, place: Place, _: Reading) -> model.Turn:
    return model.Turn(
        found["speaker"],
        found["for"],
        found.get("warn"),
        found.get("until", ()),
        found.get("until_quiet"),
        place,
    )


def _breathe(found: Found, place: Place, reading: Reading) -> model.Breathe | None:
    own = tuple((part, found[part].seconds) for part in found if part in BREATH_PARTS)
    before = len(reading.problems)
    if own and "pattern" in found:
        mend = "Keep either the pattern or the lengths."
        reading.wrong(place, "VA012", "This has a pattern and lengths of its own.", mend)
    if own and not {"in", "out"} <= {part for part, _ in own}:
        message = 'A pattern of your own needs "in" and "out".'
        reading.wrong(place, "VA011", message, "Write it like: {in: 4s, out: 6s, rounds: 5}.")
    if "for" in found and "rounds" in found:
        mend = "Keep one of them."
        reading.wrong(place, "VA012", 'breathe cannot have both "for" and "rounds".', mend)
    if "for" not in found and "rounds" not in found:
        message = 'breathe needs "for" or "rounds".'
        reading.wrong(place, "VA011", message, "Say how long, like for: 3m or rounds: 6.")
    if len(reading.problems) > before:
        return None
    return model.Breathe(
        "own" if own else found.get("pattern", "equal"),
        own,
        found.get("for"),
        int(found.get("rounds", 0)),
        found.get("guide", "voice"),
        place,
    )


def _remind(found: Found, place: Place, reading: Reading) -> model.Remind | None:
    time, at = found.get("in"), found.get("at", "")
    before = len(reading.problems)
    if time is None and not at:
        message = 'remind needs "in" or "at".'
        reading.wrong(place, "VA011", message, 'Say when, like in: 20m or at: "21:00".')
    if "every" in found and not at:
        reading.wrong(place, "VA011", '"every" needs a time of day.', 'Add at: "21:00".')
    if time is not None and at and time.unit_seconds != DAY_SECONDS:
        message = 'Beside "at", "in" tells the day.'
        reading.wrong(place, "VA012", message, 'Write in: tomorrow or in: "2 days", or drop it.')
    if len(reading.problems) > before:
        return None
    return model.Remind(time, found["run"], at, found.get("every", ""), place)


UNTIL = Field(Lines(), doc="Phrases that end it early.")
LONG = Length()
BREATH_LENGTH = Length(by_slot=False, longest_seconds=60.0)
UNTIL_QUIET = Field(
    Length(by_slot=False, longest_seconds=120.0),
    doc="Over when somebody has spoken and then been silent for so long.",
)
REMIND_LENGTH = Length(longest_seconds=31 * DAY_SECONDS, days=True)

HOLD: Record[model.Hold] = Record(
    "hold",
    {
        "for": Field(LONG, needed=True, doc="How long at most."),
        "until": UNTIL,
        "until_quiet": UNTIL_QUIET,
        "chime": Field(Choice(CHIMES), doc="The sound at its end."),
    },
    _hold,
)
TURN: Record[model.Turn] = Record(
    "turn",
    {
        "speaker": Field(Choice(("first", "second")), needed=True, doc="Whose turn it is."),
        "for": Field(LONG, needed=True, doc="How long; the second gets what the first got."),
        "warn": Field(LONG, doc="How long before the end a soft sound is heard."),
        "until": UNTIL,
        "until_quiet": UNTIL_QUIET,
    },
    _turn,
)
BREATHE: Record[model.Breathe] = Record(
    "breathe",
    {
        "pattern": Field(Choice(tuple(PATTERNS)), doc="How to breathe."),
        **{part: Field(BREATH_LENGTH, doc="Your own pattern.") for part in BREATH_PARTS},
        "for": Field(LONG, doc="How long."),
        "rounds": Field(Number(1, 200), doc="How many breaths."),
        "guide": Field(Choice(GUIDES), doc="How it is led; silent: a bell now and then."),
    },
    _breathe,
    whole=True,
)
REMIND: Record[model.Remind] = Record(
    "remind",
    {
        "in": Field(REMIND_LENGTH, doc="After how long, or in how many days."),
        "at": Field(TimeOfDay(), doc="At what time of day."),
        "every": Field(Choice(EVERY), doc="How often again; needs a time of day."),
        "run": Field(Line(), needed=True, doc="The dialog to come back with."),
    },
    _remind,
    whole=True,
)
