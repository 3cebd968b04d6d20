"""The studio as a person has it: its own process, and its page in a real browser.

Rules: nothing is waited for by the clock; what the page shows is polled until it is there.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import resources
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
missing = pytest.mark.skipif(
    not Path(CHROMIUM).exists(), reason="needs Debian's chromium: apt-get install chromium"
)
PATIENCE_MS = 30_000
"""Longer than anything takes on a busy machine; nothing is asserted about time."""
TALL: ViewportSize = {"width": 1280, "height": 1000}
"""The editor draws only the lines that are seen: here, all of them."""
ROOT = Path(__file__).parents[2]
EVENING = """\
# A calm evening: two questions and a breath.
dialog: NAME
title: TITLE
for: either
triggers:
  - "help (me|us) PHRASE"
slots: {minutes: 2}
steps:
  how_was_it:
    - say: "The day is over, alone or together."
    - ask: "What are you feeling now?"
      answers:
        "[I feel|I'm feeling|I'm] {feeling}": how_long
        "<not_sure>": good_night
      silence: [{go: good_night}]
      help: "You can say one word, such as tired, or happy."
  how_long:
    - ask: "{feeling}. How many minutes shall we breathe?"
      answers:
        "{minutes} [minutes|minute]": good_night
        "<no>": good_night
      silence: [{go: good_night}]
      help: "You can say a number, or no."
  good_night:
    - say: "Sleep well."
"""
"""Each word before an underline stands for one of the author's."""


def evening(name: str) -> str:
    """A dialog of this name."""
    title = f"Evening {name}"
    return EVENING.replace("NAME", name).replace("TITLE", title).replace("PHRASE", f"find {name}")


class Studio:
    """The program."""

    def __init__(self, folder: Path, env: Mapping[str, str] = os.environ) -> None:
        self.pack = folder / "pack"
        self.pack.mkdir(parents=True)
        self._env = {**env, "VOICE_ALLY_VOICE": "system", "VOICE_ALLY_ECHO": "plain"}
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            own = folder / name.lower()
            own.mkdir()
            self._env[f"VOICE_ALLY_{name}"] = str(own)
        self.address = ""
        self.port = 0

    def write(self, name: str, text: str | None = None) -> Path:
        """A dialog of the pack, as another program would save it."""
        file = self.pack / f"{name}.yaml"
        file.write_text(text or evening(name), encoding="utf-8")
        return file

    def start(self) -> None:
        """Until it has printed its address."""
        command = [sys.executable, "-m", "voice_ally", "studio", str(self.pack), "--no-browser"]
        self._program = subprocess.Popen(
            [*command, "--port", str(self.port)],
            cwd=ROOT, env=self._env, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert self._program.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)/\S*", self._program.stdout.readline())
        assert found, "it printed no address"
        self.address, self.port = found[0], int(found[1])

    @property
    def origin(self) -> str:
        """Where all it loads comes from."""
        return f"http://127.0.0.1:{self.port}"

    def kill(self) -> None:
        """As a power cut would."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As Ctrl-C would."""
        self._end(signal.SIGINT)

    def _end(self, how: signal.Signals) -> None:
        self._program.send_signal(how)
        try:
            self._program.wait(10)
        finally:
            if self._program.stdout is not None:
                self._program.stdout.close()


@contextmanager
def running(folder: Path, *names: str, env: Mapping[str, str] = os.environ) -> Iterator[Studio]:
    """A studio over a pack of these dialogs."""
    studio = Studio(folder, env)
    for name in names:
        studio.write(name)
    studio.start()
    try:
        yield studio
    finally:
        studio.stop()


def axe() -> str:
    """The accessibility checker, as JavaScript."""
    return (resources.files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def opened(page: Page, studio: Studio, name: str) -> None:
    """The page shows this dialog."""
    page.goto(f"{studio.origin}/#{name}")
    expect(page.locator("main h2")).to_have_text(f"Evening {name}")
    expect(line(page, f"dialog: {name}")).to_be_visible()


def line(page: Page, text: str) -> Locator:
    """The first line with this in it."""
    return page.locator("main .cm-line", has_text=text).first


def tab(page: Page, name: str) -> Locator:
    """Its panel, shown."""
    page.get_by_role("tab", name=name).click()
    return page.locator(f"#panel-{name}")
