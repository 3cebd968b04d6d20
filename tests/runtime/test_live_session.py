"""The real program on a real sound stream: said into the microphone, heard from the speaker."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Self

import numpy
import pytest

from tests.speech_samples import spoken
from tests.virtual_sound import RATE_HZ, VirtualSound

PATIENCE_SECONDS = 30.0
SILENT_WITHIN_SECONDS = 0.1
BACK_WITHIN_SECONDS = 2.0
AUDIBLE = 60
"""Of 32,768; the sinks themselves are digitally silent."""


class Loudspeaker:
    """What comes out of it, and when: an upper bound, since recording takes a moment too."""

    def __init__(self, sound: VirtualSound) -> None:
        self.loud_seconds = self.last_loud = self.last_heard = 0.0
        command = "parec -d speaker.monitor --rate=16000 --channels=1 --format=s16le"
        self._process = subprocess.Popen(
            [*command.split(), "--latency-msec=10"], env=sound.env, stdout=subprocess.PIPE
        )
        self._thread = threading.Thread(target=self._listen)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        while len(block := self._process.stdout.read(RATE_HZ // 100 * 2)) == RATE_HZ // 100 * 2:
            self.last_heard = time.monotonic()
            if numpy.abs(numpy.frombuffer(block, "<i2").astype(int)).max() > AUDIBLE:
                self.last_loud = self.last_heard
                self.loud_seconds += 0.01

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._thread.join(timeout=10)
        self._process.wait(timeout=10)
        assert self._process.stdout is not None
        self._process.stdout.close()


class Program:
    """`voice-ally` running, and what it says happened."""

    def __init__(
        self,
        sound: VirtualSound,
        folder: Path,
        *options: str,
        wrapper: Sequence[str] = (),
        env: Mapping[str, str] = MappingProxyType({}),
        code: str = "",
    ) -> None:
        self._events = folder / "events.jsonl"
        start = ["-c", code] if code else ["-m", "voice_ally"]
        command = [sys.executable, *start, "run", "--events", str(self._events)]
        self.process = subprocess.Popen(
            [*wrapper, *command, *options],
            env={
                **sound.env,
                "VOICE_ALLY_ECHO": "plain",
                "VOICE_ALLY_WELCOME": "false",
                "VOICE_ALLY_STATE": str(folder),
                "PYTHONUNBUFFERED": "1",
                **env,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.last_told = 0.0
        """When (by the monotonic clock) the event last waited for was seen in the log."""

    def inner_process(self) -> int:
        """Its process, where a wrapper started it."""
        return int(Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text())

    def events(self) -> list[dict[str, object]]:
        if not self._events.exists():
            return []
        lines = self._events.read_text().split("\n")[:-1]
        return [json.loads(line) for line in lines]

    def wait_for(self, event: str, **wanted: object) -> dict[str, object]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            now = time.monotonic()
            for one in self.events():
                if one["event"] == event and all(one.get(k) == v for k, v in wanted.items()):
                    self.last_told = now
                    return one
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.005)
        raise AssertionError(f"no {event} {wanted} in {self.events()}")

    def wait_for_line(self, start: str) -> None:
        assert self.process.stdout is not None
        while line := self.process.stdout.readline():
            if line.startswith(start):
                return
        raise AssertionError(self.process.communicate())

    def interrupt(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGINT)
        _, errors = self.process.communicate(timeout=10)
        return self.process.returncode, errors


def test_a_repair_is_asked_for_agreed_to_and_stopped(
    virtual_sound: VirtualSound, tmp_path: Path
) -> None:
    program = Program(virtual_sound, tmp_path)
    program.wait_for_line("Listening")
    time.sleep(0.5)
    virtual_sound.say(spoken("I need to repair"))
    meant = program.wait_for("asked", dialog="repair")
    program.wait_for("said", text=meant["text"])
    time.sleep(0.6)
    virtual_sound.say(spoken("yes please"))
    program.wait_for("started", dialog="repair")
    second = program.wait_for("asked", step="second_agrees")
    program.wait_for("said", text=second["text"])
    time.sleep(0.6)
    virtual_sound.say(spoken("yes"))
    program.wait_for("heard", text="yes")
    time.sleep(0.6)
    virtual_sound.say(spoken("stop"))
    program.wait_for("ended", reason="stopped")
    code, errors = program.interrupt()
    assert (code, errors.strip()) == (130, "")


def test_stop_silences_the_loudspeaker_within_a_tenth_of_a_second(
    virtual_sound: VirtualSound, tmp_path: Path
) -> None:
    program = Program(virtual_sound, tmp_path, "--dialog", "calming_pause", "--headphones")
    with Loudspeaker(virtual_sound) as loudspeaker:
        program.wait_for("phase", name="out")
        virtual_sound.say(spoken("stop"))
        program.wait_for("cut")
        decided = program.last_told
        program.wait_for("ended", reason="stopped")
        time.sleep(1.5)
        program.interrupt()
    assert loudspeaker.loud_seconds > 5, "the breathing was heard"
    assert loudspeaker.last_loud < decided + SILENT_WITHIN_SECONDS
    assert loudspeaker.last_heard > decided + 1.0, "and the recording went on"


def test_without_a_microphone_or_a_terminal_the_demonstration_runs(tmp_path: Path) -> None:
    env = {**os.environ, "PULSE_SERVER": "unix:/nowhere"}
    listed = subprocess.run(
        [sys.executable, "-m", "voice_ally", "devices"],
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    if "microphone" in listed.stdout:
        pytest.skip("this machine has a microphone")
    done = subprocess.run(
        [sys.executable, "-m", "voice_ally", "--output", str(tmp_path / "demo.wav")],
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == (
        "voice-ally: No microphone was found. Connect one, or see: voice-ally devices\n"
    )
    assert "You   stop" in done.stdout
    assert "Stopped." in done.stdout
    assert (tmp_path / "demo.wav").stat().st_size > RATE_HZ


LATE = """
import os, pathlib, time
from voice_ally.cli import main
from voice_ally.speak.narrator import RememberingVoice

