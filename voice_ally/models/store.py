"""The models that are installed: which, where, whether they are whole, and which to use.

Rules: looks and removes; never uses the network and never loads a model. Folders whose name
begins with a dot are the fetcher's workshop, not models.
"""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from voice_ally.core.did_you_mean import nearest
from voice_ally.core.errors import ModelProblem
from voice_ally.core.regular_files import read_regular
from voice_ally.settings.places import bundled_models_folder, user_models_folder

MOST_MANIFEST_BYTES = 1_000_000
MANIFEST_NAME = ".voice-ally.json"
"""Written into a fetched model when it is installed: the SHA-256 of each of its files."""

_LOOK = "See `voice-ally models list`."


@dataclass(frozen=True)
class InstalledModel:
    """A model folder on this machine; verify() says whether it is usable."""

    name: str
    folder: Path
    size_bytes: int
    """All its files together."""
    origin: Literal["bundled", "user"]


def installed_models(user_folder: Path | None = None) -> list[InstalledModel]:
    """What travels with the program, then what the user installed, each by name."""
    user_folder = user_models_folder() if user_folder is None else user_folder
    return [
        InstalledModel(folder.name, folder, _size_bytes(folder), origin)
        for parent, origin in _parents(user_folder)
        for folder in _model_folders(parent)
    ]


def verify(folder: Path, *, thorough: bool = True) -> list[str]:
    """What is wrong with this model, in plain words; nothing when it is whole.

    thorough=False leaves out reading every byte, for use on every start.
    """
    if not folder.is_dir():
        return [f"{folder} is not a folder"]
    try:
        if odd := _no_ordinary_file(folder):
            return [f"{odd} is no ordinary file"]
        missing = [
            problem
            for names in _needed(folder)
            if (problem := _absent(folder, names)) and not _is_static(folder, names)
        ]
        if _has(folder, "graph/HCLG.fst") and not _has(folder, "graph/HCLr.fst"):
            missing.append(
                "it has a static graph (graph/HCLG.fst), which cannot be told what to listen"
                " for: choose a model with graph/HCLr.fst and graph/Gr.fst"
            )
        return missing + (_changes(folder) if thorough else [])
    except OSError as error:
        return [f"it cannot be read: {error}"]


def is_as_installed(folder: Path) -> bool:
    """Was it recorded when it was installed, and is every byte as it was then?"""
    return (folder / MANIFEST_NAME).is_file() and not verify(folder)


def choose_vosk_model(settings_value: str) -> Path | None:
    """The model that was asked for, else the largest whole one the user installed, else None.

    settings_value is a folder or the name of an installed model. ModelProblem when it is
    neither, or is broken: what a person asked for is never silently replaced.
    """
    if settings_value:
        folder = _named(settings_value)
        problems = verify(folder, thorough=False)
        if problems:
            raise ModelProblem(
                f"The speech model in {folder} cannot be used: {'; '.join(problems)}.",
                mend="Fetch it again, or leave vosk_model out of the settings.",
            )
        return folder
    whole = [
        model
        for model in installed_models()
        if model.origin == "user" and not verify(model.folder, thorough=False)
    ]
    return max(whole, key=lambda model: model.size_bytes).folder if whole else None


def remove(name: str) -> None:
    """Delete a model the user installed; ModelProblem when there is none so named."""
    for model in installed_models():
        if model.name != name:
            continue
        if model.origin == "bundled":
            raise ModelProblem(f'"{name}" belongs to the program and cannot be removed.')
        try:
            if model.folder.is_symlink():
                model.folder.unlink()
            else:
                shutil.rmtree(model.folder)
        except OSError as error:
            raise ModelProblem(f'"{name}" could not be removed: {error}.') from error
        return
    raise _unknown(name)


def write_manifest(folder: Path) -> None:
    """Record what the files of this model are now, for verify()."""
    text = json.dumps({"sha256": _fingerprints(folder)}, indent=1)
    (folder / MANIFEST_NAME).write_text(text, encoding="utf-8")


def _parents(user_folder: Path) -> tuple[tuple[Path, Literal["bundled", "user"]], ...]:
    return ((bundled_models_folder(), "bundled"), (user_folder, "user"))


def _model_folders(parent: Path) -> list[Path]:
    try:
        return sorted(
            path for path in parent.iterdir() if path.is_dir() and not path.name.startswith(".")
        )
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise ModelProblem(f"The models in {parent} cannot be listed: {error}.") from error


def _named(value: str) -> Path:
    path = Path(value).expanduser()
    if path.is_dir():
        return path
    for model in installed_models():
        if model.name == value:
            return model.folder
    raise _unknown(value)


def _unknown(name: str) -> ModelProblem:
    names = [model.name for model in installed_models()]
    hint = nearest(name, names) or _LOOK
    return ModelProblem(f'No speech model "{name}" is installed.', mend=hint)


def _needed(folder: Path) -> list[tuple[str, ...]]:
    """Each entry: files of which one must be there and hold something."""
    needed: list[tuple[str, ...]] = [
        ("am/final.mdl",),
        ("conf/mfcc.conf", "conf/model.conf"),
        ("graph/HCLr.fst",),
        ("graph/Gr.fst",),
    ]
    # Vosk looks for speaker adaptation only where this folder exists, and then fails without these
    if (folder / "ivector").is_dir():
        needed += [(f"ivector/final.{kind}",) for kind in ("dubm", "ie", "mat")]
        needed += [(f"ivector/{name}",) for name in ("global_cmvn.stats", "splice.conf")]
    return needed


def _is_static(folder: Path, names: tuple[str, ...]) -> bool:
    """Absent only because the graph is of the other kind, which is said in one sentence."""
    graphs = {"graph/HCLr.fst", "graph/Gr.fst"}
    is_static = _has(folder, "graph/HCLG.fst") and not _has(folder, "graph/HCLr.fst")
    return is_static and set(names) <= graphs


def _no_ordinary_file(folder: Path) -> str:
    """A pipe or a device, which a library would wait for without end; empty if there is none."""
    for path in sorted(folder.rglob("*")):
        if not (path.is_file() or path.is_dir()) and path.exists():
            return path.relative_to(folder).as_posix()
    return ""


def _has(folder: Path, name: str) -> bool:
    path = folder / name
    return path.is_file() and path.stat().st_size > 0


def _absent(folder: Path, names: tuple[str, ...]) -> str:
    if any(_has(folder, name) for name in names):
        return ""
    there = [name for name in names if (folder / name).is_file()]
    return f"{there[0]} is empty" if there else f"{' or '.join(names)} is missing"


def _changes(folder: Path) -> list[str]:
    """What is not as it was when the model was installed, if that was recorded."""
    record = folder / MANIFEST_NAME
    if not record.is_file():
        return []
    try:
        found = json.loads(read_regular(record, MOST_MANIFEST_BYTES))["sha256"]
        recorded = {str(name): str(value) for name, value in found.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return [f"{MANIFEST_NAME}, the record of its files, cannot be read"]
    present = _fingerprints(folder)
    return [
        f"{name} {_difference(recorded.get(name), present.get(name))} since it was installed"
        for name in sorted(recorded | present)
        if recorded.get(name) != present.get(name)
    ]


def _difference(recorded: str | None, present: str | None) -> str:
    if recorded is None:
        return "was added"
    return "was removed" if present is None else "has changed"


def _fingerprints(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256_of(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != MANIFEST_NAME
    }


def sha256_of(path: Path) -> str:
    """The fingerprint of a file, lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _size_bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
