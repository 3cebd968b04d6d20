"""What the program says: lines that are too long, too many at once, that speak a phrase by
themselves, or that hold a slot nothing fills.

Rules: a sentence is over 20 words long, or a fourth one comes before anybody can answer.
"""

import re
from collections.abc import Iterator, Sequence

from voice_ally.checker.in_a_row import InARow, sentences
from voice_ally.checker.phrases import Spoken, commands_of, triggers_of
from voice_ally.interpret.overlap import Automaton
from voice_ally.interpret.text import normalise
from voice_ally.language import model
from voice_ally.language.blocks import every_instruction
from voice_ally.language.given_slots import GIVEN
from voice_ally.language.help_lines import KINDS
from voice_ally.language.links import SHARED
from voice_ally.language.memory import Memory
from voice_ally.language.model import Duration, Place
from voice_ally.language.phrasebook import Phrasebook
from voice_ally.language.problems import Problem, error, warning
from voice_ally.language.reserved import COUNT_SLOT
from voice_ally.language.shape_kinds import Written, place_of
from voice_ally.language.wording import number_in, slots_in

MOST_WORDS = 20
LINE_SLOTS = {
    "how_long_left": frozenset({"minutes"}),
    "you_can_say": frozenset({"options"}),
    "reminders_in": frozenset({"times"}),
    "more_reminders_in": frozenset({"times", "count"}),
}
"""What the program puts into lines of its own; into all others nothing."""
GIVEN_SLOTS = frozenset(
    {"emergency_number", "emergency_again", "help_line", "other_help_line", *GIVEN}
    | {f"{kind}_{what}" for kind in KINDS for what in ("line", "again")}
)
"""Filled by the program itself in every dialog, from the country that is set."""
# Linear, as every pattern here: it begins only where a row of marks begins, and gives none back.
_SLOT = re.compile(r"\{\w+\}")
_STRAY = re.compile(r"\{\s{0,9}\w{0,40}|\w{0,40}\s{0,9}\}")
_BREATH = re.compile(r"(?<![.!?:;])[.!?:;]++(?:\s|$)")


def check_lines(
    pack: model.Pack, book: Phrasebook, memory: Memory | None = None
) -> Iterator[Problem]:
    """Everything about what is said ."""
    memory = memory or Memory()
    everywhere = [*commands_of(pack), *triggers_of(pack, everywhere=True)]
    armed = _Armed(book, everywhere)
    for name, line in pack.lines.items():
        yield from _too_long(line, place_of(line, SHARED))
        yield from _braces(line, place_of(line, SHARED), LINE_SLOTS.get(name, frozenset()))
    for block in (*pack.silence, *pack.unclear):
        for one in block:
            yield from _spoken(one, armed)
    words = [(one.template, one.meaning, book.depends_on(one.template)) for one in everywhere]
    always = memory.number(tuple(words))
    for dialog in pack.dialogs.values():
        key = ("said in", id(dialog), always, book.words_key(dialog))
        yield from memory.of(key, lambda: tuple(_said_in(dialog, book, armed)), dialog)  # noqa: B023


def _said_in(dialog: model.Dialog, book: Phrasebook, armed: "_Armed") -> Iterator[Problem]:
    if dialog.confirm:
        yield from _too_long(dialog.confirm, place_of(dialog.confirm, dialog.place))
        yield from _braces(dialog.confirm, place_of(dialog.confirm, dialog.place), frozenset())
    known = filled_in(dialog, book)
    for instruction in every_instruction(dialog):
        yield from _spoken(instruction, armed, dialog.id)
        yield from _unfilled(instruction, known)
        yield from _senseless(instruction)
    yield from _no_numbers(dialog)
    yield from InARow(dialog).problems()


def lines_of(instruction: model.Instruction) -> tuple[str, ...]:
    """What an instruction may say."""
    if isinstance(instruction, model.Say):
        return instruction.any
    if isinstance(instruction, model.Ask):
        return (*instruction.any, *([instruction.help] if instruction.help else []))
    return ()


class _Armed:
    """What is listened for all the time, to compare lines with."""

    def __init__(self, book: Phrasebook, phrases: Sequence[Spoken]) -> None:
        pairs = [(one, graph) for one in phrases if (graph := book.graph(one.template))]
        self._phrases = [one for one, _ in pairs]
        self._automaton = Automaton([graph for _, graph in pairs])

    def heard_in(self, line: str, dialog: str) -> Iterator[tuple[str, Spoken]]:
        """Parts of a line, between two breaths of the voice, that are phrases.

        A dialog's own triggers do nothing while it runs.
        """
        for part in _BREATH.split(line):
            said = normalise(part)
            matching = sorted(self._automaton.matching(said.split()))
            found = [self._phrases[number] for number in matching]
            for phrase in [one for one in found if one.meaning != f'the dialog "{dialog}"'][:1]:
                yield said, phrase


def _spoken(instruction: model.Instruction, armed: _Armed, dialog: str = "") -> Iterator[Problem]:
    for line in lines_of(instruction):
        place = place_of(line, instruction.place)
        yield from _too_long(line, place)
        for said, phrase in armed.heard_in(line, dialog):
            message = f'"{said}" is {phrase.meaning}: the line could be taken for an order.'
            yield warning(place, "VA039", message, "Put it inside a longer sentence.")


