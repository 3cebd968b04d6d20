"""Reading the things a step can do.

Rules: an instruction is known by its first word (say, ask, hold …); one that cannot be read
is left out and reported.
"""

from collections.abc import Callable

from voice_ally.respond import model
from voice_ally.respond.breathing import PATTERNS
from voice_ally.respond.fields import Reading, nearest
from voice_ally.respond.yaml_source import Items, Node, Table, Text

CHIMES = ("soft", "bell")
GUIDES = ("voice", "tone", "silent")
BREATH_PARTS = ("in", "hold", "out", "rest")
ASK_KEYS = ("ask", "wait", "answers", "silence", "unclear", "help")


class Instructions:
    """Reads blocks of instructions, gathering problems in one Reading."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self._readers: dict[str, Callable[[Node, Table], model.Instruction | None]] = {
            "say": self._say,
            "pause": self._pause,
            "chime": self._chime,
            "ask": self._ask,
            "hold": self._hold,
            "turn": self._turn,
            "breathe": self._breathe,
            "go": lambda node, _: model.Go(self.reading.text(node, "go"), node.place),
            "run": lambda node, _: model.Run(self.reading.text(node, "run"), node.place),
            "detour": lambda node, _: model.Detour(self.reading.text(node, "detour"), node.place),
            "end": lambda node, _: model.End(node.place),
            "set": self._set,
            "when": self._when,
            "remind": self._remind,
            "forget": lambda node, _: model.Forget(node.place),
        }

    def block(self, node: Node) -> model.Block:
        """One instruction or a list of them."""
        nodes = node.items if isinstance(node, Items) else (node,)
        found = (self._instruction(one) for one in nodes)
        return tuple(one for one in found if one is not None)

    def blocks(self, node: Node, what: str) -> tuple[model.Block, ...]:
        """A list whose entries are one instruction or a list of them."""
        return tuple(self.block(one) for one in self.reading.items(node, what))

    def _instruction(self, node: Node) -> model.Instruction | None:
        known = tuple(self._readers)
        if not isinstance(node, Table) or not node.entries:
            self.reading.wrong(
                node.place,
                "VA012",
                "This is nothing a step can do.",
                'Write it like: - say: "A line."',
            )
            return None
        for name, value in node.entries:
            if name.value in self._readers:
                extra = {"ask": ASK_KEYS, "when": ("when", "then", "else")}
                self.reading.keys(node, extra.get(name.value, (name.value,)), name.value)
                return self._readers[name.value](value, node)
        first = node.entries[0][0]
        mend = nearest(first.value, known) or f"Possible here: {', '.join(known)}."
        self.reading.wrong(first.place, "VA010", f'A step cannot "{first.value}".', mend)
        return None

    def _say(self, node: Node, _: Table) -> model.Instruction | None:
        lines = self.reading.variants(node, "say")
        return model.Say(lines, node.place) if lines else None

    def _pause(self, node: Node, _: Table) -> model.Instruction:
        return model.Pause(self.reading.duration(node, "pause"), node.place)

    def _chime(self, node: Node, _: Table) -> model.Instruction:
        return model.Chime(self.reading.one_of(node, CHIMES, "chime"), node.place)

    def _ask(self, node: Node, table: Table) -> model.Instruction | None:
        question = self.reading.variants(node, "ask")
        answers: list[model.Answer] = []
        found = table.get("answers")
        if found is None:
            self.reading.wrong(
                node.place, "VA011", "This question has no answers.", "Add answers: under it."
            )
        else:
            for name, value in self.reading.table(found, "answers").entries:
                target = self._target(value)
                answers.append(model.Answer(name.value, target, name.place))
        wait, silence = table.get("wait"), table.get("silence")
        unclear, help_ = table.get("unclear"), table.get("help")
        if not question:
            return None
        return model.Ask(
            question,
            tuple(answers),
            self.reading.duration(wait, "wait") if wait is not None else None,
            self.blocks(silence, "silence") if silence is not None else (),
            self.blocks(unclear, "unclear") if unclear is not None else (),
            self.reading.text(help_, "help") if help_ is not None else "",
            node.place,
        )

    def _target(self, node: Node) -> model.Block:
        if isinstance(node, Text):
            return (model.Go(self.reading.text(node, "The answer's step"), node.place),)
        return self.block(node)

    def _hold(self, node: Node, _: Table) -> model.Instruction:
        if not isinstance(node, Table):
            return model.Hold(self.reading.duration(node, "hold"), place=node.place)
        self.reading.keys(node, ("for", "until", "chime"), "hold")
        until, chime = node.get("until"), node.get("chime")
        return model.Hold(
            self._for(node, "hold"),
            self.reading.texts(until, "until") if until is not None else (),
            self.reading.one_of(chime, CHIMES, "chime") if chime is not None else "",
            node.place,
        )

    def _for(self, table: Table, what: str) -> model.Duration:
        found = table.get("for")
        if found is None:
            self.reading.wrong(
                table.place, "VA011", f'{what} needs "for".', "Say how long, like for: 90s."
            )
            return model.Duration(1.0)
        return self.reading.duration(found, "for")

    def _turn(self, node: Node, _: Table) -> model.Instruction:
        table = self.reading.table(node, "turn")
        self.reading.keys(table, ("speaker", "for", "warn", "until"), "turn")
        speaker, warn, until = table.get("speaker"), table.get("warn"), table.get("until")
        return model.Turn(
            self.reading.one_of(speaker, ("first", "second"), "speaker") if speaker else "first",
            self._for(table, "turn"),
            self.reading.duration(warn, "warn") if warn is not None else None,
            self.reading.texts(until, "until") if until is not None else (),
            node.place,
        )

    def _breathe(self, node: Node, _: Table) -> model.Instruction:
        reading, table = self.reading, self.reading.table(node, "breathe")
        reading.keys(table, ("pattern", "for", "rounds", "guide", *BREATH_PARTS), "breathe")
        own = tuple(
            (name.value, reading.duration(value, name.value).seconds)
            for name, value in table.entries
            if name.value in BREATH_PARTS
        )
        pattern, rounds = table.get("pattern"), table.get("rounds")
        time, guide = table.get("for"), table.get("guide")
        if time is None and rounds is None:
            reading.wrong(
                node.place,
                "VA011",
                'breathe needs "for" or "rounds".',
                "Say how long, like for: 3m or rounds: 6.",
            )
        if own and not {"in", "out"} <= {name for name, _ in own}:
            reading.wrong(node.place, "VA011", 'A pattern of your own needs "in" and "out".')
            own = ()
        name = "own" if own else "equal"
        if pattern is not None:
            name = reading.one_of(pattern, tuple(PATTERNS), "pattern")
        return model.Breathe(
            name,
            own if name == "own" else (),
            reading.duration(time, "for") if time is not None else None,
            max(1, int(reading.number(rounds, "rounds"))) if rounds is not None else 1,
            reading.one_of(guide, GUIDES, "guide") if guide is not None else "voice",
            node.place,
        )

    def _set(self, node: Node, _: Table) -> model.Instruction:
        entries = self.reading.table(node, "set").entries
        return model.Set(
            {name.value: self.reading.value(value, name.value) for name, value in entries},
            node.place,
        )

    def _when(self, node: Node, table: Table) -> model.Instruction:
        entries = self.reading.table(node, "when").entries
        then, otherwise = table.get("then"), table.get("else")
        if then is None:
            self.reading.wrong(
                node.place, "VA011", 'when needs "then".', "Say what follows: then: [...]"
            )
        return model.When(
            tuple(self._condition(name.value, value) for name, value in entries),
            self.block(then) if then is not None else (),
            self.block(otherwise) if otherwise is not None else (),
            node.place,
        )

    def _condition(self, slot: str, node: Node) -> model.Condition:
        reading = self.reading
        if not isinstance(node, Table):
            nodes = node.items if isinstance(node, Items) else (node,)
            return model.Condition(slot, tuple(reading.value(one, slot) for one in nodes))
        reading.keys(node, ("over", "under", "known"), "when")
        over, under, known = node.get("over"), node.get("under"), node.get("known")
        if over is not None:
            return model.Condition(slot, over=reading.number(over, "over"))
        if under is not None:
            return model.Condition(slot, under=reading.number(under, "under"))
        return model.Condition(slot, known=known is None or reading.truth(known, "known"))

    def _remind(self, node: Node, _: Table) -> model.Instruction | None:
        table = self.reading.table(node, "remind")
        self.reading.keys(table, ("in", "run"), "remind")
        time, dialog = table.get("in"), table.get("run")
        if time is None or dialog is None:
            self.reading.wrong(node.place, "VA011", 'remind needs "in" and "run".')
            return None
        return model.Remind(
            self.reading.duration(time, "in"), self.reading.text(dialog, "run"), node.place
        )
