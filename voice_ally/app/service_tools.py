"""What systemd and launchd have in common: asking the system's own tools, and writing a file so
that a service is there whole or not at all.

Rules: waits for no tool without a bound; nothing here knows which system it is.
"""

import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from voice_ally.core.errors import VoiceAllyError
from voice_ally.core.whole_files import write_whole
from voice_ally.settings.places import (
    user_cache_folder,
    user_config_folder,
    user_data_folder,
    user_state_folder,
)

PATIENCE_SECONDS = 30
LINES_SHOWN = 60


class ServiceProblem(VoiceAllyError):
    """The system's own tools refused."""

    code = "service"


def command() -> list[str]:
    """What the service runs."""
    return [sys.executable, "-P", "-m", "voice_ally", "run", "--wait"]


def environment() -> dict[str, str]:
    """What it is started with: the folders that hold now, whatever says so (VOICE_ALLY_* or
    XDG_* of this shell, which the system's own manager never saw)."""
    return {
        "VOICE_ALLY_CONFIG": str(user_config_folder().absolute()),
        "VOICE_ALLY_DATA": str(user_data_folder().absolute()),
        "VOICE_ALLY_STATE": str(user_state_folder().absolute()),
        "VOICE_ALLY_CACHE": str(user_cache_folder().absolute()),
    }


def tail(path: Path) -> list[str]:
    """The last lines of a log, oldest first; empty where there is none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return [line.rstrip() for line in deque(file, LINES_SHOWN)]
    except OSError:
        return []


@contextmanager
def whole_or_not_at_all(path: Path, forget: Callable[[], None]) -> Iterator[None]:
    """What fails within leaves what was there before: another unit, or none."""
    before = path.read_bytes() if path.is_file() else None
    made = [one for one in (path.parent, *path.parent.parents) if not one.exists()]
    try:
        yield
    except BaseException:
        if before is None:
            with suppress(OSError):
                forget()
        else:
            with suppress(OSError):
                path.write_bytes(before)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


def make_folder(folder: Path) -> None:
    """This folder and those above it. Raises ServiceProblem."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServiceProblem(f"{folder} cannot be written: {error.strerror}.") from error


def write(path: Path, content: bytes) -> None:
    """The whole file or nothing of it. Raises ServiceProblem."""
    make_folder(path.parent)
    try:
        write_whole(path, content)
    except OSError as error:
        raise ServiceProblem(f"{path} cannot be written: {error.strerror}.") from error


def writable() -> tuple[Path, ...]:
    """The folders that the service writes to."""
    return user_state_folder().absolute(), user_cache_folder().absolute()


def ask(*words: str) -> "subprocess.CompletedProcess[str]":
    """Call a tool and hand back what it said; 127 where it is missing or does not answer."""
    try:
        return subprocess.run(
            words, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(words, 127, "", str(error))


def do(*words: str) -> None:
    """Call a tool that must succeed. Raises ServiceProblem with what it said."""
    done = ask(*words)
    if done.returncode:
        said = " ".join(f"{done.stderr} {done.stdout}".split()) or f"exit code {done.returncode}"
        raise ServiceProblem(f"{' '.join(words)} failed: {said.rstrip('.')}.")
