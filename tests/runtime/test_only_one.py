"""A second one says so and goes; one that was killed is not in the way."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from voice_ally.runtime.only_one import only_one

HOLD = """
import sys, time
from pathlib import Path
from voice_ally.runtime.only_one import only_one
with only_one(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_session_says_so_and_goes(tmp_path: Path) -> None:
    with only_one(tmp_path):
        done = subprocess.run(
            [sys.executable, "-m", "voice_ally"],
            env={**os.environ, "VOICE_ALLY_STATE": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("voice-ally: Voice Ally is listening already. Use that one")


def test_one_that_was_killed_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        holder.send_signal(signal.SIGKILL)
        holder.wait(timeout=10)
    with only_one(tmp_path):
        pass


def test_where_nothing_can_be_kept_it_says_so_and_works_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    told: list[str] = []
    with only_one(tmp_path / "file", told.append):
        assert len(told) == 1
    assert told[0].startswith("Nothing can be kept in")
