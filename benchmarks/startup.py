"""How long until it listens, and how much memory that takes: `python -m benchmarks`.

Rules: each engine starts in a process of its own, as for a session in real time, five times;
medians are printed. Ready is when a first sound has been decoded. Memory is the largest that the
process and the one it decodes in had.
"""

import json
import platform
import statistics
import subprocess
import sys
import time

RUNS = 5
READY = r"""
import json, re, resource, sys, time
from pathlib import Path
began = time.perf_counter()
from voice_ally.app import parts
from voice_ally.interpret.understanding import Understandings
from voice_ally.engine.armed import phrases_for
from voice_ally.language.reader import vocabulary
from voice_ally.engine.state import State
chosen = parts.settings()
pack = parts.dialogs(None, chosen, print).dialogs.pack
engine = parts.make_recogniser(sys.argv[1], chosen, pack, in_real_time=True)
listener = parts.make_listener(engine)
phrases = phrases_for(pack, State())
listener.use(Understandings(vocabulary(pack), pack.not_meant).of(phrases).grammar)
engine.begin()
engine.feed(bytes(16_000))
engine.finish()
seconds = time.perf_counter() - began
kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for own in Path("/proc/self/task").glob("*/children"):
    for child in own.read_text().split():
        status = Path(f"/proc/{child}/status").read_text()
        kilobytes += int(re.search(r"VmHWM:\s+(\d+)", status)[1])
print(json.dumps([seconds, kilobytes / 1024]))
engine.close()
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
