"""Whether everything a pack names is there: steps, dialogs, phrases, rules, lists.

Rules: a dialog with an error is left out (the one it would have replaced stays); leaving one
out may break another, so this goes on until nothing more changes. A rule, list or command that
cannot be used gives way to the earlier folder's. What comes out of usable() can be walked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from operator import is_
from typing import TypeVar

from voice_ally.core.did_you_mean import nearest
from voice_ally.interpret.overlap import Automaton, overlaps_with
from voice_ally.interpret.template import TemplateError
from voice_ally.language import model
from voice_ally.language.blocks import every_instruction
from voice_ally.language.memory import Memory
from voice_ally.language.model import Place
from voice_ally.language.phrasebook import Phrasebook, templates_in
from voice_ally.language.problems import Problem, error
from voice_ally.language.reserved import ENDING, SAFETY
from voice_ally.language.written import place_of

V = TypeVar("V")
SHARED = Place("phrases.yaml", 1, 1)
_CODES = {"unknown_list": "VA031", "unknown_rule": "VA032", "too_large": "VA033"}
_MENDS = {
    "empty": "Make at least one word of it necessary.",
    "too_large": "Split it into several phrases, or leave some choices out.",
    "rule_cycle": "A rule must not lead back to itself.",
    "syntax": "Look for a bracket that is not closed, or a sign that is not part of speech.",
}


def usable(
    pack: model.Pack, before: model.Pack, memory: Memory | None = None
) -> tuple[model.Pack, list[Problem], Phrasebook]:
    """The pack without what cannot be used, the reasons, and its phrases compiled."""
    memory = memory or Memory()
    pack, problems = _sound_vocabulary(pack, before, memory)
    book = Phrasebook(pack, memory)
    pack = _sound_shared(pack, before, book, problems)
    dialogs = dict(pack.dialogs)
    changed, names = True, memory.number(frozenset(dialogs))
    while changed:
        changed = False
        for name, dialog in list(dialogs.items()):
            earlier = before.dialogs.get(name)
            if dialog is earlier:
                continue
            found = _remembered_links(dialog, dialogs, names, book, memory)
            if found:
                problems.extend(found)
                _put_back(dialogs, name, earlier)
                changed, names = True, memory.number(frozenset(dialogs))
    kept = len(dialogs) == len(pack.dialogs) and all(
        map(is_, dialogs.values(), pack.dialogs.values())
    )
    # with the pack its phrases stay as they are compiled
    return pack if kept else replace(pack, dialogs=dialogs), problems, book


def _put_back(into: dict[str, V], name: str, earlier: V | None) -> None:
    if earlier is None:
        del into[name]
    else:
        into[name] = earlier


def _remembered_links(
    dialog: model.Dialog,
    dialogs: Mapping[str, model.Dialog],
    names: int,
    book: Phrasebook,
    memory: Memory,
) -> tuple[Problem, ...]:
    """names: the memory's number for the names of all dialogs."""
    key = ("links", id(dialog), names, book.words_key(dialog))
    return memory.of(key, lambda: tuple(dialog_links(dialog, dialogs, book)), dialog)


def link_problems(
    pack: model.Pack, book: Phrasebook, memory: Memory | None = None
) -> Iterator[Problem]:
    """Everything that usable() would report, for a pack that did not come through it."""
    memory = memory or Memory()
    for name in pack.rules:
        yield from _template(f"<{name}>", place_of(pack.rules[name], SHARED), book, parts=True)
    for name, spoken in pack.lists.items():
        yield from _template(f"{{{name}}}", spoken.place, book, parts=True)
    for templates in (*pack.commands.values(), pack.not_meant):
        for template in templates:
            yield from _template(template, place_of(template, SHARED), book)
    for block in (*pack.silence, *pack.unclear):
        yield from _shared_block(block)
    names = memory.number(frozenset(pack.dialogs))
    for dialog in pack.dialogs.values():
        yield from _remembered_links(dialog, pack.dialogs, names, book, memory)


def dialog_links(
    dialog: model.Dialog, dialogs: Mapping[str, model.Dialog], book: Phrasebook
) -> Iterator[Problem]:
    """What a dialog names that is not there."""
    if dialog.start not in dialog.steps:
        mend = nearest(dialog.start, dialog.steps)
        place = place_of(dialog.start, dialog.place)
        yield error(place, "VA020", f'There is no step "{dialog.start}" to start with.', mend)
    for template in dialog.triggers:
        yield from _template(template, place_of(template, dialog.place), book)
    yield from _own_vocabulary(dialog, book)
    for instruction in every_instruction(dialog):
        place = instruction.place
        match instruction:
            case model.Go():
                for step in (instruction.step, *instruction.others):
                    if step not in dialog.steps:
                        mend = nearest(step, dialog.steps)
                        message = f'There is no step "{step}".'
                        yield error(place_of(step, place), "VA020", message, mend)
            case model.Run() | model.Detour() | model.Remind() if instruction.dialog not in dialogs:
                mend = nearest(instruction.dialog, dialogs)
                place = place_of(instruction.dialog, place)
                yield error(place, "VA021", f'There is no dialog "{instruction.dialog}".', mend)
            case model.Ask():
                for answer in instruction.answers:
                    yield from _template(answer.template, answer.place, book)
            case model.Hold() | model.Turn():
                for template in instruction.until:
                    yield from _template(template, place_of(template, place), book)


