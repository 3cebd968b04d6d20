"""The child process that renders lines with pyttsx3.

Rules: its one argument (JSON) says how to speak, for as long as it lives; it greets with one
JSON line, then answers each request line with a JSON line and so many bytes of PCM. One engine,
one line at a time: pyttsx3 renders only the last of two queued lines. espeak-ng works in a thread
of its own, and pyttsx3 waits neither for a setting nor for a line: both are waited for here.
What pyttsx3 must write goes to a file that has no name where the system knows such files, else
to a private folder that is deleted at once. Only light imports: the first line waits for them.
"""

import contextlib
import io
import json
import os
import signal
import sys
import tempfile
import threading
import time
import wave
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from voice_ally.core.errors import VoiceProblem

UNHURRIED_WORDS_PER_MINUTE = 150
"""espeak-ng's own default is 175: too brisk for somebody in tears."""
USUAL_PITCH, LOW_PITCH = 50, 38
ESPEAK = "espeak"
"""What pyttsx3 calls the driver for espeak-ng."""
PATIENCE_SECONDS = 30.0
"""Far longer than any line takes, also on a small machine."""
DIALECTS = {"en": "en-us"}
"""Which voice a bare language means, where the synthesiser has several."""


def main(arguments: list[str]) -> None:
    """Serve requests until standard input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    # pyttsx3 prints; its words must not end up among the answers
    os.dup2(2, 1)
    try:
        engine = make_engine()
        problem = configure(engine, json.loads(arguments[0]))
    except VoiceProblem as error:
        problem = {"error": error.message, "mend": error.mend}
    except Exception as error:
        problem = {"error": f"The speech synthesiser cannot start ({error}).", "mend": ""}
    answer(answers, problem or {"ready": True})
    if not problem:
        serve(engine, sys.stdin, answers)


def make_engine() -> Any:  # noqa: ANN401 - pyttsx3 is untyped
    """The platform's synthesiser. Raises VoiceProblem."""
    from voice_ally.models.espeak import prepare_library

    prepare_library()
    import pyttsx3

    return pyttsx3.init()


def configure(engine: Any, how: Mapping[str, Any]) -> dict[str, str]:  # noqa: ANN401
    """Set voice, speed and pitch; gives what is wrong, or nothing.

    All before the first line: pyttsx3 does not do it reliably afterwards.
    """
    voices = engine.getProperty("voices")
    if how.get("list"):
        return {"error": "", "voices": json.dumps([_described(one) for one in voices])}
    found = find_voice(voices, how["voice"] or DIALECTS.get(how["language"], how["language"]))
    if found:
        engine.setProperty("voice", found)
    elif how["voice"]:
        return {
            "error": f'There is no voice "{how["voice"]}".',
            "mend": "Leave the voice out, or name a language such as en-us or en-gb.",
        }
    wanted = {
        "rate": round(UNHURRIED_WORDS_PER_MINUTE * how["rate"]),
        "pitch": LOW_PITCH if how["low"] else USUAL_PITCH,
    }
    for name, value in wanted.items():
        with contextlib.suppress(KeyError):  # Windows voices have no pitch
            engine.setProperty(name, value)
    if engine.driver_name == ESPEAK:
        # Left in the queue, they would be done beside the first line's end, which cancels them.
        engine.proxy.setBusy(False)
        _wait_until(lambda: all(engine.getProperty(name) == wanted[name] for name in wanted))
    return {}


def find_voice(voices: Iterable[Any], wanted: str) -> str:
    """The id of the voice with this id, name or language; empty if there is none."""
    listed = list(voices)
    # espeak-ng's variants ("en-us+f3", a woman's voice) go with any of its voices
    wanted, plus, variant = _plain(wanted).partition("+")
    ways: tuple[Callable[[Any], list[str]], ...] = (
        lambda one: [_plain(one.id), _plain(one.name)],
        _languages,
        lambda one: [language.split("-")[0] for language in _languages(one)],
        lambda one: [_plain(one.id).rsplit("/", 1)[-1]],
    )
    for names in ways:
        for one in listed:
            if wanted in names(one):
                return f"{one.id}{plus}{variant}"
    return ""


def _languages(voice: Any) -> list[str]:  # noqa: ANN401
    return [_plain(one) for one in voice.languages or ()]


def _plain(name: object) -> str:
    text = name.decode("utf-8", "ignore") if isinstance(name, bytes) else str(name)
    return text.strip("\x00\x02\x05 ").lower().replace("_", "-")


def _described(voice: Any) -> tuple[str, str, str]:  # noqa: ANN401
    return str(voice.id), str(voice.name), ", ".join(_languages(voice))


def serve(engine: Any, requests: Iterable[str], answers: BinaryIO) -> None:  # noqa: ANN401
    """Answer each request: {"text": …} -> {"bytes": n, "rate": hertz} and the samples."""
    for line in requests:
        try:
            rate, pcm16 = render(engine, json.loads(line)["text"])
        except Exception as error:
            answer(answers, {"error": f"{type(error).__name__}: {error}"})
        else:
            answer(answers, {"bytes": len(pcm16), "rate": rate}, pcm16)


def render(engine: Any, text: str, *, nameless: bool = True) -> tuple[int, bytes]:  # noqa: ANN401
    """Sample rate and mono samples of a line."""
    if nameless and hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("line"), "rb") as file:
            _save(engine, text, f"/proc/self/fd/{file.fileno()}")
            return _samples(file.read())
    with tempfile.TemporaryDirectory(prefix="voice-ally-") as private:
        path = Path(private) / "line.wav"
        _save(engine, text, str(path))
        return _samples(path.read_bytes())


def _save(engine: Any, text: str, path: str) -> None:  # noqa: ANN401
    finished = threading.Event()
    token = engine.connect("finished-utterance", lambda **_: finished.set())
    engine.save_to_file(text, path)
    engine.runAndWait()
    if engine.driver_name == ESPEAK:
        _wait_until(finished.is_set)
    engine.disconnect(token)


def _wait_until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_true():
        if time.monotonic() > deadline:
            raise VoiceProblem("The speech synthesiser does not answer.")
        time.sleep(0.001)


def _samples(sound: bytes) -> tuple[int, bytes]:
    try:
        with wave.open(io.BytesIO(sound)) as file:
            if (file.getnchannels(), file.getsampwidth()) == (1, 2):
                return file.getframerate(), file.readframes(file.getnframes())
    except wave.Error:
        pass
    # macOS writes AIFF, whatever the file is called
    import soundfile

    samples, rate = soundfile.read(io.BytesIO(sound), dtype="int16", always_2d=True)
    return int(rate), samples[:, 0].astype("<i2").tobytes()


def answer(answers: BinaryIO, head: Mapping[str, object], pcm16: bytes = b"") -> None:
    """One JSON line, and the samples it announces."""
    answers.write(json.dumps(head).encode() + b"\n" + pcm16)
    answers.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
