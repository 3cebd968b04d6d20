"""Whether everything a pack names is there: steps, dialogs, phrases, rules, lists.

Rules: a dialog with an error is left out (the one it would have replaced stays); leaving one
out may break another, so this goes on until nothing more changes.
"""

from collections.abc import Iterator
from dataclasses import replace

from voice_ally.interpret.template import TemplateError
from voice_ally.interpret.understanding import validate
from voice_ally.interpret.vocabulary import SpokenValues, Vocabulary
from voice_ally.respond import model
from voice_ally.respond.fields import nearest
from voice_ally.respond.problems import Problem, error

_CODES = {"unknown_list": "VA031", "unknown_rule": "VA032"}


def check_links(pack: model.Pack, before: model.Pack) -> tuple[model.Pack, list[Problem]]:
    """The pack without what cannot be used, and the reasons."""
    words = Vocabulary(
        pack.rules,
        {
            name: SpokenValues(
                one.values,
                (one.numbers.first, one.numbers.last, one.numbers.step) if one.numbers else None,
            )
            for name, one in pack.lists.items()
        },
    )
    problems: list[Problem] = []
    dialogs = dict(pack.dialogs)
    valid: dict[str, str] = {}
    changed = True
    while changed:
        changed = False
        for name, dialog in list(dialogs.items()):
            if before.dialogs.get(name) is dialog:
                continue
            found = list(_dialog_problems(dialog, dialogs, words, valid))
            if found:
                problems.extend(found)
                changed = True
                if name in before.dialogs:
                    dialogs[name] = before.dialogs[name]
                else:
                    del dialogs[name]
    shared = model.Dialog("", "", "either", (), "", {}, silence=pack.silence, unclear=pack.unclear)
    found = list(_dialog_problems(shared, dialogs, words, valid))
    if found:
        problems.extend(found)
        pack = replace(pack, silence=before.silence, unclear=before.unclear)
    commands = {
        name: tuple(one for one in templates if not _template_wrong(one, words, valid))
        for name, templates in pack.commands.items()
    }
    for name, templates in pack.commands.items():
        for template in templates:
            if template not in commands[name]:
                problems.append(
                    error(model.NOWHERE, "VA030", valid[template] + f" (command {name})")
                )
    decoys = tuple(one for one in pack.not_meant if not _template_wrong(one, words, valid))
    return replace(pack, dialogs=dialogs, commands=commands, not_meant=decoys), problems


def _template_wrong(template: str, words: Vocabulary, known: dict[str, str]) -> str:
    if template not in known:
        try:
            validate(template, words)
            known[template] = ""
        except TemplateError as wrong:
            known[template] = f"{wrong.code}:{wrong}"
    return known[template]


def _dialog_problems(
    dialog: model.Dialog,
    dialogs: dict[str, model.Dialog],
    words: Vocabulary,
    known: dict[str, str],
) -> Iterator[Problem]:
    for template in dialog.triggers:
        yield from _phrase(template, dialog.place, words, known)
    for instruction in every_instruction(dialog):
        place = instruction.place
        match instruction:
            case model.Go() if instruction.step not in dialog.steps:
                mend = nearest(instruction.step, dialog.steps)
                yield error(place, "VA020", f'There is no step "{instruction.step}".', mend)
            case model.Run() | model.Detour() | model.Remind() if instruction.dialog not in dialogs:
                mend = nearest(instruction.dialog, dialogs)
                yield error(place, "VA021", f'There is no dialog "{instruction.dialog}".', mend)
            case model.Ask():
                for answer in instruction.answers:
                    yield from _phrase(answer.template, answer.place, words, known)
            case model.Hold() | model.Turn():
                for template in instruction.until:
                    yield from _phrase(template, place, words, known)


def _phrase(
    template: str, place: model.Place, words: Vocabulary, known: dict[str, str]
) -> Iterator[Problem]:
    wrong = _template_wrong(template, words, known)
    if wrong:
        code, _, message = wrong.partition(":")
        yield error(place, _CODES.get(code, "VA030"), message)


def every_instruction(dialog: model.Dialog) -> Iterator[model.Instruction]:
    """All instructions of a dialog, however deep."""
    blocks = [*dialog.steps.values(), *dialog.silence, *dialog.unclear]
    while blocks:
        for instruction in blocks.pop():
            yield instruction
            if isinstance(instruction, model.Ask):
                blocks.extend(answer.then for answer in instruction.answers)
                blocks.extend((*instruction.silence, *instruction.unclear))
            elif isinstance(instruction, model.When):
                blocks.extend((instruction.then, instruction.otherwise))
