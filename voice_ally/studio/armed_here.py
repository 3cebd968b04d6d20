"""What is listened for at a place in a dialog.

Rules: pure; the place is where Try stands, else the step of the cursor, else where nothing runs.
"""

from voice_ally.app import parts
from voice_ally.engine.armed import phrases_for
from voice_ally.engine.standing import standing_at
from voice_ally.engine.state import State
from voice_ally.language.model import Pack
from voice_ally.language.spoken import spoken_words
from voice_ally.studio.trying import Told

GROUPS = {"answer": "answers", "until": "answers", "command": "commands", "trigger": "dialogs"}
MOST_SHOWN = 400


def state_at(pack: Pack, dialog: str, step: str) -> State:
    """A session that listens in this step of this dialog; where nobody is listened to, or there
    is no such step, one in which nothing runs."""
    if dialog in pack.dialogs and step in pack.dialogs[dialog].steps:
        return standing_at(pack, dialog, step) or State()
    return State()


def armed(pack: Pack, state: State) -> list[Told]:
    """One natural way to say each phrase, what is nearest first."""
    phrases = phrases_for(pack, state)
    meant = parts.understandings(pack).of(phrases)
    order = list(GROUPS.values())
    shown: dict[tuple[str, str], Told] = {}
    for one in phrases:
        group = GROUPS.get(one.meaning.kind)
        if group is None:
            continue
        text = meant.examples(one)
        meaning = one.meaning.name if one.meaning.kind in ("command", "trigger") else ""
        shown.setdefault((group, text), {"text": text, "group": group, "meaning": meaning})
    found = sorted(shown.values(), key=lambda one: order.index(str(one["group"])))
    return found[:MOST_SHOWN]


def words_of(pack: Pack, dialog: str) -> frozenset[str]:
    """Every word that may have to be recognised because of this dialog; of the phrases, all."""
    from dataclasses import replace

    if dialog not in pack.dialogs:
        return spoken_words(pack)
    alone = replace(pack, dialogs={dialog: pack.dialogs[dialog]}, commands={}, not_meant=())
    return spoken_words(alone)
