"""Which voice a name means, and which there are.

Rules: "flite:NAME" and "piper:NAME" (or "piper:PATH") name their engine; any other name, and
none, is for the synthesiser that is always there.
"""

from collections.abc import Iterator
from typing import Protocol

from voice_ally.core.actions import Style
from voice_ally.core.audio import Pcm16
from voice_ally.core.errors import VoiceProblem

FLITE, PIPER = "flite", "piper"


class RenderingVoice(Protocol):
    """A voice (core.ports.Voice) that can be started ahead of its first line."""

    name: str

    def warm_up(self) -> None:
        """Start what takes long to start; does not wait for it."""

    def render(self, text: str, style: Style) -> Pcm16:
        """The spoken line. Raises VoiceProblem."""

    def close(self) -> None:
        """End it; may be called twice."""


def open_voice(name: str, language: str = "en") -> RenderingVoice:
    """The voice of this name. Raises VoiceProblem when its engine or itself is not there."""
    engine, colon, own = name.partition(":")
    if colon and engine == FLITE:
        from voice_ally.speak.flite_voice import FliteVoice

        return FliteVoice(own, language=language)
    if colon and engine == PIPER:
        from voice_ally.speak.piper_voice import PiperVoice

        return PiperVoice(own, language=language)
    from voice_ally.speak.pyttsx3_voice import Pyttsx3Voice, require_voice

    if name:
        require_voice(name, language)
    return Pyttsx3Voice(name, language=language)


def describe_voices(language: str, chosen: str) -> Iterator[str]:
    """A line for each voice that speaks this language, as it is written in the settings."""
    found = False
    for name, what in _voices(language):
        found = True
        mark = "  (chosen)" if name == chosen else ""
        yield f"voice  {name}  {what}{mark}"
    if not found:
        yield "No voice for this language was found."


def _voices(language: str) -> Iterator[tuple[str, str]]:
    from voice_ally.models.voices import VOICES, installed_voices
    from voice_ally.speak.flite_voice import list_flite_voices
    from voice_ally.speak.piper_voice import piper_is_there
    from voice_ally.speak.pyttsx3_voice import list_voices

    installed = installed_voices()
    for name in installed:
        without = "" if piper_is_there() else ", once the extra piper is installed"
        yield f"{PIPER}:{name}", f"Piper, natural{without}"
    if language.startswith("en"):
        for name in list_flite_voices():
            yield f"{FLITE}:{name}", "flite, soft" if name == "slt" else "flite"
        for voice in VOICES:
            if voice.name not in installed:
                yield f"{PIPER}:{voice.name}", f"to fetch: voice-ally models fetch {voice.name}"
    try:
        always = list_voices()
    except VoiceProblem as problem:
        yield "-", str(problem)
        return
    for id_, name, languages in always:
        if languages.startswith(language):
            yield id_, name
