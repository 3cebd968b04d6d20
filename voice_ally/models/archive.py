"""A zip archive unpacked so that nothing can escape, explode, or be left half done.

Rules: every entry is judged before the first byte is written. Unpacks into a folder made for it
and the caller moves it into place; the single folder an archive usually begins with is left out.
"""

import errno
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from voice_ally.core.errors import ModelProblem

MAX_FILES = 1_000
"""The largest known model has fewer than thirty."""
MAX_NAME, MAX_PART = 400, 100
"""Names of known models are short; some systems take no more than 255 letters."""
MAX_EXPANSION = 10
"""Vosk models unpack to less than twice their archive."""
EXPANSION_ALLOWANCE_BYTES = 1_000_000
"""So that the limit means nothing for tiny archives."""
CHUNK_BYTES = 1 << 20
_DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError, ValueError),
    *(RuntimeError, OverflowError, MemoryError, IndexError, KeyError, AssertionError),
)
"""What zipfile and its decompressors raise over bytes that are no archive; see also _is_damage."""


class BadArchive(ModelProblem):
    """An archive that must not or cannot be unpacked."""


def unpacked_bytes(archive: Path) -> int:
    """How much room the contents need; BadArchive when they must not be unpacked."""
    with _opened(archive) as opened:
        return sum(entry.file_size for entry, _ in _entries(opened, archive))


def unpack(archive: Path, folder: Path, after_each: Callable[[], None]) -> None:
    """Unpack into this (empty) folder. BadArchive; OSError for the disk.

    after_each is called after each piece written and may raise to break it off.
    """
    with _opened(archive) as opened:
        for entry, path in _entries(opened, archive):
            target = folder / path
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                with opened.open(entry) as packed, target.open("xb") as file:
                    while piece := packed.read(CHUNK_BYTES):
                        file.write(piece)
                        after_each()
            except FileExistsError as error:
                raise _refused(archive, f"{entry.filename} is in it twice") from error
            except ModelProblem:
                raise  # from after_each
            except Exception as error:
                if not _is_damage(error):
                    raise
                raise _refused(archive, f"{entry.filename} in it is damaged") from error


def _opened(archive: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(archive)
    except Exception as error:
        if not _is_damage(error):
            raise
        raise _refused(archive, "it is not a zip file") from error


def _is_damage(error: Exception) -> bool:
    """Of the archive, not of the disk it lies on or goes to."""
    if isinstance(error, OSError):
        # bzip2 gives no number; the others point to a place that cannot be, or under a file
        return error.errno in (None, errno.EINVAL, errno.ENOTDIR)
    return isinstance(error, _DAMAGED) or type(error).__name__ == "LZMAError"


def _entries(opened: zipfile.ZipFile, archive: Path) -> list[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """The files and where they go below the folder."""
    # is_dir() breaks over an entry without a name
    entries = [entry for entry in opened.infolist() if not entry.filename.endswith("/")]
    if len(entries) > MAX_FILES:
        raise _refused(archive, f"it holds {len(entries):,} files")
    for entry in opened.infolist():
        _check(entry, archive)
    limit = MAX_EXPANSION * archive.stat().st_size + EXPANSION_ALLOWANCE_BYTES
    # zipfile reads no further than the size an entry declares, so the declared sizes will do
    if sum(entry.file_size for entry in entries) > limit:
        raise _refused(archive, "it would unpack to far more than a model is")
    paths = [PurePosixPath(entry.filename) for entry in entries]
    tops = {path.parts[0] for path in paths}
    strip = 1 if len(tops) == 1 and all(len(path.parts) > 1 for path in paths) else 0
    return [
        (entry, PurePosixPath(*path.parts[strip:]))
        for entry, path in zip(entries, paths, strict=True)
    ]


def _check(entry: zipfile.ZipInfo, archive: Path) -> None:
    name = entry.filename
    path = PurePosixPath(name)
    # a backslash or a drive ("C:") means something to Windows only, so it is never harmless
    if not path.parts or path.is_absolute() or ".." in path.parts or set(name) & set("\\:"):
        raise _refused(archive, f'"{name}" in it leads out of its folder')
    if len(name) > MAX_NAME or any(len(part) > MAX_PART for part in path.parts):
        raise _refused(archive, f'"{name[:20]}…" in it is too long a name')
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused(archive, f"{name} in it is a link, not a file")
    if entry.flag_bits & 1:
        raise _refused(archive, f"{name} in it is encrypted")


def _refused(archive: Path, why: str) -> BadArchive:
    name = archive.name.removeprefix(".").removesuffix(".part")
    return BadArchive(
        f"{name} was not unpacked: {why}.", mend="Nothing was installed; tell whoever gave it out."
    )
