"""Copying the bundled pack, to be changed.

Rules: never over anything that is there; the copy stands alone: what its files point to for the
help of editors lies beside them.
"""

import shutil
from pathlib import Path

from voice_ally.core.errors import UsageProblem
from voice_ally.settings.places import bundled_dialogs

POINTS_UP = "$schema=../"
POINTS_BESIDE = "$schema="


def copy_pack(folder: Path) -> None:
    """All dialogs, their data, and the schemas. Raises UsageProblem."""
    if folder.exists() and any(folder.iterdir() if folder.is_dir() else [folder]):
        raise UsageProblem(f"{folder} already exists and is not empty.", mend="Name a new folder.")
    source = bundled_dialogs()
    try:
        shutil.copytree(source, folder, dirs_exist_ok=True)
        for schema in source.parent.glob("*.schema.json"):
            shutil.copy(schema, folder)
        for file in folder.glob("*.yaml"):
            text = file.read_text(encoding="utf-8")
            file.write_text(text.replace(POINTS_UP, POINTS_BESIDE, 1), encoding="utf-8")
    except OSError as error:
        raise UsageProblem(f"The dialogs cannot be copied to {folder}: {error}.") from error
