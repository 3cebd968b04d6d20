"""What a session costs on a small machine: `python -m benchmarks.small_machine`.

Rules: the program itself, on one core and with one gigabyte of addresses for each of its
processes; two minutes of sound with a guided pause and three things said, faster than real time.
Processor seconds a second of sound: below 1 this core could keep up.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.speech_samples import conversation, spoken, write
from voice_ally.core.actions import Style
from voice_ally.speak.pyttsx3_voice import Pyttsx3Voice

RUNS = 3
GIGABYTE = 1 << 30
MEASURE = """
import json, os, resource, sys
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[1]),) * 2)
from voice_ally.cli.commands import ally
code = ally(sys.argv[2:], standalone_mode=False)
own, voice = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({
    "code": code,
    "cpu": own.ru_utime + own.ru_stime,
    "voice_cpu": voice.ru_utime + voice.ru_stime,
    "megabytes": own.ru_maxrss / 1024,
}))
"""


def measure(folder: Path, engine: str) -> dict[str, float]:
    """One session."""
    heard = conversation(
        1.0, spoken("a one minute calming pause"), 70.0, spoken("I need to repair"), 4.0,
        spoken("yes"), 20.0, spoken("stop"), 20.0,
    )  # fmt: skip
    asked, events = write(folder / "ask.wav", heard), folder / "events.jsonl"
    words = ["--input", str(asked), "--output", str(folder / "out.wav"), "--events", str(events)]
    words += ["--pace", "fast", "--recogniser", engine]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(GIGABYTE), "run", *words],
        env={**os.environ, "VOICE_ALLY_STATE": str(folder)},
        check=True,
        capture_output=True,
        text=True,
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    last = json.loads(events.read_text().splitlines()[-1])
    started = [one for one in events.read_text().splitlines() if '"started"' in one]
    assert found["code"] == 0 and started, "it was heard"
    found["seconds"] = float(last["t"])
    return found


def voice_megabytes() -> float:
    """The most memory that a process of the voice takes."""
    voice = Pyttsx3Voice()
    try:
        voice.render("Breathe in. I am here.", Style())
        status = Path(f"/proc/{voice.process_ids[-1]}/status").read_text()
    finally:
        voice.close()
    (kilobytes,) = (line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) / 1024


def main() -> None:
    """Print the table."""
    print(f"a voice process: {voice_megabytes():.0f} MB")
    print(f"{platform.machine()}, Python {platform.python_version()}, one core, 1 GB; of {RUNS}")
    print(f"{'engine':14}{'sound':>8}{'hearing and dialog':>20}{'voice':>18}{'memory':>9}")
    for engine in ("pocketsphinx", "vosk"):
        with tempfile.TemporaryDirectory() as name:
            runs = [measure(Path(name), engine) for _ in range(RUNS)]
        middle = {key: statistics.median(one[key] for one in runs) for key in runs[0]}
        seconds = middle["seconds"]
        print(
            f"{engine:14}{seconds:6.0f} s{middle['cpu'] / seconds:12.3f} CPU s/s"
            f"{middle['voice_cpu'] / seconds:10.3f} CPU s/s"
            f"{middle['megabytes']:6.0f} MB"
        )


if __name__ == "__main__":
    main()
