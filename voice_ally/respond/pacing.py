"""Time: turns, holds, breathing, and taking them up again after a pause.

Rules: each function is part of one walk; all time is counted from the event that led here.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

from voice_ally.core import actions as do
from voice_ally.respond import asking, model, wording
from voice_ally.respond.breathing import SILENT_BELL_SECONDS, phase, round_seconds
from voice_ally.respond.state import Doing, instruction_at

if TYPE_CHECKING:
    from voice_ally.respond.walk import Walk

CUES = {
    "in": "breathe_in",
    "hold": "breathe_hold",
    "out": "breathe_out",
    "rest": "breathe_rest",
}


def begin_turn(walk: "Walk", turn: model.Turn) -> None:
    """Let one of two speak; the second gets what the first was given."""
    frame = walk.state.frame
    seconds = wording.seconds_of(turn.time, frame.slots)
    if turn.speaker == "second" and frame.turn_seconds:
        seconds = frame.turn_seconds
    if turn.speaker == "first":
        walk.set_frame(turn_seconds=seconds)
    walk.note("turn", speaker=turn.speaker, seconds=seconds)
    doing = Doing("turning", walk.next_ticket(), walk.at, seconds)
    walk.state = replace(walk.state, doing=doing)
    wait_out(walk)


def wait_out(walk: "Walk") -> None:
    """Until the warning if there is one to come, else until the end."""
    doing = walk.state.doing
    instruction = instruction_at(walk.pack, walk.state.frame)
    left = doing.since + doing.seconds - walk.at
    if isinstance(instruction, model.Turn) and instruction.warn and not doing.warned:
        warn = wording.seconds_of(instruction.warn, walk.state.frame.slots)
        if left > warn:
            left -= warn
    walk.act(do.Wait(doing.ticket, max(0.0, left)))


def warn_turn(walk: "Walk") -> None:
    """A soft sound: time is nearly up. The speaker is not interrupted."""
    doing = walk.state.doing
    ticket = walk.next_ticket()
    walk.act(do.Chime(walk.next_ticket(), "soft", walk.state.style.volume))
    doing = replace(doing, ticket=ticket, warned=True)
    walk.state = replace(walk.state, doing=doing)
    wait_out(walk)


def close_hold(walk: "Walk") -> None:
    """A hold or turn is over: its last sound, if it has one, then on."""
    instruction = instruction_at(walk.pack, walk.state.frame)
    sound = instruction.chime if isinstance(instruction, model.Hold) else "soft"
    if sound:
        walk.chime("closing", sound)
    else:
        walk.advance()


def begin_breathing(walk: "Walk", breathe: model.Breathe) -> None:
    """Lead the first phase, with the cues being rendered meanwhile."""
    if breathe.time is not None:
        seconds = wording.seconds_of(breathe.time, walk.state.frame.slots)
    else:
        seconds = breathe.rounds * round_seconds(breathe)
    doing = Doing("breathing", 0, walk.at, seconds, guide=breathe.guide)
    walk.state = replace(walk.state, doing=doing)
    walk.act(do.Prepare(tuple(walk.line(name) for name in CUES.values()), walk.style()))
    _phase(walk, breathe)


def next_phase(walk: "Walk") -> None:
    """The next part of the breath, or the end of the breathing with a whole breath out."""
    doing = walk.state.doing
    breathe = instruction_at(walk.pack, walk.state.frame)
    assert isinstance(breathe, model.Breathe)
    number = doing.phase + 1
    opens_round = phase(breathe, number, doing.tempo).opens_round
    half_a_round = round_seconds(breathe, doing.tempo) / 2
    if opens_round and walk.at + half_a_round > doing.since + doing.seconds:
        walk.advance()
        return
    walk.state = replace(walk.state, doing=replace(doing, phase=number))
    _phase(walk, breathe)


def _phase(walk: "Walk", breathe: model.Breathe) -> None:
    doing = walk.state.doing
    part = phase(breathe, doing.phase, doing.tempo)
    cue = walk.line(CUES[part.name]) if part.cued and doing.guide == "voice" else ""
    if doing.guide == "silent" and part.opens_round and _bell_is_due(walk, doing):
        walk.act(do.Chime(walk.next_ticket(), "soft", walk.state.style.volume))
    ticket = walk.next_ticket()
    walk.state = replace(walk.state, doing=replace(doing, ticket=ticket, phase_since=walk.at))
    tone = doing.guide != "silent"
    walk.act(do.Phase(ticket, part.name, part.seconds, tone, cue, walk.style()))


def _bell_is_due(walk: "Walk", doing: Doing) -> bool:
    def minute(moment: float) -> int:
        return int((moment - doing.since) / SILENT_BELL_SECONDS)

    return doing.phase == 0 or minute(walk.at) > minute(doing.phase_since)


def resume(walk: "Walk", doing: Doing) -> None:
    """Take up what "pause" interrupted, with the time that was left."""
    if doing.what in ("saying", "confirming"):
        walk.say(doing.what, doing.text)
    elif doing.what in ("asking", "listening"):
        asking.ask_again(walk)
    elif doing.what == "breathing":
        breathe = instruction_at(walk.pack, walk.state.frame)
        assert isinstance(breathe, model.Breathe)
        walk.state = replace(walk.state, doing=replace(doing, since=walk.at, phase=0))
        _phase(walk, breathe)
    elif doing.what in ("pausing", "holding", "turning"):
        again = replace(doing, ticket=walk.next_ticket(), since=walk.at)
        walk.state = replace(walk.state, doing=again)
        wait_out(walk)
    else:
        walk.advance()


def extend(walk: "Walk", seconds: float) -> None:
    """Make the wait under way longer, counted from its own beginning."""
    doing = walk.state.doing
    ticket = walk.next_ticket()
    longer = replace(doing, ticket=ticket, seconds=doing.seconds + seconds, warned=False)
    walk.state = replace(walk.state, doing=longer)
    turn = instruction_at(walk.pack, walk.state.frame)
    if isinstance(turn, model.Turn) and turn.speaker == "first":
        walk.set_frame(turn_seconds=walk.state.frame.turn_seconds + seconds)
    wait_out(walk)
