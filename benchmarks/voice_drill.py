"""A session whose voice is killed at random moments: `python -m benchmarks.voice_drill [KILLS]`.

Rules: the real narrator, mixer and synthesiser; SIGKILL comes at random times, also while a
child is starting. Each line has to be heard to its end exactly once, in order, and nothing may
stay behind: no process, no zombie, no open file, no growing memory.
"""

import gc
import os
import queue
import random
import signal
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from voice_ally.core.actions import Style
from voice_ally.core.audio import BLOCK_SAMPLES
from voice_ally.speak.narrator import Narrator, RememberingVoice
from voice_ally.speak.playback import Playback
from voice_ally.speak.pyttsx3_voice import Pyttsx3Voice

TAKE = (
    "Breathe in.",
    "And out, slowly.",
    "Name your own part. Only your own.",
    "Would you like to stay here, talk now, or come back later?",
)
PATIENCE_SECONDS = 60.0


@dataclass
class Outcome:
    """What a drill saw."""

    kills: int = 0
    wanted: list[int] = field(default_factory=list)
    said: list[int] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    zombies: int = 0
    left_running: int = 0
    open_files_before: int = 0
    open_files_after: int = 0
    kilobytes: list[int] = field(default_factory=list)
    """Before, and after each tenth of the kills."""
    slowest_seconds: float = 0.0


def drill(kills: int, seed: int = 1) -> Outcome:
    """Speak until that many children were killed; every line is a new one, nothing is cached."""
    chance, outcome = random.Random(seed), Outcome()
    voice, mixer = Pyttsx3Voice(), Playback()
    began = time.monotonic()
    voice.render("Here.", Style())
    # a busy machine takes long to start a child; killed sooner each time, it could never speak
    longest = 2.0 * (time.monotonic() - began)
    ended: queue.Queue[int] = queue.Queue()
    mixer.on_finished = lambda ticket, _end: ended.put(ticket)
    failed = outcome.failed
    narrator = Narrator(
        # keeping nothing: what it remembers would look like growth
        RememberingVoice(voice, kept_bytes=0),
        mixer,
        started=lambda _ticket, _start: None,
        failed=lambda ticket, error: (failed.append(str(error)), ended.put(ticket))[0],
    )
    children: set[int] = set()
    over = threading.Event()

    def play() -> None:
        # a hundred times faster than real time: it is the voice that is tried here
        while not over.is_set():
            mixer.pull(BLOCK_SAMPLES * 10)
            time.sleep(0.001)

    def kill() -> None:
        while not over.is_set() and outcome.kills < kills:
            time.sleep(chance.uniform(0.0, longest))
            alive = voice.process_ids
            children.update(alive)
            for process_id in alive[-1:]:
                try:
                    os.kill(process_id, signal.SIGKILL)
                except ProcessLookupError:
                    continue
                outcome.kills += 1
                if outcome.kills % max(1, kills // 10) == 0:
                    gc.collect()
                    outcome.kilobytes.append(_kilobytes())

    outcome.open_files_before = _open_files()
    outcome.kilobytes.append(_kilobytes())
    threads = [threading.Thread(target=play), threading.Thread(target=kill)]
    for one in threads:
        one.start()
    number = 0
    while threads[1].is_alive() or number < len(TAKE):
        number += 1
        outcome.wanted.append(number)
        began = time.monotonic()
        narrator.say(number, f"{TAKE[number % len(TAKE)]} Number {number}.", Style())
        outcome.said.append(ended.get(timeout=PATIENCE_SECONDS))
        outcome.slowest_seconds = max(outcome.slowest_seconds, time.monotonic() - began)
    children.update(voice.process_ids)
    over.set()
    for one in threads:
        one.join()
    outcome.said += list(ended.queue)
    narrator.close()
    time.sleep(0.1)
    _look_for_children(outcome, children)
    outcome.open_files_after = _open_files() + 2  # the usual child's pipes, open when counted first
    return outcome


def _look_for_children(outcome: Outcome, children: set[int]) -> None:
    gc.collect()
    states = [_state(one) for one in children]
    outcome.zombies = states.count("Z")
    outcome.left_running = sum(state not in ("Z", "") for state in states)


def _state(process_id: int) -> str:
    """The letter the system gives a process of ours; empty when it is gone."""
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8")
    except OSError:
        return ""
    state, parent = stat.rpartition(")")[2].split()[:2]
    return state if int(parent) == os.getpid() else ""


def _open_files() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.is_dir() else 0


def _kilobytes() -> int:
    try:
        lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def endure(lines: int) -> tuple[list[int], int]:
    """Speak so many different lines; memory along the way in kB, and files left behind."""
    with tempfile.TemporaryDirectory() as folder:
        before = os.environ.get("TMPDIR")
        os.environ["TMPDIR"] = folder
        try:
            voice = Pyttsx3Voice()
            memory = []
            for number in range(lines):
                voice.render(f"{TAKE[number % len(TAKE)]} Number {number}.", Style())
                if number % max(1, lines // 10) == 0:
                    gc.collect()
                    memory.append(_kilobytes() + sum(map(_kilobytes_of, voice.process_ids)))
            voice.close()
        finally:
            os.environ.pop("TMPDIR")
            if before is not None:
                os.environ["TMPDIR"] = before
        return memory, len(list(Path(folder).iterdir()))


def _kilobytes_of(process_id: int) -> int:
    lines = Path(f"/proc/{process_id}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def main(kills: int = 50, lines: int = 500) -> None:
    """Print what came of it."""
    outcome = drill(kills)
    same = outcome.said == outcome.wanted and not outcome.failed
    print(
        f"killed {outcome.kills} times during {len(outcome.wanted)} lines:"
        f" {'every line said once, in order' if same else 'LINES LOST OR DOUBLED'},"
        f" {len(outcome.failed)} given up; slowest line {outcome.slowest_seconds:.2f} s"
    )
    print(
        f"left behind: {outcome.zombies} zombies, {outcome.left_running} processes,"
        f" {outcome.open_files_after - outcome.open_files_before:+d} open files;"
        f" memory {outcome.kilobytes} kB"
    )
    memory, files = endure(lines)
    print(f"{lines} lines: {memory} kB (ours and the child's), {files} files left")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
