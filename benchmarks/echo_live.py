"""The same on a real sound stream: `python -m benchmarks.echo_live [--help]`.

Rules: the real program on PulseAudio's null sinks, its loudspeaker played back into its own
microphone, later and softer; a person says "stop" over the second line of each of several
dialogs, now sooner, now later in it. Times are those at which sound arrives on the two monitors,
found to 10 ms; less than nothing where the line happened to pause by itself. On a busy machine it
needs priority (nice): who plays and records here stands for hardware, which is never late.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

import numpy

from benchmarks.echo_trials import REPORTED, SPEECH_RMS, TUNING, person, voices_at_hand
from benchmarks.rooms import Samples
from tests.virtual_sound import RATE_HZ, RAW, VirtualSound
from voice_ally.core.audio import Pcm16

BLOCK_BYTES = RATE_HZ // 100 * 2
AUDIBLE = 60
PATIENCE_SECONDS = 60.0
DIALOGS = (
    *("listen", "ally", "celebrate", "appreciation"),
    *("love_through", "old_wound", "help", "check_in"),
)
"""Their second lines last two seconds and more."""
SOONEST_SECONDS, STEP_SECONDS, SPREAD_SECONDS = 0.4, 0.37, 1.0
"""After the beginning of the line the word is said; each time so much later, within the spread."""


@contextmanager
def echo_path(sound: VirtualSound, delay_ms: int, level_db: float) -> Iterator[None]:
    """The loudspeaker is heard by the microphone."""
    loaded = subprocess.run(
        [
            "pactl",
            "load-module",
            "module-loopback",
            *(
                "source=speaker.monitor",
                "sink=microphone",
                f"latency_msec={delay_ms}",
                "adjust_time=0",
            ),
            *("source_dont_move=true", "sink_dont_move=true"),
        ],
        env=sound.env,
        capture_output=True,
        text=True,
        check=True,
    )
    module = loaded.stdout.strip()
    try:
        listed = subprocess.run(
            ["pactl", "list", "sink-inputs"],
            env=sound.env,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for entry in listed.split("Sink Input #")[1:]:
            if f"Owner Module: {module}" in entry:
                subprocess.run(
                    ["pactl", "set-sink-input-volume", entry.split()[0], f"{level_db}dB"],
                    env=sound.env,
                    check=True,
                )
        yield
    finally:
        subprocess.run(["pactl", "unload-module", module], env=sound.env, check=True)


class Recorder:
    """What passes through a sink, and when."""

    def __init__(self, sound: VirtualSound, sink: str) -> None:
        self._process = subprocess.Popen(
            ["parec", "-d", f"{sink}.monitor", *RAW.replace("=20", "=10").split()],
            env=sound.env,
            stdout=subprocess.PIPE,
        )
        self.blocks: list[tuple[float, bytes]] = []
        self._thread = threading.Thread(target=self._record, daemon=True)

    def _record(self) -> None:
        assert self._process.stdout is not None
        while len(block := self._process.stdout.read(BLOCK_BYTES)) == BLOCK_BYTES:
            self.blocks.append((time.monotonic(), block))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._thread.join(timeout=10)
        self._process.wait(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()

    def last_loud(self) -> float:
        """When the last audible block had arrived."""
        loud = [
            at
            for at, block in self.blocks
            if numpy.abs(numpy.frombuffer(block, "<i2").astype(int)).max() > AUDIBLE
        ]
        return loud[-1] if loud else 0.0

    def end_of(self, word: Samples) -> float:
        """When the last sample of this had arrived, wherever it is found best."""
        heard = numpy.frombuffer(b"".join(block for _, block in self.blocks), "<i2").astype(float)
        size = 1 << (len(heard) + len(word)).bit_length()
        alike = numpy.fft.irfft(
            numpy.fft.rfft(heard, size) * numpy.fft.rfft(word, size).conj(), size
        )[: len(heard)]
        last = int(alike.argmax()) + len(word)
        return self.blocks[min(last // (BLOCK_BYTES // 2), len(self.blocks) - 1)][0]


class Program:
    """`voice-ally` running, and what it says happened."""

    def __init__(self, sound: VirtualSound, folder: Path, dialog: str, echo: str) -> None:
        self._events = folder / "events.jsonl"
        self._events.unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [
                *(sys.executable, "-m", "voice_ally", "run", "--events", str(self._events)),
                *("--dialog", dialog, "--set", f"echo={echo}"),
            ],
            env={**sound.env, "VOICE_ALLY_STATE": str(folder), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def events(self, *names: str) -> list[dict[str, object]]:
        """What was told so far, of these kinds."""
        if not self._events.exists():
            return []
        lines = self._events.read_text().split("\n")[:-1]
        return [one for line in lines if (one := json.loads(line))["event"] in names]

    def wait_for(self, event: str, count: int = 1, seconds: float = PATIENCE_SECONDS) -> bool:
        """Until there were so many of them."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and self.process.poll() is None:
            if len(self.events(event)) >= count:
                return True
            time.sleep(0.01)
        return False

    def close(self) -> None:
        """End it."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=20)


def whole_dialog(
    sound: VirtualSound, folder: Path, dialog: str, echo: str
) -> tuple[int, list[object]]:
    """Nobody says anything until it ends: how many lines it said, and what it "heard"."""
    program = Program(sound, folder, dialog, echo)
    try:
        program.wait_for("ended", seconds=600)
        return len(program.events("said")), [one["text"] for one in program.events("heard")]
    finally:
        program.close()


def stop_over_line(
    sound: VirtualSound, folder: Path, dialog: str, echo: str, voice: str, *, after_seconds: float
) -> float | None:
    """Seconds from the end of the word to silence; None if it was not heard."""
    word = person("stop", voice) * SPEECH_RMS
    pcm16 = Pcm16(word.round().clip(-32768, 32767).astype("<i2").tobytes())
    with Recorder(sound, "speaker") as loudspeaker, Recorder(sound, "microphone") as microphone:
        program = Program(sound, folder, dialog, echo)
        try:
            if not program.wait_for("speaking", 2):
                raise RuntimeError(f"it did not speak: {program.events('failed')}")
            time.sleep(after_seconds)
            sound.say(pcm16)
            program.wait_for("ended", seconds=3.0)
            time.sleep(0.5)
            heard = any(one["reason"] == "stopped" for one in program.events("ended"))
        finally:
            program.close()
    if not heard:
        return None
    return loudspeaker.last_loud() - microphone.end_of(word)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print what was found."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--dialog", default="listen", help="said from beginning to end")
    wanted.add_argument("--stops", type=int, default=12)
    wanted.add_argument("--echo", choices=("plain", "webrtc"), default="plain")
    wanted.add_argument("--tuning", action="store_true")
    options = wanted.parse_args(arguments)
    names = voices_at_hand(TUNING if options.tuning else REPORTED)
    with tempfile.TemporaryDirectory(prefix="echo-") as name, tempfile.TemporaryDirectory() as own:
        os.chmod(name, 0o700)  # noqa: PTH101 - PulseAudio wants its folder for itself
        with VirtualSound(Path(name)) as sound:
            for delay_ms, level_db in ((30, -6.0), (100, -12.0)):
                with echo_path(sound, delay_ms, level_db):
                    place = f"{options.echo}, echo after {delay_ms} ms at {level_db} dB"
                    if options.dialog:
                        said, heard = whole_dialog(sound, Path(own), options.dialog, options.echo)
                        print(f"{place}: {said} lines said, heard {heard or 'nothing'}", flush=True)
                    found = [
                        stop_over_line(
                            sound,
                            Path(own),
                            DIALOGS[number % len(DIALOGS)],
                            options.echo,
                            names[number % len(names)],
                            after_seconds=SOONEST_SECONDS + number * STEP_SECONDS % SPREAD_SECONDS,
                        )
                        for number in range(options.stops)
                    ]
                    times = sorted(one for one in found if one is not None)
                    if found:
                        print(
                            f"{place}: {len(times)} of {len(found)} heard, silent after"
                            f" {[round(one * 1000) for one in times]} ms"
                            + (f", median {statistics.median(times) * 1000:.0f}" if times else ""),
                            flush=True,
                        )


if __name__ == "__main__":
    main()
