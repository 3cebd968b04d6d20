"""The usual voice for English: hibari, natural and quick on any machine with memory for it.

Rules: it runs in a child process like every synthesiser. "heart" lies in its package; the others
are fetched by `voice-ally models fetch` and never by itself. Where it is missing, or memory is
short, `why_not` says so in a sentence.
"""

import importlib.util
from collections.abc import Iterator
from pathlib import Path

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.marks import stretches
from voice_ally.devices.memory import free_megabytes
from voice_ally.models.voices import HIBARI_VOICES, hibari_file
from voice_ally.speak.child import Head
from voice_ally.speak.child_voice import ChildVoice
from voice_ally.speak.shaping import without_notation

HEART = "heart"
UNHURRIED_SPEED, LOW_SPEED = 0.65, 0.55
"""hibari's own scale, on which 1 is a news reader. Measured over the bundled lines by
`python -m benchmarks.voice`: about 140 and 120 words a minute."""
SLOWEST_SPEED = 0.4
NEEDED_MEGABYTES = 300
"""It takes 190 MB; the rest is for everything else."""
RENDER_SECONDS = 5.0
"""A piece that takes longer goes to the next voice. The longest piece there is, 15 s of sound,
takes 0.15 s on a computer and about 3 s on the smallest Raspberry Pi, by its speed."""
START_SECONDS = 6.0
"""So long a first line waits for the voice to be loaded (0.8 s on a computer), then the next voice
says it; the loading goes on."""


class HibariVoice(ChildVoice):
    """Renders lines with one of hibari's voices. Raises VoiceProblem when it is not there."""

    module = "voice_ally.speak.hibari_child"
    at_commas = False
    attempts = 1
    deaths = 3

    def __init__(
        self,
        name: str = HEART,
        *,
        language: str = "en",
        render_seconds: float = RENDER_SECONDS,
        start_seconds: float = START_SECONDS,
    ) -> None:
        name = name or HEART
        self.start_seconds = start_seconds
        if problem := why_not():
            raise VoiceProblem(problem)
        known = HIBARI_VOICES.get(name)
        if known is None and name != HEART:
            raise VoiceProblem(
                f'hibari has no voice "{name}".',
                mend=f"There are: {', '.join((HEART, *HIBARI_VOICES))}.",
            )
        self._model: Path | None = None
        if known is not None:
            self._model = hibari_file(known)
            if self._model is None:
                raise VoiceProblem(
                    f'hibari\'s voice "{name}" is not here yet.',
                    mend=f"Fetch it: voice-ally models fetch {known.name}",
                )
        self._british = known is not None and known.british
        super().__init__(f"hibari:{name}", language, render_seconds)

    def _how(self, style: Style) -> Head:
        return {"model": str(self._model or ""), "british": self._british}

    def _request(self, text: str, style: Style) -> Head:
        parts = [(without_notation(one.text), one.phones, one.stressed) for one in stretches(text)]
        usual = LOW_SPEED if style.low else UNHURRIED_SPEED
        return {"stretches": parts, "speed": max(SLOWEST_SPEED, round(usual * style.rate, 3))}


def why_not() -> str:
    """Why hibari cannot speak on this machine now; empty if it can."""
    for library in ("hibari", "onnxruntime"):
        if importlib.util.find_spec(library) is None:
            return f"The voice hibari is not installed here ({library} is missing)."
    free = free_megabytes()
    if free is not None and free < NEEDED_MEGABYTES:
        return (
            f"The voice hibari needs {NEEDED_MEGABYTES} MB of free memory, and {free} MB are free."
        )
    return ""


def list_voices(language: str) -> Iterator[tuple[str, str]]:
    """Each voice as it is written in the settings, and what it is."""
    if not language.startswith("en"):
        return
    trouble = why_not()
    yield f"hibari:{HEART}", trouble or "American woman; the usual voice"
    for name, known in HIBARI_VOICES.items():
        what = known.what
        if trouble:
            what = trouble
        elif hibari_file(known) is None:
            what = f"{what}; to fetch: voice-ally models fetch {known.name}"
        yield f"hibari:{name}", what


def open_voice(name: str, language: str) -> HibariVoice:
    """See voices.Engine."""
    return HibariVoice(name, language=language)
