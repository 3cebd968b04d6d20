"""Time: turns, holds, breathing, and taking them up again after a pause.

Rules: each function is part of one walk; all time is counted from the event that led here.
"""

from dataclasses import replace

from voice_ally.core import actions as do
from voice_ally.engine import asking
from voice_ally.engine.ahead import CUES
from voice_ally.engine.breathing import (
    SETTLE_SECONDS,
    SILENT_BELL_SECONDS,
    pattern_of,
    phase,
    round_seconds,
    seconds_left,
)
from voice_ally.engine.stage import Stage
from voice_ally.engine.state import Doing, instruction_at
from voice_ally.language import model, wording
from voice_ally.language.given_slots import NAMES

AFTER_SPEECH_SECONDS = 2.0
"""A hold or turn whose time is up ends so long after the last word: people draw breath."""


def begin_quiet(walk: Stage, what: str, time: model.Duration) -> None:
    """Be quiet for so long: "pausing", or "holding" while somebody has the word."""
    seconds = wording.seconds_of(time, walk.state.frame.slots)
    walk.note("quiet", seconds=seconds, **{"for": "words" if what == "holding" else "pause"})
    doing = Doing(what, walk.next_ticket(), walk.at, seconds)
    walk.state = replace(walk.state, doing=doing)
    wait_out(walk)


def begin_turn(walk: Stage, turn: model.Turn) -> None:
    """Let one of two speak; the second gets what the first was given."""
    frame = walk.state.frame
    seconds = wording.seconds_of(turn.time, frame.slots)
    if turn.speaker == "second" and frame.turn_seconds:
        seconds = frame.turn_seconds
    if turn.speaker == "first":
        walk.set_frame(turn_seconds=seconds)
    _name_the_speaker(walk, turn.speaker)
    walk.note("turn", speaker=turn.speaker, seconds=seconds)
    doing = Doing("turning", walk.next_ticket(), walk.at, seconds)
    walk.state = replace(walk.state, doing=doing)
    wait_out(walk)


def _name_the_speaker(walk: Stage, speaker: str) -> None:
    """From now on {name} is who has the word, where both names are known."""
    first, second = (walk.state.given_slots.get(one, "") for one in NAMES)
    if first and second:
        both = (first, second) if speaker == "first" else (second, first)
        walk.fill(dict(zip(NAMES, both, strict=True)))


def wait_out(walk: Stage) -> None:
    """Until the warning if there is one to come, else until the end; never over a speaker."""
    doing = walk.state.doing
    instruction = instruction_at(walk.pack, walk.state.frame)
    left = max(0.0, doing.since + doing.seconds - walk.at)
    if not isinstance(instruction, model.Hold | model.Turn):
        walk.act(do.Wait(doing.ticket, left))
        return
    quiet = instruction.until_quiet.seconds if instruction.until_quiet else 0.0
    after_speech = quiet or AFTER_SPEECH_SECONDS
    if isinstance(instruction, model.Turn) and instruction.warn and not doing.warned:
        warn = wording.seconds_of(instruction.warn, walk.state.frame.slots)
        if left > warn:  # a soft sound beside somebody's words does not end them
            left, after_speech = left - warn, 0.0
    walk.act(
        do.Wait(
            doing.ticket,
            left,
            after_speech_seconds=after_speech,
            until_quiet_seconds=quiet,
            carries_on=doing.warned,
        )
    )


def warn_turn(walk: Stage) -> None:
    """A soft sound: time is nearly up. The speaker is not interrupted."""
    doing = walk.state.doing
    ticket = walk.next_ticket()
    walk.act(do.Chime(walk.next_ticket(), "soft", walk.state.style.volume))
    doing = replace(doing, ticket=ticket, warned=True)
    walk.state = replace(walk.state, doing=doing)
    wait_out(walk)


def close_hold(walk: Stage) -> None:
    """A hold or turn is over: its last sound, if it has one, then on."""
    instruction = instruction_at(walk.pack, walk.state.frame)
    sound = instruction.chime if isinstance(instruction, model.Hold) else "soft"
    if sound:
        walk.chime("closing", sound)
    else:
        walk.advance()


def begin_breathing(walk: Stage, breathe: model.Breathe) -> None:
    """A moment of quiet, then the first phase."""
    seconds, rounds = 0.0, breathe.rounds
    if breathe.time is not None:
        seconds, rounds = wording.seconds_of(breathe.time, walk.state.frame.slots), 0
    whole = seconds or rounds * round_seconds(breathe)
    walk.note("breathing", pattern=breathe.pattern, seconds=whole, guide=breathe.guide)
    _settle(walk, Doing("breathing", 0, 0.0, seconds, guide=breathe.guide, rounds=rounds))


def _settle(walk: Stage, doing: Doing) -> None:
    """The first breath comes a moment from now; its time counts from there."""
    first = walk.at + SETTLE_SECONDS
    doing = replace(doing, ticket=walk.next_ticket(), since=first, phase=-1, phase_since=first)
    walk.state = replace(walk.state, doing=doing)
    walk.act(do.Wait(doing.ticket, SETTLE_SECONDS))


