"""A session under drill: the program, the sound around it, and what is left on its disk.

Rules: the microphone and the loudspeaker are two sound servers, so that each can go alone; what
is said is said by another synthetic voice, into the microphone.
"""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

from tests.speech_samples import spoken
from tests.virtual_sound import VirtualSound

PATIENCE_SECONDS = 25.0
AGAIN_SECONDS = 3.0
"""Nobody says "stop" more often than this."""
KEPT_REMINDER = "calming_pause"
PROMISE = """\
dialog: promise
triggers: ["remember this hour"]
steps: {one: [{remind: {in: 60 minutes, run: promise}}, {say: "I will."}]}
"""
SCRIPT = """\
dialog: calming_pause
triggers: ["calming pause"]
steps:
  one:
    - say: "Here comes a line that takes its time."
    - breathe: {pattern: box, rounds: 1}
    - ask: "Shall we go on?"
      wait: 5s
      answers: {"<yes>": two}
      silence: [{go: two}]
  two:
    - remind: {in: 60 minutes, run: calming_pause}
    - chime: soft
    - hold: {for: 4s, until: "(I am|I'm) done"}
    - pause: 2s
    - go: one
"""


class Room:
    """A microphone and a loudspeaker, each of which can go."""

    def __init__(self, folder: Path) -> None:
        self.microphone, self.loudspeaker = (
            VirtualSound(self._folder(folder, name)) for name in ("m", "l")
        )
        alsa = folder / "asound.conf"
        alsa.write_text(
            "</usr/share/alsa/alsa.conf>\n"
            "pcm.!default { type asym\n"  # one device only: nothing else may stand in for it
            f' playback.pcm {{ type pulse server "unix:{folder}/l/native" }}\n'
            f' capture.pcm {{ type pulse server "unix:{folder}/m/native" }} }}\n'
            f'ctl.!default {{ type pulse server "unix:{folder}/m/native" }}\n'
        )
        self.env = {**os.environ, "ALSA_CONFIG_PATH": str(alsa)}
        self.env.pop("PULSE_SERVER", None)

    @staticmethod
    def _folder(folder: Path, name: str) -> Path:
        (folder / name).mkdir(mode=0o700)
        return folder / name

    def close(self) -> None:
        """Quiet."""
        self.microphone.close()
        self.loudspeaker.close()


