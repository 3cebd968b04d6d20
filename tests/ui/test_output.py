"""What is shown cannot steer a terminal, and nobody waits for whoever should read it."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice_ally.core.plain_text import unprintable_in, without_unprintable
from voice_ally.ui import output
from voice_ally.ui.output import Output

ESCAPES = (
    "Calm\x1b]0;PWNED\x07\x1b[2J\x1b[31m\x1b]52;c;cm0gLXJmIH4K\x07",
    "Hello\x1b[8m hidden \u202eesrever\u202c.\r\n  You   stop",
    "bye\x9b2J",
)


@given(st.text())
def test_nothing_that_steers_a_terminal_is_left_and_the_rest_is(text: str) -> None:
    plain = without_unprintable(text)
    assert unprintable_in(plain) == ""
    assert without_unprintable(plain) == plain
    kept = "".join(one for one in text if not unprintable_in(one))
    assert plain.replace(" ", "") == kept.replace(" ", "")


def test_two_lines_do_not_become_one_word() -> None:
    assert without_unprintable("stop\rnow\x85then\u2028and") == "stop now then and"
    assert without_unprintable("a\tb\nc") == "a\tb\nc"


@pytest.mark.parametrize("text", ESCAPES)
def test_what_is_written_is_plain_unless_a_screen_of_our_own_draws(text: str) -> None:
    written = io.StringIO()
    out = Output(written)
    out.write(text)
    assert unprintable_in(written.getvalue()) == ""
    output.AsItIs(out).write("\x1b[2J")
    assert written.getvalue().endswith("\x1b[2J")
    assert not output.AsItIs(out).isatty()


class Held(io.StringIO):
    """A terminal that was held, until somebody lets it go on."""

    def __init__(self) -> None:
        super().__init__()
        self.goes_on = threading.Event()

    def write(self, text: str) -> int:
        assert self.goes_on.wait(60)
        return super().write(text)


def test_a_reader_that_reads_nothing_is_not_waited_for() -> None:
    held = Held()
    out = Output(held)
    out.wait_for_nobody()
    out.wait_for_nobody()
    for number in range(3 * output.MOST_WAITING):
        out.write(f"{number}\n")
        out.flush()
    out.finish(0.01)
    held.goes_on.set()
    out.finish(60)
    assert held.getvalue().startswith("0\n1\n2\n")


class Gone(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")


def test_a_reader_that_has_gone_is_no_error_while_a_session_runs() -> None:
    out = Output(Gone())
    with pytest.raises(BrokenPipeError):
        out.write("before")
    out.wait_for_nobody()
    for _ in range(5):
        out.write("text")
        out.finish(60)


def session(
    folder: Path, stdout: int, *, typed: str = "calming pause\nstop\n"
) -> "subprocess.Popen[bytes]":
    places = {f"VOICE_ALLY_{one}": str(folder / one) for one in ("STATE", "DATA", "CONFIG")}
    process = subprocess.Popen(
        [sys.executable, "-m", "voice_ally", "--typed", "--events", str(folder / "events")],
        env={**os.environ, **places, "PULSE_SERVER": "unix:/nowhere"},
        stdin=subprocess.PIPE,
        stdout=stdout,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(typed.encode())
    process.stdin.flush()
    return process


def happened(folder: Path) -> list[Mapping[str, object]]:
    file = folder / "events"
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text().split("\n")[:-1]]


def wait_for(folder: Path, event: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while not any(one["event"] == event for one in happened(folder)):
        assert process.poll() is None, process.stderr and process.stderr.read().decode()
        assert time.monotonic() < deadline, happened(folder)
        time.sleep(0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and signals of Unix")
@pytest.mark.parametrize("reader", ["gone", "reads nothing", "full disk"])
def test_a_session_goes_on_and_is_stopped_whatever_its_output_does(
    tmp_path: Path, reader: str
) -> None:
    if reader == "full disk":
        theirs, ours = -1, os.open("/dev/full", os.O_WRONLY)
    else:
        theirs, ours = os.pipe()
    if reader == "reads nothing":
        os.set_blocking(ours, False)
        try:
            while os.write(ours, bytes(4096)):
                pass
        except BlockingIOError:
            os.set_blocking(ours, True)
    if reader == "gone":
        os.close(theirs)
    process = session(tmp_path, ours)
    try:
        wait_for(tmp_path, "ended", process)
        assert [one["reason"] for one in happened(tmp_path) if one["event"] == "ended"]
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0
        assert b"Traceback" not in errors
    finally:
        process.kill()
        process.wait()
        os.close(ours)
