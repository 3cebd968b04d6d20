"""Fuzzing that goes on: `make fuzz MINUTES=10`, or `python -m benchmarks.fuzz [KIND …]`.

Rules: each kind of input that somebody else may have written is damaged at random, from the seeds
in tests/corpus and from what reached new lines of ours (coverage guides it). Nothing may be raised
but what is meant to be, and no input may take longer than MOST_SECONDS of computing. What fails is
kept in tests/corpus, where every run of the tests tries it again.
"""

import argparse
import hashlib
import io
import random
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
import wave
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from voice_ally.core.errors import VoiceAllyError

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"
OURS = str(Path(__file__).parent.parent / "voice_ally")
MOST_SECONDS = 2.0
MOST_SEEDS = 200
WORDS = (b"say", b"{", b"}", b"[", b"|", b"9" * 30, b"\x00", b"\xff", b"\x1b", b"e999", b"- ")


class TooLongError(Exception):
    """More computing time than any input may take."""


def pack(content: bytes) -> None:
    """A dialog file of a pack."""
    from tests.language.packs import small_files
    from voice_ally.checker.whole_pack import check
    from voice_ally.language.reader import read_pack

    check(read_pack({**small_files(), "own.yaml": content}).pack)


def phrases(content: bytes) -> None:
    """The shared file of a pack."""
    from tests.language.packs import small_files
    from voice_ally.checker.whole_pack import check
    from voice_ally.language.reader import read_pack

    check(read_pack({**small_files(), "phrases.yaml": content}).pack)


def help_lines(content: bytes) -> None:
    """Numbers to call."""
    from voice_ally.language.help_lines import read_help_lines

    read_help_lines("helplines.toml", content)


def _in_file(content: bytes, name: str, use: Callable[[Path], object]) -> None:
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        file = Path(folder) / name
        file.write_bytes(content)
        use(file)


def settings(content: bytes) -> None:
    """The settings file."""
    from voice_ally.settings.sources import choose

    _in_file(content, "settings.toml", lambda file: choose(file, environment={}))


def reminders(content: bytes) -> None:
    """The database of reminders."""
    from voice_ally.runtime.reminders import Reminders

    def use(file: Path) -> None:
        book = Reminders(file)
        book.waiting()
        book.take_due()
        book.add(-1.0, "own")
        assert "own" in book.take_due() or "own" not in [name for _, name in book.waiting()]
        book.close()

    _in_file(content, "reminders.sqlite", use)


def archive(content: bytes) -> None:
    """A model as it is sent around."""
    from voice_ally.models.archive import unpack, unpacked_bytes

    def use(file: Path) -> None:
        unpacked_bytes(file)
        (file.parent / "out").mkdir()
        unpack(file, file.parent / "out", lambda: None)

    _in_file(content, "model.zip", use)


def recording(content: bytes) -> None:
    """A sound file."""
    from voice_ally.hear.recording import RecordingMicrophone

    def use(file: Path) -> None:
        for _ in RecordingMicrophone(str(file), real_time=False).blocks():
            continue

    _in_file(content, "sound.wav", use)


def _in_model(content: bytes, name: str) -> Path:
    """The folder of a model in which one file is this."""
    folder = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for needed in ("am/final.mdl", "conf/mfcc.conf", "graph/HCLr.fst", "graph/Gr.fst", name):
        file = folder / needed
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
    return folder


def manifest(content: bytes) -> None:
    """The record of a model's files."""
    from voice_ally.models.store import MANIFEST_NAME, is_as_installed, verify

    folder = _in_model(content, MANIFEST_NAME)
    try:
        verify(folder)
        is_as_installed(folder)
    finally:
        shutil.rmtree(folder)


def lexicon(content: bytes) -> None:
    """A model's words, and how they are said."""
    from voice_ally.models.extend import LEXICON_NAME, read_lexicon, write_lexicon

    folder = _in_model(content, LEXICON_NAME)
    try:
        write_lexicon(read_lexicon(folder))
    finally:
        shutil.rmtree(folder)


def people(content: bytes) -> None:
    """The names that were kept."""
    from voice_ally.runtime.people import People

    _in_file(content, "people.json", lambda file: People(file).names)


def transcript(content: bytes) -> None:
    """A conversation to be replayed."""
    from voice_ally.ui.transcript import Transcript

    _in_file(content, "talk.txt", Transcript.read)


KINDS: dict[str, Callable[[bytes], None]] = {
    one.__name__: one
    for one in (
        pack, phrases, help_lines, settings, reminders, archive, recording, manifest, lexicon,
        people, transcript,
    )
}  # fmt: skip


