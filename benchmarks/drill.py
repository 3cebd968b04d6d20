"""The fault drill: what breaks around a session, at random moments, and whether it goes on.

`python -m benchmarks.drill [--times 20] [--seed 1] [FAULT …]`

Rules: everything is real (the program, PortAudio, PulseAudio, synthesis, recognition). After each
fault it has to hear "stop" again, the reminder kept before has to be there, the state folder
valid, no traceback printed and no process left over. Where ending is what was asked for, it ends
with the right exit code and the next start finds all in order.
"""

import argparse
import os
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.drill_session import (
    AGAIN_SECONDS,
    Ally,
    Room,
    promise,
    promise_kept,
    promises,
    state_valid,
)
from tests.virtual_sound import VirtualSound
from voice_ally.core.audio import Pcm16

STATE_KILOBYTES = 1000
WITHIN_SECONDS = 2.0
QUIET_SECONDS = 1.0
"""After words: said in one breath with them, "stop" would be the end of a sentence."""
HEARD_SECONDS = 2.5
"""From the first word of "stop" (0.5 s, and what a pretend microphone delays it by), with a part
that stands still: a second from its end."""


@dataclass
class Tally:
    """What a fault came to, time after time."""

    times: int = 0
    failures: list[str] = field(default_factory=list)
    back_seconds: list[float] = field(default_factory=list)
    """From the device being there again to it being listened to."""
    heard_seconds: list[float] = field(default_factory=list)
    """From the first "stop" said afterwards to its end."""

    def row(self, name: str) -> str:
        """A line of the table."""

        def of(values: list[float]) -> str:
            return (
                f"{statistics.median(values):5.2f} {max(values):5.2f}" if values else "    –     –"
            )

        well = self.times - len({one.split(":")[0] for one in self.failures})
        return (
            f"{name:26}{well:3}/{self.times:<4} {of(self.back_seconds)}   {of(self.heard_seconds)}"
        )


