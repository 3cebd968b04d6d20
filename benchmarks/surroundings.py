"""What else may be around a session: other people on the machine, few processes, two at once.

`python -m benchmarks.surroundings [TRIAL …]`

Rules: everything is real, and each trial prints one line for a person to read; what has to hold is
checked, and 1 is the exit code where it does not. Trials that need the administrator say so.
"""

import argparse
import json
import os
import resource
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy

from benchmarks import soak
from benchmarks.drill_session import Ally, Room, promise
from tests.speech_samples import conversation, quiet, spoken, write
from tests.virtual_sound import VirtualSound
from voice_ally.core.audio import SAMPLE_RATE_HZ

ALLY = [sys.executable, "-m", "voice_ally"]
NOBODY = 65534
TELLING = ("environ", "mem", "maps", "fd", "auxv", "stack", "io")
"""Of /proc/PID: what would tell another user something, or let them in."""
SNOOP = """
import json, os, sys
read = []
for start in sys.argv[2].split(","):
    for top, folders, files in os.walk(start, onerror=lambda error: None):
        for name in files:
            try:
                with open(os.path.join(top, name), "rb") as file:
                    file.read(1)
                read.append(os.path.join(top, name))
            except OSError:
                pass
for process in sys.argv[1].split(","):
    for name in sys.argv[3:]:
        path = f"/proc/{process}/{name}"
        try:
            if os.path.isdir(path):
                os.listdir(path)
            else:
                with open(path, "rb") as file:
                    file.read(1)
            read.append(path)
        except OSError:
            pass
print(json.dumps(read))
"""


class FailedError(Exception):
    """Something did not hold."""


