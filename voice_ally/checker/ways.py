"""The graph of what can follow what in the dialogs of a pack.

Rules: pure; two graphs in one: with every answer (`ways`), and as it goes while nobody ever says
anything (`silent`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from voice_ally.language import model
from voice_ally.language.blocks import leads_away
from voice_ally.language.own_names import as_written
from voice_ally.language.reserved import YES_RULE
from voice_ally.language.shape_kinds import place_of

OVER = 0
"""The node that stands for the end."""


@dataclass
class Node:
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
        self.nodes = [Node(None, "", model.NOWHERE)]
        self.entries: dict[tuple[str, str], int] = {}
        self.unasked: list[int] = []
        """Where silence, and words that are no answer, lead."""
        self.not_agreed: list[int] = []
        """Where answers lead that are no yes."""
        for name, dialog in pack.dialogs.items():
            for step, block in dialog.steps.items():
                place = place_of(step, block[0].place if block else dialog.place)
                self.nodes.append(Node(None, step, place))
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
        self.nodes.append(Node(instruction, step, instruction.place))
        match instruction:
            case model.Go():
                for target in (instruction.step, *instruction.others):
                    self._link(node, self.entries.get((dialog.id, target), OVER))
            case model.Repeat():
                self._link(node, self._block(dialog, step, instruction.block, after, asked))
                if not leads_away(instruction.block):
                    self._link(node, after)
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
