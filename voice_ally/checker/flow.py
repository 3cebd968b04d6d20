"""Where a dialog can lead: steps never reached, circles without a way out, endless asking.

Rules: pure graph search over instructions. Two graphs are walked: one with every answer
(`ways`), one in which nobody ever says anything (`silent`), for in silence every dialog must
come to its end.
"""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from voice_ally.language import model
from voice_ally.language.blocks import every_instruction, inner_blocks
from voice_ally.language.memory import Memory
from voice_ally.language.own_names import as_written
from voice_ally.language.problems import Problem, error, warning
from voice_ally.language.reserved import YES_RULE
from voice_ally.language.shape_kinds import place_of

OVER = 0
"""The node that stands for the end."""


@dataclass
class _Node:
    """One instruction at one place; blocks shared by several questions are there several times."""

    instruction: model.Instruction | None
    step: str
    place: model.Place
    ways: list[int] = field(default_factory=list)
    silent: list[int] = field(default_factory=list)


class Flow:
    """The graph of all dialogs of a pack."""

    def __init__(self, pack: model.Pack) -> None:
        self._pack = pack
        self.nodes = [_Node(None, "", model.NOWHERE)]
        self.entries: dict[tuple[str, str], int] = {}
        self.unasked: list[int] = []
        """Where silence, and words that are no answer, lead."""
        self.not_agreed: list[int] = []
        """Where answers lead that are no yes."""
        for name, dialog in pack.dialogs.items():
            for step, block in dialog.steps.items():
                place = place_of(step, block[0].place if block else dialog.place)
                self.nodes.append(_Node(None, step, place))
                self.entries[name, step] = len(self.nodes) - 1
        for dialog in pack.dialogs.values():
            self._dialog(dialog)

    def _link(self, node: int, *targets: int) -> None:
        self.nodes[node].ways.extend(targets)
        self.nodes[node].silent.extend(targets)

    def _dialog(self, dialog: model.Dialog) -> None:
        names = list(dialog.steps)
        for name, following in zip(names, [*names[1:], ""], strict=True):
            after = self.entries[dialog.id, following] if following else OVER
            block = self._block(dialog, name, dialog.steps[name], after)
            self._link(self.entries[dialog.id, name], block)

    def _block(
        self, dialog: model.Dialog, step: str, block: model.Block, after: int, asked: int = OVER
    ) -> int:
        """The node it begins with. asked: the question it is inside of, or OVER."""
        for number, instruction in reversed(list(enumerate(block))):
            last = number == len(block) - 1
            if asked and last and isinstance(instruction, model.Detour):
                after = asked
            after = self._instruction(dialog, step, instruction, after, asked)
        return after

    def _instruction(
        self,
        dialog: model.Dialog,
        step: str,
        instruction: model.Instruction,
        after: int,
        asked: int,
    ) -> int:
        node = len(self.nodes)
        self.nodes.append(_Node(instruction, step, instruction.place))
        match instruction:
            case model.Go():
                for target in (instruction.step, *instruction.others):
                    self._link(node, self.entries.get((dialog.id, target), OVER))
            case model.Repeat():
                self._link(node, self._block(dialog, step, instruction.block, after, asked), after)
            case model.End():
                self._link(node, OVER)
            case model.Run():
                other = self._pack.dialogs.get(instruction.dialog)
                start = (other.id, other.start) if other else ("", "")
                self._link(node, self.entries.get(start, OVER))
            case model.When():
                for block in (instruction.then, instruction.otherwise):
                    self._link(node, self._block(dialog, step, block, after, asked))
            case model.Ask():
                self._ask(dialog, step, instruction, node, after)
            case _:
                self._link(node, after)
        return node

    def _ask(self, dialog: model.Dialog, step: str, ask: model.Ask, node: int, after: int) -> None:
        ways = self.nodes[node].ways
        for answer in ask.answers:
            ways.append(self._block(dialog, step, answer.then, after, node))
            if YES_RULE not in as_written(answer.template):
                self.not_agreed.append(ways[-1])
        if ask.anything is not None:
            ways.append(self._block(dialog, step, ask.anything, after, node))
            self.unasked.append(ways[-1])
        for kind in ("silence", "unclear"):
            following = OVER
            for block in reversed(merged(self._pack, dialog, ask, kind)):
                following = self._block(dialog, step, block, following, node)
                ways.append(following)
                self.unasked.append(following)
            if kind == "silence":
                self.nodes[node].silent.append(following)
        ways.append(OVER)

    def reached(self, starts: Iterable[int]) -> set[int]:
        """Every node that some way leads to."""
        return _closure(starts, [node.ways for node in self.nodes])

    def follows_unasked(self) -> Iterator[model.Instruction]:
        """What is done without anybody having said a phrase since the last question."""
        for number in sorted(_closure(self.unasked, [node.silent for node in self.nodes])):
            if (instruction := self.nodes[number].instruction) is not None:
                yield instruction

    def follows_no_yes(self) -> Iterator[model.Instruction]:
        """What is done though the last question was not answered with a yes, or none was asked."""
        until_asked = [
            [] if isinstance(node.instruction, model.Ask) else node.ways for node in self.nodes
        ]
        starts = [*self.unasked, *self.not_agreed]
        for dialog in self._pack.dialogs.values():
            starts.append(self.entries.get((dialog.id, dialog.start), OVER))
        for number in sorted(_closure(starts, until_asked)):
            if (instruction := self.nodes[number].instruction) is not None:
                yield instruction

    def circles(self) -> Iterator[set[int]]:
        """Groups of nodes that silence alone leads round and round for ever."""
        ahead = [node.silent for node in self.nodes]
        back: list[list[int]] = [[] for _ in self.nodes]
        for number, targets in enumerate(ahead):
            for target in targets:
                back[target].append(number)
        seen, told = _closure([OVER], back), set[int]()
        for node in range(len(self.nodes)):
            walked: set[int] = set()
            while node not in seen:
                seen.add(node)
                walked.add(node)
                node = ahead[node][0]  # noqa: PLW2901 - walking on from it
            if node in walked and node not in told:
                circle = _closure([node], ahead) & _closure([node], back)
                told |= circle
                yield circle


def merged(
    pack: model.Pack, dialog: model.Dialog, ask: model.Ask, kind: str
) -> tuple[model.Block, ...]:
    """What follows the 1st, 2nd … silence (or unclear answer), from all three places."""
    own, dialogs, packs = (
        one.silence if kind == "silence" else one.unclear for one in (ask, dialog, pack)
    )
    return (*own, *dialogs[len(own) :], *packs[max(len(own), len(dialogs)) :])


def _closure(starts: Iterable[int], ways: list[list[int]]) -> set[int]:
    found = set(starts)
    open_nodes = list(found)
    while open_nodes:
        for target in ways[open_nodes.pop()]:
            if target not in found:
                found.add(target)
                open_nodes.append(target)
    return found


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
