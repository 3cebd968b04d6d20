"""Nothing leaves the machine, and nothing that was said stays on it: seen from outside.

The program runs without a network and under strace. That this would notice a leak is shown by
adding one.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.privacy_trace import contents, leaks, words_written, wrapped
from tests.runtime.test_live_session import Program
from tests.speech_samples import spoken
from tests.virtual_sound import VirtualSound

ROOT = Path(__file__).parents[2]
WORDS = {"calming", "pause", "need", "repair", "yes", "stop"}
MAY_CHANGE = {
    "state/reminders.sqlite",
    "state/reminders.sqlite.copy",
    "state/session.lock",
    "state/logs/voice-ally.log",
}
LEAKS = """
    Logbook.note(book, "heard", text=data.get("text"))
    open(os.environ["OWN"], "a").write(str(data))
    open(os.environ["ELSEWHERE"], "a").close()
    socket.socket().connect_ex(("127.0.0.1", 9))
"""
NOTICED = (
    r"^wrote state/x$", r'^the word "repair"$', r"^openat .*/elsewhere$", r"^a socket: AF_INET",
)  # fmt: skip
LEAKY = """
import os, socket
from voice_ally.app import parts
from voice_ally.cli import main
from voice_ally.runtime import logbook
from voice_ally.runtime.logbook import Logbook

def observe(book, at, event, data):
    {leak}
    return original(book, at, event, data)

original, Logbook.__call__ = Logbook.__call__, observe
main()
"""


class Places:
    """Where the program may keep things, and what is there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.trace = folder, folder / "trace"
        self.state, self.cache = folder / "state", folder / "cache"
        self.state.mkdir()
        self.cache.mkdir()
        self.allowed = (self.state, self.cache)
        self.env = {
            "VOICE_ALLY_STATE": str(self.state),
            "VOICE_ALLY_CACHE": str(self.cache),
            "ELSEWHERE": str(folder / "elsewhere"),
            "OWN": str(self.state / "x"),
            # the usual one, with its network
            "VOICE_ALLY_VOICE": "",
            "PYTHONDONTWRITEBYTECODE": "1",
            # what measures the tests writes files of its own
            "COVERAGE_PROCESS_START": "",
            "COVERAGE_PROCESS_CONFIG": "",
        }
        self.before: dict[Path, bytes] = {}

    def typed(self, command: list[str], lines: str) -> None:
        subprocess.run(
            command,
            env={**os.environ, **self.env},
            cwd=ROOT,
            input=lines,
            text=True,
            capture_output=True,
            check=True,
            timeout=60,
        )

    def problems(self) -> list[str]:
        """Everything a session left that it must not."""
        after = contents(self.allowed)
        changed = {
            str(path.relative_to(self.folder))
            for path, content in after.items()
            if self.before.get(path) != content
        }
        return [
            *leaks(self.trace, self.allowed, ROOT),
            *(f"wrote {one}" for one in sorted(changed - MAY_CHANGE)),
            *(f'the word "{one}"' for one in words_written(self.before, after, WORDS)),
        ]


@pytest.fixture
def places(tmp_path: Path) -> Places:
    """Warmed up by a session in which nothing is said: what a pack's own words need is made."""
    places = Places(tmp_path)
    places.typed([sys.executable, "-m", "voice_ally", "--typed"], "")
    places.before = contents(places.allowed)
    return places


@pytest.mark.parametrize("leaky", [False, True])
def test_a_leak_would_be_noticed(places: Places, leaky: bool) -> None:
    code = LEAKY.replace("{leak}", LEAKS if leaky else "pass")
    command = wrapped([sys.executable, "-c", code, "--typed"], places.trace)
    places.typed(command, "I need to repair\nyes\nyes\nstop\n")
    found = "\n".join(places.problems())
    if not leaky:
        assert found == ""
    for one in NOTICED if leaky else ():
        assert re.search(one, found, re.MULTILINE), found


def test_a_whole_spoken_session_leaves_no_trace(
    virtual_sound: VirtualSound, places: Places
) -> None:
    wrapper = wrapped([], places.trace)
    program = Program(virtual_sound, places.folder, wrapper=wrapper, env=places.env)
    program.wait_for_line("Listening")
    time.sleep(0.5)
    virtual_sound.say(spoken("calming pause"))
    program.wait_for("started", dialog="calming_pause")
    while not any(one["event"] == "ended" for one in program.events()):
        virtual_sound.say(spoken("stop"))
        time.sleep(1.0)
    os.kill(program.inner_process(), signal.SIGTERM)
    program.process.communicate(timeout=20)
    asked_for = places.folder / "events.jsonl"
    assert "calming" in asked_for.read_text(), "this file was asked for"
    assert [one for one in places.problems() if str(asked_for) not in one] == []
