"""The child process that renders lines with Piper; see render_child.py for how it is spoken to.

Rules: its one argument (JSON) names the model; rate comes with each request.
"""

import json
import os
import signal
import sys
from typing import Any

from voice_ally.speak.render_child import answer

UNHURRIED_LENGTH = 1.12
"""Piper's own pace is that of a news reader."""


def main(arguments: list[str]) -> None:
    """Serve requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    # libraries print; their words must not end up among the answers
    os.dup2(2, 1)
    try:
        from piper import PiperVoice

        voice = PiperVoice.load(json.loads(arguments[0])["model"])
    except Exception as error:
        answer(answers, {"error": f"The Piper voice cannot be loaded ({error}).", "mend": ""})
        return
    answer(answers, {"ready": True})
    for line in sys.stdin:
        try:
            rate_hz, pcm16 = render(voice, json.loads(line))
        except Exception as error:
            answer(answers, {"error": f"{type(error).__name__}: {error}"})
        else:
            answer(answers, {"bytes": len(pcm16), "rate": rate_hz}, pcm16)


def render(voice: Any, request: dict[str, Any]) -> tuple[int, bytes]:  # noqa: ANN401 - untyped
    """Sample rate and mono samples of {"text": …, "rate": …}."""
    from piper import SynthesisConfig

    usual = voice.config.length_scale or 1.0
    how = SynthesisConfig(length_scale=usual * UNHURRIED_LENGTH / request["rate"])
    chunks = list(voice.synthesize(request["text"], syn_config=how))
    rate_hz = chunks[0].sample_rate if chunks else voice.config.sample_rate
    return rate_hz, b"".join(chunk.audio_int16_bytes for chunk in chunks)


if __name__ == "__main__":
    main(sys.argv[1:])
