"""Which files of a folder are dialogs, and which only look as if they were.

Rules: an ending counts in capitals too (.yaml, .YAML, .yml); hidden files, backups and what
editors leave behind are nobody's dialogs; a file that looks like one and is not read is told of,
never passed over in silence. Only the beginnings of ordinary files are looked at.
"""

import re
import stat
from collections.abc import Iterator
from pathlib import Path, PurePath

from voice_ally.core.errors import PackProblem
from voice_ally.language.place import Place
from voice_ally.language.problems import Problem, warning

SUFFIXES = (".yaml", ".yml")
SHARED_FILE = "phrases.yaml"
_NO_LONGER = (".bak", ".orig", ".swp", ".swo", ".tmp", ".old", ".rej", "~")
"""What was set aside, by an editor or by somebody who knows what they do."""
_OTHER_KINDS = (".json", ".toml", ".md", ".py", ".flac", ".wav", ".ogg", ".opus", ".mp3")
_YAML_IN_NAME = re.compile(r"\.ya?ml\b|\.(?:ym|yam|yaml?s|ymal|yalm|yml\w|yaml\w)$", re.IGNORECASE)
_BEGINS_A_DIALOG = re.compile(r"^dialog\s*:\s*\S")
LOOKED_AT_BYTES = 4096
MOST_LOOKED_AT = 200
"""Files and folders; a folder of photographs is no pack."""


def is_dialog(name: str) -> bool:
    """A file of this name is read."""
    return name.lower().endswith(SUFFIXES) and not name.startswith(".")


def is_shared(name: str) -> bool:
    """A file of this name holds what the dialogs share."""
    return is_dialog(name) and name.lower().rpartition(".")[0] == SHARED_FILE.rpartition(".")[0]


def dialog_files(folder: Path) -> list[Path]:
    """Those in a folder, by name. Raises OSError."""
    return sorted(one for one in folder.iterdir() if is_dialog(one.name))


def not_read(folder: Path) -> list[Problem]:
    """A warning for each file beside the dialogs that looks like one, and for each folder of
    them. Raises PackProblem for a folder that cannot be looked into."""
    try:
        beside = [one for one in sorted(folder.iterdir()) if not one.name.startswith(".")]
    except OSError as wrong:
        raise PackProblem(f"The folder {folder} cannot be read: {wrong.strerror}.") from wrong
    found = (_told(one, folder) for one in beside[:MOST_LOOKED_AT] if not is_dialog(one.name))
    return [problem for problems in found for problem in problems]


def _told(path: Path, folder: Path) -> Iterator[Problem]:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            inside = [one.name for one in dialog_files(path)]
            if inside:
                count = "a dialog" if len(inside) == 1 else f"{len(inside)} dialogs"
                message = f'The folder "{path.name}" holds {count} that nothing reads.'
                mend = f"Move what you want to use up into {folder}."
                yield warning(Place(f"{path}/{inside[0]}", 1, 1), "VA071", message, mend)
        elif stat.S_ISREG(mode) and _looks_like_one(path):
            message = f'The file "{path.name}" looks like a dialog and is not read.'
            mend = f'Call it "{_right_name(path.name)}".'
            yield warning(Place(str(path), 1, 1), "VA071", message, mend)
    except OSError:
        return  # what cannot be looked at is nothing that could be read


def _looks_like_one(path: Path) -> bool:
    name = path.name.lower()
    if name.endswith((*_NO_LONGER, *_OTHER_KINDS)):
        return False
    if _YAML_IN_NAME.search(name):
        return True
    with path.open("rb") as file:
        begin = file.read(LOOKED_AT_BYTES).decode("utf-8-sig", "replace")
    said = (line for line in begin.splitlines() if line.strip() and line[0] not in "#-")
    return _BEGINS_A_DIALOG.match(next(said, "")) is not None


def _right_name(name: str) -> str:
    found = _YAML_IN_NAME.search(name)
    stem = name[: found.start()] if found else PurePath(name).stem
    return f"{stem}.yaml"
