"""A dialog that says every line there is, for benchmarks/echo.py.

Rules: each line once, questions with their answers; pauses after each.
"""

from collections.abc import Sequence
from dataclasses import replace

from voice_ally.checker.lines import lines_of
from voice_ally.engine.asking import MOST_SILENCES
from voice_ally.language import model
from voice_ally.language.blocks import every_instruction
from voice_ally.language.wording import fill

FILLERS = {"minutes": "five", "feeling": "sad", "need": "rest", "moment": "right now"}
PAUSE_SECONDS = 0.8
ALL_LINES = "every_line"
LINES_A_SESSION = MOST_SILENCES - 1
"""After so many unanswered questions in a row a session ends."""


def line_blocks(pack: model.Pack) -> list[model.Instruction]:
    """Everything the bundled dialogs may say, each line once, questions with their answers."""
    found: dict[str, model.Instruction] = {}

    def add(text: str, answers: tuple[model.Answer, ...] = ()) -> None:
        text = fill(text, FILLERS)
        if text and text not in found:
            quiet = tuple(replace(one, then=()) for one in answers)
            said: model.Instruction = (
                model.Ask((text,), quiet, model.Duration(PAUSE_SECONDS))
                if quiet
                else model.Say((text,))
            )
            found[text] = said

    for line in pack.lines.values():
        add(line)
    blocks = [*pack.silence, *pack.unclear]
    every = [one for block in blocks for one in block]
    for dialog in pack.dialogs.values():
        add(dialog.confirm)
        every.extend(every_instruction(dialog))
    for instruction in every:
        for line in lines_of(instruction):
            add(line, instruction.answers if isinstance(instruction, model.Ask) else ())
    return list(found.values())


def saying(pack: model.Pack, instructions: Sequence[model.Instruction]) -> model.Pack:
    """The pack with one more dialog, which says these and pauses after each."""
    steps: dict[str, model.Block] = {}
    for number, one in enumerate(instructions):
        following: model.Instruction = (
            model.Go(f"line{number + 1}") if number + 1 < len(instructions) else model.End()
        )
        if isinstance(one, model.Ask):
            steps[f"line{number}"] = (replace(one, silence=((following,),)),)
        else:
            steps[f"line{number}"] = (one, model.Pause(model.Duration(PAUSE_SECONDS)), following)
    dialog = model.Dialog(ALL_LINES, "Every line", "either", (), "line0", steps)
    return replace(pack, dialogs={**pack.dialogs, ALL_LINES: dialog})
