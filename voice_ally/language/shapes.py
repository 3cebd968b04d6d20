"""What a step can do: each instruction of the dialog language, declared once.

Rules: a declaration gives both the reading, with places, and the JSON Schema for editors. An
instruction is known by its lead word (say, ask, hold …); one that cannot be read is left out
and reported.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from voice_ally.core.did_you_mean import possible
from voice_ally.language import model
from voice_ally.language.given_slots import NAMES
from voice_ally.language.model import Place
from voice_ally.language.reserved import ANYTHING, MOST_ROUNDS
from voice_ally.language.shape_kinds import (
    Either,
    Entries,
    Field,
    Kind,
    Made,
    Many,
    Reading,
    Record,
    Schema,
    Written,
)
from voice_ally.language.shape_numbers import Change, Times
from voice_ally.language.shape_spoken import SAY
from voice_ally.language.shape_timed import BREATHE, CHIMES, HOLD, LONG, REMIND, TURN, Found
from voice_ally.language.shape_values import Choice, Line, SoundFile, Variants
from voice_ally.language.shape_ways import (
    COMPARISON,
    ONE_OF,
    made_conditions,
    made_go,
    made_repeat,
    made_set,
    made_when,
)
from voice_ally.language.yaml_nodes import Items, Node, Table, Text
from voice_ally.language.yaml_words import BULLET, NO_SPACE_BEHIND_DASH

Make = Callable[[Found, Place, Reading], model.Instruction | None]


def _instruction(node: Node, reading: Reading) -> model.Instruction | None:
    """By the first key that is a lead word."""
    if not isinstance(node, Table) or not node.entries:
        message = "This is nothing that a step can do."
        reading.wrong(node.place, "VA012", message, _as_instruction(node))
        return None
    for name, _ in node.entries:
        if name.value in INSTRUCTIONS:
            return INSTRUCTIONS[name.value].read(node, name.value, reading)
    first = node.entries[0][0]
    if found := BULLET.match(first.value) or NO_SPACE_BEHIND_DASH.match(f"{first.value}:"):
        message = f'This line begins with "{found[0].strip()}", which makes no list here.'
        mend = 'Begin it with the dash of a keyboard and a space: "- ".'
        reading.wrong(first.place, "VA010", message, mend)
        return None
    mend = possible(first.value, tuple(INSTRUCTIONS))
    reading.wrong(first.place, "VA010", f'A step cannot "{first.value}".', mend)
    return None


def _as_instruction(node: Node) -> str:
    """How it may have been meant."""
    word, colon, value = (node.value if isinstance(node, Text) else "").partition(":")
    if word in INSTRUCTIONS and colon and value:
        return f"Put a space behind the colon: - {word}: {value}"
    if word in INSTRUCTIONS:
        return f"Write it like: - {word}: {_EXAMPLES.get(word, '…')}"
    first, _, rest = word.partition(" ")
    if first.strip(";=：").lower() in INSTRUCTIONS and rest:
        return f"Put a colon behind the word: - {first.strip(';=：').lower()}: {rest}"
    return 'Write it like: - say: "A line."'


_EXAMPLES = {
    "end": "true",
    "say": '"A line."',
    "pause": "2s",
    "chime": "soft",
    "recall": "reminders",
    "forget": "reminders",
    "remember": "name",
}


@dataclass(frozen=True)
class BlockKind:
    """Instructions one after the other, or a single one."""

    def read(self, node: Node, what: str, reading: Reading) -> model.Block | None:
        """What could be read of them."""
        nodes = node.items if isinstance(node, Items) else (node,)
        found = (_instruction(one, reading) for one in nodes)
        return tuple(one for one in found if one is not None)

    def schema(self) -> Schema:
        """By reference: blocks hold blocks."""
        return {"$ref": "#/$defs/block"}


def _target(step: Written, place: Place) -> model.Block:
    return (model.Go(step, place=place),)


BLOCK = BlockKind()
BLOCKS = Many(BLOCK)


@dataclass(frozen=True)
class AnswerTarget:
    """What follows an answer: the name of a step, one instruction, or a list of them."""

    def read(self, node: Node, what: str, reading: Reading) -> model.Block | None:
        """A step's name is the same as {go: step}."""
        if isinstance(node, Table | Items):
            return BLOCK.read(node, what, reading)
        return Made(Line(), _target).read(node, what, reading)

    def schema(self) -> Schema:
        """Either."""
        return {"anyOf": [{"type": "string", "minLength": 1}, BLOCK.schema()]}


OTHERS = ("ask", "yes", "no")


def _answers(found: dict[str, model.Block]) -> tuple[model.Answer, ...]:
    return tuple(
        model.Answer(template, block, template.place)
        for template, block in found.items()
        if isinstance(template, Written) and template != ANYTHING
    )


