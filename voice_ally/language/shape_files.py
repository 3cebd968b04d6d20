"""The two kinds of files: a dialog, and phrases.yaml, declared key by key.

Rules: a declaration gives both the reading, with places, and the JSON Schema for editors.
"""

from collections.abc import Mapping
from typing import Any

from voice_ally.core.events import SlotValue
from voice_ally.language import model
from voice_ally.language.model import Place
from voice_ally.language.own_names import with_own_names
from voice_ally.language.reserved import COMMANDS
from voice_ally.language.shape_kinds import Either, Entries, Field, Made, Many, Reading, Record
from voice_ally.language.shape_numbers import Number, Truth, Value
from voice_ally.language.shape_timed import LONG, Found
from voice_ally.language.shape_values import Choice, Line, Lines, Phones
from voice_ally.language.shapes import BLOCK, BLOCKS, OTHERS

AUDIENCES = ("one", "two", "either")


def _dialog(found: Found, place: Place, _: Reading) -> model.Dialog:
    steps: dict[str, model.Block] = found["steps"]
    dialog = model.Dialog(
        id=found["dialog"],
        title=found.get("title", found["dialog"]),
        audience=found.get("for", "either"),
        triggers=found.get("triggers", ()),
        start=found.get("start", next(iter(steps), "")),
        steps=steps,
        confirm=found.get("confirm", ""),
        anywhere=found.get("anywhere", False),
        low_voice=found.get("voice") == "low",
        slots=found.get("slots", {}),
        wait=found.get("wait"),
        silence=found.get("silence", ()),
        unclear=found.get("unclear", ()),
        others=found.get("others", "ask"),
        place=place,
    )
    return with_own_names(dialog, found.get("rules", {}), found.get("lists", {}))


WAIT = Field(LONG, doc="How long questions wait for an answer.")
SILENCE = Field(BLOCKS, doc="For all questions: the 1st, 2nd … time that nobody answers.")
UNCLEAR = Field(BLOCKS, doc="For all questions: the 1st, 2nd … time it is not understood.")


def _numbers(found: Found, place: Place, reading: Reading) -> model.SpokenList | None:
    first, last, step = (int(found.get(key, 1)) for key in ("from", "to", "step"))
    if last < first:
        message = f"This range is empty: {last} is less than {first}."
        reading.wrong(place, "VA012", message, "Swap the two.")
        return None
    return model.SpokenList(numbers=model.NumberRange(first, last, step), place=place)


def _spoken(found: tuple[tuple[str, SlotValue], ...], place: Place) -> model.SpokenList:
    return model.SpokenList(found, place=place)


SPOKEN_NUMBER = Number(0, 10_000)
SPOKEN_LIST: Either[model.SpokenList] = Either(
    Record(
        "A range of numbers",
        {
            "from": Field(SPOKEN_NUMBER, needed=True),
            "to": Field(SPOKEN_NUMBER, needed=True),
            "step": Field(Number(1, 10_000)),
        },
        _numbers,
        "Whole numbers, spoken as words.",
    ),
    Made(
        Many(
            Either[tuple[str, SlotValue]](
                Record(
                    "A value",
                    {
                        "say": Field(Line(), needed=True, doc="How it is said."),
                        "means": Field(Value(), needed=True, doc="What the slot then holds."),
                    },
                    lambda found, *_: (found["say"], found["means"]),
                ),
                Made(Line(), lambda text, _: (text, text)),
            ),
            whole=True,
        ),
        _spoken,
    ),
)

RULES = Field(Entries(Line()), doc="Parts of phrases, used as <name>.")
LISTS = Field(Entries(SPOKEN_LIST), doc="What slots may hold, used as {name}.")

DIALOG: Record[model.Dialog] = Record(
    "A dialog",
    {
        "dialog": Field(Line(), needed=True, doc="The name of the file without .yaml."),
        "title": Field(Line(), doc="For people."),
        "for": Field(Choice(AUDIENCES), doc="How many people it is for."),
        "triggers": Field(Lines(), doc="What people say to start it."),
        "confirm": Field(
            Line(), doc="Asked before it starts; for two people the title is, if missing."
        ),
        "anywhere": Field(Truth(), doc="The triggers also work inside other dialogs."),
        "voice": Field(Choice(("normal", "low")), doc="low: spoken low and quiet."),
        "slots": Field(Entries(Value()), doc="What slots hold at first."),
        "wait": WAIT,
        "silence": SILENCE,
        "unclear": UNCLEAR,
        "others": Field(
            Choice(OTHERS), doc="At its questions, what starts other dialogs: asked about, yes, no."
        ),
        "rules": RULES,
        "lists": LISTS,
        "start": Field(Line(), doc="The first step; otherwise the one on top."),
        "steps": Field(Entries(BLOCK), needed=True, doc="Steps, each a list of things to do."),
    },
    _dialog,
    "One dialog of a Voice Ally pack.",
)


PHRASES: Record[Mapping[str, Any]] = Record(
    "phrases.yaml",
    {
        "language": Field(Line(), doc="Two letters, such as en."),
        "rules": RULES,
        "lists": LISTS,
        "commands": Field(Entries(Lines(), COMMANDS), doc="What works everywhere."),
        "lines": Field(Entries(Line(may_be_empty=True)), doc="What the program itself says."),
        "not_meant": Field(Lines(), doc="Sounds like a phrase but must come to nothing."),
        "pronunciations": Field(Entries(Phones()), doc="Words no dictionary knows, as ARPAbet."),
        "wait": WAIT,
        "silence": SILENCE,
        "unclear": UNCLEAR,
    },
    lambda found, *_: found,
    "What the dialogs of a Voice Ally pack share.",
)