@contextmanager
def session() -> Iterator[tuple[Room, Ally, Path]]:
    """The program in a room, with a script running."""
    with tempfile.TemporaryDirectory(prefix="around-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        room = Room(folder)
        promise(folder / "state")
        ally = Ally(room, folder, folder / "state")
        try:
            if ally.says_until("calming pause", "started") is None:
                raise FailedError("it did not begin")
            yield room, ally, folder
        finally:
            if ally.process.poll() is None:
                ally.end(signal.SIGKILL)
            room.close()


def another_user() -> str:
    """Another user of the machine looks at its files and its processes."""
    if os.geteuid() != 0:
        return "needs the administrator, to become somebody else"
    with session() as (_, ally, folder):
        for one in (folder, folder / "state"):
            one.chmod(0o755)  # whatever the folders around it let through
        processes = [ally.process.pid, *ally.children()]
        asked = subprocess.run(
            [
                *(sys.executable, "-c", SNOOP),
                ",".join(map(str, processes)),
                str(folder / "state"),
                *TELLING,
            ],
            capture_output=True, text=True, check=True, user=NOBODY, group=NOBODY, cwd="/",
            extra_groups=[],
        )  # fmt: skip
        read = json.loads(asked.stdout)
        files = [one for one in (folder / "state").rglob("*") if one.is_file()]
    if read:
        raise FailedError(f"could read {', '.join(read)}")
    return f"none of {len(files)} files, nothing of {len(processes)} processes could be read"


def umask_zero() -> str:
    """It is started where new files are for everybody."""
    with tempfile.TemporaryDirectory(prefix="around-") as name:
        env = {**os.environ, **{f"VOICE_ALLY_{one}": name for one in ("STATE", "CACHE", "DATA")}}
        before = os.umask(0)
        try:
            subprocess.run(
                [*ALLY, "--typed"], input="calming pause\nstop\n", text=True, env=env,
                capture_output=True, check=True, timeout=120,
            )  # fmt: skip
        finally:
            os.umask(before)
        made = list(Path(name).rglob("*"))
        others = [one for one in made if stat.S_IMODE(one.stat().st_mode) & 0o077]
    if others or not made:
        raise FailedError(f"open to others: {[one.name for one in others]}")
    return f"{len(made)} files and folders made, all for their owner alone"


def few_processes() -> str:
    """Its user may have so many processes and threads and no more."""
    if os.geteuid() != 0:
        return "needs the administrator, whom no such limit binds, to become somebody else"
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="around-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        heard = write(folder / "heard.wav", conversation(0.5, spoken("calming pause"), 6.0))
        heard.chmod(0o644)
        for most in (1, 8, 32, 64):
            own = folder / str(most)
            own.mkdir(mode=0o777)
            own.chmod(0o777)
            env = {**os.environ, "HOME": str(own), "PYTHONDONTWRITEBYTECODE": "1"}
            env |= {f"VOICE_ALLY_{one}": str(own / one) for one in ("STATE", "CACHE", "DATA")}
            events = own / "events"
            command = [*ALLY, "run", "--input", str(heard), "--pace", "fast"]

            def limited(most: int = most) -> None:
                resource.setrlimit(resource.RLIMIT_NPROC, (most, most))

            done = subprocess.run(
                [*command, "--events", str(events)], env=env, capture_output=True, text=True,
                check=False, timeout=120, user=NOBODY, group=NOBODY, extra_groups=[],
                preexec_fn=limited,
            )  # fmt: skip
            if "Traceback" in done.stderr:
                raise FailedError(f"{most}: {done.stderr[-400:]}")
            began = events.exists() and '"started"' in events.read_text()
            said = done.stderr.strip().splitlines()
            outcomes.append(
                f"{most}: {'runs' if began else 'does not run'}"
                + (f' ("{said[0]}")' if said else "")
            )
            if not began and len(said) != 1:
                raise FailedError(outcomes[-1] + f", {len(said)} lines, exit {done.returncode}")
    return "; ".join(outcomes)


def racing() -> str:
    """Eight are started in the same moment."""
    with tempfile.TemporaryDirectory(prefix="around-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with VirtualSound(folder) as sound:
            env = {**sound.env, "VOICE_ALLY_STATE": str(folder / "own")}
            many = [
                subprocess.Popen(
                    [*ALLY, "run", "--events", str(folder / f"{one}.jsonl")], env=env, text=True,
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                )
                for one in range(8)
            ]  # fmt: skip
            time.sleep(30.0)
            listening = [one for one in many if one.poll() is None]
            ended = [one for one in many if one.poll() is not None]
            said = {(one.returncode, one.communicate()[1].strip()) for one in ended}
            for one in listening:
                one.terminate()
                one.communicate(timeout=20)
    if len(listening) != 1:
        raise FailedError(f"{len(listening)} listen: {said}")
    return f"one listens, {len(ended)} went: {sorted(said)}"


def speech_at_the_start() -> str:
    """ "Calming pause" is said again and again from before it listens."""
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="around-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        room = Room(folder)
        try:
            for after_seconds in numpy.linspace(0.0, 3.0, 10):
                ally = Ally(room, folder, folder / "state")
                time.sleep(after_seconds)
                took = ally.says_until("calming pause", "started")
                stopped = ally.says_until("stop", "heard", intent="stop")
                ally.end(signal.SIGTERM)
                outcomes.append((took, stopped))
        finally:
            room.close()
    if any(took is None or stopped is None for took, stopped in outcomes):
        raise FailedError(f"not heard: {outcomes}")
    slowest = max(took for took, _ in outcomes if took is not None)
    return f"begun and stopped 10 of 10 times, at most {slowest:.1f} s after the first word"


class Noise(soak.Household):
    """Loud noise without end, then somebody."""

    def _turn(self) -> Iterator[bytes]:
        hiss = self._noise.normal(0, 6000, int(20 * SAMPLE_RATE_HZ))
        if self.heard_seconds < self.seconds - 60:
            yield bytes(hiss.clip(-32768, 32767).astype("<i2").tobytes())
            return
        yield quiet(2.0) + spoken("calming pause") + quiet(15.0) + spoken("stop") + quiet(60.0)


class Stops(soak.Household):
    """ "Stop", a thousand times, each time in the middle of a script."""

    def _turn(self) -> Iterator[bytes]:
        self.turns += 1
        yield spoken("calming pause") + quiet(self._chance.uniform(2.0, 6.0))
        yield spoken("stop") + quiet(1.0)
        if self.turns == 1000:
            self.seconds = 0.0


def loud_noise() -> str:
    """30 minutes of loud noise; then somebody wants a calming pause."""
    began = time.process_time()
    household = soak.run(0.5, kind=Noise)
    share = (time.process_time() - began) / household.heard_seconds
    if (household.started, household.stopped) != (1, 1):
        raise FailedError(f"begun {household.started}, stopped {household.stopped}")
    return f"nothing begun by it, then begun and stopped; {share:.3f} CPU seconds a second in all"


def thousand_stops() -> str:
    """Begun and stopped a thousand times, one after the other."""
    household = soak.run(1e6, kind=Stops)
    first, last = household.samples[1], household.samples[-1]
    if household.stopped != household.started:
        raise FailedError(f"begun {household.started}, stopped {household.stopped}")
    return (
        f"of 1000 asked for {household.started} were begun, {household.stopped} stopped;"
        f" {first[1]:.0f} MB after a quarter of an hour of sound, {last[1]:.0f} MB at the end"
    )


TRIALS: dict[str, Callable[[], str]] = {
    one.__name__: one
    for one in (
        another_user, umask_zero, few_processes, racing, speech_at_the_start, loud_noise,
        thousand_stops,
    )
}  # fmt: skip


def main() -> int:
    """Print a line for each; 1 if something did not hold."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("trials", nargs="*", metavar="TRIAL", help=", ".join(TRIALS))
    failed = 0
    for name in parser.parse_args().trials or TRIALS:
        try:
            print(f"{name:20} {TRIALS[name]()}", flush=True)
        except PermissionError as error:
            print(f"{name:20} not tried: another user may not run {error.filename}", flush=True)
        except FailedError as wrong:
            failed += 1
            print(f"{name:20} FAILED: {wrong}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
