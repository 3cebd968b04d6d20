"""How long until it listens, and how much memory that takes: `python -m benchmarks`.

Rules: each engine starts in a process of its own, five times; medians are printed.
"""

import json
import platform
import statistics
import subprocess
import sys
import time

RUNS = 5
READY = """
import json, resource, sys, time
began = time.perf_counter()
from voice_ally.app import parts
from voice_ally.interpret.understanding import Understandings
from voice_ally.respond.armed import phrases_for
from voice_ally.respond.reader import vocabulary
from voice_ally.respond.state import State
chosen = parts.settings()
pack = parts.dialogs(None, chosen, print).dialogs.pack
listener = parts.make_listener(parts.make_recogniser(sys.argv[1], chosen, pack))
phrases = phrases_for(pack, State())
listener.use(Understandings(vocabulary(pack), pack.not_meant).of(phrases).grammar)
kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([time.perf_counter() - began, kilobytes / 1024]))
"""


def main() -> None:
    """Print the table."""
    print(f"{platform.machine()}, Python {platform.python_version()}, median of {RUNS}")
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "voice_ally", "--help"], check=True, capture_output=True
        )
        seconds.append(time.perf_counter() - began)
    print(f"voice-ally --help      {statistics.median(seconds):6.2f} s")
    for engine in ("pocketsphinx", "vosk"):
        runs = [
            json.loads(
                subprocess.run(
                    [sys.executable, "-c", READY, engine],
                    check=True,
                    capture_output=True,
                    text=True,
                ).stdout.splitlines()[-1]
            )
            for _ in range(RUNS)
        ]
        ready, megabytes = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"ready with {engine:12}{ready:6.2f} s {megabytes:6.0f} MB")


if __name__ == "__main__":
    main()
