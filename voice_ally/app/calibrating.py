"""`voice-ally models calibrate`: an official Vosk model, on the bundled one's scale.

Rules: the bundled pack's phrases are said by the local voice in a few manners, in quiet and in a
noisy room; both models score what was said, and as many phrases that were not. Nothing is kept but
two numbers. It takes seconds.
"""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from voice_ally.app import parts
from voice_ally.core.errors import ModelProblem

if TYPE_CHECKING:
    from voice_ally.core.audio import Pcm16
    from voice_ally.core.sound import Sound
    from voice_ally.hear.engines.vosk_engine import VoskRecogniser
    from voice_ally.models.calibration import Calibration, Scores

PHRASES = 16
RATES = (0.8, 1.1)
NOISES_RMS = (3.0, 300.0)
"""Of 32,768."""
AROUND_SAMPLES = 6400


def calibrate(name: str, *, say: parts.Write) -> "Calibration":
    """Measure, and keep what was found. Raises ModelProblem, VoiceProblem."""
    from voice_ally.hear.engines.vosk_engine import VoskRecogniser
    from voice_ally.hear.engines.vosk_trial import careful_vosk
    from voice_ally.models.calibration import calibration_of, keep_calibration
    from voice_ally.settings.places import bundled_model

    folder = _model(name)
    other, bundled = careful_vosk(folder), VoskRecogniser(bundled_model())
    said = list(_said(other, bundled))
    found = calibration_of(_scores(bundled, said), _scores(other, said))
    keep_calibration(folder, found)
    say(f"{folder.name} is calibrated, on {len(said)} spoken phrases. It is used from now on.")
    return found


def _model(name: str) -> Path:
    from voice_ally.models.store import choose_vosk_model

    folder = choose_vosk_model(name or parts.settings().vosk_model)
    if folder is None:
        raise ModelProblem(
            "No official speech model is installed.", mend="Fetch one: voice-ally models fetch"
        )
    return folder


def _said(*engines: "VoskRecogniser") -> "Iterator[tuple[str, Pcm16]]":
    """Phrases that all engines know, as the local voice says them."""
    from voice_ally.core.actions import Style
    from voice_ally.engine.armed import phrases_for
    from voice_ally.engine.state import State
    from voice_ally.settings.settings import Settings

    chosen = Settings()
    pack = parts.dialogs(None, chosen, lambda _line: None).dialogs.pack
    grammar = parts.understandings(pack).of(phrases_for(pack, State())).grammar
    unknown = frozenset().union(*(one.unknown_words(grammar) for one in engines))
    known = [one for one in grammar.phrases if unknown.isdisjoint(one.split())]
    if len(known) < PHRASES:
        raise ModelProblem(
            "This speech model knows none of the bundled phrases.",
            mend="It may be of another language; leave it out of the settings.",
        )
    voice = parts.make_voice("", chosen, lambda _line: None)
    try:
        for text in random.Random(1).sample(known, PHRASES):
            for rate in RATES:
                spoken = voice.render(text, Style(rate=rate))
                for noise_rms in NOISES_RMS:
                    yield text, _in_room(spoken, noise_rms)
    finally:
        voice.close()


def _in_room(spoken: "Sound", noise_rms: float) -> "Pcm16":
    """As a microphone hears it."""
    import numpy
    import soxr

    from voice_ally.core import audio, sound
    from voice_ally.core.audio import Pcm16

    played = numpy.frombuffer(spoken, "<i2").astype(numpy.float32)
    heard = soxr.resample(played, sound.SAMPLE_RATE_HZ, audio.SAMPLE_RATE_HZ)
    samples = numpy.pad(heard, AROUND_SAMPLES)
    noise = numpy.random.default_rng(1).normal(0.0, noise_rms, samples.size)
    return Pcm16((samples + noise).clip(-32768, 32767).astype("<i2").tobytes())


def _scores(engine: "VoskRecogniser", said: "list[tuple[str, Pcm16]]") -> "Scores":
    """Of each sound: the phrase that was said, and the next other one."""
    from voice_ally.models.calibration import Scores

    texts = list(dict.fromkeys(text for text, _ in said))
    others = dict(zip(texts, [*texts[1:], texts[0]], strict=True))
    return Scores(
        tuple(engine.likelihood_ratio(text, sound)[0] for text, sound in said),
        tuple(engine.likelihood_ratio(others[text], sound)[0] for text, sound in said),
    )
