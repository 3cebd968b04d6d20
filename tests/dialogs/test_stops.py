"""Wherever somebody is listened to, a stop is obeyed without waiting for what might follow it."""

from voice_ally.app import parts
from voice_ally.app.hearing import state_at
from voice_ally.core.errors import UsageProblem
from voice_ally.engine.armed import phrases_for
from voice_ally.settings.settings import Settings

PACK = parts.dialogs(None, Settings(), print).dialogs.pack
PLACES = [f"{dialog.id}/{step}" for dialog in PACK.dialogs.values() for step in dialog.steps]
SAID = ("stop", "stop it", "please stop", "enough", "pause", "goodbye")


def test_nobody_waits_for_a_stop() -> None:
    waited_for = []
    places = 0
    understandings = parts.understandings(PACK)
    for place in PLACES:
        try:
            state = state_at(PACK, place)
        except UsageProblem:
            continue  # nobody is listened to there
        places += 1
        grammar = understandings.of(phrases_for(PACK, state)).grammar
        waited_for += [
            f"{said} at {place}"
            for said in SAID
            if not (grammar.is_settled(said) or grammar.is_harmless(said))
        ]
    assert places > 100
    assert waited_for == []
