"""What can be said somewhere in a pack, state or no state.

Rules: pure; a template that cannot be used is left to the checker and says no word here.
"""

from voice_ally.interpret.template import TemplateError
from voice_ally.interpret.word_graph import words_of
from voice_ally.language.model import Pack
from voice_ally.language.phrasebook import templates_in
from voice_ally.language.reader import vocabulary


def spoken_templates(pack: Pack) -> tuple[str, ...]:
    """Every template once: commands, triggers, answers, ends of waiting, what is not meant."""
    return tuple(dict.fromkeys(templates_in(pack)))


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
