"""Two that listen would both answer: a second one says so and goes.

Rules: the lock belongs to the process, so one that crashed or was killed leaves nothing that has
to be cleared away; the file itself holds nothing.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voice_ally.core.errors import AlreadyRunning, StorageProblem


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """While this lasts no other session of the same person listens. Raises AlreadyRunning."""
    from filelock import FileLock, Timeout

    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / "session.lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        raise AlreadyRunning(
            "Voice Ally is listening already.",
            mend="Use that one, or end it first (if it is a service: voice-ally service stop).",
        ) from error
    except OSError as error:
        raise StorageProblem(f"Nothing can be kept in {folder}: {error.strerror}.") from error
    try:
        yield
    finally:
        lock.release()
