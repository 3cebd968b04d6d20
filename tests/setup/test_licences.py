"""What the default installation brings along, and under which licence."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOAD = """
import sys
sys.path.insert(0, "tools")
import licences
"""


def run(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", LOAD + code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


@pytest.mark.skipif(sys.platform != "linux", reason="some libraries are Linux only")
def test_the_page_of_licences_is_up_to_date_and_nothing_copyleft_is_unstated() -> None:
    done = subprocess.run(
        [sys.executable, "tools/licences.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_copyleft_library_that_nobody_has_spoken_for_is_refused() -> None:
    told = run(
        "print(licences.unstated({'one': 'AGPL-3.0-only', 'two': 'MIT AND MPL-2.0',"
        " 'three': 'MIT', 'soxr': 'LGPL-2.1-or-later'}))"
    )
    assert told == "['one', 'two']\n"


def test_a_library_without_a_known_licence_is_an_error() -> None:
    with pytest.raises(subprocess.CalledProcessError, match="status 1"):
        run("licences.licence('no-such-library')")
