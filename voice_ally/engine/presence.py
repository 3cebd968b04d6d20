"""The microphone or the loudspeaker goes away, and comes back.

Rules: without ears nobody can stop it, without a voice nobody can follow it: the script stands
still, in silence. When both are back it says so in one line and takes up what was going on.
What somebody had paused stays paused.
"""

from dataclasses import replace

from voice_ally.engine import asking, pacing
from voice_ally.engine.stage import Stage

LEFT_ALONE_SECONDS = 600.0
"""After so long a pause, or so long without a device, the dialog ends quietly."""


def lost(walk: Stage) -> None:
    """Stand still."""
    state = walk.state
    if not (state.frames or state.pending) or state.doing.what in ("paused", "away"):
        return
    walk.cut()
    keep_for_later(walk)
    walk.wait("away", LEFT_ALONE_SECONDS)


def keep_for_later(walk: Stage) -> None:
    """Remember what is going on, with the time it has left."""
    doing = walk.state.doing
    if doing.what in ("away", "returning"):
        return
    kept = replace(doing, seconds=max(0.0, doing.seconds - (walk.at - doing.since)))
    walk.state = replace(walk.state, before=kept)


def back(walk: Stage) -> None:
    """Say so, and then go on."""
    state, line = walk.state, walk.line("devices_back")
    if state.doing.what != "away":
        walk.aside(line)
        return
    walk.cut()
    if line:
        walk.say("returning", line)
        walk.state = replace(walk.state, last_said=state.last_said)
    else:
        take_up(walk)


def take_up(walk: Stage) -> None:
    """Go on where it was."""
    if walk.state.pending:
        asking.confirm_again(walk, "")
    else:
        pacing.resume(walk, walk.state.before)
