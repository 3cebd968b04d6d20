"""What is inside a block of instructions, and where following it leads.

Rules: pure; no state: what could happen, not what does.
"""

from voice_ally.language import model


def every_instruction(dialog: model.Dialog) -> tuple[model.Instruction, ...]:
    """All instructions of a dialog, however deep."""

    def found() -> tuple[model.Instruction, ...]:
        instructions: list[model.Instruction] = []
        blocks = [*dialog.steps.values(), *dialog.silence, *dialog.unclear]
        while blocks:
            for instruction in blocks.pop():
                instructions.append(instruction)
                blocks.extend(inner_blocks(instruction))
        return tuple(instructions)

    return dialog.once("instructions", found)


def inner_blocks(instruction: model.Instruction) -> tuple[model.Block, ...]:
    """The blocks inside an instruction."""
    if isinstance(instruction, model.Ask):
        answers = tuple(answer.then for answer in instruction.answers)
        anything = () if instruction.anything is None else (instruction.anything,)
        return (*answers, *anything, *instruction.silence, *instruction.unclear)
    if isinstance(instruction, model.When):
        return (instruction.then, instruction.otherwise)
    if isinstance(instruction, model.Repeat):
        return (instruction.block,)
    return ()


def leads_away(block: model.Block) -> bool:
    """Does whoever follows this block never come out below it?"""
    return any(
        isinstance(one, model.Go | model.Run | model.End)
        or (isinstance(one, model.When) and leads_away(one.then) and leads_away(one.otherwise))
        or (isinstance(one, model.Repeat) and leads_away(one.block))
        for one in block
    )


def makes_promise(dialog: model.Dialog, block: model.Block) -> bool:
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
                case model.Remind():
                    return True
                case model.When():
                    open_blocks.extend(((one.then, ""), (one.otherwise, "")))
                case model.Repeat():
                    open_blocks.append((one.block, ""))
                case model.Go():
                    for name_of_step in (one.step, *one.others):
                        step(name_of_step)
            if isinstance(one, model.Ask | model.Go | model.Run | model.End):
                break
        else:
            step(steps[steps.index(name) + 1] if name and name != steps[-1] else "")
    return False
