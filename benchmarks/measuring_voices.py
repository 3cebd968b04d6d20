"""Says "stop" in Kokoro's voices that nothing was trained or tuned on, for benchmarks.hearing:
`python -m benchmarks.measuring_voices`, with what tools/tiny_model needs (its README.md).

Rules: the two voices held back for measuring, and those that neither training nor tuning ever
draws; the latter speak English with the accent of their own language. Deterministic; made once,
kept in "measuring" where TINY_MODEL_WORK says.
"""

import random

import soundfile

from tools.tiny_model.voices import (
    FOR_MEASURING,
    KOKORO_ACCENTS,
    KOKORO_ENGLISH,
    kokoro_voices_folder,
    speak,
    work_folder,
)

MANNERS = (1, 2, 3)
"""Each a speed of its own."""


def main() -> None:
    """Make what is not there yet."""
    folder = work_folder() / "measuring"
    folder.mkdir(parents=True, exist_ok=True)
    every = sorted(one.stem for one in (kokoro_voices_folder() / "package/voices").glob("*.bin"))
    strange = [one for one in every if one not in (*KOKORO_ENGLISH, *KOKORO_ACCENTS)]
    held_back = [one.removeprefix("kokoro ") for one in FOR_MEASURING if one.startswith("kokoro ")]
    for voice in (*held_back, *strange):
        for manner in MANNERS:
            path = folder / f"kokoro {voice} {manner}: stop.wav"
            if not path.exists():
                samples, rate_hz = speak(f"kokoro {voice}", "stop", random.Random(manner))
                soundfile.write(path, samples, rate_hz)


if __name__ == "__main__":
    main()