def _ask(found: Found, place: Place, reading: Reading) -> model.Ask | None:
    if not found["answers"]:
        reading.wrong(place, "VA011", "This question has no answers.", "Add one under answers:.")
        return None
    return model.Ask(
        found["ask"],
        _answers(found["answers"]),
        found.get("wait"),
        found.get("silence", ()),
        found.get("unclear", ()),
        found.get("help", ""),
        found["answers"].get(ANYTHING),
        found.get("others", ""),
        place,
    )


def _lead(
    name: str, kind: Kind[Any], make: Make, doc: str, more: Mapping[str, Field] | None = None
) -> Record[model.Instruction]:
    return Record(name, {name: Field(kind, needed=True, doc=doc), **(more or {})}, make, doc)


def _as_placed(kind: type, name: str) -> Make:
    def make(found: Found, place: Place, _: Reading) -> model.Instruction:
        made: model.Instruction = kind(found[name], place)
        return made

    return make


REPEAT: Record[model.Instruction] = Record(
    "repeat",
    {
        "times": Field(Times(MOST_ROUNDS), needed=True, doc="How often."),
        "do": Field(BLOCK, needed=True, doc="What is done each time."),
    },
    made_repeat,
)


def _itself_placed(name: str) -> Make:
    """What was made of the inner keys, at the place of the lead word."""

    def make(found: Found, place: Place, _: Reading) -> model.Instruction:
        made: model.Instruction = replace(found[name], place=place)
        return made

    return make


def _itself(name: str) -> Make:
    def make(found: Found, _: Place, __: Reading) -> model.Instruction:
        made: model.Instruction = found[name]
        return made

    return make


def _short_hold(time: model.Duration, place: Place) -> model.Hold:
    return model.Hold(time, place=place)


INSTRUCTIONS: dict[str, Record[model.Instruction]] = {
    one.what: one
    for one in (
        _lead("say", SAY, _itself_placed("say"), "Speak a line."),
        _lead("pause", LONG, _as_placed(model.Pause, "pause"), "Be quiet."),
        _lead("play", SoundFile(), _as_placed(model.Play, "play"), "Play a sound file."),
        _lead("chime", Choice(CHIMES), _as_placed(model.Chime, "chime"), "Play a sound."),
        _lead(
            "ask",
            Variants(),
            _ask,
            "Ask, and wait for an answer.",
            {
                "wait": Field(LONG, doc="How long to wait for an answer."),
                "answers": Field(
                    Entries(AnswerTarget()),
                    needed=True,
                    doc="Phrases, and what follows each: a step, or things to do; anything: what"
                    " follows all other speech.",
                ),
                "silence": Field(BLOCKS, doc="The 1st, 2nd … time that nobody answers."),
                "unclear": Field(BLOCKS, doc="The 1st, 2nd … time it is not understood."),
                "help": Field(Line(), doc='Said for "what can I say?".'),
                "others": Field(
                    Choice(OTHERS), doc="What starts other dialogs: asked about, yes, or no."
                ),
            },
        ),
        _lead(
            "hold",
            Either(HOLD, Made(LONG, _short_hold)),
            _itself("hold"),
            "Keep quiet while somebody speaks.",
        ),
        _lead("turn", TURN, _itself("turn"), "A timed turn to speak."),
        _lead("breathe", BREATHE, _itself("breathe"), "Lead a breathing."),
        _lead("go", Variants(), made_go, "Go to another step, or to any of several."),
        _lead("run", Line(), _as_placed(model.Run, "run"), "Hand over to another dialog."),
        _lead("detour", Line(), _as_placed(model.Detour, "detour"), "Run a dialog and come back."),
        _lead(
            "end",
            Choice(("true", "yes", "all")),
            lambda found, place, _: model.End(found["end"] == "all", place),
            "It is over; all: what it interrupted, too.",
        ),
        _lead("set", Entries(Change()), made_set, "Fill slots; +1 adds to the number in one."),
        _lead("repeat", REPEAT, _itself_placed("repeat"), "Do the same several times."),
        _lead(
            "when",
            Made(Entries(Either(COMPARISON, ONE_OF)), made_conditions),
            made_when,
            "Do one thing or the other.",
            {
                "then": Field(BLOCK, needed=True, doc="If every condition holds."),
                "else": Field(BLOCK, doc="If one does not."),
            },
        ),
        _lead(
            "remind",
            REMIND,
            _itself_placed("remind"),
            "Come back later, even after a restart.",
        ),
        _lead(
            "remember",
            Choice(NAMES),
            _as_placed(model.Remember, "remember"),
            "Keep a name, behind a yes to that.",
        ),
        _lead(
            "recall",
            Choice(("reminders",)),
            lambda _, place, __: model.Recall(place),
            "Say what was promised; the slot reminders then holds how many.",
        ),
        _lead(
            "forget",
            Choice(("reminders", "me")),
            _as_placed(model.Forget, "forget"),
            "Cancel all reminders, or forget everybody's name.",
        ),
    )
}
