"""How much memory there is left.

Rules: as the system tells it, at this moment; None where it does not.
"""

from pathlib import Path

MEMINFO = Path("/proc/meminfo")
LIMIT, USED = Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")


def free_megabytes() -> int | None:
    """What programs could still take without swapping; less where a container is given less."""
    try:
        lines = MEMINFO.read_text(encoding="ascii").splitlines()
        (told,) = (line.split()[1] for line in lines if line.startswith("MemAvailable:"))
        free = int(told) // 1024
    except (OSError, ValueError):
        return None
    try:
        allowed = (int(LIMIT.read_text()) - int(USED.read_text())) // 1_000_000
    except (OSError, ValueError):
        # "max": as much as there is
        return free
    return min(free, allowed)
