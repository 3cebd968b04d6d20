"""The studio seen from outside: one port of this machine, no connection of its own, and nothing of
what was written or said but where its owner wants it."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.privacy_trace import contents, leaks, words_written, wrapped
from tests.studio.page import page_at

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
ROOT = Path(__file__).parents[2]
TEXT = 'dialog: evening\ntriggers: ["my evening"]\nsteps: {one: [{ask: "Walrus?", answers: {"<yes>": one}}]}\n'  # noqa: E501
PORT = re.compile(r"a socket: AF_INET, SOCK_STREAM|bind .*AF_INET.*127\.0\.0\.1")


@pytest.mark.skipif(sys.platform != "linux", reason="strace is Linux's")
def test_one_port_of_this_machine_and_nothing_else(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("own", "state", "cache", "config", "data")]
    for one in folders:
        one.mkdir()
    own, state, cache, *_ = folders
    (own / "evening.yaml").write_text(TEXT, encoding="utf-8")
    trace = tmp_path / "trace"
    command = [sys.executable, "-m", "voice_ally", "studio", str(own), "--no-browser"]
    places = {f"VOICE_ALLY_{one.name.upper()}": str(one) for one in folders[1:]}
    program = subprocess.Popen(
        wrapped(command, trace, network=True),
        cwd=ROOT,
        env={**os.environ, **places, "PYTHONDONTWRITEBYTECODE": "1", "COVERAGE_PROCESS_START": ""},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert program.stdout is not None
    address = program.stdout.readline().removeprefix("Studio: ").strip()
    try:
        with page_at(address) as page:
            page.ask("open", name="evening")
            page.ask("edit", name="evening", text=TEXT + "# hippopotamus\n", number=1)
            page.told("checked", name="evening", number=1)
            page.ask("try_start", name="evening")
            page.ask("try_say", text="rhinoceros")
            page.ask("try_say", text="yes")
            page.ask("phrases", name="evening", step="one")
            page.ask("line", text="A crocodile.")
    finally:
        # the one that is watched, not the one that watches
        children = Path(f"/proc/{program.pid}/task/{program.pid}/children")
        os.kill(int(children.read_text(encoding="utf-8").split()[0]), signal.SIGTERM)
        program.communicate(timeout=60)
    found = leaks(trace, tuple(folders), ROOT)
    assert [one for one in found if not PORT.search(one)] == []
    assert len([one for one in found if one.startswith("bind")]) == 1
    words = {"hippopotamus", "walrus", "rhinoceros", "crocodile"}
    assert words_written({}, contents((state, cache)), words) == {"hippopotamus", "walrus"}
    drafts = contents(tuple(state.glob("studio/*/drafts")))
    assert words_written({}, drafts, words) == {"hippopotamus", "walrus"}
