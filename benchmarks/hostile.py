"""Files made to harm: recordings, dialogs and model archives, mutated from good ones.

`python -m benchmarks.hostile [--sounds 1000] [--packs 1000] [--models 200] [--kaldi 200]
[--seed 1]`

Rules: the first of each kind is whole and has to be accepted; each is read in a child process,
which may crash or hang without harm to the count. No crash, no error it is not prepared for,
nothing longer than 2 s, no write outside its folder.
"""

import argparse
import collections
import io
import json
import os
import random
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy
import soundfile

from benchmarks.hostile_kaldi import knowingly_changed

LIMIT_SECONDS = 2.0
"""Of the processor's time, so that a busy machine does not count."""
HUNG_SECONDS = 30.0
ROOT = Path(__file__).resolve().parent.parent
NUMBERS = (0, 1, 2, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000)
"""What sizes, rates and counts are most likely to go wrong with."""
SNIPPETS = (
    "&a [*a, *a]", "!!python/object/apply:os.system [true]", "{" * 300, "- " * 300, "\t", "\0",
    "\u202e", "'", '"', "9" * 400, "1e999", "<<: *x", "? ", "{minutes}", "<yes>", "(a|b)" * 40,
    "[a] " * 60, "|", ":", "---\n", "go: one", "run: calming_pause", "yes: no", "%TAG ! x",
)  # fmt: skip
NAMES = ("../escape", "/tmp/escape", "..\\escape", "C:escape", "a/../../escape", "", "a" * 5000)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """A few of the things that go wrong with bytes."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        if not changed:
            break
        # headers are at the beginning, and most is decided there
        reach = chance.choice((48, 256, len(changed)))
        at = chance.randrange(min(reach, len(changed)))
        match chance.randrange(7):
            case 0:
                changed[at] ^= 1 << chance.randrange(8)
            case 1:
                order = chance.choice("<>")
                changed[at : at + 4] = struct.pack(f"{order}I", chance.choice(NUMBERS))
            case 2:
                changed[at : at + 2] = struct.pack("<H", chance.choice(NUMBERS) & 0xFFFF)
            case 3:
                del changed[at:]
            case 4:
                del changed[at : at + chance.randrange(1, 400)]
            case 5:
                changed[at:at] = chance.randbytes(chance.randrange(1, 400))
            case 6:
                end = at + chance.randrange(1, 400)
                changed[at:at] = changed[at:end] * chance.randrange(1, 5)
    return bytes(changed)


def sounds(folder: Path, chance: random.Random) -> Iterator[Path]:
    """Recordings of every kind that is read."""
    steps = numpy.arange(16_000)
    noise = numpy.random.default_rng(1).normal(0, 0.05, (16_000, 1))
    wave = 0.3 * numpy.sin(steps * 0.2)[:, None] + noise
    originals = []
    for kind, subtype, channels in (
        ("WAV", "PCM_16", 1), ("WAV", "PCM_24", 2), ("WAV", "FLOAT", 1), ("WAV", "ULAW", 1),
        ("WAV", "IMA_ADPCM", 1), ("FLAC", "PCM_16", 1), ("FLAC", "PCM_24", 2),
        ("OGG", "VORBIS", 1),
    ):  # fmt: skip
        file = io.BytesIO()
        soundfile.write(file, numpy.repeat(wave, channels, 1), 16_000, subtype, format=kind)
        originals.append((kind.lower(), file.getvalue()))
    for number in range(10**9):
        kind, original = originals[number % len(originals)]
        path = folder / f"{number}.{kind}"
        path.write_bytes(mutated(original, chance) if number else original)
        yield path


def packs(folder: Path, chance: random.Random) -> Iterator[Path]:
    """Folders of dialogs: broken bytes, broken lines, words in the wrong place."""
    originals = {one.name: one.read_bytes() for one in sorted((ROOT / "dialogs/en").glob("*.yaml"))}
    dialogs = [name for name in originals if name != "phrases.yaml"]
    for number in range(10**9):
        own = folder / str(number)
        own.mkdir()
        chosen = ["phrases.yaml", *chance.sample(dialogs, 2)]
        victim = chance.choice(chosen)
        for name in chosen:
            data = originals[name]
            if name == victim and number:
                data = chance.choice((mutated, _rewritten))(data, chance)
            (own / name).write_bytes(data)
        yield own


def _rewritten(data: bytes, chance: random.Random) -> bytes:
    lines = data.decode().split("\n")
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, chance.choice(lines))
            case 2:
                lines[at] = " " * chance.randrange(12) + lines[at].strip()
            case 3:
                here = chance.randrange(len(lines[at]) + 1)
                lines[at] = lines[at][:here] + chance.choice(SNIPPETS) + lines[at][here:]
            case 4:
                head, colon, _ = lines[at].partition(":")
                lines[at] = f"{head}{colon} {chance.choice(SNIPPETS)}"
        lines = lines or [""]
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _files_of_a_model() -> dict[str, Path]:
    model = ROOT / "models" / "en-tiny"
    return {str(one.relative_to(model)): one for one in sorted(model.rglob("*")) if one.is_file()}


def kaldi(folder: Path, chance: random.Random) -> Iterator[Path]:
    """Archives of models that somebody who knows Kaldi's files has changed."""
    files = _files_of_a_model()
    victims = [name for name in files if name.endswith((".mdl", ".fst", ".conf", ".int"))]
    for number in range(10**9):
        path, victim = folder / f"{number}.zip", chance.choice(victims)
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for name, file in files.items():
                data = file.read_bytes()
                if name == victim and number:
                    data = knowingly_changed(name, data, chance)
                archive.writestr(f"model/{name}", data)
        yield path


