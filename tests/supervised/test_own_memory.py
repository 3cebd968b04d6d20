"""What a process does so that its memory stays its own."""

import subprocess
import sys

import pytest

from voice_ally.core.own_memory import keep_to_itself

PROCESS = """
import ctypes, resource, sys
from voice_ally.core.own_memory import keep_to_itself
keep_to_itself(sys.argv[1])
get_dumpable = 3
others_may_look = ctypes.CDLL(None).prctl(get_dumpable, 0, 0, 0, 0)
print(*resource.getrlimit(resource.RLIMIT_CORE), others_may_look)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can be asked")
@pytest.mark.parametrize(("system", "others_may_look"), [("linux", "0"), ("darwin", "1")])
def test_no_core_file_is_written_and_linux_lets_nobody_else_look(
    system: str, others_may_look: str
) -> None:
    """Other systems have no such call, or another one under its number."""
    run = [sys.executable, "-c", PROCESS, system]
    told = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.split() == ["0", "0", others_may_look]


def test_where_there_is_no_such_call_nothing_else_happens() -> None:
    resource = pytest.importorskip("resource")
    keep_to_itself("darwin")
    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
