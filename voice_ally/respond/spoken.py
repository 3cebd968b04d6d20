"""What can be said somewhere in a pack, state or no state.

Rules: pure; a template that cannot be used is left to the checker and says no word here.
"""

from voice_ally.interpret.template import TemplateError
from voice_ally.interpret.word_graph import words_of
from voice_ally.respond.check_phrasebook import every_instruction
from voice_ally.respond.model import Ask, Hold, Pack, Turn
from voice_ally.respond.reader import vocabulary


def spoken_templates(pack: Pack) -> tuple[str, ...]:
    """Every template once: commands, triggers, answers, ends of waiting, what is not meant."""
    found = dict.fromkeys(one for many in pack.commands.values() for one in many)
    found |= dict.fromkeys(pack.not_meant)
    for dialog in pack.dialogs.values():
        found |= dict.fromkeys(dialog.triggers)
        for instruction in every_instruction(dialog):
            if isinstance(instruction, Ask):
                found |= dict.fromkeys(answer.template for answer in instruction.answers)
            elif isinstance(instruction, Hold | Turn):
                found |= dict.fromkeys(instruction.until)
    return tuple(found)


def spoken_words(pack: Pack) -> frozenset[str]:
    """Every word that may have to be recognised."""
    words = vocabulary(pack)
    found: set[str] = set()
    for template in spoken_templates(pack):
        try:
            found |= words_of(template, words)
        except TemplateError:
            continue
    return frozenset(found)
