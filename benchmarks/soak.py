"""Hours of sound through one session: does it grow, does it ever miss a "stop"?

`python -m benchmarks.soak [--hours 12]`

Rules: one session on the sound's own clock, as fast as the machine can; speech, chatter that is
not meant for it, noise and silence in turn, each turn begun by "calming pause" and ended by
"stop" in the middle of the breathing. Memory and descriptors are read once a quarter of an hour
of sound; the slope leaves the first hour out, in which caches fill. (The queue of the real
microphone holds two seconds and drops what is beyond: tests/hear/test_device_microphone.py.)
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy

from tests.speech_samples import quiet, spoken
from voice_ally.core.audio import BLOCK_BYTES, SAMPLE_RATE_HZ, Pcm16

CHATTER = (
    "pass me the salt please", "I need to repair the car", "it may rain tomorrow",
    "what shall we have for dinner", "don't stop", "the cat is asleep on the sofa",
)  # fmt: skip
MEGABYTE = 1 << 20
SAMPLE_EVERY_SECONDS = 900.0
WARM_UP_HOURS = 1.0


class Household:
    """What the microphone hears, turn after turn, and what came of each "stop"."""

    def __init__(self, hours: float, chance: random.Random) -> None:
        self.seconds, self._chance = hours * 3600.0, chance
        self.heard_seconds = 0.0
        self.turns = self.started = self.stopped = 0
        self.samples: list[tuple[float, float, int]] = []
        """Hours of sound, megabytes, descriptors."""
        self._noise = numpy.random.default_rng(1)

    def watch(self, _at: float, event: str, data: Mapping[str, object]) -> None:
        """An observer of the event log."""
        self.started += event == "started" and data.get("dialog") == "calming_pause"
        self.stopped += event == "ended" and data.get("reason") == "stopped"

    def blocks(self) -> Iterator[Pcm16]:
        """Until the hours are over."""
        due = 0.0
        while self.heard_seconds < self.seconds:
            for part in self._turn():
                for at in range(0, len(part) - BLOCK_BYTES + 1, BLOCK_BYTES):
                    yield Pcm16(part[at : at + BLOCK_BYTES])
                self.heard_seconds += len(part) / 2 / SAMPLE_RATE_HZ
                if self.heard_seconds >= due:
                    due += SAMPLE_EVERY_SECONDS
                    self._measure()

    def _turn(self) -> Iterator[bytes]:
        self.turns += 1
        yield quiet(2.0) + spoken("calming pause") + quiet(self._chance.uniform(9.0, 20.0))
        yield spoken("stop") + quiet(2.0)
        for _ in range(4):
            yield spoken(self._chance.choice(CHATTER)) + quiet(self._chance.uniform(0.5, 4.0))
        yield self._hiss(20.0)
        yield quiet(self._chance.uniform(10.0, 60.0))

    def _hiss(self, seconds: float) -> bytes:
        samples = self._noise.normal(0, 300, int(seconds * SAMPLE_RATE_HZ))
        return bytes(samples.clip(-32768, 32767).astype("<i2").tobytes())

    def _measure(self) -> None:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        descriptors = len(list(Path("/proc/self/fd").iterdir()))
        self.samples.append((self.heard_seconds / 3600, pages * 4096 / MEGABYTE, descriptors))
        hours, megabytes, _ = self.samples[-1]
        print(
            f"{hours:6.2f} h of sound  {megabytes:7.1f} MB  {descriptors} descriptors"
            f"  {self.started} begun, {self.stopped} stopped  {self.slope():+.2f} MB an hour",
            flush=True,
        )

    def slope(self) -> float:
        """Megabytes an hour of sound, by least squares."""
        late = [one for one in self.samples if one[0] >= WARM_UP_HOURS] or self.samples
        if len(late) < 3:
            return float("nan")
        hours, megabytes, _ = zip(*late, strict=True)
        return float(numpy.polyfit(hours, megabytes, 1)[0])


def run(hours: float, seed: int = 1, kind: type[Household] = Household) -> Household:
    """So many hours of sound through one session."""
    from voice_ally.app import parts
    from voice_ally.app.on_file import converse
    from voice_ally.runtime import lockstep
    from voice_ally.runtime.event_log import EventLog
    from voice_ally.speak.pyttsx3_voice import Pyttsx3Voice

    lockstep.LONGEST_SECONDS = 1e9
    household = kind(hours, random.Random(seed))
    chosen = parts.settings()
    pack = parts.dialogs(None, chosen, print).dialogs.pack
    voice = Pyttsx3Voice(chosen.voice)
    try:
        with EventLog() as log:
            log.watch(household.watch)
            converse(pack, chosen, log, voice, household.blocks(), lambda *_: None)
    finally:
        voice.close()
    return household


def main() -> int:
    """Print the figures; 1 if a "stop" was missed or it grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=12.0)
    options = parser.parse_args()
    began = time.monotonic()
    household = run(options.hours)
    took = time.monotonic() - began
    first, last = household.samples[0], household.samples[-1]
    print(
        f"{household.heard_seconds / 3600:.1f} h of sound in {took / 60:.1f} minutes:"
        f" {household.turns} turns, {household.started} begun, {household.stopped} stopped,"
        f" memory {household.slope():+.2f} MB an hour, descriptors {first[2]} -> {last[2]}"
    )
    missed = household.stopped < household.started or household.started < household.turns
    return 1 if missed or household.slope() > 1.0 or last[2] > first[2] + 5 else 0


if __name__ == "__main__":
    sys.exit(main())