def _too_long(line: str, place: Place) -> Iterator[Problem]:
    for sentence in sentences(line):
        count = len(sentence.split())
        if count > MOST_WORDS:
            message = f"This sentence has {count} words; more than {MOST_WORDS} are hard to follow."
            yield warning(place, "VA045", message, "Make two of it.")


def filled_in(dialog: model.Dialog, book: Phrasebook) -> frozenset[str]:
    """The slots that something in this dialog can fill."""
    filled = set(GIVEN_SLOTS) | set(dialog.slots)
    templates = list(dialog.triggers)
    for one in every_instruction(dialog):
        if isinstance(one, model.Set):
            filled |= {*one.slots, *one.added}
        elif isinstance(one, model.Recall):
            filled.add(COUNT_SLOT)
        elif isinstance(one, model.Ask):
            templates.extend(answer.template for answer in one.answers)
    return frozenset(filled.union(*(book.slots(one) for one in templates)))


def _braces(line: str, place: Place, possible: frozenset[str]) -> Iterator[Problem]:
    """Slots in a line of the program's own, or in the question before a start."""
    for slot in slots_in(line):
        if slot not in possible:
            mend = f"Possible here: {', '.join(sorted(possible))}." if possible else "Leave it out."
            yield error(place, "VA041", f"Nothing ever fills {{{slot}}} here.", mend)
    yield from _unclosed(line, place)


def _unclosed(line: str, place: Place) -> Iterator[Problem]:
    stray = _STRAY.search(_SLOT.sub("", line))
    if stray:
        double = re.search(r"\{[{%] *(\w+) *[}%]\}", line)
        message = f'The brace in "{(double or stray)[0].strip()}" makes no slot.'
        mend = "Write it like {feeling}: one word in two braces."
        if double:
            mend = f"Write it like {{{double[1]}}}: one brace on each side."
        yield error(place, "VA041", message, mend)


def _no_numbers(dialog: model.Dialog) -> Iterator[Problem]:
    """Words where a length of time or a comparison needs a number."""
    needed, given = set[str](), list(dialog.slots.items())
    for one in every_instruction(dialog):
        needed |= {duration.slot for duration in durations_of(one)}
        if isinstance(one, model.When):
            compared = (c for c in one.conditions if c.over is not None or c.under is not None)
            needed |= {condition.slot for condition in compared}
        elif isinstance(one, model.Repeat):
            needed.add(one.slot)
        elif isinstance(one, model.Set):
            needed |= set(one.added)
            given += one.slots.items()
    for slot, value in given:
        text = str(value).strip()
        if slot in needed and text and "{" not in text and number_in(text) is None:
            place = value.place if isinstance(value, Written) else dialog.place
            message = f'"{slot}" must be a number, not "{text}": a length of time needs it.'
            yield error(place, "VA012", message, "Write it in digits, such as 3.")


def _unfilled(instruction: model.Instruction, known: frozenset[str]) -> Iterator[Problem]:
    mend = "Capture it in an answer, or give it a value under slots:."
    for line in lines_of(instruction):
        yield from _unclosed(line, place_of(line, instruction.place))
        for slot in slots_in(line):
            if slot not in known:
                place = place_of(line, instruction.place)
                yield error(place, "VA041", f"Nothing ever fills {{{slot}}}.", mend)
    for duration in durations_of(instruction):
        if duration.slot and duration.slot not in known:
            message = f"Nothing ever fills {{{duration.slot}}}."
            yield error(instruction.place, "VA041", message, mend)
    needed: tuple[str, ...] = ()
    if isinstance(instruction, model.Remind):
        needed = slots_in(instruction.at)
    elif isinstance(instruction, model.Repeat) and instruction.slot:
        needed = (instruction.slot,)
    for slot in needed:
        if slot not in known:
            yield error(instruction.place, "VA041", f"Nothing ever fills {{{slot}}}.", mend)
    if isinstance(instruction, model.When):
        for condition in instruction.conditions:
            if condition.slot not in known:
                message = f'Nothing ever fills the slot "{condition.slot}".'
                yield error(place_of(condition.slot, instruction.place), "VA041", message, mend)


def durations_of(instruction: model.Instruction) -> tuple[Duration, ...]:
    """The lengths of time in an instruction."""
    match instruction:
        case model.Pause() | model.Hold():
            return (instruction.time,)
        case model.Remind():
            return (instruction.time,) if instruction.time else ()
        case model.Turn():
            return (instruction.time, *([instruction.warn] if instruction.warn else []))
        case model.Breathe():
            return (instruction.time,) if instruction.time else ()
        case model.Ask():
            return (instruction.wait,) if instruction.wait else ()
        case _:
            return ()


def _senseless(instruction: model.Instruction) -> Iterator[Problem]:
    if isinstance(instruction, model.Turn) and instruction.warn is not None:
        turn, warn = instruction.time, instruction.warn
        if not turn.slot and not warn.slot and warn.seconds >= turn.seconds:
            message = "The warning would come before the turn begins."
            yield warning(instruction.place, "VA043", message, "Make warn shorter than for.")
