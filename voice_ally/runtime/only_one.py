"""Two that listen would both answer: a second one says so and goes.

Rules: the lock belongs to the process, so one that crashed or was killed leaves nothing that has
to be cleared away; the file itself holds nothing. Where none can be kept, nobody is turned away.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from voice_ally.core.errors import AlreadyRunning


@contextmanager
def only_one(folder: Path, warn: Callable[[str], None] = lambda _: None) -> Iterator[None]:
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
        warn(f"Nothing can be kept in {folder} ({error.strerror}); it works all the same.")
        yield
        return
    try:
        yield
    finally:
        lock.release()
