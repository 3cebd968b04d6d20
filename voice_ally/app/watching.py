"""Noticing that files of a folder were saved.

Rules: looks a few times a second, which costs nothing that anybody notices and works on every
system and network drive; a change counts once the files have come to rest.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from voice_ally.app import interrupts

POLL_SECONDS = 0.1
Look = frozenset[tuple[str, int, int]]


def saved(folder: Path, wait: Callable[[float], None] = time.sleep) -> Iterator[None]:
    """Once after each change to the files in a folder and its data; for ever."""
    before = seen = look(folder)
    while True:
        interrupts.check()
        wait(POLL_SECONDS)
        now = look(folder)
        if now == before and now != seen:
            seen = now
            yield
        before = now


def look(folder: Path) -> Look:
    """Which files there are, when they were saved, and how large they are."""
    found = set()
    for file in (*folder.glob("*"), *folder.glob("data/*")):
        try:
            about = file.stat()
        except OSError:
            continue  # gone in between
        found.add((str(file), about.st_mtime_ns, about.st_size))
    return frozenset(found)
