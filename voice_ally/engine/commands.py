"""What the global commands do, wherever the dialog stands.

Rules: each is one small function; a command that makes no sense here does nothing at all.
"""

from collections.abc import Callable
from dataclasses import replace

from voice_ally.core import actions as do
from voice_ally.engine import asking, pacing, places, presence
from voice_ally.engine.breathing import changed_tempo
from voice_ally.engine.skipping import skip_question
from voice_ally.engine.state import ask_around
from voice_ally.engine.walk import Walk
from voice_ally.language.reserved import ENDING, HELP

LONGER_SECONDS = 60.0
SOUNDING = ("saying", "asking", "confirming", "returning")
QUESTIONS = ("listening", "confirm_listening")
"""What waits for an answer."""
TIMED = ("pausing", "holding", "turning", "breathing")
RATE_STEP, SLOWEST_RATE, FASTEST_RATE = 1.12, 0.6, 1.5
VOLUME_STEP, QUIETEST, LOUDEST = 1.3, 0.2, 1.8


def obey(walk: Walk, command: str) -> None:
    """Do what was asked. An unknown command does nothing; nor do most while a device is gone."""
    if walk.state.doing.what == "away" and command not in ENDING:
        return
    if action := _COMMANDS.get(command):
        action(walk)


def _silence(walk: Walk, reason: str) -> None:
    """Nothing goes on, and no reminder that waited for quiet speaks up either."""
    walk.forget_due()
    walk.cut()
    walk.clear(reason)


def _stop(walk: Walk) -> None:
    _silence(walk, "stopped")


def _goodbye(walk: Walk) -> None:
    _silence(walk, "goodbye")


def _exit(walk: Walk) -> None:
    if walk.state.frames or walk.state.pending:
        walk.act(do.ForgetReminders())  # "you asked me to come back" would give it away
    _silence(walk, "exit")
    walk.aside(walk.line("exit_reply"))


def _pause(walk: Walk) -> None:
    doing = walk.state.doing
    if walk.state.pending and not walk.state.frames:  # only the answer can wait
        walk.cut()
        asking.confirm_listen(walk)
    if not walk.state.frames or doing.what == "paused":
        return
    walk.cut()
    presence.keep_for_later(walk)
    wait_paused(walk)
    walk.aside(walk.line("paused"))
    walk.note("paused")


def wait_paused(walk: Walk) -> None:
    """Until somebody says so, or it has been left alone."""
    walk.wait("paused", presence.LEFT_ALONE_SECONDS)


def _continue(walk: Walk) -> None:
    if walk.state.doing.what != "paused":
        return
    walk.cut()
    walk.note("resumed")
    task = walk.state.recent if walk.state.before.what in ("holding", "turning") else ()
    pacing.resume(walk, walk.state.before)
    walk.aside(" ".join(task))  # what they were asked to say may be forgotten by now


def _repeat(walk: Walk) -> None:
    doing, said = walk.state.doing, " ".join(walk.state.recent) or walk.state.last_said
    if doing.what in ("saying", "asking", "confirming"):
        walk.cut()
        walk.say(doing.what, doing.text)
    elif doing.what == "listening":
        walk.cut()
        asking.ask_again(walk)
    elif doing.what == "confirm_listening":
        walk.cut()
        asking.confirm_again(walk, "")
    elif doing.what != "paused" and said:
        walk.aside(said)


def _back(walk: Walk) -> None:
    if not walk.state.frames:
        return
    walk.cut()
    if walk.state.pending:  # back to the question from which it would have led away
        asking.unconfirmed(walk, "declined")
        return
    before = places.place_before(walk.pack, walk.state.frame)
    if before is None:
        walk.aside(walk.line("nothing_before"))
        trail = walk.state.frame.trail
        before = (trail[0], ()) if trail else (walk.state.frame.cursor, ())
    place, kept = before
    dialog = walk.pack.dialogs[walk.state.frame.dialog]
    walk.set_frame(
        cursor=places.task_at(walk.pack, dialog, place),
        trail=kept,
        silences=0,
        unclears=0,
        agreed=False,
    )
    walk.go_on()


def _skip(walk: Walk) -> None:
    if walk.state.pending:  # nobody said yes
        walk.cut()
        asking.unconfirmed(walk, "declined")
        return
    if not walk.state.frames:
        return
    kept = walk.state.doing.what in ("paused", "returning")
    doing = walk.state.before if kept else walk.state.doing
    walk.cut()
    if doing.what == "asking":
        asking.listen(walk)
    elif doing.what == "listening":
        skip_question(walk)
    else:
        walk.advance()


