"""A clock that nobody can set, and which run of the machine it counts in."""

import contextlib
import time
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def steady_seconds() -> float:
    """Seconds that nobody can set. They go on while the computer sleeps, where the system can."""
    # CLOCK_BOOTTIME is Linux's; macOS counts its CLOCK_MONOTONIC on, while time.monotonic() stands
    # still there
    for name in ("CLOCK_BOOTTIME", "CLOCK_MONOTONIC"):
        with contextlib.suppress(AttributeError, OSError):
            return time.clock_gettime(getattr(time, name))
    return time.monotonic()


def boot_id() -> str:
    """Which run of the machine this is, where the system tells."""
    with contextlib.suppress(OSError, ValueError):
        return _BOOT_ID.read_text(encoding="ascii").strip()
    return "this"
