"""The child process that renders lines with pyttsx3.

Rules: one request a line (JSON) on standard input, one answer a request on standard output: a
JSON line and then so many bytes of 16 kHz PCM. One engine, one line at a time: pyttsx3 renders
only the last of two queued lines. Files it must write live in memory where the system has a
place for that, and are deleted as soon as they are read.
"""

import json
import os
import signal
import sys
import tempfile
from pathlib import Path

from voice_ally.core.audio import SAMPLE_RATE_HZ

IN_MEMORY = Path("/dev/shm")
UNHURRIED_WORDS_PER_MINUTE = 150
"""espeak-ng's own default is 175: too brisk for somebody in tears."""
USUAL_PITCH, LOW_PITCH = 50, 38


def main() -> None:
    """Serve requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from voice_ally.speak.espeak import prepare_library

    prepare_library()
    import pyttsx3

    engine = pyttsx3.init()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            pcm16 = _render(engine, request)
            head: dict[str, object] = {"bytes": len(pcm16)}
        except Exception as error:
            pcm16, head = b"", {"bytes": 0, "error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(head).encode() + b"\n" + pcm16)
        answers.flush()


def _render(engine: object, request: dict[str, object]) -> bytes:
    import soundfile
    import soxr

    _configure(engine, request)
    folder = IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="voice-ally-", dir=folder) as private:
        path = Path(private) / "line.wav"
        engine.save_to_file(str(request["text"]), str(path))  # type: ignore[attr-defined]
        engine.runAndWait()  # type: ignore[attr-defined]
        samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
    mono = samples[:, 0]
    if rate != SAMPLE_RATE_HZ:
        mono = soxr.resample(mono, rate, SAMPLE_RATE_HZ)
    return bytes(mono.astype("<i2").tobytes())


def _configure(engine: object, request: dict[str, object]) -> None:
    set_property = engine.setProperty  # type: ignore[attr-defined]
    set_property("rate", round(UNHURRIED_WORDS_PER_MINUTE * float(str(request["rate"]))))
    if request["voice"]:
        set_property("voice", request["voice"])
    if sys.platform.startswith("linux"):
        set_property("pitch", LOW_PITCH if request["low"] else USUAL_PITCH)


if __name__ == "__main__":
    main()
