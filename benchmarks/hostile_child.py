"""Reads what may have been made to harm it, one file a line: for benchmarks/hostile.py.

Rules: does with each file what the program does with it, and answers with one JSON line. What an
error it is not prepared for is told, a write outside its folder too; a crash or a hang shows by
itself.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from voice_ally.core.errors import VoiceAllyError

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
HARMLESS = ("/dev/", "/proc/")
_outside: list[str] = []


def sound(file: Path) -> None:
    """Heard as a recording, to its end."""
    from voice_ally.hear.recording import RecordingMicrophone

    for _ in RecordingMicrophone(str(file), real_time=False).blocks():
        pass


def pack(folder: Path) -> None:
    """Read over the bundled dialogs, and checked."""
    from voice_ally.checker.whole_pack import check
    from voice_ally.language.reader import read_folders

    result = read_folders([folder])
    check(result.pack, book=result.book)


def model(archive: Path) -> None:
    """Unpacked, looked at, and loaded as if somebody had put it there by hand."""
    from voice_ally.core.audio import Pcm16
    from voice_ally.core.speech import Grammar
    from voice_ally.hear.engines.vosk_trial import careful_vosk
    from voice_ally.models.archive import unpack

    folder = archive.with_suffix(".unpacked")
    folder.mkdir()
    unpack(archive, folder, lambda: None)
    recogniser = careful_vosk(folder)
    recogniser.use(Grammar("stop", ({"stop": 1}, {}), frozenset({1}), ("stop",)))
    recogniser.begin()
    recogniser.feed(Pcm16(bytes(range(256)) * 100))
    recogniser.finish()


KINDS: dict[str, Callable[[Path], None]] = {
    "sound": sound,
    "pack": pack,
    "model": model,
    "kaldi": model,
}


def main() -> None:
    """Answer each line of standard input."""
    handle = KINDS[sys.argv[1]]
    inside = str(Path(sys.argv[2]).resolve())
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    sys.dont_write_bytecode = True

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event != "open" or not isinstance(arguments[2], int) or not arguments[2] & WRITING:
            return
        if not isinstance(arguments[0], str | bytes | os.PathLike):
            return
        path = os.path.realpath(os.fsdecode(arguments[0]))
        if not path.startswith((inside, *HARMLESS)):
            _outside.append(path)

    sys.addaudithook(watch)
    for line in sys.stdin:
        outcome, began = "accepted", time.process_time()
        try:
            handle(Path(line.rstrip("\n")))
        except VoiceAllyError:
            outcome = "refused"
        except Exception as error:
            outcome = f"{type(error).__name__}: {error}"[:200]
        if _outside:
            outcome = f"wrote outside: {_outside[0]}"
            _outside.clear()
        answers.write(json.dumps([outcome, time.process_time() - began]) + "\n")


if __name__ == "__main__":
    main()
