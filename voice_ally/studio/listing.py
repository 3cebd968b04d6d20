"""The pack as a page lists it: its dialogs with their marks, and what a new one may begin as.

Rules: pure but for the settings, which say whether the pack is the one that is used.
"""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from voice_ally.app import parts
from voice_ally.core.regular_files import read_regular
from voice_ally.language.model import Pack
from voice_ally.language.pack_files import is_shared
from voice_ally.language.phrasebook import plainest
from voice_ally.settings.places import user_pack_folder
from voice_ally.studio.checks import Found
from voice_ally.studio.starting import TEMPLATES

Told = dict[str, object]
MOST_TRIGGERS = 6
MOST_OF_A_TITLE_BYTES = 4096
"""Of a file are read, where only its title is wanted."""
_HEAD = re.compile(
    r"""^(title|for):[ ]*(?:"([^"\r\n]*)"|'([^'\r\n]*)'|([^"'#\s][^#\r\n]*?))[ ]*(?:#.*)?\r?$""",
    re.M,
)


def pack_told(
    folder: Path,
    files: Mapping[str, Path],
    found: Found,
    *,
    own: Collection[str],
    unsaved: Collection[str],
) -> Told:
    """Everything about the pack in this folder."""
    pack = found.dialogs.pack
    return {
        "pack": {
            "name": folder.name,
            "folder": str(folder),
            "used_where": _used_where(folder),
            "language": pack.language,
        },
        "dialogs": [
            {
                **_about(name, file, pack),
                **_marks(name, found),
                "bundled": name not in own,
                "unsaved": name in unsaved,
            }
            for name, file in files.items()
        ],
        "templates": [{"name": name, "title": one.title} for name, one in TEMPLATES.items()],
        "rules": sorted(pack.rules),
        "lists": sorted(pack.lists),
    }


def _about(name: str, file: Path, pack: Pack) -> Told:
    told: Told = {"name": name, "file": file.name}
    if is_shared(file.name):
        title = "What all dialogs share"
        return {**told, "kind": "phrases", "title": title, "for": "", "triggers": []}
    told["kind"] = "dialog"
    if (dialog := pack.dialogs.get(name)) is None:
        return {**told, "title": name, "for": "", "triggers": [], **_as_written(file)}
    triggers = [plainest(one, pack) for one in dialog.triggers[:MOST_TRIGGERS]]
    about = {"title": dialog.title, "for": dialog.audience}
    return {**told, **about, "triggers": [one for one in triggers if one]}


def _as_written(file: Path) -> dict[str, str]:
    """Its title and for whom it is, of a dialog that was not read yet, or cannot be."""
    try:
        text = read_regular(file, MOST_OF_A_TITLE_BYTES).decode(errors="replace")
    except OSError:
        return {}
    return {name: "".join(values) for name, *values in _HEAD.findall(text)}


def _marks(name: str, found: Found) -> Told:
    problems = found.of(name)
    errors = sum(one.severity == "error" for one in problems)
    return {
        "errors": errors,
        "warnings": len(problems) - errors,
        "in_use": name not in found.stale,
    }


def _used_where(folder: Path) -> str:
    chosen = parts.settings()
    used = Path(chosen.pack).expanduser() if chosen.pack else user_pack_folder()
    if used.resolve() == folder.resolve():
        return "Used whenever Voice Ally runs."
    return f"Used with: voice-ally --pack {folder}"