class Drill:
    """One program after the other, broken again and again."""

    suspended_seconds = (2.0, 8.0)
    """How long suspended() lasts."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance
        self.room = Room(folder)
        self.state = folder / "state"
        self._mount()
        promise(self.state)
        self.ally = Ally(self.room, folder, self.state)
        if not self.ally.wait_for("idle", 0.1):
            time.sleep(3.0)
        self.back: float | None = None
        self.afterwards: list[Callable[[], None]] = []
        """What a fault has left to be mended when its trial is over."""

    def _mount(self) -> None:
        """A small file system of its own, where that may be made: it can be filled, and stopped."""
        self.state.mkdir()
        image = self.folder / "image"
        image.write_bytes(bytes(STATE_KILOBYTES * 1024))
        made = ["mkfs.ext4", "-q", "-O", "^has_journal", "-m", "0", str(image)]
        self.can_fill = all(
            subprocess.run(command, capture_output=True, check=False).returncode == 0
            for command in (made, self._mounting())
        )
        if self.can_fill:
            (self.state / "lost+found").rmdir()

    def _mounting(self) -> list[str]:
        return ["mount", "-o", "loop,errors=remount-ro", f"{self.folder}/image", str(self.state)]

    def repair_the_disk(self) -> None:
        """After it became read-only, and the program has ended."""
        subprocess.run(["umount", str(self.state)], check=True)
        subprocess.run(self._mounting(), check=True)

    def close(self) -> None:
        """Leave nothing behind."""
        if self.ally.process.poll() is None:
            self.ally.end(signal.SIGKILL)
        self.room.close()
        if self.can_fill:
            subprocess.run(["umount", "-l", str(self.state)], capture_output=True, check=False)

    def stand_still(self, processes: list[int]) -> None:
        """Stop them (SIGSTOP); half of the times they go on soon, else after the trial."""
        for one in processes:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGSTOP)
        if self.chance.random() < 1 / 2:
            time.sleep(self.chance.uniform(0.5, 3.0))
            _go_on(processes)
        else:
            self.afterwards.append(lambda: _go_on(processes))

    def trial(self, fault: Callable[["Drill"], None], tally: Tally) -> None:
        """Begin a script, break something at a random moment, and see."""
        tally.times += 1
        number, self.back = tally.times, None

        def failed(what: str) -> None:
            last = [f"{one['t']} {one['event']}" for one in self.ally.events()[-5:]]
            tally.failures.append(f"{number}: {what} (last: {', '.join(last)})")

        self.ally.forget()
        if self.ally.says_until("calming pause", "started") is None:
            failed("it did not begin")
            self._anew()
            return
        time.sleep(self.chance.uniform(0.1, 9.0))
        self.ally.forget()
        try:
            fault(self)
        except Exception as error:
            failed(f"{error}")
        if self.back is not None:
            tally.back_seconds.append(self.back)
            if self.back > WITHIN_SECONDS:
                failed(f"back after {self.back:.1f} s")
        self.ally.forget()
        heard = self.ally.says_until("stop", "heard", intent="stop")
        if heard is None:
            failed("it does not hear any more")
            print(self.ally.stacks(), file=sys.stderr, flush=True)
        else:
            tally.heard_seconds.append(heard)
            if self.afterwards and heard > HEARD_SECONDS:
                failed(f"heard after {heard:.1f} s")
        if not promise_kept(self.state):
            failed("the reminder is lost")
            promise(self.state)
        if not state_valid(self.state):
            failed("the state folder is not valid")
        if "Traceback" in self.ally.errors() or "unexpected went" in self.ally.errors():
            failed(f"a traceback: {self.ally.errors()[-300:]}")
        while self.afterwards:
            self.afterwards.pop()()
        if heard is None:
            self._anew()

    def _anew(self) -> None:
        if self.ally.process.poll() is None:
            self.ally.end(signal.SIGKILL)
        self.start()

    def start(self) -> None:
        """The program again."""
        self.ally = Ally(self.room, self.folder, self.state)
        time.sleep(2.5)

    def gone_for_a_while(self, servers: list[VirtualSound], sources: list[str], kill: bool) -> None:
        """Devices go, are missed, and come back; notes how long it took to take them up."""
        for one in servers:
            one.stop_server(kill=kill)
        missed = all(self.ally.wait_for("lost", 6.0, source=one) for one in sources)
        time.sleep(self.chance.uniform(0.2, 4.0))
        coming = [threading.Thread(target=one.start_server) for one in servers]
        for thread in coming:
            thread.start()
        there = all(self.ally.wait_for("back", 10.0, source=one) for one in sources)
        now = time.monotonic()
        for thread in coming:
            thread.join()
        if not missed:
            raise RuntimeError("it was not missed")
        if not there:
            raise RuntimeError("it was not taken up again")
        self.back = max(0.0, now - max(one.there_at for one in servers))
        self.ally.wait_for("said", 6.0, text="I can hear you again.")

    def stands_still_for_a_while(self, servers: list[VirtualSound], sources: list[str]) -> None:
        """The same for servers that neither answer nor go away."""
        for one in servers:
            one.stand_still()
        try:
            missed = all(self.ally.wait_for("lost", 8.0, source=one) for one in sources)
            time.sleep(self.chance.uniform(0.2, 4.0))
        finally:
            for one in servers:
                one.go_on()
        went_on = time.monotonic()
        there = all(self.ally.wait_for("back", 10.0, source=one) for one in sources)
        if not missed or not there:
            raise RuntimeError("it was not taken up again" if missed else "it was not missed")
        self.back = time.monotonic() - went_on
        self.ally.wait_for("said", 6.0, text="I can hear you again.")


def nothing(_drill: Drill) -> None:
    """Nothing breaks: what the other rows are to be compared with."""


def microphone(drill: Drill) -> None:
    """The microphone is gone."""
    drill.gone_for_a_while([drill.room.microphone], ["microphone"], kill=False)


def loudspeaker(drill: Drill) -> None:
    """The loudspeaker is gone."""
    drill.gone_for_a_while([drill.room.loudspeaker], ["loudspeaker"], kill=False)


def sound_server(drill: Drill) -> None:
    """All of the sound is killed and started again."""
    both = [drill.room.microphone, drill.room.loudspeaker]
    drill.gone_for_a_while(both, ["microphone", "loudspeaker"], kill=True)


def voice(drill: Drill) -> None:
    """The voices' processes are killed."""
    _kill(drill.ally.voices())
    time.sleep(1.0)


