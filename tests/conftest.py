"""Every test keeps its hands off the user's own files."""

import pytest

pytest_plugins = ["tests.virtual_sound"]


@pytest.fixture(autouse=True)
def _own_places(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path = tmp_path_factory.mktemp("own")
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        folder = tmp_path / f"voice-ally-{name.lower()}"
        folder.mkdir()
        monkeypatch.setenv(f"VOICE_ALLY_{name}", str(folder))
    monkeypatch.setenv("VOICE_ALLY_ECHO", "plain")
