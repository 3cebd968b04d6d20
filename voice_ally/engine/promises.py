"""Promises to come back: making them, and saying which there are.

Rules: part of one walk; times are told as people tell them, never to the second.
"""

from collections.abc import Sequence
from dataclasses import replace

from voice_ally.core import actions as do
from voice_ally.core.calendar import DAY_SECONDS, is_time
from voice_ally.engine.stage import Stage
from voice_ally.engine.state import Doing
from voice_ally.language import model, wording
from voice_ally.language.reserved import COUNT_SLOT

MOST_DAYS = 366
MOST_TOLD = 3
"""More than three times nobody keeps in mind; the count says that there are others."""


def promise(walk: Stage, remind: model.Remind) -> None:
    """Come back then; nothing is promised for a time of day that is none."""
    slots = walk.state.frame.slots
    at = walk.filled(remind.at)
    days, seconds = 0, 0.0
    if remind.time is not None and remind.time.unit_seconds == DAY_SECONDS:
        days = round(wording.whole_seconds_of(remind.time, slots, MOST_DAYS) / DAY_SECONDS)
    elif remind.time is not None:
        seconds = wording.seconds_of(remind.time, slots)
    if remind.at and not is_time(at):
        walk.note("failed", source="reminder", message="The time to come back is not known.")
    else:
        walk.act(do.Remind(seconds, remind.dialog, days, at, remind.every))
    walk.advance()


def recall(walk: Stage) -> None:
    """Ask which reminders are kept."""
    ticket = walk.next_ticket()
    walk.state = replace(walk.state, doing=Doing("recalling", ticket, walk.at))
    walk.act(do.RecallReminders(ticket))


def tell(walk: Stage, seconds: Sequence[float]) -> None:
    """Say when the reminders will come, or that there are none."""
    walk.fill({COUNT_SLOT: len(seconds)})
    times = [wording.about(one, beyond_an_hour=True) for one in seconds[:MOST_TOLD]]
    if not times:
        text = walk.line("no_reminders")
    else:
        *before, last = times
        spoken = f"{', '.join(before)}, and {last}" if before else last
        name = "reminders_in" if len(seconds) <= MOST_TOLD else "more_reminders_in"
        text = walk.line(name).replace("{times}", spoken).replace("{count}", str(len(seconds)))
    if text:
        walk.say("saying", text)
    else:
        walk.advance()