def _kill(processes: list[int]) -> None:
    for one in processes:
        # it may have ended by itself
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def decoder(drill: Drill) -> None:
    """The process that decodes is killed, half of the times in the middle of an utterance."""
    _perhaps_speak(drill)
    _kill(drill.ally.decoders())
    time.sleep(QUIET_SECONDS)


def voice_stopped(drill: Drill) -> None:
    """The voices' processes stand still."""
    drill.stand_still(drill.ally.voices())


def decoder_stopped(drill: Drill) -> None:
    """The process that decodes stands still, half of the times in the middle of an utterance."""
    _perhaps_speak(drill)
    drill.stand_still(drill.ally.decoders())
    time.sleep(QUIET_SECONDS)


def _perhaps_speak(drill: Drill) -> None:
    if drill.chance.random() < 1 / 2:
        drill.room.microphone.say(_some_words())
        time.sleep(drill.chance.uniform(0.0, 1.5))


def microphone_stopped(drill: Drill) -> None:
    """The sound server of the microphone stands still for a while."""
    drill.stands_still_for_a_while([drill.room.microphone], ["microphone"])


def loudspeaker_stopped(drill: Drill) -> None:
    """That of the loudspeaker stands still, and "stop" is said meanwhile."""
    drill.room.loudspeaker.stand_still()
    drill.afterwards.append(drill.room.loudspeaker.go_on)
    time.sleep(drill.chance.uniform(0.0, 3.0))


def sound_server_stopped(drill: Drill) -> None:
    """All of the sound stands still for a while."""
    both = [drill.room.microphone, drill.room.loudspeaker]
    drill.stands_still_for_a_while(both, ["microphone", "loudspeaker"])


def _go_on(processes: list[int]) -> None:
    for one in processes:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGCONT)


def recogniser(drill: Drill) -> None:
    """The recogniser raises."""
    drill.ally.process.send_signal(signal.SIGUSR1)
    drill.room.microphone.say(_some_words())


def _some_words() -> Pcm16:
    from tests.speech_samples import spoken

    return spoken("calming pause")


def pack(drill: Drill) -> None:
    """A dialog is saved in the middle of being written, and then whole."""
    file = drill.ally.pack / "calming_pause.yaml"
    whole = file.read_bytes()
    file.write_bytes(whole[: drill.chance.randrange(len(whole))] + b"\n  - : {[broken")
    time.sleep(1.5)
    file.write_bytes(whole)
    time.sleep(0.5)


def disk_full(drill: Drill) -> None:
    """Nothing can be written where the state is."""
    if not drill.can_fill:
        raise RuntimeError("a small file system cannot be made here")
    filling = drill.state / "filling"
    try:
        with filling.open("wb", buffering=0) as file:
            while file.write(b"x" * 4096):
                pass
    except OSError:
        pass
    drill.ally.says_until("stop", "heard", intent="stop")
    drill.ally.says_until("calming pause", "started")
    time.sleep(drill.chance.uniform(0.5, 2.0))
    filling.unlink()


