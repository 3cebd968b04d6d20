"""What follows when people say what they say: `python -m benchmarks.phrases [LIST …] [--show]`.

Rules: each sentence of a list is typed at the places where it is said, into the engine and the
bundled pack as they are, each time from the same beginning. VOICE_ALLY_SHARED says where the lists
lie. Whether what follows is fitting is for people to judge: --show prints it, sentence by sentence;
the table counts what can be counted.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from voice_ally.app import rehearse
from voice_ally.engine.saving import saved
from voice_ally.engine.state import Frame, State
from voice_ally.language.model import Ask, Breathe, Hold, Pack, Turn
from voice_ally.language.reserved import SAFETY
from voice_ally.ui.rehearsal import Rehearsal

FOLDER = "phrases"
IDLE = "idle"
QUESTION, HOLD, BREATH = "repair/first_agrees", "repair/own_part", "calming_pause/equal"
ANYWHERE = (IDLE, QUESTION, HOLD, BREATH)
PLACES: dict[str, tuple[str, ...]] = {
    "fear-and-danger": ANYWHERE,
    "how-people-start": (IDLE,),
    "are-you-willing": (QUESTION,),
    "what-are-you-feeling": ("i_statement/name_it",),
    "when-do-you-feel-it": ("i_statement/when",),
    "what-do-you-need": ("ally/together",),
    "when-shall-i-come-back": ("not_now/agree_on_a_time",),
    "said-during-a-hold": (HOLD,),
    "i-have-finished": (HOLD,),
    "after-a-pause": ("calming_pause/after",),
}
GENTLE = ("apart", "grounding")
"""Dialogs that answer what can mean danger or something else."""


@dataclass(frozen=True)
class Outcome:
    """What one sentence led to."""

    sentence: str
    understood: bool
    danger: bool
    """The full answer of the safety dialog."""
    gentle: bool
    """Another answer to fear."""
    said: str
    """The first things that were said."""


def lists(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """Each list with its sentences."""
    for file in sorted(folder.glob("*.txt")):
        yield file.stem, [line for line in file.read_text("utf-8").splitlines() if line.strip()]


def state_at(pack: Pack, place: str) -> State:
    """Where a place is: at the first thing of the step that waits for somebody."""
    if place == IDLE:
        return State()
    name, _, step = place.partition("/")
    dialog = pack.dialogs[name]
    waits = (Ask, Hold, Turn, Breathe)
    cursor: tuple[str | int, ...] = (step, 0)
    for index, one in enumerate(dialog.steps[step]):
        if isinstance(one, waits):
            cursor = (step, index)
            break
    slots = {**dialog.slots, "feeling": "sad"} if name == "i_statement" else dialog.slots
    return State(frames=(Frame(name, cursor, slots),))


class Places:
    """One rehearsal that is brought to a place again for every sentence."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._rehearsal: Rehearsal = rehearse.rehearsal(
            None, "", 1, say=self._lines.append, warn=self._lines.append
        )
        self._pack = self._rehearsal.session.pack

    def say(self, place: str, sentence: str) -> Outcome:
        """Type the sentence there."""
        self._rehearsal.type(f":restore {saved(state_at(self._pack, place))}")
        self._lines.clear()
        self._rehearsal.type(sentence)
        text = " ".join(one.strip() for one in self._lines if one.strip())
        started = {f"— {one.title} —": name for name, one in self._pack.dialogs.items()}
        begun = {name for title, name in started.items() if title in text}
        return Outcome(
            sentence,
            understood=bool(text) and "not understood" not in text,
            danger=SAFETY in begun,
            gentle=not begun.isdisjoint(GENTLE) or "say help line" in text,
            said=text[:150],
        )


def share(outcomes: list[Outcome], what: Callable[[Outcome], bool]) -> str:
    """How many of them."""
    number = sum(map(what, outcomes))
    return f"{number:4d} of {len(outcomes):3d} {number / max(1, len(outcomes)):5.2f}"


def main() -> None:
    """Print the table."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("lists", nargs="*", help="only these")
    reader.add_argument("--folder", type=Path, help="where the lists lie")
    reader.add_argument("--show", action="store_true", help="what follows each sentence")
    chosen = reader.parse_args()
    shared = Path(os.environ.get("VOICE_ALLY_SHARED", Path(__file__).parents[2] / "shared"))
    folder = chosen.folder or shared / FOLDER
    if not folder.is_dir():
        sys.exit("The lists are not here: set VOICE_ALLY_SHARED.")
    with tempfile.TemporaryDirectory() as empty:
        os.environ["VOICE_ALLY_CONFIG"] = empty
        places = Places()
        print(
            f"{'list':24} {'place':24} {'understood':>17} {'danger':>17} {'any answer to fear':>19}"
        )
        for name, sentences in lists(folder):
            if chosen.lists and name not in chosen.lists:
                continue
            for place in PLACES.get(name, (IDLE,)):
                found = [places.say(place, one) for one in sentences]
                print(
                    f"{name:24} {place:24} {share(found, lambda one: one.understood)} "
                    f"{share(found, lambda one: one.danger)} "
                    f"  {share(found, lambda one: one.danger or one.gentle)}"
                )
                for one in found if chosen.show else ():
                    sign = "!" if one.danger else "~" if one.gentle else " "
                    print(f"    {sign} {one.sentence:45} {one.said if one.understood else '—'}")


if __name__ == "__main__":
    main()
