"""What people say: phrases that mean two things, hide what must always work, or are written
twice; words that no recogniser knows; rules and lists that nothing uses.

Rules: a question's own answers may go before commands, as they do when it is heard; but never
before stop, goodbye, exit and safety, which win over everything.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from voice_ally.interpret.overlap import Automaton, Overlap, Overlaps, overlaps, overlaps_with
from voice_ally.language import model
from voice_ally.language.blocks import every_instruction
from voice_ally.language.links import SHARED
from voice_ally.language.memory import Memory
from voice_ally.language.model import Place
from voice_ally.language.own_names import base_name
from voice_ally.language.phrasebook import REFERENCE, Phrasebook, templates_of
from voice_ally.language.problems import Problem, error, warning
from voice_ally.language.reserved import ENDING, SAFETY
from voice_ally.language.shape_kinds import place_of

UnknownWords = Callable[[frozenset[str]], Mapping[str, str]]
"""Which of these words the recogniser does not know."""
UNHEARD = "its model cannot learn words, so phrases with it cannot be heard"
"""What becomes of such a word where it is not even guessed."""


@dataclass(frozen=True)
class Spoken:
    """A template with what it stands for, in words for the author."""

    template: str
    meaning: str
    place: Place
    vital: bool = False
    follows: model.Block = ()
    """Of an answer: two answers with the same do not get in each other's way."""


class _Set:
    """Phrases armed together, with their graphs."""

    def __init__(self, book: Phrasebook, phrases: Sequence[Spoken]) -> None:
        pairs = [(one, graph) for one in phrases if (graph := book.graph(one.template))]
        self.phrases = [one for one, _ in pairs]
        self.automaton = Automaton([graph for _, graph in pairs])
        self.keys = [(one.template, one.meaning, id(graph)) for one, graph in pairs]
        """Of each phrase, the same as long as its graph is."""


def commands_of(pack: model.Pack) -> list[Spoken]:
    """The commands of a pack."""
    return [
        Spoken(template, f'the command "{name}"', place_of(template, SHARED), name in ENDING)
        for name, templates in pack.commands.items()
        for template in templates
    ]


def triggers_of(pack: model.Pack, *, everywhere: bool = False) -> list[Spoken]:
    """The triggers of all dialogs, or of those that work everywhere."""
    return [
        one
        for dialog in pack.dialogs.values()
        if not everywhere or dialog.anywhere or dialog.id == SAFETY
        for one in dialog.once("triggers", lambda: _triggers(dialog))  # noqa: B023
    ]


def _triggers(dialog: model.Dialog) -> tuple[Spoken, ...]:
    return tuple(
        Spoken(one, f'the dialog "{dialog.id}"', place_of(one, dialog.place), dialog.id == SAFETY)
        for one in dialog.triggers
    )


def check_phrases(
    pack: model.Pack,
    book: Phrasebook,
    unknown_words: UnknownWords | None = None,
    memory: Memory | None = None,
) -> Iterator[Problem]:
    """Everything about what people say."""
    slower: set[str] = set()
    for problem in _everything(pack, book, unknown_words, memory or Memory()):
        begins = problem.message.partition(" (and ")[0].rstrip(".")
        if problem.code != "VA036" or begins not in slower:
            slower.add(begins)
            yield problem


def _everything(
    pack: model.Pack, book: Phrasebook, unknown_words: UnknownWords | None, memory: Memory
) -> Iterator[Problem]:
    idle = _Set(book, [*commands_of(pack), *triggers_of(pack)])
    vital = _Set(book, [one for one in idle.phrases if one.vital])
    everywhere = [*commands_of(pack), *triggers_of(pack, everywhere=True)]
    yield from _twice(idle.phrases)
    found = memory.of("overlaps", Overlaps).among(idle.keys, idle.automaton)
    yield from _among(idle, found, pack.earlier)
    yield from _not_meant(pack, book, vital)
    always = memory.number((tuple(vital.keys), pack.earlier))
    for dialog in pack.dialogs.values():
        key = ("heard in", id(dialog), always, book.words_key(dialog))
        yield from memory.of(key, lambda: tuple(_heard_in(dialog, book, vital, pack)), dialog)  # noqa: B023
        if not _names_of_rules(pack, dialog).isdisjoint(templates_of(dialog)):
            yield from _bare_names(pack, dialog)
    yield from _unused(pack)
    if unknown_words is not None:
        yield from _unknown(pack, book, everywhere, unknown_words, memory)