def seeds(kind: str) -> list[bytes]:
    """Sound inputs, and those that failed once."""
    kept = [one.read_bytes() for one in sorted(CORPUS.glob(f"{kind}-*"))]
    dialogs = Path(__file__).parent.parent / "dialogs" / "en"
    made: dict[str, Callable[[], list[bytes]]] = {
        "pack": lambda: [one.read_bytes() for one in sorted(dialogs.glob("*.yaml"))[:4]],
        "phrases": lambda: [(dialogs / "phrases.yaml").read_bytes()[:4000]],
        "help_lines": lambda: [(dialogs / "data" / "helplines.toml").read_bytes()],
        "settings": lambda: [b'country = "GB"\nrate = 0.9\nlog = true\nwake = "hey ally"\n'],
        "reminders": lambda: [_database()],
        "archive": lambda: [_zip(one) for one in (zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA)],
        "recording": lambda: [_wav()],
        "manifest": lambda: [b'{"sha256": {"am/final.mdl": "0a", "conf/mfcc.conf": "1b"}}'],
        "lexicon": lambda: [b"stop S T AA1 P\nno N OW1\n" * 20],
        "people": lambda: [b'{"name": "Alex", "other": "Sam"}'],
        "transcript": lambda: [b"# a note\n\n> help me\n  Ally  Hello.\n> ...\n"],
    }
    return [*made[kind](), *kept]


def _database() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "r.sqlite")
        with database:
            database.execute("CREATE TABLE promise (due REAL NOT NULL, dialog TEXT NOT NULL)")
            database.executemany(
                "INSERT INTO promise VALUES (?, ?)", [(1e9 + one, "ally") for one in range(30)]
            )
        database.close()
        return (Path(folder) / "r.sqlite").read_bytes()


def _zip(method: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        file.writestr("model/conf/model.conf", b"--beam=14\n" * 40)
        file.writestr("model/am/final.mdl", bytes(range(256)) * 4)
    return made.getvalue()


def _wav() -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(3200))
    return made.getvalue()


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The same with a few things wrong."""
    found = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        at = chance.randrange(len(found) + 1)
        match chance.randrange(6):
            case 0:
                found[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del found[at : at + chance.choice((1, 8, 200))]
            case 2:
                found[at:at] = chance.choice(WORDS) * chance.choice((1, 1, 3, 2000))
            case 3:
                end = at + chance.choice((4, 60, 400))
                found[at:at] = found[at:end] * chance.choice((1, 2, 30))
            case 4:
                other = chance.randrange(len(found) + 1)
                found[at : at + 40] = found[other : other + 40]
            case _:
                found[at : at + 4] = chance.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"))
    return bytes(found[:200_000])


@dataclass
class Tally:
    """What a kind came to."""

    tried: int = 0
    slowest_seconds: float = 0.0
    failures: list[str] = field(default_factory=list)
    lines: set[tuple[str, int]] = field(default_factory=set)
    """Of ours, that were reached."""


def tried(kind: str, content: bytes, tally: Tally) -> bool:
    """Try one; did it reach a line that none before did?"""
    reached: set[tuple[str, int]] = set()

    def trace(frame: FrameType, event: str, _arg: object) -> Callable[..., object] | None:
        name = frame.f_code.co_filename
        if not name.startswith(OURS):
            return None
        reached.add((name, frame.f_lineno))
        return trace

    def too_long(_number: int, _frame: FrameType | None) -> None:
        raise TooLongError

    before = signal.signal(signal.SIGVTALRM, too_long)
    began = time.process_time()
    guided = tally.tried % 4 == 0  # tracing is slow: one in four is enough to find new ways
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS * (10 if guided else 1))
    tracer = sys.gettrace()
    sys.settrace(trace if guided else None)
    try:
        KINDS[kind](content)
    except VoiceAllyError:
        pass
    except Exception as error:
        sys.settrace(None)
        tally.failures.append(f"{kind}: {type(error).__name__}: {str(error)[:100]}")
        CORPUS.mkdir(exist_ok=True)
        name = f"{kind}-{hashlib.sha256(content).hexdigest()[:12]}"
        (CORPUS / name).write_bytes(content)
    finally:
        sys.settrace(tracer)  # that of a measurement of coverage
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)
    if not guided:
        tally.slowest_seconds = max(tally.slowest_seconds, time.process_time() - began)
    tally.tried += 1
    new = bool(reached - tally.lines)
    tally.lines |= reached
    return new


def fuzz(kind: str, seconds: float, seed: int) -> Tally:
    """For so long."""
    chance, tally = random.Random(f"{seed} {kind}"), Tally()
    known = seeds(kind)
    for one in known:
        tried(kind, one, tally)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        content = damaged(chance.choice(known), chance)
        if tried(kind, content, tally):
            known.append(content)
            if len(known) > MOST_SEEDS:
                del known[chance.randrange(len(known))]
    return tally


def main() -> int:
    """Print the table; 1 if anything failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    options = parser.parse_args()
    kinds = options.kinds or list(KINDS)
    failed = 0
    for kind in kinds:
        tally = fuzz(kind, options.minutes * 60 / len(kinds), options.seed)
        failed += len(tally.failures)
        print(
            f"{kind:12}{tally.tried:8} tried, {len(tally.lines):5} lines reached,"
            f" slowest {tally.slowest_seconds:.2f} s, {len(tally.failures)} failures",
            flush=True,
        )
        for one in sorted(set(tally.failures)):
            print(f"    {one}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
