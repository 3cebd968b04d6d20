"""Copying the bundled pack, to be changed.

Rules: never over anything that is there; the copy stands alone: what its files point to for the
help of editors lies beside them.
"""

import re
import shutil
from pathlib import Path

from voice_ally.core.errors import UsageProblem
from voice_ally.core.whole_files import write_whole
from voice_ally.settings.places import bundled_dialogs

POINTS_UP = "$schema=../"
POINTS_BESIDE = "$schema="


def copy_pack(folder: Path) -> None:
    """All dialogs, their data, and the schemas; whole or not at all. Raises UsageProblem."""
    there = folder.exists()
    if there and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise UsageProblem(f"{folder} already exists and is not empty.", mend="Name a new folder.")
    try:
        _copy(bundled_dialogs(), folder)
    except OSError as error:
        _take_back(folder, keep_folder=there)
        raise UsageProblem(f"The dialogs cannot be copied to {folder}: {_why(error)}.") from error


def copy_dialog(file: Path, folder: Path) -> Path:
    """One of the dialogs, and the schemas that its first line points to; its copy. Nothing that
    is there is overwritten. Raises UsageProblem."""
    copy = folder / file.name
    if copy.exists():
        raise UsageProblem(f"{copy} is there already.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for schema in file.parent.parent.glob("*.schema.json"):
            if not (folder / schema.name).exists():
                shutil.copyfile(schema, folder / schema.name)
        text = file.read_text(encoding="utf-8")
        write_whole(copy, text.replace(POINTS_UP, POINTS_BESIDE, 1))
    except OSError as error:
        raise UsageProblem(f"{file.name} cannot be copied to {folder}: {_why(error)}.") from error
    return copy


def _copy(source: Path, folder: Path) -> None:
    shutil.copytree(source, folder, dirs_exist_ok=True)
    for schema in source.parent.glob("*.schema.json"):
        shutil.copy(schema, folder)
    for file in folder.glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace(POINTS_UP, POINTS_BESIDE, 1), encoding="utf-8")


def _take_back(folder: Path, *, keep_folder: bool) -> None:
    """What was copied into an empty folder."""
    for one in folder.iterdir() if folder.is_dir() else ():
        if one.is_dir():
            shutil.rmtree(one, ignore_errors=True)
        else:
            one.unlink(missing_ok=True)
    if not keep_folder and folder.is_dir():
        folder.rmdir()


def _why(error: OSError) -> str:
    if isinstance(error, shutil.Error) and error.args and isinstance(error.args[0], list):
        # one entry for each file: from, to, why
        return re.sub(r"^\[Errno \d+\] |: '.*'$", "", str(error.args[0][-1][-1]))
    return error.strerror or str(error)