def _heard_in(
    dialog: model.Dialog, book: Phrasebook, vital: _Set, pack: model.Pack
) -> Iterator[Problem]:
    """What people say inside a dialog."""
    for instruction in every_instruction(dialog):
        local = _Set(book, list(_local(instruction)))
        if local.phrases:
            yield from _twice(local.phrases)
            if isinstance(instruction, model.Ask):
                yield from _among(local, overlaps(local.automaton), pack.earlier)
            yield from _hidden(local, vital)


def _names_of_rules(pack: model.Pack, dialog: model.Dialog) -> Set[str]:
    if not dialog.rules:
        return pack.rules.keys()
    return {*pack.rules, *(base_name(one) for one in dialog.rules)}


def _bare_names(pack: model.Pack, dialog: model.Dialog) -> Iterator[Problem]:
    """Answers that are called as a rule is: its brackets were forgotten."""
    rules = _names_of_rules(pack, dialog)
    for instruction in every_instruction(dialog):
        for one in _local(instruction):
            if one.template in rules:
                message = f'"{one.template}" is only this word; there is a rule of that name.'
                mend = f'Write "<{one.template}>" for all that the rule says.'
                yield warning(one.place, "VA063", message, mend)


def _local(instruction: model.Instruction) -> Iterator[Spoken]:
    if isinstance(instruction, model.Ask):
        for answer in instruction.answers:
            meaning = f'the answer "{answer.template}"'
            yield Spoken(answer.template, meaning, answer.place, follows=answer.then)
    elif isinstance(instruction, model.Hold | model.Turn):
        for template in instruction.until:
            yield Spoken(template, "the end of it", place_of(template, instruction.place))


def _twice(phrases: Sequence[Spoken]) -> Iterator[Problem]:
    first: dict[tuple[str, str], Spoken] = {}
    for one in phrases:
        earlier = first.setdefault((one.template, one.meaning), one)
        if earlier is not one:
            message = f'"{one.template}" is written twice, first in line {earlier.place.line}.'
            yield warning(one.place, "VA038", message, "Drop one of them.")


def _among(
    armed: _Set, overlapping: Iterable[Overlap], earlier: frozenset[str]
) -> Iterator[Problem]:
    """Phrases of one state that share words but not their meaning.

    earlier: not the author's own, so only what is wrong is told of them.
    """
    begun: dict[int, list[Overlap]] = {}
    told: set[tuple[str, str]] = set()
    for found in overlapping:
        first, second = armed.phrases[found.first], armed.phrases[found.second]
        alike = first.follows and first.follows == second.follows
        if alike or first.meaning == second.meaning:
            continue
        if not found.whole:
            if {first.template, second.template} <= earlier:
                continue
            begun.setdefault(found.first, []).append(found)
        elif (first.meaning, second.meaning) not in told:
            told.add((first.meaning, second.meaning))
            message = f'"{found.said}" means two things: {first.meaning} and {second.meaning}.'
            mend = f"Change one; the other is in {_line(first.place)}."
            yield error(second.place, "VA034", message, mend)
    for number, several in begun.items():
        one, longer = armed.phrases[number], armed.phrases[several[0].second]
        more = f" (and {len(several) - 1} more)" if len(several) > 1 else ""
        message = f'"{several[0].said}" is also how "{longer.template}" begins{more}.'
        mend = "It works, but is understood a moment later. Reword one if you can."
        yield warning(one.place, "VA036", message, mend)


