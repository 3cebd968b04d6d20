"""How a session is shown: on a quiet screen, or as plain lines.

Rules: the screen needs a terminal that can be drawn on and a person who looks at it: everything
else (a pipe, a file, TERM=dumb, screen = false) gets plain lines. What goes wrong is shown on the
screen while it is there and printed when it has gone, so that nothing is lost.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voice_ally.app.parts import Write

if TYPE_CHECKING:
    from voice_ally.runtime.event_log import Observer
    from voice_ally.settings.settings import Settings


@dataclass(frozen=True)
class Shown:
    """Where the events of a session go, and what else is to be told."""

    observer: "Observer"
    say: Write
    warn: Write
    use_clock: Callable[[Callable[[], float]], None] = lambda _now: None


def plainly(say: Write, warn: Write) -> Shown:
    """A line a happening."""
    from voice_ally.ui.plain import PlainLines

    return Shown(PlainLines(say, warn=warn), say, warn)


def fully(say: Write, warn: Write) -> Shown:
    """A line a happening, also where somebody who listens would hear nothing: for those who type,
    since no line of theirs may come to nothing in silence."""
    from voice_ally.ui.transcript import FullLines

    return Shown(FullLines(say, warn=warn), say, warn)


@contextmanager
def showing(chosen: "Settings", *, say: Write, warn: Write) -> Iterator[Shown]:
    """The screen where there can be one, else plain lines."""
    if not (chosen.screen and _can_be_drawn_on()):
        yield plainly(say, warn)
        return
    from voice_ally.ui.screen import QuietScreen

    screen = QuietScreen(reduced_motion=chosen.reduced_motion)
    told: list[str] = []

    def warn_later(sentence: str) -> None:
        told.append(sentence)
        screen.note(sentence)

    screen.open()
    try:
        yield Shown(screen, screen.note, warn_later, screen.use_clock)
    finally:
        screen.close()
        for sentence in told:
            warn(sentence)


def _can_be_drawn_on() -> bool:
    return sys.stdout.isatty() and os.environ.get("TERM", "") not in ("dumb", "unknown")
