"""The Raspberry Pi's table of libraries is of the libraries that are locked now."""

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| ([\w.-]+) ([\w.]+) \|", re.MULTILINE)


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    monkeypatch.delitem(sys.modules, "wheels", raising=False)


@pytest.mark.usefixtures("tools")
def test_every_locked_library_and_no_other_is_in_the_table() -> None:
    import wheels  # type: ignore[import-not-found]

    lock = wheels.LOCK.read_text(encoding="utf-8")
    page = (ROOT / "docs" / "raspberry-pi.md").read_text(encoding="utf-8")
    head = next(line for line in page.splitlines() if line.startswith("| library | "))
    columns = [cell.strip().split(", ") for cell in head.strip("| ").split("|")[1:]]

    locked = {
        pin.replace("==", " ")
        for machine, python in columns
        for pin in wheels.pins(lock, python, machine)
    }

    assert {f"{name} {version}" for name, version in ROW.findall(page)} == locked
