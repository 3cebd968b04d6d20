"""Where a dialog can lead: steps never reached, circles without a way out, endless asking.

Rules: pure graph search over instructions. Two graphs are walked: one with every answer
(`ways`), one in which nobody ever says anything (`silent`), for in silence every dialog must
come to its end.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace

from voice_ally.checker.ways import Flow, merged
from voice_ally.language import model
from voice_ally.language.blocks import every_instruction, inner_blocks
from voice_ally.language.memory import Memory
from voice_ally.language.problems import Problem, error, warning
from voice_ally.language.shape_kinds import place_of


def check_flow(pack: model.Pack, memory: Memory | None = None) -> Iterator[Problem]:
    """Everything about ways and ends."""
    memory = memory or Memory()
    leads = {
        name: memory.of(("leads", id(one)), lambda: _leads(one), one)  # noqa: B023
        for name, one in pack.dialogs.items()
    }
    for group in _groups(pack, leads):
        ids = tuple(map(id, group))
        key = ("flow", ids, id(pack.silence), id(pack.unclear))
        alive = (group, pack.silence, pack.unclear)
        yield from memory.of(key, lambda: tuple(_flow_of(pack, group)), alive)  # noqa: B023
    yield from _unstarted(pack, leads)


Leads = tuple[frozenset[str], frozenset[str]]
"""Dialogs that a dialog hands over to, and those that it starts in any way."""


def _leads(dialog: model.Dialog) -> Leads:
    every = list(every_instruction(dialog))
    runs = {one.dialog for one in every if isinstance(one, model.Run)}
    others = {one.dialog for one in every if isinstance(one, model.Detour | model.Remind)}
    return frozenset(runs), frozenset(runs | others)


def _groups(pack: model.Pack, leads: Mapping[str, Leads]) -> list[list[model.Dialog]]:
    """Dialogs that hand over to one another, together; each of the others alone."""
    together: dict[str, set[str]] = {name: {name} for name in pack.dialogs}
    for name, (runs, _) in leads.items():
        for other in runs & together.keys():
            if together[other] is not together[name]:
                joined = together[name] | together[other]
                together.update(dict.fromkeys(joined, joined))
    groups: dict[int, list[model.Dialog]] = {}
    for name, dialog in pack.dialogs.items():
        groups.setdefault(id(together[name]), []).append(dialog)
    return list(groups.values())


def _flow_of(pack: model.Pack, group: list[model.Dialog]) -> Iterator[Problem]:
    """The ways within some dialogs, which lead to no others."""
    flow = Flow(replace(pack, dialogs={dialog.id: dialog for dialog in group}))
    for circle in flow.circles():
        yield _circle(flow, circle)
    for one in flow.follows_unasked():
        if isinstance(one, model.Remind) and one.every:
            message = "Silence, or words that were not understood, would lead to this promise."
            mend = "What comes again and again needs a yes: put it behind an answer."
            yield error(one.place, "VA062", message, mend)
    for one in flow.follows_no_yes():
        if isinstance(one, model.Remember):
            message = "A name would be kept though nobody said yes to that."
            mend = 'Ask first, and put remember behind the answer "<yes>".'
            yield error(one.place, "VA064", message, mend)
    for dialog in group:
        yield from _unreached(flow, dialog)
        for block in _every_block(dialog):
            for one, following in itertools.pairwise(block):
                if isinstance(one, model.Go | model.Run | model.End):
                    message = "This is never reached: the line above leads elsewhere."
                    yield warning(following.place, "VA027", message, "Drop it, or move it up.")
        for one in every_instruction(dialog):
            if isinstance(one, model.Ask):
                yield from _unanswered(pack, dialog, one)
            elif isinstance(one, model.Detour) and one.dialog == dialog.id:
                place = place_of(one.dialog, one.place)
                message = f'The dialog "{dialog.id}" would run inside itself.'
                yield error(place, "VA024", message, "Use go: with the name of a step.")


def _circle(flow: Flow, circle: set[int]) -> Problem:
    nodes = [flow.nodes[number] for number in sorted(circle)]  # a step's entry comes first
    step, place = nodes[0].step, nodes[0].place
    if any(isinstance(node.instruction, model.Ask) for node in nodes):
        message = f'When nobody answers, "{step}" goes on asking for ever.'
        mend = "Let silence lead to a step further on, or leave it out: then it ends quietly."
        return error(place, "VA029", message, mend)
    mend = "Add a question, or end: true."
    steps = sorted({node.step for node in nodes})
    if len(steps) == 1:
        return error(place, "VA024", f'The step "{step}" only leads back to itself.', mend)
    message = f"These steps go round without a question or an end: {', '.join(steps)}."
    return error(place, "VA025", message, mend)


def _unreached(flow: Flow, dialog: model.Dialog) -> Iterator[Problem]:
    start = flow.entries.get((dialog.id, dialog.start))
    if start is None:
        return
    reached = flow.reached([start])
    for step, block in dialog.steps.items():
        if flow.entries[dialog.id, step] not in reached:
            place = place_of(step, block[0].place if block else dialog.place)
            mend = f'Lead there with "go: {step}", or drop it.'
            yield warning(place, "VA023", f'The step "{step}" is never reached.', mend)


def _every_block(dialog: model.Dialog) -> Iterator[model.Block]:
    yield from (*dialog.steps.values(), *dialog.silence, *dialog.unclear)
    for one in every_instruction(dialog):
        yield from inner_blocks(one)


def _unanswered(pack: model.Pack, dialog: model.Dialog, ask: model.Ask) -> Iterator[Problem]:
    for kind in ("silence", "unclear"):
        if kind == "unclear" and ask.anything is not None:
            continue
        if not merged(pack, dialog, ask, kind):
            what = "Nobody answers" if kind == "silence" else "It is not understood"
            message = f"{what} once, and the dialog is over: there is no {kind} here."
            mend = f'Add one, like {kind}: [{{say: "Take your time."}}].'
            if kind == "unclear":
                mend += ' Or add an answer "anything:", if other words will do.'
            yield warning(ask.place, "VA026", message, mend)


def _unstarted(pack: model.Pack, leads: Mapping[str, Leads]) -> Iterator[Problem]:
    led_to = frozenset[str]().union(*(started for _, started in leads.values()))
    for dialog in pack.dialogs.values():
        if not dialog.triggers and dialog.id not in led_to:
            place = place_of(dialog.id, dialog.place)
            message = f'Nothing starts the dialog "{dialog.id}".'
            yield warning(place, "VA028", message, "Add triggers: to it.")
