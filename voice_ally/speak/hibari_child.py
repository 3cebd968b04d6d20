"""The child process that renders lines with hibari; see render_child.py for how it is spoken to.

Rules: its one argument (JSON) names the voice's model, or none for the one in the package; it
greets when it is ready to speak, not before. Nothing is ever downloaded: hibari gets a file, and
its own way of fetching voices is not reached. What a line holds that hibari would take for
notation is text; sounds and stress come as stretches.
"""

import gc
import json
import os
import signal
import sys
from typing import Any

from voice_ally.core.marks import Stretch
from voice_ally.models.hibari_phones import hibari_phones, stressed
from voice_ally.speak.render_child import answer

SEED = 1
"""The same line sounds the same each time."""
LOUDEST = 32_767


def main(arguments: list[str]) -> None:
    """Serve requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    # libraries print; their words must not end up among the answers
    os.dup2(2, 1)
    how = json.loads(arguments[0])
    try:
        engine = load(how["model"], british=how["british"])
    except Exception as error:
        answer(answers, {"error": f"The voice hibari cannot be loaded ({error}).", "mend": ""})
        return
    answer(answers, {"ready": True})
    for line in sys.stdin:
        try:
            pcm16 = render(engine, json.loads(line))
        except Exception as error:
            answer(answers, {"error": f"{type(error).__name__}: {error}"})
        else:
            answer(answers, {"bytes": len(pcm16), "rate": engine.sample_rate}, pcm16)


def load(model: str, *, british: bool) -> Any:  # noqa: ANN401 - hibari is untyped
    """A voice that has spoken once, unheard, so that its first line is as quick as any."""
    # hibari is happy with numpy; scipy would take a second to load and 40 MB
    sys.modules.setdefault("scipy", None)  # type: ignore[arg-type]
    from hibari.g2p import G2P
    from hibari.tts import Hibari

    # millions of dictionary entries are made, and none of them is ever garbage
    gc.disable()
    engine = Hibari(model=model or None, threads=1, g2p=G2P(british=british))
    list(engine.stream("I am here.", seed=SEED))
    gc.freeze()
    gc.enable()
    _give_back_memory()
    return engine


def _give_back_memory() -> None:
    """What loading took for a moment goes back to the system, where that is known how."""
    if sys.platform != "linux":
        return
    import ctypes

    try:
        ctypes.CDLL("libc.so.6").malloc_trim(0)
    except (OSError, AttributeError):
        return


def render(engine: Any, request: dict[str, Any]) -> bytes:  # noqa: ANN401
    """Mono int16 samples of {"stretches": [[text, phones, stressed] …], "speed": …}."""
    import numpy

    parts = [Stretch(text, tuple(phones), loud) for text, phones, loud in request["stretches"]]
    sound = engine(spelt(engine, parts), speed=request["speed"], seed=SEED)
    return bytes(numpy.rint(numpy.clip(sound, -1, 1) * LOUDEST).astype("<i2").tobytes())


def spelt(engine: Any, parts: list[Stretch]) -> str:  # noqa: ANN401
    """The line in hibari's own notation: [word](/sounds/) where a word's are told."""
    spelling = ""
    for part in parts:
        sounds = ""
        if part.phones:
            sounds = hibari_phones(part.phones, british=engine.g2p.british)
        elif part.stressed:
            sounds = stressed(engine.g2p(part.text))
        spelling += f"[{part.text}](/{sounds}/)" if sounds else part.text
    return spelling


if __name__ == "__main__":
    main(sys.argv[1:])
