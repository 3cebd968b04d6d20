"""A model that is small enough to be sent around, and a server that sends it."""

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.model_server import ModelServer
from voice_ally.models.catalogue import KnownModel

NAME = "vosk-model-test"

MODEL_FILES = {
    "am/final.mdl": b"acoustic" * 500,
    "conf/mfcc.conf": b"--num-ceps=40\n",
    "conf/model.conf": b"--beam=14\n",
    "graph/HCLr.fst": bytes(range(256)) * 40,
    "graph/Gr.fst": b"grammar" * 300,
    "graph/phones/word_boundary.int": b"1 nonword\n",
}


def zipped(files: dict[str, bytes], top: str = f"{NAME}/") -> bytes:
    """An archive as the makers of Vosk pack theirs: one folder, and the model in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(top + name, content)
    return buffer.getvalue()


def known(archive: bytes, *, size_known: bool = True) -> KnownModel:
    """The catalogue's entry for this archive."""
    return KnownModel(
        name=NAME,
        size_bytes=len(archive) if size_known else None,
        sha256=hashlib.sha256(archive).hexdigest(),
        licence="Apache-2.0",
        what="For tests.",
    )


@pytest.fixture
def archive() -> bytes:
    return zipped(MODEL_FILES)


@pytest.fixture
def model(archive: bytes) -> KnownModel:
    return known(archive)


@pytest.fixture
def server(archive: bytes) -> Iterator[ModelServer]:
    server = ModelServer(archive)
    yield server
    server.close()


@pytest.fixture
def user_models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's user keeps models."""
    monkeypatch.setenv("VOICE_ALLY_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "models"


@pytest.fixture
def put_model(user_models: Path) -> Callable[..., Path]:
    """Puts a model into the user's folder, as if unpacked by hand."""

    def put(name: str, files: dict[str, bytes] = MODEL_FILES) -> Path:
        for path, content in files.items():
            target = user_models / name / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        return user_models / name

    return put


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
