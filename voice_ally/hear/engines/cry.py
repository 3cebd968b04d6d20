"""A "stop" that the second engine did not find among all phrases: it is asked for those alone.

Rules: only what is harmless is asked for. In noise Vosk often hears a scrap of one phrase or
another where it would take a "stop" for much likelier than no phrase; so less is enough there, as
long as it heard no other whole phrase. How much is in rejection.py, how it was chosen in
docs/hearing.md.
"""

from typing import Protocol

from voice_ally.core.audio import SAMPLE_BYTES, Pcm16, to_samples
from voice_ally.core.speech import Grammar
from voice_ally.hear.engines.noise import is_noisy
from voice_ally.hear.engines.rejection import Weights
from voice_ally.hear.engines.rnnoise import denoised

CRIES = (
    "stop",
    "stop it",
    "stop now",
    "stop this",
    "stop please",
    "please stop",
    "enough",
    "that's enough",
)
"""What is asked for, as far as it means something harmless."""
CRY_BYTES = to_samples(2.4) * SAMPLE_BYTES
"""Of an utterance that can be such a phrase, with the sound before it and after it."""


class Asked(Protocol):
    """An engine that can be asked for some phrases alone."""

    def support(self, text: str, pcm16: Pcm16) -> float:
        """How much likelier than no phrase at all it is, as a logarithm."""

    def likeliest(self, texts: tuple[str, ...], pcm16: Pcm16) -> str:
        """Which of these phrases it is, if it is one; or words of several in a row."""


def cry_in(
    sound: Pcm16, grammar: Grammar, asked: Asked, heard: str, weights: Weights
) -> tuple[str, float]:
    """The phrase, or "", and its support; `heard` is what was found among all phrases."""
    cries = tuple(filter(grammar.is_harmless, CRIES))
    text = asked.likeliest(cries, sound) if cries and len(sound) <= CRY_BYTES else ""
    if text not in cries:
        # words of several phrases, as foreign speech mostly gives
        return "", 0.0
    support, enough = asked.support(text, sound), weights.cry_support
    if heard:
        enough = max(enough, asked.support(heard, sound))
    elif is_noisy(sound):
        enough = weights.noisy_cry_support
        if weights.faint_cry_support <= support < enough:
            # cleaning takes longest: only where it decides
            cleaned = _support_cleaned(text, cries, sound, asked)
            return (text if cleaned >= weights.cleaned_cry_support else ""), support
    return (text if support >= enough else ""), support


def _support_cleaned(text: str, cries: tuple[str, ...], sound: Pcm16, asked: Asked) -> float:
    """The same without the noise; nothing, if that sounds like another phrase."""
    clean = denoised(sound)
    if clean is None or asked.likeliest(cries, clean) != text:
        return 0.0
    return asked.support(text, clean)
