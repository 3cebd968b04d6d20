"""Piper's voices, the most natural ones; need the extra `piper` and a voice file.

Rules: Piper is GPL, so it is never needed, only used where somebody has installed it; it runs in
a child process like every synthesiser. A voice is NAME.onnx with NAME.onnx.json beside it: a
fetched one by name, or any file by its path.
"""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.models.voices import VOICES, installed_voices
from voice_ally.speak.child import Head
from voice_ally.speak.child_voice import ChildVoice
from voice_ally.speak.shaping import unmarked

RENDER_SECONDS = 60.0
"""The first line waits for the model to be loaded, which takes a small computer a while."""


class PiperVoice(ChildVoice):
    """Renders lines with a Piper voice: a name, a path, or nothing for the one installed.

    Raises VoiceProblem when Piper or the voice is not there.
    """

    module = "voice_ally.speak.piper_child"
    at_commas = False

    def __init__(
        self, name: str = "", *, language: str = "en", render_seconds: float = RENDER_SECONDS
    ) -> None:
        self._model = _voice_file(name)
        super().__init__(f"piper:{self._model.stem}", language, render_seconds)
        if not piper_is_there():
            raise VoiceProblem(
                "Piper is not installed.", mend="Install it: pip install 'voice-ally[piper]'"
            )

    def _how(self, style: Style) -> Head:
        return {"model": str(self._model)}

    def _request(self, text: str, style: Style) -> Head:
        return {"text": unmarked(text), "rate": style.rate}


def piper_is_there() -> bool:
    """Is the extra installed?"""
    return importlib.util.find_spec("piper") is not None


def _voice_file(name: str) -> Path:
    path = Path(name).expanduser()
    if name.endswith(".onnx"):
        file = path
    else:
        known = installed_voices()
        if not known and not name:
            raise VoiceProblem(
                "No Piper voice is installed.",
                mend="Fetch one: voice-ally models fetch en_US-ljspeech-medium",
            )
        file = known.get(name or min(known), Path())
    if not file.is_file():
        raise VoiceProblem(
            f'There is no Piper voice "{name}".',
            mend=f"Fetch it (voice-ally models fetch {path.stem}), or name its .onnx file.",
        )
    if not Path(f"{file}.json").is_file():
        raise VoiceProblem(f"{file}.json is missing: a Piper voice is two files.")
    return file


def list_voices(language: str) -> Iterator[tuple[str, str]]:
    """See voices.Engine."""
    installed = installed_voices()
    without = "" if piper_is_there() else ", once the extra piper is installed"
    for name in installed:
        yield f"piper:{name}", f"Piper, natural{without}"
    for known in VOICES if language.startswith("en") else ():
        if known.name not in installed and known.setting.startswith("piper:"):
            yield known.setting, f"to fetch: voice-ally models fetch {known.name}"


def open_voice(name: str, language: str) -> PiperVoice:
    """See voices.Engine."""
    return PiperVoice(name, language=language)
