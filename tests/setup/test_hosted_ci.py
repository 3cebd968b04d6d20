"""What runs on hosted machines is what runs here."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text("utf-8"))
    return workflow["jobs"]


def commands(job: dict[str, Any]) -> list[str]:
    return [step["run"] for step in job["steps"] if "run" in step]


def test_one_job_is_the_whole_run(jobs: dict[str, Any]) -> None:
    assert commands(jobs["everything"]) == [".ci/run"]
    assert (ROOT / ".ci/run").read_text("utf-8").splitlines()[-1] == "exec make test"


def test_every_python_that_is_promised_is_tried(jobs: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    promised = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    machines = jobs["without-sound"]["strategy"]["matrix"]["include"]
    assert [one["python"] for one in machines if one["os"] == "ubuntu-latest"] == promised
    assert {one["os"] for one in machines} == {"ubuntu-latest", "macos-latest", "windows-latest"}


def test_it_installs_as_the_set_up_does(jobs: dict[str, Any]) -> None:
    set_up = " ".join((ROOT / "tools/setup.sh").read_text("utf-8").split())
    lock, package, *_ = commands(jobs["without-sound"])
    options = lock.removeprefix("python -m pip install ").rpartition(" ")[0]
    assert f"pip_install {options}" in set_up
    assert lock.endswith(" requirements-dev.lock")
    assert package.replace("python -m pip install", "pip_install") in set_up


def test_it_uses_the_program_as_the_check_of_the_wheel_does(jobs: dict[str, Any]) -> None:
    wheel = (ROOT / "tools/check-wheel.sh").read_text("utf-8")
    check, talk, tests = commands(jobs["without-sound"])[2:]
    assert check == "voice-ally check" and "prints '^0 errors' check" in wheel
    typed, ally = talk.split(" | ")
    assert ally == "voice-ally try" and f"{typed} >typed.txt" in wheel
    assert tests == 'python -m pytest -m "not sound"'
