"""Ctrl-C at random moments of every command: `python -m benchmarks.interrupt_drill [ROUNDS]`.

Rules: real processes, interrupted as a terminal does it (the whole foreground group), once or
twice; a round is every command once. Each must end soon, with 130 or 0, say one line at most,
print no traceback and leave no process behind. Python's own start (its first hundredths of a
second, before any line of ours) answers Ctrl-C in its own way: that is counted apart. The moments
come from a seed, so that a round can be had again.
"""

import os
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MARK = "VOICE_ALLY_DRILL"
ALLY = (str(Path(sys.executable).with_name("voice-ally")),)
MAKE_RUN = (sys.executable, "-S", str(Path(__file__).parents[1] / "tools" / "start.py"))
"""How `make run` starts it."""
END_SECONDS = 10.0
ORPHAN_SECONDS = 1.0
"""A child that has been killed may need this long to be gone."""
_OUR_FRAME = re.compile(r'File ".*[/\\]voice_ally[/\\]')
QUIET_CODES = (0, 130, -signal.SIGINT)
"""A shell shows 130 for a process that the signal itself ended."""


@dataclass(frozen=True)
class Command:
    """One thing that is broken off."""

    name: str
    arguments: Sequence[str]
    within_seconds: float
    """The interrupt comes between 0 and this."""
    env: Mapping[str, str] = field(default_factory=dict)
    types: str = ""
    """What is typed at once; the keyboard stays open."""


@dataclass(frozen=True)
class Outcome:
    """What one interrupt led to."""

    command: str
    after_seconds: float
    twice: bool
    code: int | None
    end_seconds: float
    errors: str
    orphans: int

    @property
    def before_us(self) -> bool:
        """Python had not come to a line of ours yet, and said so in its own way."""
        return "KeyboardInterrupt" in self.errors and not _OUR_FRAME.search(self.errors)

    @property
    def faults(self) -> list[str]:
        """What is wrong with it; nothing, if all is well."""
        if self.before_us and not self.orphans:
            return []
        lines = [
            line
            for line in self.errors.splitlines()
            # a loaded machine can keep its pretend devices waiting for seconds
            if line.strip() and not line.endswith((" I wait for it.", " is back."))
        ]
        return [
            text
            for text, wrong in (
                ("did not end", self.code is None),
                (f"exit code {self.code}", self.code is not None and self.code not in QUIET_CODES),
                ("traceback", "Traceback" in self.errors or "Error in" in self.errors),
                (f"{len(lines)} lines", len(lines) > 1),
                (f"{self.orphans} processes left", self.orphans > 0),
            )
            if wrong
        ]

    def __str__(self) -> str:
        when = f"{self.after_seconds:.3f} s{', twice' if self.twice else ''}"
        return f"{self.command} after {when}: {', '.join(self.faults)}\n{self.errors}"