def late(voice, text, *how):
    sound = render(voice, text, *how)
    while text == "Breathe in." and not pathlib.Path(os.environ["IN_TIME"]).exists():
        time.sleep(0.005)
    return sound

render, RememberingVoice.render = RememberingVoice.render, late
main()
"""


def test_a_line_that_is_rendered_after_ctrl_c_is_not_heard(
    virtual_sound: VirtualSound, tmp_path: Path
) -> None:
    in_time = tmp_path / "in time"
    program = Program(
        virtual_sound, tmp_path, "--dialog", "calming_pause",
        env={"IN_TIME": str(in_time)}, code=LATE,
    )  # fmt: skip
    with Loudspeaker(virtual_sound) as loudspeaker:
        program.wait_for("phase", name="in")
        program.wait_for("speaking", text="Breathe in.")
        time.sleep(0.3)
        interrupted = time.monotonic()
        program.process.send_signal(signal.SIGINT)
        time.sleep(0.05)
        in_time.touch()
        assert program.process.wait(10) == 130
        program.process.communicate()
        time.sleep(1.0)
    assert loudspeaker.loud_seconds > 0.5, "it was heard before"
    assert loudspeaker.last_loud < interrupted + SILENT_WITHIN_SECONDS


def test_ctrl_c_silences_the_loudspeaker_at_once(
    virtual_sound: VirtualSound, tmp_path: Path
) -> None:
    """That it ends quietly at any moment is shown by tests/app/test_interrupt_drill.py."""
    program = Program(virtual_sound, tmp_path, "--dialog", "calming_pause")
    with Loudspeaker(virtual_sound) as loudspeaker:
        program.wait_for("phase", name="in")
        interrupted = time.monotonic()
        code, errors = program.interrupt()
        time.sleep(1.0)
    assert (code, errors.strip()) == (130, "")
    assert loudspeaker.loud_seconds > 0.5, "it was heard before"
    assert loudspeaker.last_loud < interrupted + SILENT_WITHIN_SECONDS


def test_the_very_first_start_says_hello_and_asks_for_the_country(
    virtual_sound: VirtualSound, tmp_path: Path
) -> None:
    program = Program(virtual_sound, tmp_path, "--set", "welcome=true")
    try:
        program.wait_for("started", dialog="welcome")
        program.process.send_signal(signal.SIGINT)
        output, _ = program.process.communicate(timeout=20)
    finally:
        program.process.kill()
    assert "No country is set" in output
    assert (tmp_path / "welcomed").exists()


def test_asked_to_end_it_ends_well(virtual_sound: VirtualSound, tmp_path: Path) -> None:
    program = Program(virtual_sound, tmp_path, "--dialog", "calming_pause")
    program.wait_for("started")
    program.process.terminate()
    _, errors = program.process.communicate(timeout=10)
    assert (program.process.returncode, errors.strip()) == (0, "")


def short_pack(folder: Path) -> str:
    (folder / "pack").mkdir()
    (folder / "pack" / "short.yaml").write_text(
        'dialog: short\ntriggers: ["short question"]\nsteps:\n'
        '  one: [{ask: "Well?", wait: 60s, answers: {"[<yes>]  blue": one}}]\n'
    )
    return str(folder / "pack")


def test_when_the_sound_is_gone_it_stands_still_and_goes_on_when_it_is_back(
    tmp_path: Path,
) -> None:
    """No demonstration, no traceback: it waits, says that it is back, and asks again."""
    (tmp_path / "own").mkdir(mode=0o700)
    with VirtualSound(tmp_path / "own") as sound:
        program = Program(sound, tmp_path, "--pack", short_pack(tmp_path), "--dialog", "short")
        question = program.wait_for("asked", dialog="short")
        program.wait_for("said", text=question["text"])
        sound.stop_server()
        program.wait_for("lost", source="microphone")
        program.wait_for("lost", source="loudspeaker")
        time.sleep(1.0)
        standing = len(program.events())
        sound.start_server()
        back = time.monotonic()
        program.wait_for("back", source="microphone")
        program.wait_for("back", source="loudspeaker")
        assert program.last_told - back < BACK_WITHIN_SECONDS
        program.wait_for("speaking", text="I can hear you again.")
        while [one["event"] for one in program.events()[standing:]].count("said") < 2:
            time.sleep(0.05)
        again = [one for one in program.events()[standing:] if one["event"] == "asked"]
        assert [one["step"] for one in again] == [question["step"]]
        time.sleep(0.6)
        sound.say(spoken("stop"))
        program.wait_for("ended", reason="stopped")
        code, errors = program.interrupt()
    assert code == 130
    assert sorted(filter(None, errors.split("\n"))) == [
        "voice-ally: The loudspeaker is back.",
        "voice-ally: The loudspeaker is gone. Connect it: I wait for it.",
        "voice-ally: The microphone is back.",
        "voice-ally: The microphone is gone. Connect it: I wait for it.",
    ]
