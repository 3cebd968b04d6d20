"""Writing a file of somebody's own: whole, or not at all.

Rules: what was there stays until the new content is safely on the disk, whatever is pulled out in
between; the file keeps its permissions, and a link stays a link.
"""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


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


def write_whole(path: Path, content: str | bytes) -> None:
    """Replace the file's content. Raises OSError, and then nothing has changed."""
    target = path.resolve()
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