def disk_stopped(drill: Drill) -> None:
    """The disk of the state stands still while a reminder is to be kept, and "stop" is said."""
    if not drill.can_fill:
        raise RuntimeError("a small file system cannot be made here")

    def freeze(way: str) -> None:
        subprocess.run(["fsfreeze", way, str(drill.state)], check=True)

    drill.ally.says_until("stop", "heard", intent="stop")
    before = promises(drill.state, "promise")
    freeze("--freeze")
    try:
        promised = drill.ally.says_until("remember this hour", "reminder")
        drill.ally.wait_for("ended", AGAIN_SECONDS)
        drill.ally.forget()
        began = drill.ally.says_until("calming pause", "started")
        time.sleep(QUIET_SECONDS)
        drill.ally.forget()
        heard = drill.ally.says_until("stop", "heard", intent="stop")
    finally:
        freeze("--unfreeze")
    if promised is None or began is None or heard is None or heard > HEARD_SECONDS:
        raise RuntimeError(f"meanwhile: {promised}, {began}, stop heard after {heard}")
    time.sleep(0.5)
    if promises(drill.state, "promise") <= before:
        raise RuntimeError("what was promised meanwhile is not kept")
    drill.ally.says_until("calming pause", "started")


def locked(drill: Drill) -> None:
    """Another process holds the database of reminders."""
    with closing(sqlite3.connect(drill.state / "reminders.sqlite", timeout=5)) as database:
        database.execute("BEGIN EXCLUSIVE")
        time.sleep(drill.chance.uniform(1.0, 4.0))
        drill.ally.says_until("stop", "heard", intent="stop")


def corrupt(drill: Drill) -> None:
    """The database of reminders is overwritten with rubbish."""
    (drill.state / "reminders.sqlite").write_bytes(drill.chance.randbytes(9000))
    time.sleep(2.0)
    drill.ally.says_until("stop", "heard", intent="stop")
    drill.ally.end()  # it may be noticed only at the end, or at the next start
    drill.start()


def clock(drill: Drill) -> None:
    """The wall clock jumps, by up to a day either way."""
    drill.ally.clock.write_text(str(drill.chance.uniform(-86400, 86400)))
    drill.ally.process.send_signal(signal.SIGUSR2)
    time.sleep(1.5)


def asleep(drill: Drill) -> None:
    """The whole program stands still, as when it is stopped by hand."""
    drill.ally.process.send_signal(signal.SIGSTOP)
    time.sleep(drill.chance.uniform(1.0, 4.0))
    drill.ally.process.send_signal(signal.SIGCONT)
    time.sleep(1.0)


def suspended(drill: Drill) -> None:
    """All of its processes and the sound stand still, as when a lid is closed."""
    room = (drill.room.microphone, drill.room.loudspeaker)
    processes = [drill.ally.process.pid, *drill.ally.children()]
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    for one in room:
        one.stand_still()
    time.sleep(drill.chance.uniform(*drill.suspended_seconds))
    for one in room:
        one.go_on()
    _go_on(processes)
    time.sleep(1.0)


def other_rate(drill: Drill) -> None:
    """The devices come back with another sample rate."""
    both = [drill.room.microphone, drill.room.loudspeaker]
    for one in both:
        one.device_rate_hz = drill.chance.choice((8_000, 22_050, 44_100, 48_000))
    drill.gone_for_a_while(both, ["microphone", "loudspeaker"], kill=False)


def read_only(drill: Drill) -> None:
    """Nothing can be written any more where the state is, as on a worn-out card: the system makes
    it read-only after an error, until it is repaired."""
    if not drill.can_fill:
        raise RuntimeError("a small file system cannot be made here")
    subprocess.run(["mount", "-o", "remount,abort", str(drill.state)], check=True)
    drill.ally.says_until("stop", "heard", intent="stop")
    began = drill.ally.says_until("calming pause", "started")
    time.sleep(drill.chance.uniform(QUIET_SECONDS, 8.0))  # a reminder is to be kept meanwhile
    drill.ally.forget()
    heard = drill.ally.says_until("stop", "heard", intent="stop")
    code, left = drill.ally.end()
    drill.repair_the_disk()
    drill.start()
    drill.ally.says_until("calming pause", "started")
    if began is None or heard is None or heard > HEARD_SECONDS:
        raise RuntimeError(f"meanwhile: begun {began}, stop heard after {heard}")
    if (code, left) != (0, []):
        raise RuntimeError(f"ended with {code}, {len(left)} left over")


