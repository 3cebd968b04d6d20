"""Reading and appending to files that are files.

Rules: a named pipe, a device, a socket or a folder in the place of a file is refused at once:
opening one may wait for ever, reading one may never end. At most the bytes wanted and one more
are read, so that the reader can tell that there was more.
"""

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

_NEVER_WAIT = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_AS_IT_IS = getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)


class NoRegularFile(OSError):
    """What bears the name is something else."""


def read_regular(path: Path, most_bytes: int) -> bytes:
    """Up to most_bytes + 1 bytes of the file. Raises OSError."""
    with os.fdopen(open_regular(path, os.O_RDONLY), "rb") as file:
        return file.read(most_bytes + 1)


def open_regular(path: Path, flags: int, mode: int = 0o600) -> int:
    """A descriptor of the file, as os.open(). Raises OSError, NoRegularFile for another thing."""
    refuse_irregular(path)  # first: opening some devices already does something
    file = os.open(path, flags | _NEVER_WAIT | _AS_IT_IS, mode)
    try:
        _refuse_others(path, os.fstat(file))
    except OSError:
        os.close(file)
        raise
    return file


def refuse_irregular(path: Path) -> None:
    """For files that a library opens. Raises OSError; nothing where there is no such file."""
    with suppress(FileNotFoundError):
        _refuse_others(path, path.stat())


def _refuse_others(path: Path, about: os.stat_result) -> None:
    if stat.S_ISDIR(about.st_mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not stat.S_ISREG(about.st_mode):
        raise NoRegularFile(errno.EINVAL, "it is no ordinary file", str(path))
