"""What a step can do: each instruction of the dialog language, declared once.

Rules: a declaration gives both the reading, with places, and the JSON Schema for editors. An
instruction is known by its lead word (say, ask, hold …); one that cannot be read is left out
and reported.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

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
    possible,
)
from voice_ally.language.shape_timed import BREATHE, CHIMES, HOLD, LONG, REMIND, TURN, Found
from voice_ally.language.shape_values import (
    Added,
    Change,
    Choice,
    Line,
    Lines,
    Number,
    SoundFile,
    Times,
    Truth,
    Values,
    Variants,
)
from voice_ally.language.yaml_source import Items, Node, Table, Text
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


VOICES, PACES = ("normal", "low", "second"), ("slow", "normal", "fast")
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


def _conditions(found: Mapping[str, Any], _: Place) -> tuple[model.Condition, ...]:
    return tuple(
        model.Condition(slot, one_of=what) if isinstance(what, tuple) else what(slot)
        for slot, what in found.items()
    )


def _comparison(
    found: Found, place: Place, reading: Reading
) -> Callable[[str], model.Condition] | None:
    if len(found) != 1:
        message = 'One of "over", "under" and "known" must stand here.'
        reading.wrong(place, "VA011", message, "Write it like {over: 10}.")
        return None
    return lambda slot: model.Condition(slot, **found)


COMPARISON: Record[Any] = Record(
    "A comparison",
    {
        "over": Field(Number(whole=False), doc="More than this."),
        "under": Field(Number(whole=False), doc="Less than this."),
        "known": Field(Truth(), doc="Whether the slot holds anything."),
    },
    _comparison,
)
ONE_OF: Kind[Any] = Values()


def _when(found: Found, place: Place, _: Reading) -> model.When:
    return model.When(found["when"], found["then"], found.get("else", ()), place)


def _lead(
    name: str, kind: Kind[Any], make: Make, doc: str, more: Mapping[str, Field] | None = None
) -> Record[model.Instruction]:
    return Record(name, {name: Field(kind, needed=True, doc=doc), **(more or {})}, make, doc)


def _as_placed(kind: type, name: str) -> Make:
    def make(found: Found, place: Place, _: Reading) -> model.Instruction:
        made: model.Instruction = kind(found[name], place)
        return made

    return make


def _go(found: Found, place: Place, _: Reading) -> model.Go:
    step, *others = found["go"]
    return model.Go(step, tuple(others), place)


def _set(found: Found, place: Place, _: Reading) -> model.Set:
    given = {name: one for name, one in found["set"].items() if not isinstance(one, Added)}
    added = {name: one.by for name, one in found["set"].items() if isinstance(one, Added)}
    return model.Set(given, added, place)


def _repeat(found: Found, place: Place, _: Reading) -> model.Repeat:
    times = found["times"]
    return model.Repeat(
        times if isinstance(times, int) else 0,
        found["do"],
        times if isinstance(times, str) else "",
        place,
    )


def _say(found: Found, place: Place, reading: Reading) -> model.Say | None:
    if ("text" in found) == ("any" in found):
        message = 'say needs "text" or "any", and not both.'
        reading.wrong(place, "VA011", message, 'Write it like {text: "A line.", voice: low}.')
        return None
    lines = found["any"] if "any" in found else (found["text"],)
    voice, rate = found.get("voice", ""), found.get("rate", "")
    return model.Say(lines, voice, rate, found.get("quiet", False), place)


def _plain_say(line: Written, place: Place) -> model.Say:
    return model.Say((line,), place=place)


SAY: Kind[model.Say] = Either(
    Record(
        "say",
        {
            "text": Field(Line(), doc="The line."),
            "any": Field(Lines(), doc="Several lines, of which one is spoken."),
            "voice": Field(Choice(VOICES), doc="In which voice; second: another's part."),
            "rate": Field(Choice(PACES), doc="How fast."),
            "quiet": Field(Truth(), doc="Spoken quietly."),
        },
        _say,
        whole=True,
    ),
    Made(Line(), _plain_say),
)
REPEAT: Record[model.Instruction] = Record(
    "repeat",
    {
        "times": Field(Times(MOST_ROUNDS), needed=True, doc="How often."),
        "do": Field(BLOCK, needed=True, doc="What is done each time."),
    },
    _repeat,
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
        _lead("go", Variants(), _go, "Go to another step, or to any of several."),
        _lead("run", Line(), _as_placed(model.Run, "run"), "Hand over to another dialog."),
        _lead("detour", Line(), _as_placed(model.Detour, "detour"), "Run a dialog and come back."),
        _lead(
            "end",
            Choice(("true", "yes", "all")),
            lambda found, place, _: model.End(found["end"] == "all", place),
            "It is over; all: what it interrupted, too.",
        ),
        _lead("set", Entries(Change()), _set, "Fill slots; +1 adds to the number in one."),
        _lead("repeat", REPEAT, _itself_placed("repeat"), "Do the same several times."),
        _lead(
            "when",
            Made(Entries(Either(COMPARISON, ONE_OF)), _conditions),
            _when,
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
