"""A server that sends a small model."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.model_archive import MODEL_FILES, known, zipped
from tests.fakes.model_server import ModelServer
from voice_ally.models.catalogue import KnownModel


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
