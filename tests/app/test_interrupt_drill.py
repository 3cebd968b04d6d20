"""A few rounds of the drill with Ctrl-C (benchmarks/interrupt_drill.py), and what it sees."""

import dataclasses
import random
import sys
from pathlib import Path

import pytest

from benchmarks.interrupt_drill import Command, Outcome, commands, interrupt
from tests.fakes.model_server import ModelServer, stall_after
from tests.virtual_sound import VirtualSound

MOMENTS = [
    *(("make run", within) for within in (0.05, 0.05, 0.1)),
    *(("script", within) for within in (0.3, 0.6, 1.0, 2.0, 5.0)),
    *(("headphones", 4.0), ("no microphone", 2.0), ("typed", 2.0), ("recording", 2.0)),
    *(("fast", 2.0), ("hear", 1.5), ("demo", 2.5), ("try", 0.8), ("check", 0.8)),
    *(("models fetch", 0.8), ("doctor", 1.0)),
]

COVERAGE = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")


@pytest.mark.sound
@pytest.mark.enable_socket
def test_ctrl_c_at_any_moment_ends_it_quietly(
    virtual_sound: VirtualSound, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in COVERAGE:
        monkeypatch.setenv(name, "")
    server = ModelServer(bytes(41_205_931))
    server.then(*[stall_after(3000)] * 10)
    try:
        # a Ctrl-C that falls into what measures coverage is lost before the program has begun
        env = virtual_sound.env | dict.fromkeys(COVERAGE, "")
        every = {one.name: one for one in commands(tmp_path, env, server.url)}
        chance = random.Random(3)
        outcomes = [
            interrupt(dataclasses.replace(every[name], within_seconds=within), chance, tmp_path)
            for name, within in MOMENTS
        ]
    finally:
        server.close()
    assert [str(one) for one in outcomes if one.faults] == []
    assert sum(one.before_us for one in outcomes) < len(MOMENTS) / 2, "most had begun"


def run(folder: Path, code: str) -> Outcome:
    command = Command("bad", (sys.executable, "-c", code), 0.0)
    return interrupt(dataclasses.replace(command, within_seconds=3.0), random.Random(5), folder)


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        (
            "exec(compile('import time; time.sleep(9)', '/x/voice_ally/y.py', 'exec'))",
            "traceback",
        ),
        (
            "import subprocess, sys\n"
            "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(9)'],\n"
            "  start_new_session=True, stderr=subprocess.DEVNULL)",
            "1 processes left",
        ),
        ("import sys; print('a\\nb', file=sys.stderr); sys.exit(3)", "exit code 3"),
    ],
)
def test_the_drill_would_see(tmp_path: Path, code: str, fault: str) -> None:
    assert fault in run(tmp_path, code).faults