def _own_vocabulary(dialog: model.Dialog, book: Phrasebook) -> Iterator[Problem]:
    for name, text in dialog.rules.items():
        yield from _template(f"<{name}>", place_of(text, dialog.place), book, parts=True)
    for name, spoken in dialog.lists.items():
        yield from _template(f"{{{name}}}", spoken.place, book, parts=True)


def _template(
    template: str, place: Place, book: Phrasebook, *, parts: bool = False
) -> Iterator[Problem]:
    wrong = book.wrong(template)
    if wrong is not None and not (parts and wrong.code == "empty"):
        yield _as_problem(wrong, place)


def _as_problem(wrong: TemplateError, place: Place) -> Problem:
    mend = _MENDS.get(wrong.code, "Add it to phrases.yaml, or write what is there.")
    return error(place, _CODES.get(wrong.code, "VA030"), str(wrong), mend)


def _shared_block(block: model.Block) -> Iterator[Problem]:
    for one in block:
        if isinstance(one, model.Go | model.Ask | model.When | model.Repeat):
            message = "This cannot stand in phrases.yaml: it holds for every dialog."
            yield error(one.place, "VA020", message, "Put it into the dialog, or say a line here.")


def _sound_vocabulary(
    pack: model.Pack, before: model.Pack, memory: Memory
) -> tuple[model.Pack, list[Problem]]:
    """Without rules and lists that cannot be used; each given back to the earlier folder."""
    problems: list[Problem] = []
    if pack.rules == before.rules and pack.lists == before.lists:
        return pack, problems
    rules, lists = dict(pack.rules), dict(pack.lists)
    changed = True
    while changed:
        changed = False
        book = Phrasebook(replace(pack, rules=rules, lists=lists), memory)
        for name, text in list(rules.items()):
            found = list(_template(f"<{name}>", place_of(text, SHARED), book, parts=True))
            if found and text is not before.rules.get(name):
                changed = True
                problems.extend(found)
                _put_back(rules, name, before.rules.get(name))
        for name, spoken in list(lists.items()):
            found = list(_template(f"{{{name}}}", spoken.place, book, parts=True))
            if found and spoken is not before.lists.get(name):
                changed = True
                problems.extend(found)
                _put_back(lists, name, before.lists.get(name))
    pack = replace(pack, rules=rules, lists=lists)
    return _kind_to_earlier(pack, before, problems, memory), problems


def _kind_to_earlier(
    pack: model.Pack, before: model.Pack, problems: list[Problem], memory: Memory
) -> model.Pack:
    """New rules and lists must not break the phrases of earlier folders."""
    book = Phrasebook(replace(pack, dialogs=before.dialogs), memory)
    earlier = templates_in(before)
    broken = next((wrong for one in earlier if (wrong := book.wrong(one)) is not None), None)
    if broken is None:
        return pack
    changed = [
        place_of(text, SHARED)
        for name, text in pack.rules.items()
        if before.rules.get(name, text) != text
    ]
    changed += [
        spoken.place
        for name, spoken in pack.lists.items()
        if before.lists.get(name, spoken) != spoken
    ]
    for place in changed:
        message = f"With this, a bundled phrase cannot be used: {broken}"
        problems.append(error(place, "VA030", message, "Give it another name."))
    return replace(pack, rules={**pack.rules, **before.rules}, lists={**pack.lists, **before.lists})


def _sound_shared(
    pack: model.Pack, before: model.Pack, book: Phrasebook, problems: list[Problem]
) -> model.Pack:
    commands: dict[str, tuple[str, ...]] = {}
    for name, templates in pack.commands.items():
        for template in templates:
            problems.extend(_template(template, place_of(template, SHARED), book))
        good = tuple(one for one in templates if book.wrong(one) is None)
        good = good or before.commands.get(name, ())
        if good:
            commands[name] = good
    not_meant = _harmless_decoys(replace(pack, commands=commands), before, book, problems)
    silence, unclear = pack.silence, pack.unclear
    for blocks in (silence, unclear):
        for block in blocks:
            problems.extend(_shared_block(block))
    if any(list(_shared_block(block)) for block in silence):
        silence = before.silence
    if any(list(_shared_block(block)) for block in unclear):
        unclear = before.unclear
    return replace(pack, commands=commands, not_meant=not_meant, silence=silence, unclear=unclear)


def _harmless_decoys(
    pack: model.Pack, before: model.Pack, book: Phrasebook, problems: list[Problem]
) -> tuple[str, ...]:
    """What is not meant, without what would make nothing of stop, goodbye, exit or safety."""
    for template in pack.not_meant:
        problems.extend(_template(template, place_of(template, SHARED), book))
    good = [one for one in pack.not_meant if book.wrong(one) is None]
    added = [one for one in good if one not in before.not_meant]
    safety = pack.dialogs.get(SAFETY)
    vital = [one for name in ENDING for one in pack.commands.get(name, ())]
    vital += safety.triggers if safety else ()
    decoys, needed = (
        Automaton([graph for one in templates if (graph := book.graph(one))])
        for templates in (added, vital)
    )
    hiding = {found.first: found.said for found in overlaps_with(decoys, needed)}
    for number, said in hiding.items():
        message = f'"{said}" must always work, but not_meant makes nothing of it.'
        mend = "Stopping must always work: reword it."
        problems.append(error(place_of(added[number], SHARED), "VA035", message, mend))
    hidden = {added[number] for number in hiding}
    return tuple(one for one in good if one not in hidden)
