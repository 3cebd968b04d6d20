"""The name by which a phrase's meaning is reported.

Rules: a trigger is named after its dialog, a command after itself, an answer as it was
written ("<yes>" is "yes"); this is what `heard` events and `voice-ally hear` show.
"""

from voice_ally.core.actions import Phrase
from voice_ally.language.own_names import as_written


def intent_of(phrase: Phrase) -> str:
    """The name of what this phrase means."""
    if phrase.meaning.kind in ("command", "trigger", "wake"):
        return phrase.meaning.name
    template = as_written(phrase.template)
    if template.startswith("<") and template.endswith(">") and template.count("<") == 1:
        return template[1:-1]
    return template
