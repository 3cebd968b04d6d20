"""The locks: what tools/setup.sh installs, every file of it with its hash."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
SYSTEMS = [
    {"sys_platform": system, "platform_machine": machine, "python_version": python}
    | {"python_full_version": f"{python}.2"}
    for system, machine in (
        *(("linux", "x86_64"), ("linux", "aarch64")),
        *(("darwin", "arm64"), ("win32", "AMD64")),
    )
    for python in ("3.11", "3.12", "3.13")
]


def pins(name: str) -> dict[Requirement, list[str]]:
    """Each pin of a lock, with its hashes."""
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        if line[:1].isalnum():
            requirement, *hashes = line.split(" --hash=")
            found[Requirement(requirement.strip())] = [one.strip() for one in hashes]
    return found


@pytest.mark.parametrize("name", LOCKS)
def test_every_file_has_a_hash_and_no_place_is_named(name: str) -> None:
    for pin, hashes in pins(name).items():
        assert re.fullmatch(r"==[\w.]+", str(pin.specifier)), pin
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in hashes), pin
    assert "://" not in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda one: "-".join(list(one.values())[:3]))
def test_the_lock_has_all_that_is_asked_for_everywhere(system: dict[str, str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {
        "requirements.lock": project["dependencies"],
        "requirements-dev.lock": project["dependencies"] + project["optional-dependencies"]["dev"],
    }
    for name, requirements in asked.items():
        locked = {
            canonicalize_name(pin.name): str(pin.specifier).removeprefix("==")
            for pin in pins(name)
            if pin.marker is None or pin.marker.evaluate(system)
        }
        for one in map(Requirement, requirements):
            if one.marker is None or one.marker.evaluate(system):
                version = locked.get(canonicalize_name(one.name), "nothing")
                assert one.specifier.contains(version), f"{one} is locked to {version}"


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda one: "-".join(list(one.values())[:3]))
def test_tests_run_with_the_very_libraries_that_are_installed_for_running(
    system: dict[str, str],
) -> None:
    run, dev = (
        {
            (one.name, str(one.specifier))
            for one in pins(name)
            if one.marker is None or one.marker.evaluate(system)
        }
        for name in LOCKS
    )
    assert run <= dev
