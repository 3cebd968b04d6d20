"""The wake phrase, said alone: who called may say what they want without calling again.

Rules: a soft tone answers, but not into the words of somebody who only drew breath; after some
seconds without a word nobody was called, and nothing is said about it.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from voice_ally.core import actions as do
from voice_ally.engine.state import IDLE

if TYPE_CHECKING:
    from voice_ally.engine.walk import Walk

BREATH_SECONDS = 0.3
"""Whoever goes on within this time hears no tone."""
AWAKE_SECONDS = 8.0


def called(walk: "Walk") -> None:
    """Wait a moment whether they go on speaking."""
    walk.wait("called", BREATH_SECONDS, for_speech=True)


def timed_out(walk: "Walk") -> None:
    """They did not: say "yes?" with a tone. Or they said nothing after it: sleep again."""
    if walk.state.doing.what == "called":
        walk.act(do.Chime(walk.next_ticket(), "soft", walk.state.style.volume))
        walk.wait("awake", AWAKE_SECONDS, for_speech=True)
    else:
        walk.state = replace(walk.state, doing=IDLE)
