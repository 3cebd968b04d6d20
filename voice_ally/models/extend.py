"""The bundled model with more words: a new graph around the same network, made while starting.

Rules: nothing is trained and the network's file is not touched; the same words give the same
folder, byte for byte, which is made once and then kept in the user's cache under a name that
tells its contents; a folder is complete or it is not there; where none can be kept, the model is
used as it is.
"""

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from voice_ally.core.regular_files import read_regular
from voice_ally.models.graph import Lexicon, graph_files
from voice_ally.models.store import verify, write_manifest

LEXICON_NAME = "lexicon.txt"
MOST_LEXICON_BYTES = 20_000_000
"""In a model of ours: a word and its phones a line, a further line for a further way to say it."""
MOST_KEPT = 8
"""Folders in the cache; those not used for longest go first."""
ABANDONED_SECONDS = 3600.0
"""After so long, what an unfinished start left behind is swept away."""
_FORMAT = b"2"
"""Part of the name of each folder: to be changed when graph.py writes something else."""
_UNFINISHED = ".unfinished-"


def read_lexicon(model: Path) -> Lexicon:
    """The words of a model and how they are said; none for a model that is not of our making."""
    try:
        text = read_regular(model / LEXICON_NAME, MOST_LEXICON_BYTES).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    lexicon: dict[str, list[tuple[str, ...]]] = {}
    for line in text.splitlines():
        word, *phones = line.split() or [""]
        if not phones:
            return {}
        lexicon.setdefault(word, []).append(tuple(phones))
    return lexicon


def write_lexicon(lexicon: Lexicon) -> bytes:
    """What read_lexicon reads."""
    return "".join(
        f"{word} {' '.join(phones)}\n"
        for word in sorted(lexicon)
        for phones in dict.fromkeys(lexicon[word])
    ).encode()


def with_words(model: Path, added: Lexicon, cache: Path) -> Path:
    """A model folder that knows these words too; `model` itself when there is nothing to add,
    it is not of our making, or the cache cannot be written to.

    A word that is known already is also understood as it is said here.
    Raises ValueError for a phone there is not.
    """
    known = read_lexicon(model)
    merged = _merged(known, added)
    if not known or merged == {word: list(ways) for word, ways in known.items()}:
        return model
    lexicon = write_lexicon(merged)
    try:
        folder = cache / f"{model.name}-{_key(model, lexicon)}"
        if not folder.is_dir() or verify(folder):
            _make(folder, model, lexicon, graph_files(merged))
        os.utime(folder)
        _forget_oldest(cache, kept=folder)
    except OSError:
        return model
    return folder


def _merged(known: Lexicon, added: Lexicon) -> dict[str, list[tuple[str, ...]]]:
    merged = {word: list(ways) for word, ways in known.items()}
    for word in sorted(added):
        ways = merged.setdefault(word, [])
        ways.extend(way for way in dict.fromkeys(added[word]) if way not in ways)
    return merged


def _key(model: Path, lexicon: bytes) -> str:
    """Tells the contents of the folder to be made."""
    found = hashlib.sha256(_FORMAT)
    for path in _kept_files(model):
        found.update(path.relative_to(model).as_posix().encode() + b"\0")
        found.update(hashlib.sha256(path.read_bytes()).digest())
    found.update(lexicon)
    return found.hexdigest()[:16]


def _kept_files(model: Path) -> list[Path]:
    """What does not depend on the words."""
    return sorted(
        path for kind in ("am", "conf") for path in (model / kind).rglob("*") if path.is_file()
    )


def _make(folder: Path, model: Path, lexicon: bytes, graph: Mapping[str, bytes]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder.parent))
    try:
        for name, content in {**graph, LEXICON_NAME: lexicon}.items():
            (unfinished / name).parent.mkdir(parents=True, exist_ok=True)
            (unfinished / name).write_bytes(content)
        for path in _kept_files(model):
            copy = unfinished / path.relative_to(model)
            copy.parent.mkdir(parents=True, exist_ok=True)
            _link_or_copy(path, copy)
        write_manifest(unfinished)
        if folder.is_dir():
            shutil.rmtree(folder)
        try:
            unfinished.rename(folder)
        except OSError:
            # another start was quicker: what it made has the same name, so the same contents
            if verify(folder):
                raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _link_or_copy(path: Path, copy: Path) -> None:
    try:
        os.link(path, copy)
    except OSError:
        shutil.copyfile(path, copy)


def _forget_oldest(cache: Path, kept: Path) -> None:
    """Keep the cache small. What cannot be removed (now in use, say) stays."""
    folders = [(path.stat().st_mtime, path) for path in _folders(cache) if path != kept]
    folders.sort(reverse=True)
    too_old = time.time() - ABANDONED_SECONDS
    finished = [path for _, path in folders if not path.name.startswith(_UNFINISHED)]
    abandoned = [
        path for age, path in folders if path.name.startswith(_UNFINISHED) and age < too_old
    ]
    for path in (*finished[MOST_KEPT - 1 :], *abandoned):
        shutil.rmtree(path, ignore_errors=True)


def _folders(cache: Path) -> Iterator[Path]:
    with suppress(FileNotFoundError):
        yield from (path for path in cache.iterdir() if path.is_dir())
