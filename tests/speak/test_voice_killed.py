"""The voice's process is killed at random moments of a session; see also `benchmarks.speaking`."""

import os
import sys

import pytest

from benchmarks.voice_drill import drill

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals are sent")


def test_each_line_is_said_once_and_nothing_is_left_behind() -> None:
    outcome = drill(kills=6, seed=7)
    assert outcome.kills == 6
    assert outcome.said == outcome.wanted, "every line once, in order"
    assert outcome.failed == []
    assert outcome.zombies == outcome.left_running == 0
    if sys.platform.startswith("linux"):
        assert outcome.open_files_after <= outcome.open_files_before
