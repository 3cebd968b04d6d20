"""The places in a session where recordings are heard, with everything that is armed there.

Rules: what is armed comes from the engine's own state, never from the answers alone.
"""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.recordings import folder
from voice_ally.app import parts
from voice_ally.app.hearing import state_at
from voice_ally.core.actions import Phrase
from voice_ally.engine.armed import phrases_for
from voice_ally.engine.state import Doing, Frame, State
from voice_ally.language.model import Ask, Pack
from voice_ally.settings.settings import Settings

SAYABLE = ("computer", "view glass")


@dataclass(frozen=True)
class Place:
    """Where a session stands."""

    at: str = ""
    """DIALOG/STEP; a dialog alone means its first question with a <yes>; "" is idle."""
    pack: str = ""
    """A folder beside the recordings; "" is the bundled pack."""
    without: tuple[str, ...] = ()
    """Answers that are not armed, so that recordings of them are foreign speech."""


STATES = {
    "idle": Place(),
    "yes or no": Place("repair"),
    "minutes": Place("listen/how_long"),
    "hold": Place("listen/first_turn"),
    "orders": Place(pack="coffee-pack"),
    "phrases": Place("phrases_to_measure/listen", pack="phrases-pack"),
    "foreign phrases": Place("phrases_to_measure/listen", pack="phrases-pack", without=SAYABLE),
}


def armed(place: Place) -> tuple[Pack, tuple[Phrase, ...]]:
    """The pack, and everything that may be said there."""
    where: Path | None = folder() / place.pack if place.pack else None
    pack = parts.dialogs(where, Settings(), print).dialogs.pack
    name, _, step = place.at.partition("/")
    state = state_at(pack, place.at) if step or not name else _first_consent(pack, name)
    phrases = phrases_for(pack, state)
    return pack, tuple(one for one in phrases if one.template not in place.without)


def _first_consent(pack: Pack, dialog: str) -> State:
    for step, block in pack.dialogs[dialog].steps.items():
        for index, one in enumerate(block):
            if isinstance(one, Ask) and any("<yes>" in answer.template for answer in one.answers):
                return State(frames=(Frame(dialog, (step, index)),), doing=Doing("listening"))
    raise LookupError(f"{dialog} has no question that can be answered with yes")
