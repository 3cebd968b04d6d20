"""Fetch a known model and install it: all of it, checked, or nothing.

Rules: the only way in which the program uses the network, and only when a person asks. One
fetch at a time per folder. A model appears under its name by a single rename. Work in progress
has names that begin with a dot; what a killed run left of it is swept up or continued.
"""

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from voice_ally.core.errors import ModelProblem
from voice_ally.models import archive
from voice_ally.models.catalogue import KnownModel
from voice_ally.models.download import Patience, Progress, Wanted, download
from voice_ally.models.store import sha256_of, verify, write_manifest
from voice_ally.models.voices import KnownVoice, VoiceFile
from voice_ally.settings.places import user_models_folder, user_voices_folder

PATIENT = Patience()
BRIEF = Patience(connect_seconds=3.0, stall_seconds=5.0, tries=1, deadline_seconds=90.0)
"""For a first start, which must not hang on a bad network."""

_LOCK_NAME = ".lock"
_WORKSHOP = ".unpacking-"
_SPARE_BYTES = 10_000_000
"""Left free on the disk, which others use too."""


def _ignore(_done: int, _total: int | None) -> None:
    pass


def fetch_model(model: KnownModel, *, progress: Progress = _ignore, brief: bool = False) -> Path:
    """Install this model for the user; its folder. Brief: one try, given up after 90 s."""
    patience = BRIEF if brief else PATIENT
    return fetch(model, user_models_folder(), progress=progress, patience=patience)


def fetch(
    model: KnownModel,
    folder: Path,
    *,
    base_url: str = "",
    progress: Progress = _ignore,
    patience: Patience = PATIENT,
) -> Path:
    """Install this model below `folder`; its folder. Returns at once when it is there and whole.

    Every failure is a ModelProblem. Whatever `progress` raises (Ctrl-C) comes through, and the
    next call goes on from there.
    """
    target = folder / model.name
    url = model.url_at(base_url) if base_url else model.url
    wanted = Wanted(url, model.size_bytes, model.sha256)
    part = folder / f".{model.name}.zip.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            if not verify(target):
                return target
            _sweep(folder)
            begun_bytes = part.stat().st_size if part.exists() else 0
            _ensure_room(folder, (model.size_bytes or 0) - begun_bytes)
            download(wanted, part, progress, patience)
            _install(part, target, progress)
            part.unlink()
    except OSError as error:
        raise _disk_problem(model.name, folder, error) from error
    return target


def fetch_voice(
    voice: KnownVoice,
    folder: Path | None = None,
    *,
    progress: Progress = _ignore,
    patience: Patience = PATIENT,
) -> Path:
    """Install this voice below `folder` (the user's); its .onnx file. As `fetch` does it."""
    folder = user_voices_folder() if folder is None else folder
    target, parts, done = folder / voice.name, folder / f".{voice.name}", 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            missing = [one for one in voice.files if not _is_whole(target / one.name, one)]
            _ensure_room(folder, sum(one.size_bytes for one in missing))
            for file in missing:
                parts.mkdir(exist_ok=True)

                def tell(arrived: int, _: int | None, before: int = done) -> None:
                    progress(before + arrived, voice.size_bytes)

                wanted = Wanted(voice.url_of(file), file.size_bytes, file.sha256)
                download(wanted, parts / f"{file.name}.part", tell, patience)
                done += file.size_bytes
            target.mkdir(exist_ok=True)
            for file in missing:
                (parts / f"{file.name}.part").replace(target / file.name)
            shutil.rmtree(parts, ignore_errors=True)
    except OSError as error:
        raise _disk_problem(voice.name, folder, error) from error
    return target / voice.files[0].name


def _is_whole(path: Path, file: VoiceFile) -> bool:
    return (
        path.is_file() and path.stat().st_size == file.size_bytes and sha256_of(path) == file.sha256
    )


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    lock = FileLock(folder / _LOCK_NAME)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise ModelProblem(
            f"Another Voice Ally is fetching a model into {folder}.", mend="Wait until it is done."
        ) from error
    try:
        yield
    finally:
        lock.release()


def _sweep(folder: Path) -> None:
    """Remove what a run that was killed while unpacking has left."""
    for path in folder.glob(f"{_WORKSHOP}*"):
        shutil.rmtree(path, ignore_errors=True)


def _ensure_room(folder: Path, needed_bytes: int) -> None:
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < needed_bytes + _SPARE_BYTES:
        raise ModelProblem(
            f"There is not enough room in {folder}: {needed_bytes / 1e6:.0f} MB are needed and"
            f" {free_bytes / 1e6:.0f} MB are free.",
            mend="Make room, then try again.",
        )


def _install(part: Path, target: Path, progress: Progress) -> None:
    size_bytes = part.stat().st_size
    with tempfile.TemporaryDirectory(
        prefix=_WORKSHOP, dir=target.parent, ignore_cleanup_errors=True
    ) as workshop:
        fresh = Path(workshop) / "fresh"
        fresh.mkdir()
        try:
            _ensure_room(target.parent, archive.unpacked_bytes(part))
            archive.unpack(part, fresh, lambda: progress(size_bytes, size_bytes))
        except archive.BadArchive:
            part.unlink()
            raise
        problems = verify(fresh)
        if problems:
            raise ModelProblem(
                f"{target.name} was not installed: {'; '.join(problems)}.",
                mend="Choose another model.",
            )
        write_manifest(fresh)
        if target.exists():
            target.replace(Path(workshop) / "old")
        fresh.replace(target)


def _disk_problem(name: str, folder: Path, error: OSError) -> ModelProblem:
    if error.errno == errno.ENOSPC:
        return ModelProblem(
            f"The disk was full before {name} was installed.", mend="Make room, then try again."
        )
    return ModelProblem(
        f"{name} could not be installed in {folder}: {error.strerror or error}.",
        mend="Check that the folder can be written to, or set VOICE_ALLY_DATA to another.",
    )
