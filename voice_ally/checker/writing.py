"""What is written in a way that other programs or people understand, and this one does not: signs
in phrases that nobody can say, slots in another notation, lines without a sound, apostrophes left
out.

Rules: nothing is dropped in silence. What would change a meaning is an error, the rest a warning;
neither keeps a dialog from being used that was usable before.
"""

import re
from collections.abc import Collection, Iterator

from voice_ally.checker.lines import lines_of
from voice_ally.interpret.signs import unsaid
from voice_ally.interpret.text import fold
from voice_ally.language import model
from voice_ally.language.blocks import every_instruction
from voice_ally.language.links import SHARED
from voice_ally.language.memory import Memory
from voice_ally.language.model import Place
from voice_ally.language.phrasebook import templates_of
from voice_ally.language.problems import Problem, error, warning
from voice_ally.language.shape_kinds import place_of
from voice_ally.language.wording import slots_in

_NAME = r"([^\W\d]\w*)"
_ELSEWHERE = [
    re.compile(pattern)
    for pattern in (
        rf"\$\{{ ?{_NAME} ?\}}",
        rf"#\{{ ?{_NAME} ?\}}",
        rf"\$\(?{_NAME}\)?",
        rf"%\({_NAME}\)[sd]",
        rf"%{_NAME}%",
        rf"@{_NAME}",
    )
]
"""How template engines, shells and chat programs mark what is to be filled in."""
_IN_BRACES = re.compile(rf"\{{\{{ *{_NAME} *\}}\}}|\{{% *{_NAME} *%\}}")
_IN_BRACKETS = re.compile(rf"<{_NAME}>|\[\[? ?{_NAME} ?\]?\]")
"""What means something in a phrase, and nothing in a line."""
_NEGATED = ("do", "did", "does", "ca", "wo", "is", "are", "was", "were", "have", "has", "had")
_CONTRACTIONS = {
    **{f"{one}nt": f"{one}n't" for one in (*_NEGATED, "could", "would", "should")},
    **{f"{one}ve": f"{one}'ve" for one in ("i", "you", "they", "we")},
    **{f"{one}s": f"{one}'s" for one in ("that", "what", "there", "he", "she")},
    **{"youre": "you're", "youll": "you'll", "theyre": "they're", "theyll": "they'll"},
    **{"im": "I'm", "ive": "I've"},
}
"""English words that have no meaning, or hardly one, without their apostrophe."""
_WORDS = re.compile(r"[^\W_']+")
_HAS_APOSTROPHE = re.compile(r"(?<![^\W_])[^\W_]+'[^\W_]+")


def check_writing(
    pack: model.Pack, dialog: model.Dialog, names: Collection[str]
) -> Iterator[Problem]:
    """Everything about how a dialog is written. names: every slot, list and rule there is."""
    for template in dict.fromkeys(templates_of(dialog)):
        yield from _phrase(template, place_of(template, dialog.place), pack.language, names)
    for instruction in every_instruction(dialog):
        for line in lines_of(instruction):
            place = place_of(line, instruction.place)
            yield from _line(line, place, names)
            if not _can_be_heard(line):
                yield _soundless(line, place, instruction)


def check_shared_writing(pack: model.Pack, memory: Memory) -> Iterator[Problem]:
    """The same of what dialogs share."""
    names = frozenset((*pack.lists, *pack.rules))
    known = memory.number((pack.language, names))
    spoken = [*pack.rules.values(), *pack.not_meant]
    spoken += [one for templates in pack.commands.values() for one in templates]
    spoken += [said for values in pack.lists.values() for said, _ in values.values]
    for template in spoken:
        place = place_of(template, SHARED)
        key = ("writing of", template, place, known)
        yield from memory.of(
            key,
            lambda: tuple(_phrase(template, place, pack.language, names)),  # noqa: B023
        )


def names_in(pack: model.Pack, dialog: model.Dialog, filled: Collection[str]) -> set[str]:
    """What a dialog can refer to."""
    return {*pack.lists, *pack.rules, *dialog.slots, *filled}


def _phrase(
    template: str, place: Place, language: str, names: Collection[str]
) -> Iterator[Problem]:
    for found in (*_elsewhere(template, names), *_IN_BRACES.finditer(template)):
        name = next(one for one in found.groups() if one)
        message = f'"{found[0]}" is how other programs write a slot.'
        yield error(place, "VA073", message, f"Write it like {{{name}}}.")
        return
    meaning, adorning = unsaid(template)
    if meaning:
        message = f'Nobody can say "{" ".join(meaning)}" in "{template}": it is left out.'
        yield error(place, "VA072", message, "Write it in words, as it is said.")
    elif adorning:
        message = f'"{" ".join(adorning)}" in "{template}" is not listened for.'
        yield warning(place, "VA072", message, "Leave it out of the phrase.")
    if language.startswith("en"):
        for word in _WORDS.findall(_HAS_APOSTROPHE.sub(" ", fold(template))):
            if word in _CONTRACTIONS:
                message = f'"{word}" lacks its apostrophe, and is listened for as a strange word.'
                yield warning(place, "VA076", message, f"Write it like {_CONTRACTIONS[word]}.")


def _elsewhere(text: str, names: Collection[str]) -> Iterator[re.Match[str]]:
    for pattern in _ELSEWHERE:
        yield from (one for one in pattern.finditer(text) if one[1] in names)


def _line(line: str, place: Place, names: Collection[str]) -> Iterator[Problem]:
    for found in (*_elsewhere(line, names), *_IN_BRACKETS.finditer(line)):
        name = next(one for one in found.groups() if one)
        if name in names:
            message = f'"{found[0]}" is said as it stands here: it fills in nothing.'
            yield warning(place, "VA073", message, f"Write it like {{{name}}}.")
            return


def _can_be_heard(line: str) -> bool:
    """As the voices see it (speak/reading.py): a letter or a digit somewhere."""
    return bool(slots_in(line)) or any(sign.isalnum() for sign in line)


def _soundless(line: str, place: Place, instruction: model.Instruction) -> Problem:
    message = f'Nothing of "{line[:40]}" can be spoken.'
    if isinstance(instruction, model.Ask):
        return error(place, "VA074", message, "Ask in words: nobody would know what to answer.")
    return warning(place, "VA074", message, "Write words, or drop it; for quiet, write pause: 2s.")