def interrupt(command: Command, chance: random.Random, folder: Path) -> Outcome:
    """Start it, break it off at a random moment, see how it ends."""
    after = chance.uniform(0.0, command.within_seconds)
    twice = chance.random() < 0.5
    second_after = chance.uniform(0.0, 0.3)
    mark = uuid.uuid4().hex
    state = folder / mark
    state.mkdir()
    process = subprocess.Popen(
        command.arguments,
        cwd=state,
        env={
            **os.environ,
            **{f"VOICE_ALLY_{name}": str(state) for name in ("STATE", "DATA", "CONFIG")},
            **command.env,
            "PYTHONFAULTHANDLER": "1",
            MARK: mark,
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdin
    process.stdin.write(command.types.encode())
    process.stdin.flush()
    time.sleep(after)
    began = time.monotonic()
    _press(process)
    if twice:
        time.sleep(second_after)
        _press(process)
    code: int | None = None
    try:
        code = process.wait(timeout=END_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    end_seconds = time.monotonic() - began
    orphans = _left(mark)
    process.stdin.close()
    assert process.stderr
    errors = process.stderr.read().decode(errors="replace") if not orphans else ""
    process.stderr.close()
    return Outcome(command.name, after, twice, code, end_seconds, errors, orphans)


def _press(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)


def _left(mark: str) -> int:
    """How many processes of this start are still there; they are ended."""
    deadline = time.monotonic() + ORPHAN_SECONDS
    while (found := _marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.02)
    for number in found:
        os.kill(number, signal.SIGKILL)
    return len(found)


def _marked(mark: str) -> list[int]:
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if f"{MARK}={mark}".encode() in environ.read_bytes():
                found.append(int(environ.parent.name))
        except OSError:
            continue
    return found


def commands(folder: Path, sound: Mapping[str, str], models_url: str) -> list[Command]:
    """Every command, and every kind of session. sound: the environment with a microphone."""
    from tests.speech_samples import conversation, spoken, write

    asked = write(folder / "ask.wav", conversation(0.5, spoken("calming pause"), 60.0))
    script = ("run", "--dialog", "calming_pause")
    made: list[tuple[str, tuple[str, ...], float, dict[str, object]]] = [
        ("start", ("run",), 1.5, {"env": sound}),
        ("script", script, 9.0, {"env": sound}),
        ("headphones", (*script, "--headphones"), 9.0, {"env": sound}),
        ("no microphone", ("run",), 3.0, {"env": {"PULSE_SERVER": "unix:/nowhere"}}),
        ("typed", ("--typed",), 5.0, {"types": "calming pause\n"}),
        ("recording", ("--input", str(asked), "--output", "o.wav"), 8.0, {}),
        ("fast", ("--input", str(asked), "--pace", "fast", "--output", "o.wav"), 6.0, {}),
        ("hear", ("hear", *[str(asked)] * 9), 3.0, {}),
        ("demo", ("demo",), 6.0, {}),
        ("try", ("try",), 2.0, {"types": "I need to repair\nyes\nyes\n"}),
        ("check", ("check",), 1.5, {}),
        ("devices", ("devices",), 1.0, {"env": sound}),
        ("doctor", ("doctor",), 3.0, {"env": sound}),
        ("init", ("init", "mine"), 0.3, {}),
        ("models list", ("models", "list"), 0.3, {}),
        ("models verify", ("models", "verify"), 0.5, {}),
        ("models fetch", ("models", "fetch"), 2.0, {"env": {"VOICE_ALLY_MODELS_URL": models_url}}),
        ("help", ("--help",), 0.2, {}),
    ]
    return [
        Command("make run", (*MAKE_RUN, "run"), 0.3, sound),
        *(Command(name, (*ALLY, *words), within, **more) for name, words, within, more in made),  # type: ignore[arg-type]
    ]


def drill(
    chosen: Sequence[Command],
    rounds: int,
    seed: int,
    folder: Path,
    tell: Callable[[Outcome], None] = lambda _: None,
) -> list[Outcome]:
    """So many rounds of these commands."""
    chance = random.Random(seed)
    outcomes = []
    for _ in range(rounds):
        for command in chosen:
            outcomes.append(interrupt(command, chance, folder))
            tell(outcomes[-1])
    return outcomes


def _tell(outcome: Outcome) -> None:
    if outcome.faults:
        print(outcome, flush=True)


def main() -> None:
    """Print a table, and every fault."""
    from tests.fakes.model_server import ModelServer, stall_after
    from tests.virtual_sound import VirtualSound

    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(10**6)
    only = sys.argv[3:]
    print(f"seed {seed}, {rounds} interrupts a command")
    with (
        tempfile.TemporaryDirectory(prefix="drill-") as name,
        tempfile.TemporaryDirectory(prefix="sound-", ignore_cleanup_errors=True) as pulse,
        VirtualSound(Path(pulse)) as sound,
    ):
        folder = Path(name)
        server = ModelServer(bytes(41_205_931))
        server.then(*[stall_after(3000)] * 10_000)
        try:
            every = commands(folder, sound.env, server.url)
            chosen = [one for one in every if not only or one.name in only]
            outcomes = drill(chosen, rounds, seed, folder, _tell)
        finally:
            server.close()
    print(
        f"{'command':16}{'interrupts':>11}{'faults':>8}{'before us':>11}"
        f"{'end p50':>9}{'end max':>9}  exit codes"
    )
    for command in chosen:
        of_it = [one for one in outcomes if one.command == command.name]
        ends = [one.end_seconds for one in of_it]
        codes = Counter(str(one.code) for one in of_it)
        print(
            f"{command.name:16}{len(of_it):11}{sum(bool(one.faults) for one in of_it):8}"
            f"{sum(one.before_us for one in of_it):11}"
            f"{statistics.median(ends):7.2f} s{max(ends):7.2f} s  "
            + ", ".join(f"{code}: {count}" for code, count in sorted(codes.items()))
        )


if __name__ == "__main__":
    main()
