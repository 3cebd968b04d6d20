"""The real program on a real sound stream: said into the microphone, heard from the speaker."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy
import pytest

from tests.speech_samples import spoken
from tests.virtual_sound import RATE_HZ, VirtualSound

PATIENCE_SECONDS = 30.0
SILENT_WITHIN_SECONDS = 0.1
AUDIBLE = 60
"""Of 32,768; the sinks themselves are digitally silent."""


class Program:
    """`voice-ally` running, and what it says happened."""

    def __init__(self, sound: VirtualSound, folder: Path, *options: str) -> None:
        self._events = folder / "events.jsonl"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "voice_ally", "run", "--events", str(self._events), *options],
            env={**sound.env, "VOICE_ALLY_STATE": str(folder), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def events(self) -> list[dict[str, object]]:
        if not self._events.exists():
            return []
        lines = self._events.read_text().split("\n")[:-1]
        return [json.loads(line) for line in lines]

    def wait_for(self, event: str, **wanted: object) -> dict[str, object]:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            for one in self.events():
                if one["event"] == event and all(one.get(k) == v for k, v in wanted.items()):
                    return one
            assert self.process.poll() is None, self.process.communicate()
            time.sleep(0.05)
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
    program.wait_for("started", dialog="repair")
    question = program.wait_for("asked", step="first_agrees")
    program.wait_for("said", text=question["text"])
    time.sleep(0.6)
    virtual_sound.say(spoken("yes"))
    program.wait_for("heard", text="yes")
    virtual_sound.say(spoken("yes"))
    second = program.wait_for("asked", step="second_agrees")
    program.wait_for("said", text=second["text"])
    time.sleep(0.6)
    virtual_sound.say(spoken("stop"))
    program.wait_for("ended", dialog="repair", reason="stopped")
    code, errors = program.interrupt()
    assert (code, errors.strip()) == (130, "")


def test_stop_silences_the_loudspeaker_within_a_tenth_of_a_second(
    virtual_sound: VirtualSound, tmp_path: Path
) -> None:
    program = Program(virtual_sound, tmp_path, "--dialog", "calming_pause", "--headphones")
    recording = tmp_path / "speaker.raw"
    recorder = virtual_sound.record(recording)
    started_recording = time.monotonic()
    program.wait_for("phase", name="out")
    virtual_sound.say(spoken("stop"))
    program.wait_for("ended", reason="stopped")
    seen = time.monotonic() - started_recording
    time.sleep(1.5)
    recorder.terminate()
    recorder.wait(timeout=10)
    program.interrupt()
    content = recording.read_bytes()
    samples = numpy.frombuffer(content[: len(content) // 2 * 2], "<i2")
    loud = numpy.flatnonzero(numpy.abs(samples.astype(int)) > AUDIBLE)
    assert loud.size > RATE_HZ, "the breathing was heard"
    assert loud[-1] / RATE_HZ <= seen + SILENT_WITHIN_SECONDS


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
