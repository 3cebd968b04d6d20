"""Asks the package index which locked libraries have wheels for a Raspberry Pi.

usage: .venv/bin/python tools/wheels.py [PYTHON…]        for example 3.11 3.13

Rules: runs on demand, needs the network; asks through pip, one pin at a time, as if pip ran on
that system (Raspberry Pi OS bookworm: glibc 2.36); downloads no more than pip has to. Prints the
table that docs/raspberry-pi.md holds; exit code 1 if a library has no wheel for 64 bits.
"""

import json
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements.lock"
BUILD_ONLY = ("editables", "hatchling", "pathspec", "pluggy", "trove-classifiers")
NEWEST_GLIBC = 36
OLDEST_GLIBC = 17
MACHINES = ("aarch64", "armv7l")
WITHOUT_COMPILER = ("srt",)
"""Published as source only, but in Python alone: pip makes the wheel itself, anywhere."""


def pins(lock: str, python: str, machine: str) -> list[str]:
    """Which "name==version" of the lock that system needs."""
    environment = {
        "implementation_name": "cpython",
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_release": "6.6.31",
        "platform_system": "Linux",
        "python_full_version": f"{python}.2",
        "python_version": python,
        "sys_platform": "linux",
        "os_name": "posix",
    }
    lines = [line.removesuffix("\\").strip() for line in lock.splitlines() if line[:1].isalnum()]
    needed = []
    for line in lines:
        requirement = Requirement(line)
        marker = requirement.marker
        if requirement.name not in BUILD_ONLY and (marker is None or marker.evaluate(environment)):
            needed.append(f"{requirement.name}{requirement.specifier}")
    return needed


def wheel(pin: str, python: str, machine: str) -> str | None:
    """The wheel pip would take on that system; None if there is none."""
    glibcs = range(OLDEST_GLIBC, NEWEST_GLIBC + 1)
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in glibcs]
    platforms += [f"manylinux2014_{machine}", f"linux_{machine}"]
    with tempfile.TemporaryDirectory() as nowhere:
        asked = subprocess.run(
            [
                *(sys.executable, "-m", "pip", "install", "--dry-run", "--no-deps", "--quiet"),
                *("--ignore-installed", "--target", nowhere, "--report", "-", "--no-cache-dir"),
                # pip would hold the Python it runs on against the library, not the one asked for
                "--ignore-requires-python",
                *("--only-binary", ":all:", "--implementation", "cp", "--python-version", python),
                *(f"--platform={one}" for one in platforms),
                pin,
            ],
            capture_output=True,
            text=True,
            check=False,
        )
    if asked.returncode:
        return None
    (found,) = json.loads(asked.stdout)["install"]
    return str(found["download_info"]["url"]).rsplit("/", 1)[-1]


def main() -> int:
    """Print the table."""
    pythons = sys.argv[1:] or ["3.11", "3.13"]
    columns = [(machine, python) for machine in MACHINES for python in pythons]
    lock = LOCK.read_text(encoding="utf-8")
    needed = {column: pins(lock, column[1], column[0]) for column in columns}
    jobs = [(pin, *column) for column, of_it in needed.items() for pin in of_it]
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(lambda job: wheel(job[0], job[2], job[1]), jobs)
    found = dict(zip(jobs, answers, strict=True))
    sys.stdout.write("| library | " + " | ".join(f"{m}, {p}" for m, p in columns) + " |\n")
    sys.stdout.write("|---" * (len(columns) + 1) + "|\n")
    for pin in sorted({pin for pin, *_ in jobs}):
        cells = []
        for column in columns:
            name = pin.partition("==")[0]
            if pin not in needed[column]:
                cells.append("not needed")
            elif found[pin, *column]:
                cells.append("wheel")
            else:
                cells.append("source" if name in WITHOUT_COMPILER else "**none**")
        sys.stdout.write(f"| {pin.replace('==', ' ')} | {' | '.join(cells)} |\n")
    lacking = [
        pin
        for (pin, machine, _), answer in found.items()
        if not answer and machine == "aarch64" and pin.partition("==")[0] not in WITHOUT_COMPILER
    ]
    return 1 if lacking else 0


if __name__ == "__main__":
    raise SystemExit(main())
