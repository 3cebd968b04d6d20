"""A state as text, and back.

Rules: JSON, one object; nothing in it but where the conversation stands (no words anybody said
except what slots hold). What comes back equals what was saved; whether it fits a pack is seen by
engine.begin.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from voice_ally.core.actions import Style
from voice_ally.engine.state import Cursor, Doing, Frame, State


def saved(state: State) -> str:
    """The state as one line of JSON."""
    return json.dumps(state, default=_plain, ensure_ascii=False)


def restored(text: str) -> State:
    """The state that was saved. Raises ValueError for what is none."""
    try:
        found: dict[str, Any] = json.loads(text)
        frames = tuple(_frame(one) for one in found.pop("frames"))
        return State(
            frames=frames,
            doing=Doing(**found.pop("doing")),
            before=Doing(**found.pop("before")),
            style=Style(**found.pop("style")),
            due=tuple(found.pop("due")),
            recent=tuple(found.pop("recent")),
            used={key: tuple(one) for key, one in found.pop("used", {}).items()},
            **found,
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"This is no saved state ({type(error).__name__}: {error}).") from error


def _plain(value: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever JSON has no name for
    if isinstance(value, Mapping):
        return dict(value)
    return {one.name: getattr(value, one.name) for one in fields(value)}


def _frame(found: dict[str, Any]) -> Frame:
    trail = tuple(_cursor(one) for one in found.pop("trail"))
    return Frame(cursor=_cursor(found.pop("cursor")), trail=trail, **found)


def _cursor(found: list[str | int]) -> Cursor:
    return tuple(found)