def _help(walk: Walk) -> None:
    state = walk.state
    if not state.frames and not state.pending:
        if HELP in walk.pack.dialogs:
            walk.enter(HELP)
        return
    if state.pending:
        walk.cut()
        asking.confirm_again(walk, walk.line("confirm_help"))
        return
    if state.doing.what in ("asking", "listening"):
        found = ask_around(walk.pack, state.frame)
        text = found[1].help if found else ""
        walk.cut()
        walk.say("asking", walk.filled(text or asking.options(walk)))
    elif state.doing.what == "saying":
        return
    else:
        walk.aside(asking.options(walk))


def _pace(*, slower: bool) -> Callable[[Walk], None]:
    def change(walk: Walk) -> None:
        doing = walk.state.doing
        if doing.what == "breathing":
            tempo = changed_tempo(doing.tempo, slower=slower)
            walk.state = replace(walk.state, doing=replace(doing, tempo=tempo))
            return
        style = walk.state.style
        rate = style.rate / RATE_STEP if slower else style.rate * RATE_STEP
        rate = min(FASTEST_RATE, max(SLOWEST_RATE, rate))
        if rate == style.rate:
            _no_further(walk, "slowest" if slower else "fastest")
        walk.state = replace(walk.state, style=replace(style, rate=rate))

    return change


def _loudness(*, louder: bool) -> Callable[[Walk], None]:
    def change(walk: Walk) -> None:
        style = walk.state.style
        volume = style.volume * VOLUME_STEP if louder else style.volume / VOLUME_STEP
        volume = min(LOUDEST, max(QUIETEST, volume))
        if volume == style.volume:
            _no_further(walk, "loudest" if louder else "quietest")
        walk.state = replace(walk.state, style=replace(style, volume=volume))

    return change


def _no_further(walk: Walk, line: str) -> None:
    """It has been at its limit already: say so, but not into a line that sounds."""
    if walk.state.doing.what not in SOUNDING:
        walk.aside(walk.line(line))


def _longer(walk: Walk) -> None:
    doing = walk.state.doing
    if doing.what == "breathing":
        pacing.lengthen_breathing(walk, LONGER_SECONDS)
    elif doing.what in TIMED:
        pacing.extend(walk, LONGER_SECONDS)
    elif doing.what in QUESTIONS:
        _wait_anew(walk, LONGER_SECONDS)


def _how_long(walk: Walk) -> None:
    doing = walk.state.doing
    if doing.what == "breathing":
        # not into the middle of a breath
        walk.state = replace(walk.state, doing=replace(doing, how_long=True))
    elif doing.what in TIMED:
        pacing.tell_how_long(walk, doing.since + doing.seconds - walk.at)
    elif doing.what in (*QUESTIONS, "paused"):
        walk.aside(walk.line("no_time_running"))
        if doing.what in QUESTIONS:
            _wait_anew(walk)


def _wait_anew(walk: Walk, at_least_seconds: float = 0.0) -> None:
    """The question that was asked waits once more from now on."""
    doing = walk.state.doing
    walk.wait(doing.what, max(doing.seconds, at_least_seconds), for_speech=True)


def _start_over(walk: Walk) -> None:
    if walk.state.frames:
        walk.cut()
        asking.drop_pending(walk, "replaced")
        walk.restart()


def _quiet(walk: Walk) -> None:
    doing = walk.state.doing
    if doing.what == "breathing":
        guide = "tone" if doing.guide == "voice" else doing.guide
        walk.state = replace(walk.state, doing=replace(doing, guide=guide))


_COMMANDS: dict[str, Callable[[Walk], None]] = {
    "stop": _stop,
    "goodbye": _goodbye,
    "exit": _exit,
    "pause": _pause,
    "continue": _continue,
    "repeat": _repeat,
    "back": _back,
    "skip": _skip,
    "help": _help,
    "slower": _pace(slower=True),
    "faster": _pace(slower=False),
    "louder": _loudness(louder=True),
    "quieter": _loudness(louder=False),
    "longer": _longer,
    "how_long": _how_long,
    "start_over": _start_over,
    "quiet": _quiet,
}
