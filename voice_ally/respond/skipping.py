"""Skipping a question: going on without an answer.

Rules: part of one walk. Who skips agrees to nothing: it does what silence leads to in the end, but
makes no promise that nobody asked for; where silence leads nowhere, what "no" leads to; else it
goes on below the question, if anything stands there or an answer leads there; else the dialog is
over.
"""

from typing import TYPE_CHECKING

from voice_ally.respond.model import Ask, Block, Dialog, End, Go, Remind, Repeat, Run, When
from voice_ally.respond.own_names import as_written
from voice_ally.respond.state import NO_RULE, Cursor, ask_around, block_at, inherited

if TYPE_CHECKING:
    from voice_ally.respond.walk import Walk


def skip_question(walk: "Walk") -> None:
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


def _silent_way(walk: "Walk", cursor: Cursor, ask: Ask) -> str:
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


def _goes_on_below(walk: "Walk", ask: Ask) -> bool:
    """Does anything stand below the question, or does an answer lead there?"""
    more = int(walk.state.frame.cursor[-1]) + 1 < len(walk.block())
    blocks = [answer.then for answer in ask.answers]
    if ask.anything is not None:
        blocks.append(ask.anything)
    return more or any(not leads_away(block) for block in blocks)


def leads_away(block: Block) -> bool:
    """Does whoever follows this block never come out below it?"""
    return any(
        isinstance(one, Go | Run | End)
        or (isinstance(one, When) and leads_away(one.then) and leads_away(one.otherwise))
        or (isinstance(one, Repeat) and leads_away(one.block))
        for one in block
    )


def makes_promise(dialog: Dialog, block: Block) -> bool:
    """Can a promise to come back be made before the next question?"""
    steps = list(dialog.steps)
    open_blocks, seen = [(block, "")], set[str]()

    def step(name: str) -> None:
        if name in dialog.steps and name not in seen:
            seen.add(name)
            open_blocks.append((dialog.steps[name], name))

    while open_blocks:
        instructions, name = open_blocks.pop()
        for one in instructions:
            match one:
                case Remind():
                    return True
                case When():
                    open_blocks.extend(((one.then, ""), (one.otherwise, "")))
                case Repeat():
                    open_blocks.append((one.block, ""))
                case Go():
                    for name_of_step in (one.step, *one.others):
                        step(name_of_step)
            if isinstance(one, Ask | Go | Run | End):
                break
        else:
            step(steps[steps.index(name) + 1] if name and name != steps[-1] else "")
    return False
