"""Writing a file of somebody's own: whole, or not at all.

Rules: what was there stays until the new content is safely on the disk, whatever is pulled out in
between; the file keeps its permissions, and a link stays a link.
"""

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from voice_ally.core.regular_files import refuse_irregular


def may_replace(path: Path, begins: bytes) -> bool:
    """Is there nothing at this place that would be lost? An older file of the same kind, which
    begins like this, may go; so may what is no ordinary file, such as a pipe."""
    try:
        if not path.is_file():
            return True
        with path.open("rb") as file:
            found = file.read(len(begins))
    except OSError:
        return True  # whoever writes there will say why it cannot be written
    return found in (b"", begins)


def open_for_writing(path: Path) -> TextIO:
    """The file, emptied, line by line. A pipe is written to as long as somebody reads it and is
    never waited for. Raises OSError."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NONBLOCK", 0)
    return os.fdopen(os.open(path, flags, 0o666), "w", encoding="utf-8", buffering=1)


def reason(error: OSError) -> str:
    """Why a file could not be opened, in plain words."""
    if error.errno == errno.ENXIO:
        return "nobody reads this pipe"
    return error.strerror or str(error)


def write_whole(path: Path, content: str | bytes) -> None:
    """Replace the file's content. Raises OSError, and then nothing has changed: not for what is no
    ordinary file either, such as a device that the administrator could replace."""
    target = path.resolve()
    refuse_irregular(target)
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a handle
            file.write(content.encode() if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileNotFoundError):
            Path(name).chmod(target.stat().st_mode & 0o777)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
