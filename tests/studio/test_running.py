"""The studio as a program of its own: started, killed in the middle of writing, and ended."""

import json
import os
import random
import re
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.studio.page import page_at

pytestmark = [
    pytest.mark.allow_hosts(["127.0.0.1"]),
    pytest.mark.skipif(sys.platform == "win32", reason="signals"),
]
ROOT = Path(__file__).parents[2]
TEXT = 'dialog: evening\ntriggers: ["my evening"]\nsteps: {one: [{say: "Hello."}]}\n'


class Program:
    """The program, and what it printed."""

    def __init__(self, own: Path, *options: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "voice_ally", "studio", str(own), "--no-browser", *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.first_line = self.process.stdout.readline()
        self.address = self.first_line.removeprefix("Studio: ").strip()

    def ended(self, by: int) -> tuple[int, str]:
        """Its exit code, and all that it printed besides."""
        self.process.send_signal(by)
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out + err


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "evening.yaml").write_text(TEXT, encoding="utf-8")
    return folder


@contextmanager
def running(own: Path, *options: str) -> Iterator[Program]:
    program = Program(own, *options)
    try:
        yield program
    finally:
        program.process.kill()
        program.process.communicate(timeout=60)


@pytest.mark.parametrize(("by", "code"), [(signal.SIGINT, 0), (signal.SIGTERM, 0)])
def test_it_prints_its_address_and_nothing_else_and_ends_when_asked(
    own: Path, by: int, code: int
) -> None:
    with running(own) as program:
        assert re.fullmatch(
            r"Studio: http://127\.0\.0\.1:\d+/\?token=[\w-]{43}\n", program.first_line
        )
        with page_at(program.address) as page:
            page.ask("edit", name="evening", text=TEXT + "# secret\n", number=1)
            page.connection.send("this is no message")
        assert program.ended(by) == (code, "")


def test_what_was_answered_outlives_a_kill_and_no_file_is_damaged(own: Path) -> None:
    chance = random.Random(5)
    text = TEXT
    for number in range(3):
        with running(own) as program, page_at(program.address) as page:
            opened = page.ask("open", name="evening")
            assert opened["text"] == text
            for count in range(chance.randrange(1, 20)):
                text = f"{text}# {number}.{count}\n"
                page.ask("edit", name="evening", text=text, number=count)
            if number == 1:
                page.ask("save", name="evening", text=text, version=opened["version"])
            # in the middle of one that nobody answered any more
            message = {"id": 999, "do": "edit", "name": "evening", "text": text, "number": 99}
            page.connection.send(json.dumps(message))
            program.process.kill()
    assert (own / "evening.yaml").read_text(encoding="utf-8").startswith(TEXT)
    with running(own) as program, page_at(program.address) as page:
        assert page.ask("open", name="evening")["text"] == text


def test_a_page_that_is_still_open_finds_its_server_again(own: Path) -> None:
    with running(own) as program:
        first = program.address
        program.ended(signal.SIGINT)
    with running(own) as program:
        assert program.address == first
    state = Path(os.environ["VOICE_ALLY_STATE"])
    [kept] = state.rglob("address.json")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_second_studio_for_the_same_pack_is_told_where_the_first_is(own: Path) -> None:
    with running(own) as program:
        address = program.address.partition("?")[0]
        second = Program(own)
        out, err = second.process.communicate(timeout=60)
        assert (second.first_line, out) == ("", "")
        assert second.process.returncode == 2
        assert err.startswith(f"voice-ally: The studio is open for this pack already: {address}")


def test_a_folder_that_is_no_pack_is_one_sentence(own: Path) -> None:
    (own / "evening.yaml").rename(own / "letter.txt")
    program = Program(own)
    _, err = program.process.communicate(timeout=60)
    assert program.process.returncode == 2
    assert re.fullmatch(r"voice-ally: There are no dialogs .*\n", err)