class Ally:
    """The program in that room."""

    def __init__(self, room: Room, folder: Path, state: Path) -> None:
        self.room, self.state = room, state
        self.pack, self.clock = folder / "pack", folder / "clock"
        self.pack.mkdir(exist_ok=True)
        (self.pack / "calming_pause.yaml").write_text(SCRIPT)
        (self.pack / "promise.yaml").write_text(PROMISE)
        self._events, self._errors = folder / "events.jsonl", folder / "errors"
        self._stacks = folder / "stacks"
        self._events.unlink(missing_ok=True)
        command = ["-m", "benchmarks.drill_program", "run", "--pack", str(self.pack)]
        with self._errors.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, *command, "--events", str(self._events)],
                env={
                    **room.env,
                    "VOICE_ALLY_STATE": str(state),
                    "DRILL_CLOCK": str(self.clock),
                    "DRILL_STACKS": str(self._stacks),
                    "PYTHONPATH": str(Path(__file__).resolve().parent.parent),
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=errors,
            )
        self.seen = 0
        """Events before this one are old."""

    # -- what happened ----------------------------------------------------------------------

    def events(self) -> list[dict[str, object]]:
        """All so far."""
        if not self._events.exists():
            return []
        lines = self._events.read_text(errors="replace").split("\n")[:-1]
        return [json.loads(line) for line in lines]

    def forget(self) -> None:
        """Only what comes from now on counts."""
        self.seen = len(self.events())

    def happened(self, event: str, **wanted: object) -> bool:
        """Is it among the new ones?"""
        return any(
            one["event"] == event and all(one.get(k) == v for k, v in wanted.items())
            for one in self.events()[self.seen :]
        )

    def wait_for(self, event: str, seconds: float = PATIENCE_SECONDS, **wanted: object) -> bool:
        """Does it happen in time?"""
        deadline = time.monotonic() + seconds
        while not self.happened(event, **wanted):
            if time.monotonic() > deadline or self.process.poll() is not None:
                return False
            time.sleep(0.02)
        return True

    def errors(self) -> str:
        """What it said on standard error."""
        return self._errors.read_text(errors="replace")

    def stacks(self) -> str:
        """Where each of its threads is."""
        if self.process.poll() is not None:
            return f"it has ended with {self.process.returncode}"
        self.process.send_signal(signal.SIGQUIT)
        time.sleep(0.5)
        return self._stacks.read_text(errors="replace")

    # -- what is said to it -----------------------------------------------------------------

    def says_until(self, text: str, event: str, **wanted: object) -> float | None:
        """Say it, again if need be, until that happens; gives the seconds from the first word."""
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE_SECONDS:
            self.room.microphone.say(spoken(text))
            if self.wait_for(event, AGAIN_SECONDS, **wanted):
                return time.monotonic() - began
            if self.process.poll() is not None:
                break
        return None

    # -- its processes ------------------------------------------------------------------------

    def children(self) -> list[int]:
        """All processes below it."""
        below, found = [self.process.pid], list[int]()
        while below:
            parent = below.pop()
            for file in Path(f"/proc/{parent}/task").glob("*/children"):
                with contextlib.suppress(OSError):
                    mine = [int(one) for one in file.read_text().split()]
                    below += mine
                    found += mine
        return found

    def voices(self) -> list[int]:
        """Those that render."""
        ours = [one for one in self.children() if b"begin_child" in _command(one)]
        return [one for one in ours if one not in self.decoders()]

    def decoders(self) -> list[int]:
        """Those in which a recogniser decodes."""
        return [one for one in self.children() if b"pocketsphinx_child" in _command(one)]

    def end(self, number: int = signal.SIGTERM) -> tuple[int | None, list[int]]:
        """Its exit code (None: it had to be killed), and which of its children are still there."""
        children = self.children()
        self.process.send_signal(number)
        code: int | None
        try:
            code = self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            code = None
            self.process.kill()
            self.process.wait()
        deadline = time.monotonic() + 3.0
        while (left := [one for one in children if _command(one)]) and time.monotonic() < deadline:
            time.sleep(0.05)
        return code, left


def _command(process_id: int) -> bytes:
    try:
        return Path(f"/proc/{process_id}/cmdline").read_bytes()
    except OSError:
        return b""


# -- what is kept --------------------------------------------------------------------------------


def promise(state: Path) -> None:
    """A reminder far away, that every fault has to leave alone."""
    from voice_ally.runtime.reminders import Reminders

    state.mkdir(exist_ok=True)
    book = Reminders(state / "reminders.sqlite")
    book.add(365 * 24 * 3600.0, KEPT_REMINDER)
    book.close()


def promises(state: Path, dialog: str, *, after_days: float = 0.0) -> int:
    """How many are kept of a dialog; 0 where they cannot be read."""
    due = time.time() + after_days * 24 * 3600.0
    try:
        with contextlib.closing(sqlite3.connect(state / "reminders.sqlite", timeout=5)) as database:
            found = database.execute(
                "SELECT count(*) FROM promise WHERE due > ? AND dialog = ?", (due, dialog)
            ).fetchone()
    except sqlite3.Error:
        return 0
    return int(found[0])


def promise_kept(state: Path) -> bool:
    """Is the one far away still there?"""
    return promises(state, KEPT_REMINDER, after_days=300) > 0


def state_valid(state: Path) -> bool:
    """Is the database whole, and nothing there that does not belong?"""
    known = ("reminders.sqlite", "session.lock", "logs", "filling")
    odd = [one.name for one in state.iterdir() if not one.name.startswith(known)]
    try:
        with contextlib.closing(sqlite3.connect(state / "reminders.sqlite", timeout=5)) as database:
            whole = database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    except sqlite3.Error:
        return False
    return whole and not odd
