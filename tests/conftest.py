"""Every test keeps its hands off the user's own files."""

import pytest

pytest_plugins = ["tests.virtual_sound"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Sound in real time is for one process at a time; the others share out the rest."""
    for item in items if config.pluginmanager.hasplugin("xdist") else ():
        if "virtual_sound" in getattr(item, "fixturenames", ()) or item.get_closest_marker("sound"):
            item.add_marker(pytest.mark.xdist_group("sound"))


@pytest.fixture(autouse=True)
def _own_places(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path = tmp_path_factory.mktemp("own")
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        folder = tmp_path / f"voice-ally-{name.lower()}"
        folder.mkdir()
        monkeypatch.setenv(f"VOICE_ALLY_{name}", str(folder))
    monkeypatch.setenv("VOICE_ALLY_ECHO", "plain")
    # quick to start; what the usual voice is about asks for it
    monkeypatch.setenv("VOICE_ALLY_VOICE", "system")