def _ended(drill: Drill, number: int, wanted: int) -> None:
    began = time.monotonic()
    code, left = drill.ally.end(number)
    drill.start()
    if code != wanted:
        raise RuntimeError(f"exit code {code}")
    if left:
        raise RuntimeError(f"{len(left)} processes left over")
    if time.monotonic() - began > 15:
        raise RuntimeError("it took its time")


def _ended_standing_still(drill: Drill, number: int, wanted: int) -> None:
    """With every part of it and all sound servers stopped."""
    room = (drill.room.microphone, drill.room.loudspeaker)
    for one in room:
        one.stand_still()
    children = drill.ally.children()
    for child in children:
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGSTOP)
    time.sleep(drill.chance.uniform(0.0, 5.0))
    began = time.monotonic()
    code, left = drill.ally.end(number)
    took = time.monotonic() - began
    for one in room:
        one.go_on()
    drill.start()
    if code != wanted:
        raise RuntimeError(f"exit code {code} after {took:.1f} s")
    if left:
        raise RuntimeError(f"{len(left)} processes left over")
    if number != signal.SIGKILL and took > WITHIN_SECONDS:
        raise RuntimeError(f"it took {took:.1f} s")


def interrupted_stopped(drill: Drill) -> None:
    """Ctrl-C while all of its parts and the sound stand still."""
    _ended_standing_still(drill, signal.SIGINT, 130)


def terminated_stopped(drill: Drill) -> None:
    """It is asked to end meanwhile."""
    _ended_standing_still(drill, signal.SIGTERM, 0)


def killed_stopped(drill: Drill) -> None:
    """It is killed meanwhile: none of its parts may stay."""
    _ended_standing_still(drill, signal.SIGKILL, -signal.SIGKILL)


def terminated(drill: Drill) -> None:
    """It is asked to end, and started again."""
    _ended(drill, signal.SIGTERM, 0)


def killed(drill: Drill) -> None:
    """It is killed, and started again."""
    _ended(drill, signal.SIGKILL, -signal.SIGKILL)


FAULTS: dict[str, Callable[[Drill], None]] = {
    one.__name__: one
    for one in (
        nothing, microphone, loudspeaker, sound_server, voice, decoder, recogniser, pack,
        disk_full, disk_stopped, locked, corrupt, clock, asleep, suspended, other_rate, read_only,
        terminated, killed,
        microphone_stopped, loudspeaker_stopped, sound_server_stopped, voice_stopped,
        decoder_stopped, interrupted_stopped, terminated_stopped, killed_stopped,
    )
}  # fmt: skip


def run(names: list[str], times: int, seed: int) -> dict[str, Tally]:
    """Each fault so many times, in a room of its own."""
    tallies = {}
    for name in names:
        tally = tallies[name] = Tally()
        with tempfile.TemporaryDirectory(prefix="drill-", ignore_cleanup_errors=True) as folder:
            drill = Drill(Path(folder), random.Random(f"{seed} {name}"))
            try:
                for _ in range(times):
                    drill.trial(FAULTS[name], tally)
                code, left = drill.ally.end()
                if (code, left) != (0, []):
                    tally.failures.append(f"end: exit code {code}, {len(left)} left over")
            finally:
                drill.close()
        print(tally.row(name), flush=True)
        for failure in tally.failures:
            print(f"    {failure}", flush=True)
    return tallies


def main() -> int:
    """Print the table; 1 if anything did not go on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("faults", nargs="*", metavar="FAULT", help=", ".join(FAULTS))
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--suspended", type=float, metavar="SECONDS", help="for just so long")
    options = parser.parse_args()
    if shutil.which("pulseaudio") is None:
        print("PulseAudio is needed for the drill.")
        return 2
    print(f"{'':26}went on   back (s)      heard (s)\n{'fault':34} p50   max     p50   max")
    if options.suspended:
        Drill.suspended_seconds = (options.suspended, options.suspended)
    tallies = run(options.faults or list(FAULTS), options.times, options.seed)
    return 1 if any(one.failures for one in tallies.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
