"""What decides, counts and leads on: when, set, go and repeat, made from what was read.

Rules: as in shapes.py, whose instructions these are.
"""

from collections.abc import Callable, Mapping
from typing import Any

from voice_ally.language import model
from voice_ally.language.place import Place
from voice_ally.language.shape_kinds import Field, Kind, Reading, Record
from voice_ally.language.shape_numbers import Added, Number, Truth, Values
from voice_ally.language.shape_timed import Found


def made_conditions(found: Mapping[str, Any], _: Place) -> tuple[model.Condition, ...]:
    """The conditions of when: each a slot and what it is compared with."""
    return tuple(
        model.Condition(slot, one_of=what) if isinstance(what, tuple) else what(slot)
        for slot, what in found.items()
    )


def _comparison(
    found: Found, place: Place, reading: Reading
) -> Callable[[str], model.Condition] | None:
    if len(found) != 1:
        message = 'One of "over", "under" and "known" must stand here.'
        reading.wrong(place, "VA011", message, "Write it like {over: 10}.")
        return None
    return lambda slot: model.Condition(slot, **found)


COMPARISON: Record[Any] = Record(
    "A comparison",
    {
        "over": Field(Number(whole=False), doc="More than this."),
        "under": Field(Number(whole=False), doc="Less than this."),
        "known": Field(Truth(), doc="Whether the slot holds anything."),
    },
    _comparison,
)
ONE_OF: Kind[Any] = Values()


def made_when(found: Found, place: Place, _: Reading) -> model.When:
    """When."""
    return model.When(found["when"], found["then"], found.get("else", ()), place)


def made_go(found: Found, place: Place, _: Reading) -> model.Go:
    """Go."""
    step, *others = found["go"]
    return model.Go(step, tuple(others), place)


def made_set(found: Found, place: Place, _: Reading) -> model.Set:
    """Set: what is given, and what is added."""
    given = {name: one for name, one in found["set"].items() if not isinstance(one, Added)}
    added = {name: one.by for name, one in found["set"].items() if isinstance(one, Added)}
    return model.Set(given, added, place)


def made_repeat(found: Found, place: Place, _: Reading) -> model.Repeat:
    """Repeat: so many times, or as often as a slot says."""
    times = found["times"]
    return model.Repeat(
        times if isinstance(times, int) else 0,
        found["do"],
        times if isinstance(times, str) else "",
        place,
    )