def models(folder: Path, chance: random.Random) -> Iterator[Path]:
    """Archives: of damaged models, damaged themselves, with names that lead elsewhere."""
    files = _files_of_a_model()
    for number in range(10**9):
        path = folder / f"{number}.zip"
        victim, what = chance.choice(sorted(files)), chance.randrange(4) if number else 4
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            for name, file in files.items():
                data, entry = file.read_bytes(), zipfile.ZipInfo(f"model/{name}")
                if name == victim:
                    if what == 0:
                        data = mutated(data, chance)
                    elif what == 1:
                        entry = zipfile.ZipInfo(chance.choice(NAMES) or "x")
                    elif what == 2:
                        entry.external_attr = 0o120777 << 16  # a link
                        data = b"/etc/passwd"
                archive.writestr(entry, data)
        if what == 3:
            packed = bytearray(path.read_bytes())
            at = packed.rfind(b"PK\1\2", 0, chance.randrange(len(packed) - 4000, len(packed)))
            tail = mutated(bytes(packed[max(0, at) :]), chance)
            path.write_bytes(bytes(packed[: max(0, at)]) + tail)
        yield path


class Reader:
    """The child that reads, replaced when it dies."""

    def __init__(self, kind: str, folder: Path, *, command: Sequence[str] = ()) -> None:
        own = ["-m", "benchmarks.hostile_child", kind, str(folder)]
        self._folder, self._command = folder, list(command) or own
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, path: Path, seconds: float = HUNG_SECONDS) -> tuple[str, float]:
        """What came of it, and the seconds it took."""
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, *self._command],
                cwd=ROOT,
                env={**os.environ, "TMPDIR": str(self._folder)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        child = self._child
        assert child.stdin
        assert child.stdout
        child.stdin.write(str(path).encode() + b"\n")
        child.stdin.flush()
        ready, _, _ = select.select([child.stdout], [], [], seconds)
        line = child.stdout.readline() if ready else b""
        if line:
            outcome, took = json.loads(line)
            return outcome, took
        self.close()
        if ready:
            return f"crashed (exit code {child.returncode})", 0.0
        return f"hung ({seconds:.0f} s)", seconds

    def close(self) -> None:
        """End the child."""
        if self._child is not None:
            self._child.kill()
            for stream in (self._child.stdin, self._child.stdout):
                assert stream
                stream.close()
            self._child.wait()
            self._child = None


MAKERS: dict[str, Callable[[Path, random.Random], Iterator[Path]]] = {
    "sound": sounds,
    "pack": packs,
    "model": models,
    "kaldi": kaldi,
}
WELL = ("accepted", "refused")


def run(kind: str, count: int, seed: int, keep: Path | None = None) -> tuple[dict[str, int], float]:
    """So many of a kind; gives how often each outcome was, and the longest time in seconds."""
    outcomes: collections.Counter[str] = collections.Counter()
    longest = 0.0
    with tempfile.TemporaryDirectory(prefix="hostile-") as around:
        inside = Path(around) / "inside"
        inside.mkdir()
        reader = Reader(kind, inside)
        made = MAKERS[kind](inside, random.Random(f"{seed} {kind}"))
        try:
            for _ in range(count):
                path = next(made)
                outcome, took = reader.read(path)
                if not outcomes and outcome != "accepted":
                    raise RuntimeError(f"a good {kind} is {outcome}")
                if took > LIMIT_SECONDS and outcome in WELL:
                    outcome = f"took longer than {LIMIT_SECONDS:g} s"
                # the first pays for loading the program
                longest = max(longest, took if outcomes else 0.0)
                outcomes[outcome] += 1
                if outcome not in WELL and keep is not None:
                    keep.mkdir(parents=True, exist_ok=True)
                    kept = keep / f"{kind}-{path.name}"
                    (shutil.copytree if path.is_dir() else shutil.copy)(path, kept)
                _sweep(inside)
        finally:
            reader.close()
        if odd := [one.name for one in Path(around).iterdir() if one != inside]:
            outcomes[f"wrote outside: {odd[0]}"] += 1
    return dict(outcomes), longest


def _sweep(folder: Path) -> None:
    for one in folder.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)


def main() -> int:
    """Print the table; 1 if anything did harm."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sounds", type=int, default=1000)
    parser.add_argument("--packs", type=int, default=1000)
    parser.add_argument("--models", type=int, default=200)
    parser.add_argument("--kaldi", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="A folder for those that did harm.")
    options = parser.parse_args()
    harm = 0
    for kind, count in (
        ("sound", options.sounds), ("pack", options.packs), ("model", options.models),
        ("kaldi", options.kaldi),
    ):  # fmt: skip
        outcomes, longest = run(kind, count, options.seed, options.keep)
        well = {name: outcomes.pop(name, 0) for name in WELL}
        harm += sum(outcomes.values())
        print(
            f"{kind:6} {count:5}: {well['accepted']} accepted, {well['refused']} refused,"
            f" {sum(outcomes.values())} did harm, the longest took {longest:.2f} s",
            flush=True,
        )
        for outcome, times in sorted(outcomes.items()):
            print(f"    {times} × {outcome}", flush=True)
    return 1 if harm else 0


if __name__ == "__main__":
    sys.exit(main())
