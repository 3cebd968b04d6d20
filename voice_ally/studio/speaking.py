"""A line as it will sound: in the chosen voice, how long it is, and how easily it is read.

Rules: the voice is that of a session and is opened when first asked for; nothing is kept on disk.
"""

import io
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from voice_ally.app import parts

if TYPE_CHECKING:
    from voice_ally.core.sound import Sound
    from voice_ally.speak.narrator import RememberingVoice

MOST_SPOKEN_LETTERS = 2000
_SLOT = re.compile(r"\{(\w+)\}")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|\d+")


class Speaking:
    """The chosen voice. For one thread."""

    def __init__(self, warn: parts.Write) -> None:
        self._warn = warn
        self._voice: RememberingVoice | None = None

    def about(
        self, text: str, sounds: Mapping[str, str], *, render: bool = True
    ) -> dict[str, object]:
        """Words and reading level of a line and, rendered, its length in seconds. Raises
        VoiceProblem."""
        from voice_ally.core.sound import seconds_in

        about: dict[str, object] = {"words": len(_WORD.findall(text)), "level": reading_level(text)}
        if render and _WORD.search(text):
            about["seconds"] = round(seconds_in(self._sound(text, sounds)), 1)
        return about

    def wav(self, text: str, sounds: Mapping[str, str]) -> bytes:
        """The line as a WAV file. Raises VoiceProblem."""
        import numpy
        import soundfile

        from voice_ally.core.sound import SAMPLE_RATE_HZ

        out = io.BytesIO()
        samples = numpy.frombuffer(self._sound(text, sounds), "<i2")
        soundfile.write(out, samples, SAMPLE_RATE_HZ, format="WAV", subtype="PCM_16")
        return out.getvalue()

    def _sound(self, text: str, sounds: Mapping[str, str]) -> "Sound":
        from voice_ally.core.actions import Style
        from voice_ally.speak.narrator import RememberingVoice

        if self._voice is None:
            self._voice = RememberingVoice(parts.make_voice("", parts.settings(), self._warn))
        self._voice.pronunciations = sounds
        chosen = parts.settings()
        # a slot is read out by its name: what fills it is known in a conversation only
        spoken = _SLOT.sub(lambda slot: slot[1].replace("_", " "), text)[:MOST_SPOKEN_LETTERS]
        return self._voice.render(spoken, Style(rate=chosen.rate, volume=chosen.volume))

    def close(self) -> None:
        """End the voice; may be called twice."""
        voice, self._voice = self._voice, None
        if voice is not None:
            voice.close()


EASIEST_YEARS = 1


def reading_level(text: str) -> int:
    """After how many years at school English is read so with ease: Flesch and Kincaid's formula
    (1975), with syllables counted by their vowels. 1 at least."""
    words = _WORD.findall(text)
    if not words:
        return EASIEST_YEARS
    sentences = max(1, len(re.findall(r"[.!?]+(?:\s|$)", text)))
    syllables = sum(map(_syllables, words))
    years = 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
    return max(EASIEST_YEARS, round(years))


def _syllables(word: str) -> int:
    plain = re.sub(r"(?<=[^aeiouyl])e$", "", word.lower())
    return max(1, len(re.findall(r"[aeiouyäöüéè]+", plain)))
