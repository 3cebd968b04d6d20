"""A bare computer for each test."""

import sys
from pathlib import Path

import pytest

from tests.setup.machine import Machine


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    if sys.platform == "win32":
        pytest.skip("the set-up script is for Unix; on Windows pip does it all")
    return Machine(tmp_path)
