"""Which voice a name means, which there are, and which speaks where one cannot.

Rules: a name is ENGINE:VOICE. The engines of our own are below; any installed package may bring
one, as an entry point of the group "voice_ally.voices" that names a module or object with what
Engine asks for. A name without an engine is one of the system's own voices (pyttsx3).
"""

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module, metadata
from typing import Protocol, cast

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.sound import Sound

GROUP = "voice_ally.voices"
SYSTEM, USUAL = "system", "hibari:heart"
"""The system's own usual voice, and the one that speaks English where nobody chose another."""
OWN = {
    "hibari": "voice_ally.speak.hibari_voice",
    "piper": "voice_ally.speak.piper_voice",
    "flite": "voice_ally.speak.flite_voice",
    SYSTEM: "voice_ally.speak.pyttsx3_voice",
}


class RenderingVoice(Protocol):
    """A voice (core.ports.Voice) that can be started ahead of its first line."""

    @property
    def name(self) -> str:
        """As it is written in the settings."""

    def warm_up(self) -> None:
        """Start what takes long to start; does not wait for it."""

    def render(self, text: str, style: Style) -> Sound:
        """The spoken line; its marks are those of core/marks.py. Raises VoiceProblem."""

    def close(self) -> None:
        """End it; may be called twice."""


class Engine(Protocol):
    """What brings voices: a module of ours, or what an entry point names."""

    def open_voice(self, name: str, language: str) -> RenderingVoice:
        """The voice of this name, or its usual one. Raises VoiceProblem where it is not there."""

    def list_voices(self, language: str) -> Iterable[tuple[str, str]]:
        """Each voice for this language as it is written in the settings, and what it is."""


def engines() -> dict[str, Callable[[], Engine]]:
    """Name -> how to load it. Ours cannot be replaced, only added to."""
    found: dict[str, Callable[[], Engine]] = {
        one.name: cast("Callable[[], Engine]", one.load)
        for one in metadata.entry_points(group=GROUP)
    }
    for name, module in OWN.items():
        found[name] = lambda module=module: cast("Engine", import_module(module))  # type: ignore[misc]
    return found


def open_voice(name: str, language: str = "en") -> RenderingVoice:
    """The voice of this name, or the usual one. Raises VoiceProblem when it is not there."""
    name = name or usual(language)
    engine, colon, own = name.partition(":")
    load = engines().get(engine) if colon or engine == SYSTEM else None
    if load is None:
        # an espeak-ng or system voice by its own name, which may hold anything
        engine, own, load = SYSTEM, name, engines()[SYSTEM]
    try:
        return load().open_voice(own, language)
    except VoiceProblem:
        raise
    except Exception as error:
        raise VoiceProblem(
            f'The voice "{name}" cannot be opened ({type(error).__name__}: {error}).'
        ) from error


def usual(language: str) -> str:
    """The voice that speaks this language where nobody chose another."""
    return USUAL if language.startswith("en") else SYSTEM


def others(name: str, language: str) -> list[str]:
    """Who goes on where this one fails, the best first."""
    order = [usual(language), SYSTEM, *(["flite:slt"] if language.startswith("en") else [])]
    return [one for one in dict.fromkeys(order) if one != (name or usual(language))]


def describe_voices(language: str, chosen: str) -> Iterator[str]:
    """A line for each voice that speaks this language, as it is written in the settings."""
    found = False
    for name, what in _voices(language):
        found = True
        mark = "  (chosen)" if name == (chosen or usual(language)) else ""
        yield f"voice  {name}  {what}{mark}"
    if not found:
        yield "No voice for this language was found."


def _voices(language: str) -> Iterator[tuple[str, str]]:
    every = engines()
    for name in (*OWN, *(one for one in sorted(every) if one not in OWN)):
        try:
            yield from every[name]().list_voices(language)
        except VoiceProblem as problem:
            yield f"{name}:", str(problem)
        except Exception as error:
            yield f"{name}:", f"cannot be listed ({type(error).__name__}: {error})"
