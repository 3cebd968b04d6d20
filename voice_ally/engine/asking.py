"""Questions: putting them, listening, and what follows silence or unclear words.

Rules: each function is part of one walk; the count of silences belongs to the question being
asked, and where no list has a place for it the dialog ends quietly: nobody is nagged.
"""

from collections.abc import Mapping
from dataclasses import replace

from voice_ally.core.events import NO_SLOTS, SlotValue
from voice_ally.engine.stage import Stage
from voice_ally.engine.state import IDLE, State, ask_around, inherited, instruction_at
from voice_ally.language import wording
from voice_ally.language.model import Hold, Pack, Turn
from voice_ally.language.phrasebook import plainest
from voice_ally.language.reserved import ANYTHING

MOST_SILENCES = 30
"""Unanswered questions in a row, of whatever dialogs; after them everything ends quietly."""


def ask_again(walk: Stage) -> None:
    """Put the question around the frame (or at it), from its first word."""
    found = ask_around(walk.pack, walk.state.frame)
    assert found is not None
    cursor, ask = found
    walk.set_frame(cursor=cursor)
    text = walk.filled(walk.pick(ask.any))
    walk.note("asked", text=text, dialog=walk.state.frame.dialog, step=str(cursor[0]))
    walk.say("asking", text)


def listen(walk: Stage) -> None:
    """Wait for an answer to the question around the frame."""
    found = ask_around(walk.pack, walk.state.frame)
    assert found is not None
    cursor, ask = found
    walk.set_frame(cursor=cursor)
    dialog = walk.pack.dialogs[walk.state.frame.dialog]
    duration = ask.wait or dialog.wait or walk.pack.wait
    walk.wait(
        "listening",
        wording.seconds_of(duration, walk.state.frame.slots),
        for_speech=True,
    )


def unclear(walk: Stage) -> None:
    """Somebody spoke, and it was no phrase: an answer all the same, where anything is one."""
    found = ask_around(walk.pack, walk.state.frame)
    assert found is not None
    cursor, ask = found
    if ask.anything is None:
        escalate(walk, "unclear")
        return
    walk.cut()
    walk.set_frame(silences=0, unclears=0, agreed=False, cursor=(*cursor, ANYTHING, 0))
    walk.go_on()


def takes_anything(pack: Pack, state: State) -> bool:
    """Is whatever is said now an answer?"""
    if state.doing.what not in ("asking", "listening") or not state.frames:
        return False
    found = ask_around(pack, state.frame)
    return found is not None and found[1].anything is not None


def escalate(walk: Stage, kind: str) -> None:
    """Nobody answered, or not so that it was understood: the next thing said about it."""
    frame = walk.state.frame
    found = ask_around(walk.pack, frame)
    assert found is not None
    cursor, ask = found
    nth = frame.silences if kind == "silence" else frame.unclears
    walk.note(kind, count=nth + 1)
    branch = inherited(walk.pack, walk.pack.dialogs[frame.dialog], ask, kind, nth)
    walk.cut()
    walk.set_frame(agreed=False)
    if kind == "silence":
        walk.state = replace(walk.state, silences=walk.state.silences + 1)
        if walk.state.silences > MOST_SILENCES:
            walk.clear("silence")
            return
    if not branch:
        walk.leave(kind)
        return
    if kind == "silence":
        walk.set_frame(silences=nth + 1)
    else:
        walk.set_frame(unclears=nth + 1)
    walk.set_frame(cursor=(*cursor, branch, 0))
    walk.go_on()


def options(walk: Stage) -> str:
    """What can be said here, as a sentence: made from the plainest form of each phrase."""
    if walk.state.doing.what == "breathing":
        return walk.line("one_can_breathe") or walk.line("one_can_stop")
    if walk.state.doing.what == "paused":  # no answer counts before it goes on
        return walk.line("one_can_continue") or walk.line("one_can_stop")
    found = ask_around(walk.pack, walk.state.frame)
    here = instruction_at(walk.pack, walk.state.frame)
    templates = [one.template for one in found[1].answers] if found else []
    if isinstance(here, Hold | Turn):
        templates = list(here.until[:1])
    plain = [name for one in templates if (name := plainest(one, walk.pack))]
    if not plain:
        return walk.line("one_can_stop")
    return walk.line("you_can_say").replace("{options}", ", or ".join(plain[:4]))


def confirm(walk: Stage, name: str, slots: Mapping[str, SlotValue]) -> None:
    """Ask whether a dialog is really meant."""
    walk.state = replace(walk.state, pending=name, pending_slots=slots)
    question = walk.pack.dialogs[name].question
    walk.note("asked", text=question, dialog=name)
    walk.say("confirming", question)


def confirm_again(walk: Stage, text: str) -> None:
    """The same question once more, perhaps after a word of help."""
    walk.say("confirming", text or walk.pack.dialogs[walk.state.pending].question)


def confirm_listen(walk: Stage) -> None:
    """Wait for yes or no."""
    walk.wait("confirm_listening", walk.pack.wait.seconds, for_speech=True)


def unconfirmed(walk: Stage, reason: str) -> None:
    """The dialog that was to be confirmed does not start; a question under way is put again."""
    drop_pending(walk, reason)
    if walk.state.frames:
        ask_again(walk)


def drop_pending(walk: Stage, reason: str = "") -> None:
    """Nothing is to be confirmed any more. Without a reason: for it begins."""
    if walk.state.pending and reason:
        running = walk.state.frame.dialog if walk.state.frames else ""
        walk.note_ended(walk.state.pending, reason, running)
    if walk.state.pending:
        walk.state = replace(walk.state, pending="", pending_slots=NO_SLOTS, doing=IDLE)
