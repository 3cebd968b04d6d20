"""A dialog as a picture's data: its steps, what leads out of each, and what is never reached.

Rules: pure; in the order written; words of the author, shortened, never invented.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from voice_ally.language import model
from voice_ally.language.blocks import every_instruction, inner_blocks
from voice_ally.language.phrasebook import plainest

STEP, DIALOG, END, BELOW = "step", "dialog", "end", "below"
MOST_LETTERS = 34
"""Of a label; a picture is to be read at a glance."""
_ORDINALS = ("1st", "2nd", "3rd")


@dataclass(frozen=True)
class Exit:
    """One way out of a box."""

    label: str
    """What is said or happens; empty: simply next."""
    kind: str
    """"step", "dialog", "end", or "below": it goes on in the same step."""
    target: str = ""


@dataclass(frozen=True)
class Box:
    """A step of a dialog, or a dialog of a pack."""

    name: str
    says: str
    """The beginning of its first line, or how it is started."""
    exits: tuple[Exit, ...]
    reached: bool = True


def boxes_of_dialog(pack: model.Pack, dialog: model.Dialog) -> tuple[Box, ...]:
    """Its steps."""
    names = list(dialog.steps)
    following = dict(zip(names, [*names[1:], ""], strict=True))
    exits = {
        name: tuple(_ways_out(pack, block, following[name])) for name, block in dialog.steps.items()
    }
    reached = _reached(dialog.start, exits)
    return tuple(
        Box(name, _first_words(block), exits[name], name in reached)
        for name, block in dialog.steps.items()
    )


def boxes_of_pack(pack: model.Pack) -> tuple[Box, ...]:
    """Its dialogs, and which leads to which."""
    found = []
    for dialog in pack.dialogs.values():
        exits: dict[Exit, None] = {}
        for one in every_instruction(dialog):
            if (way := _to_dialog(one)) is not None and way.target in pack.dialogs:
                exits[way] = None
        started = plainest(dialog.triggers[0], pack) if dialog.triggers else ""
        says = f"“{started}”" if started else ""
        found.append(Box(dialog.id, _short(says), tuple(exits)))
    led_to = {way.target for box in found for way in box.exits}
    return tuple(
        Box(box.name, box.says, box.exits, bool(box.says) or box.name in led_to) for box in found
    )


def _to_dialog(one: model.Instruction) -> Exit | None:
    labels = {model.Run: "goes over to", model.Detour: "and comes back", model.Remind: "later"}
    label = labels.get(type(one))
    if label is None:
        return None
    return Exit(label, DIALOG, getattr(one, "dialog"))  # noqa: B009 - all three have one


def _ways_out(pack: model.Pack, block: model.Block, following: str) -> Iterator[Exit]:
    yield from _exits(pack, block, "")
    if not block or not _leads_away(block[-1]):
        yield Exit("", STEP, following) if following else Exit("", END)


def _leads_away(one: model.Instruction) -> bool:
    if isinstance(one, model.When):
        return all(block and _leads_away(block[-1]) for block in (one.then, one.otherwise))
    return isinstance(one, model.Go | model.Run | model.End)


def _exits(pack: model.Pack, block: model.Block, label: str) -> Iterator[Exit]:
    led = False
    for one in block:
        for way in _exits_of(pack, one, label):
            led = True
            yield way
    if label and not led:
        yield Exit(label, BELOW)


def _exits_of(pack: model.Pack, one: model.Instruction, label: str) -> Iterator[Exit]:
    match one:
        case model.Go():
            steps = one.step if isinstance(one.step, tuple) else (one.step,)
            yield from (Exit(label, STEP, step) for step in steps)
        case model.End():
            yield Exit(label, END)
        case model.Run() | model.Detour() | model.Remind():
            way = _to_dialog(one)
            assert way is not None
            room = MOST_LETTERS - len(way.label) - len(way.target)
            yield Exit(f"{_short(label, max(10, room))} {way.label}".strip(), DIALOG, way.target)
        case model.Ask():
            yield from _answers(pack, one)
        case model.When():
            condition = _short(" and ".join(map(_in_words, one.conditions)))
            for words, block in ((f"if {condition}", one.then), ("if not", one.otherwise)):
                if any(True for _ in _exits(pack, block, "")):
                    yield from _exits(pack, block, words)
        case _:
            for block in inner_blocks(one):
                yield from _exits(pack, block, "")


def _in_words(condition: model.Condition) -> str:
    if condition.one_of is not None:
        return f"{condition.slot} is {' or '.join(map(str, condition.one_of))}"
    if condition.known is not None:
        return f"{condition.slot} is {'known' if condition.known else 'not known'}"
    if condition.over is not None:
        return f"{condition.slot} is over {condition.over:g}"
    return f"{condition.slot} is under {condition.under:g}"


def _answers(pack: model.Pack, ask: model.Ask) -> Iterator[Exit]:
    together: dict[model.Block, list[str]] = {}
    for answer in ask.answers:
        words = plainest(answer.template, pack) or answer.template
        together.setdefault(answer.then, []).append(f"“{words}”")
    for block, said in together.items():
        yield from _exits(pack, block, _short(" ".join(said)))
    for kind, blocks in (("silence", ask.silence), ("unclear", ask.unclear)):
        for nth, block in enumerate(blocks):
            count = f", {_ORDINALS[min(nth, 2)]} time" if len(blocks) > 1 else ""
            yield from (way for way in _exits(pack, block, kind + count) if way.kind != BELOW)


def _first_words(block: model.Block) -> str:
    for one in block:
        lines = getattr(one, "any", ())
        if lines:
            return _short(lines[0])
    return type(block[0]).__name__.lower() if block else ""


def _short(text: str, most: int = MOST_LETTERS) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _reached(start: str, exits: dict[str, tuple[Exit, ...]]) -> set[str]:
    found, open_steps = {start}, deque([start])
    while open_steps:
        for way in exits.get(open_steps.popleft(), ()):
            if way.kind == STEP and way.target not in found:
                found.add(way.target)
                open_steps.append(way.target)
    return found
