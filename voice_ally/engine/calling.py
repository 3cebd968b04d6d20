"""The wake phrase, said alone: who called may say what they want without calling again.

Rules: a soft tone answers, but not into the words of somebody who only drew breath; after some
seconds without a word nobody was called, and nothing is said about it.
"""

from dataclasses import replace

from voice_ally.core import actions as do
from voice_ally.engine.stage import Stage
from voice_ally.engine.state import IDLE

BREATH_SECONDS = 0.3
"""Whoever goes on within this time hears no tone."""
AWAKE_SECONDS = 8.0


def called(walk: Stage) -> None:
    """Wait a moment whether they go on speaking."""
    walk.wait("called", BREATH_SECONDS, for_speech=True)


def timed_out(walk: Stage) -> None:
    """They did not: say "yes?" with a tone. Or they said nothing after it: sleep again."""
    if walk.state.doing.what == "called":
        walk.act(do.Chime(walk.next_ticket(), "soft", walk.state.style.volume))
        walk.wait("awake", AWAKE_SECONDS, for_speech=True)
    else:
        walk.state = replace(walk.state, doing=IDLE)