def next_phase(walk: Stage) -> None:
    """The next part of the breath, or the end of the breathing with a whole breath out."""
    doing = walk.state.doing
    breathe = instruction_at(walk.pack, walk.state.frame)
    assert isinstance(breathe, model.Breathe)
    number = doing.phase + 1
    if phase(breathe, number, doing.tempo).opens_round and _is_over(walk, breathe, number):
        walk.advance()
        return
    walk.state = replace(walk.state, doing=replace(doing, phase=number))
    _phase(walk, breathe)


def _is_over(walk: Stage, breathe: model.Breathe, number: int) -> bool:
    """Asked where a round would begin: at least one is breathed, and none is begun in vain."""
    doing = walk.state.doing
    if doing.rounds:
        return number >= doing.rounds * len(pattern_of(breathe))
    half_a_round = round_seconds(breathe, doing.tempo) / 2
    return number > 0 and walk.at + half_a_round > doing.since + doing.seconds


def breathing_left(walk: Stage) -> float:
    """Seconds until the breathing under way is over, if nothing about it is changed."""
    doing = walk.state.doing
    breathe = instruction_at(walk.pack, walk.state.frame)
    assert isinstance(breathe, model.Breathe)
    if not doing.rounds:
        return doing.since + doing.seconds - walk.at
    return seconds_left(
        breathe,
        max(0, doing.phase),
        rounds=doing.rounds,
        tempo=doing.tempo,
        into=walk.at - doing.phase_since,
    )


def lengthen_breathing(walk: Stage, seconds: float) -> None:
    """So much longer, or as many whole rounds as come nearest to it."""
    doing = walk.state.doing
    breathe = instruction_at(walk.pack, walk.state.frame)
    assert isinstance(breathe, model.Breathe)
    if doing.rounds:
        more = max(1, round(seconds / round_seconds(breathe, doing.tempo)))
        doing = replace(doing, rounds=doing.rounds + more)
    else:
        doing = replace(doing, seconds=doing.seconds + seconds)
    walk.state = replace(walk.state, doing=doing)


def _phase(walk: Stage, breathe: model.Breathe) -> None:
    doing = walk.state.doing
    part = phase(breathe, doing.phase, doing.tempo)
    cue = walk.line(CUES[part.name]) if part.cued and doing.guide == "voice" else ""
    if doing.guide == "silent" and part.opens_round and _bell_is_due(walk, doing):
        walk.act(do.Chime(walk.next_ticket(), "soft", walk.state.style.volume))
    ticket = walk.next_ticket()
    now = replace(doing, ticket=ticket, phase_since=walk.at, how_long=False)
    walk.state = replace(walk.state, doing=now)
    tone = doing.guide != "silent"
    if doing.how_long:
        cue = ""
    walk.act(do.Phase(ticket, part.name, part.seconds, tone, cue, walk.style(), part.on_top))
    if doing.how_long:
        tell_how_long(walk, breathing_left(walk))


def tell_how_long(walk: Stage, seconds: float) -> None:
    """Say how much time is left, never to the second."""
    walk.aside(walk.line("how_long_left").replace("{minutes}", wording.about(seconds)))


def _bell_is_due(walk: Stage, doing: Doing) -> bool:
    def minute(moment: float) -> int:
        return int((moment - doing.since) / SILENT_BELL_SECONDS)

    return doing.phase == 0 or minute(walk.at) > minute(doing.phase_since)


def resume(walk: Stage, doing: Doing) -> None:
    """Take up what "pause" interrupted, with the time that was left."""
    if doing.what in ("saying", "confirming"):
        walk.say(doing.what, doing.text)
    elif doing.what in ("asking", "listening"):
        asking.ask_again(walk)
    elif doing.what == "confirm_listening":
        asking.confirm_again(walk, "")
    elif doing.what == "breathing":
        breathe = instruction_at(walk.pack, walk.state.frame)
        assert isinstance(breathe, model.Breathe)
        # the round that was interrupted is breathed from its beginning
        done = max(0, doing.phase) // len(pattern_of(breathe))
        rounds = max(1, doing.rounds - done) if doing.rounds else 0
        _settle(walk, replace(doing, rounds=rounds))
    elif doing.what in ("pausing", "holding", "turning"):
        again = replace(doing, ticket=walk.next_ticket(), since=walk.at)
        walk.state = replace(walk.state, doing=again)
        wait_out(walk)
    elif doing.what in ("recalling", "playing", "idle"):
        walk.go_on()
    else:
        walk.advance()


def extend(walk: Stage, seconds: float) -> None:
    """Make the wait under way longer, counted from its own beginning."""
    doing = walk.state.doing
    ticket = walk.next_ticket()
    longer = replace(doing, ticket=ticket, seconds=doing.seconds + seconds, warned=False)
    walk.state = replace(walk.state, doing=longer)
    turn = instruction_at(walk.pack, walk.state.frame)
    if isinstance(turn, model.Turn) and turn.speaker == "first":
        walk.set_frame(turn_seconds=walk.state.frame.turn_seconds + seconds)
    wait_out(walk)
