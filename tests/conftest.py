"""Every test keeps its hands off the user's own files."""

import itertools
from pathlib import Path

import pytest

pytest_plugins = ["tests.virtual_sound"]
UNTRACED = {
    "test_breathing_recorded", "test_content", "test_corpus", "test_graph",
    "test_hearing_over_itself", "test_hostile", "test_inference", "test_measuring_packs",
    "test_new_words", "test_on_file", "test_people_on_file", "test_recogniser_contract",
    "test_slow_patterns", "test_soak", "test_stops", "test_tiny_model", "test_worked_example",
}  # fmt: skip
"""Long runs through what other tests cover: traced they take up to twice as long."""


_numbers = itertools.count()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Long runs are not traced. Sound in real time is for one process at a time; the others share
    out the rest."""
    for item in items:
        if item.path.stem in UNTRACED:
            item.add_marker(pytest.mark.no_cover)
    for item in items if config.pluginmanager.hasplugin("xdist") else ():
        if "virtual_sound" in getattr(item, "fixturenames", ()) or item.get_closest_marker("sound"):
            item.add_marker(pytest.mark.xdist_group("sound"))


@pytest.fixture(scope="session")
def _all_places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("own")


@pytest.fixture(autouse=True)
def _own_places(_all_places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # not a folder of pytest's own each time: it counts those there are, for every test again
    own = _all_places / str(next(_numbers))
    for name in ("DATA", "CONFIG", "STATE", "CACHE"):
        folder = own / f"voice-ally-{name.lower()}"
        folder.mkdir(parents=True)
        monkeypatch.setenv(f"VOICE_ALLY_{name}", str(folder))
    monkeypatch.setenv("VOICE_ALLY_ECHO", "plain")
    # each test would be a very first start
    monkeypatch.setenv("VOICE_ALLY_WELCOME", "false")
    # quick to start; what the usual voice is about asks for it
    monkeypatch.setenv("VOICE_ALLY_VOICE", "system")
