"""What is in memory (what was said, for a moment) stays there.

Rules: no core file, and no other program of the same user may look into this one; where the
system knows neither, nothing happens. Inherited limits stay with children, the rest does not
survive exec: every process of ours calls this first.
"""

import sys
from contextlib import suppress

_PR_SET_DUMPABLE = 4


def keep_to_itself(system: str = sys.platform) -> None:
    """For this process, for good. Never raises."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if system == "linux":
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
