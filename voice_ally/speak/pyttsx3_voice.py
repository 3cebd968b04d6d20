"""The system's own voices (espeak-ng, macOS, Windows): pyttsx3 as a renderer in a child process.

Rules: pyttsx3 can hang, crash or forget a line, so it never runs in our own process; a child
speaks in one way only, since pyttsx3 cannot be relied on to change.
"""

import json

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.speak.child import BrokenChild, Child, Head
from voice_ally.speak.child_voice import CHILDREN, ChildVoice, Manner

__all__ = ["CHILDREN", "Pyttsx3Voice", "list_voices", "require_voice"]
RENDER_SECONDS = 10.0
"""A piece that takes longer is given up and tried once more in a new child."""
MODULE = "voice_ally.speak.render_child"


class Pyttsx3Voice(ChildVoice):
    """Renders lines with the platform's synthesiser.

    name: a voice by id, name or language, or nothing for the language's usual one.
    """

    module = MODULE

    def __init__(
        self,
        name: str | None = None,
        *,
        language: str = "en",
        render_seconds: float = RENDER_SECONDS,
    ) -> None:
        super().__init__(name or "pyttsx3", language, render_seconds)
        self._wanted = name or ""

    def _manner(self, style: Style) -> Manner:
        return round(style.rate, 2), style.low

    def _how(self, style: Style) -> Head:
        rate = round(style.rate, 2)
        return {"voice": self._wanted, "language": self._language, "rate": rate, "low": style.low}


def require_voice(name: str, language: str) -> None:
    """Raises VoiceProblem where there is no such voice: better now than instead of a line."""
    _asked({"voice": name, "language": language, "rate": 1.0, "low": False})


def _asked(how: Head) -> Head:
    """What a synthesiser started like this greets with. Raises VoiceProblem."""
    child = Child(MODULE, how)
    try:
        head = child.greeting(RENDER_SECONDS)
    except BrokenChild as broken:
        raise VoiceProblem(f"The voices cannot be listed ({broken}).") from broken
    finally:
        child.end()
    if problem := head.get("error"):
        raise VoiceProblem(problem, mend=head.get("mend", ""))
    return head


def list_voices(language: str = "") -> list[tuple[str, str]]:
    """Each voice for this language as it is written in the settings, and its name.

    Raises VoiceProblem.
    """
    head = _asked({"list": True})
    return [
        (id_, name)
        for id_, name, languages in json.loads(head["voices"])
        if languages.startswith(language)
    ]


def open_voice(name: str, language: str) -> Pyttsx3Voice:
    """See voices.Engine. Raises VoiceProblem where it cannot speak: better now than at a line."""
    require_voice(name, language)
    return Pyttsx3Voice(name, language=language)