def _line(place: Place) -> str:
    return f"{place.file}, line {place.line}"


def _hidden(local: _Set, vital: _Set) -> Iterator[Problem]:
    told: set[tuple[int, str]] = set()
    for found in overlaps_with(local.automaton, vital.automaton):
        own, hidden = local.phrases[found.first], vital.phrases[found.second]
        if (found.first, hidden.meaning) not in told:
            told.add((found.first, hidden.meaning))
            message = (
                f'"{found.said}" is {hidden.meaning}, and always wins: it is never {own.meaning}.'
            )
            yield error(own.place, "VA035", message, "Stopping must always work: reword it.")


def _not_meant(pack: model.Pack, book: Phrasebook, vital: _Set) -> Iterator[Problem]:
    decoys = _Set(book, [Spoken(one, "nothing", place_of(one, SHARED)) for one in pack.not_meant])
    for found in overlaps_with(decoys.automaton, vital.automaton):
        hidden = vital.phrases[found.second]
        message = f'"{found.said}" is {hidden.meaning}, but not_meant makes nothing of it.'
        place = decoys.phrases[found.first].place
        yield error(place, "VA035", message, "Stopping must always work: reword it.")


def _unused(pack: model.Pack) -> Iterator[Problem]:
    texts = [*pack.not_meant, *(one.template for one in commands_of(pack))]
    used = _named_in(texts, pack) | {"yes", "no"}  # armed while a start is confirmed
    for dialog in pack.dialogs.values():
        used |= dialog.once("uses", lambda: _named_in(templates_of(dialog), dialog))  # noqa: B023
    rules = [*pack.rules.items()]
    lists = [*pack.lists.items()]
    for dialog in pack.dialogs.values():
        rules += dialog.rules.items()
        lists += dialog.lists.items()
    for name, text in rules:
        if name not in used:
            place = place_of(name, place_of(text, SHARED))
            yield warning(place, "VA042", f"Nothing uses the rule <{name}>.", "Drop it.")
    for name, spoken in lists:
        if name not in used:
            place = place_of(name, spoken.place)
            yield warning(place, "VA042", f"Nothing uses the list {{{name}}}.", "Drop it.")


def _named_in(templates: Iterable[str], where: model.Pack | model.Dialog) -> frozenset[str]:
    """The rules and lists that are named in templates, and in the rules and lists themselves."""
    listed = [said for spoken in where.lists.values() for said, _ in spoken.values]
    texts = [*templates, *where.rules.values(), *listed]
    return frozenset(name for text in texts for pair in REFERENCE.findall(text) for name in pair)


def _unknown(
    pack: model.Pack,
    book: Phrasebook,
    shared: Sequence[Spoken],
    unknown_words: UnknownWords,
    memory: Memory,
) -> Iterator[Problem]:
    words = book.words_of(one.template for one in shared)
    for dialog in pack.dialogs.values():
        key = ("words of", id(dialog), book.words_key(dialog))
        words |= memory.of(key, lambda: book.words_of(templates_of(dialog)), dialog)  # noqa: B023
    known_not = unknown_words(words)
    written = {word.lower() for word in pack.pronunciations}
    unknown = {one for one in known_not if one not in written or known_not[one] == UNHEARD}
    if not unknown:
        return
    spoken = [*shared, *triggers_of(pack)]
    for dialog in pack.dialogs.values():
        for instruction in every_instruction(dialog):
            spoken.extend(_local(instruction))
    for one in spoken:
        for word in sorted(book.words(one.template) & unknown):
            unknown -= {word}
            message = f'The recogniser does not know the word "{word}": {known_not[word]}.'
            mend = "Use another word, or say how it sounds under pronunciations:."
            if known_not[word] == UNHEARD:
                mend = "Use another word, or leave vosk_model out of the settings."
            yield warning(one.place, "VA037", message, mend)
