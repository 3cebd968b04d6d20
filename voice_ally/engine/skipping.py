"""Skipping a question: going on without an answer.

Rules: part of one walk. Who skips agrees to nothing: it does what silence leads to in the end, but
makes no promise that nobody asked for; where silence leads nowhere, what "no" leads to; else it
goes on below the question, if anything stands there or an answer leads there; else the dialog is
over.
"""

from voice_ally.engine.stage import Stage
from voice_ally.engine.state import Cursor, ask_around, block_at, inherited
from voice_ally.language.blocks import leads_away, makes_promise
from voice_ally.language.model import Ask
from voice_ally.language.own_names import as_written
from voice_ally.language.reserved import NO_RULE


def skip_question(walk: Stage) -> None:
    """Leave the question around the frame unanswered."""
    found = ask_around(walk.pack, walk.state.frame)
    assert found is not None
    cursor, ask = found
    walk.set_frame(cursor=cursor, silences=0, unclears=0, agreed=False)
    branch = _silent_way(walk, cursor, ask) or _no(ask)
    if branch:
        walk.set_frame(cursor=(*cursor, branch, 0))
        walk.go_on()
    elif _goes_on_below(walk, ask):
        walk.advance()
    else:
        walk.leave("skipped")


def _silent_way(walk: Stage, cursor: Cursor, ask: Ask) -> str:
    """The last branch for silence, if it leads elsewhere and promises nothing."""
    dialog = walk.pack.dialogs[walk.state.frame.dialog]
    last = ""
    nth = 0
    while branch := inherited(walk.pack, dialog, ask, "silence", nth):
        block = block_at(walk.pack, dialog, (*cursor, branch, 0))
        if leads_away(block) and not makes_promise(dialog, block):
            last = branch
        nth += 1
    return last


def _no(ask: Ask) -> str:
    for number, answer in enumerate(ask.answers):
        if NO_RULE in as_written(answer.template):
            return f"answer:{number}"
    return ""


def _goes_on_below(walk: Stage, ask: Ask) -> bool:
    """Does anything stand below the question, or does an answer lead there?"""
    more = int(walk.state.frame.cursor[-1]) + 1 < len(walk.block())
    blocks = [answer.then for answer in ask.answers]
    if ask.anything is not None:
        blocks.append(ask.anything)
    return more or any(not leads_away(block) for block in blocks)
