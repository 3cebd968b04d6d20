"""A pretend computer for the set-up script: a folder of small commands that only take notes.

Rules: nothing outside its folder is called, apart from what every Unix has; `calls` lists what
was asked of the commands that could change a computer, in order.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
COPIED = (
    *("Makefile", "pyproject.toml", "tools/setup.sh"),
    *("requirements.lock", "requirements-dev.lock"),
)
EVERYDAY_COMMANDS = (
    *("basename", "cat", "chmod", "cmp", "cp", "dirname", "echo", "env", "grep"),
    *("mkdir", "mktemp", "mv", "rm", "sh", "tail", "true"),
)

PYTHON = """
case "$1 $2" in
    "-c import sys"*) echo {version}; exit ;;
    "-c import venv"*) exit {without_venv:d} ;;
    "-V "*) echo "Python {version}"; exit ;;
    "-S tools/start.py") shift 2; exec .venv/bin/voice-ally "$@" ;;
esac
note "$@"
case "$1 $2" in
    "-m venv")
        mkdir -p .venv/bin
        cp "$0" .venv/bin/python
        cp "$home/voice-ally" .venv/bin/
        ;;
    "-m pip")
        echo "much noise of pip"
        [ ! -e "$home/offline" ]
        ;;
esac
"""
APT_GET = """
note "$@"
case "$*" in
    *update) rm -f "$home/stale-lists" ;;
    *install*) [ ! -e "$home/stale-lists" ] ;;
esac
"""
DPKG_QUERY = """
for name in {installed}; do
    [ "$3" != "$name" ] || {{ echo "install ok installed"; exit; }}
done
exit 1
"""
SUDO = """
[ ! -e "$home/asks-password" ] || exit 1
[ "$2" = true ] || note "$@"
shift
exec "$@"
"""
BREW = """
[ "$1" != --prefix ] || {{ echo "$home/brewed"; exit; }}
note "$@"
"""


class Machine:
    """What is installed here, and what the set-up script makes of it."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.commands = folder / "commands"
        self.checkout = folder / "a check out"
        self.commands.mkdir()
        self.home.mkdir()
        (self.checkout / "tools").mkdir(parents=True)
        for name in COPIED:
            shutil.copy(CHECKOUT / name, self.checkout / name)
        for name in EVERYDAY_COMMANDS:
            (self.commands / name).symlink_to(shutil.which(name) or "/nowhere")
        self.user(1000)
        self.program(exit_code=0)

    def command(self, name: str, script: str) -> None:
        """A command by this name is there now."""
        self._write(self.commands / name, name, script)

    def python(self, name: str, version: str, *, has_venv: bool = True) -> None:
        """A Python of this version is there."""
        self.command(name, PYTHON.format(version=version, without_venv=not has_venv))

    def debian(self, installed: Iterable[str] = ()) -> None:
        """Debian, with these packages."""
        self.command("uname", "echo Linux")
        self.command("apt-get", APT_GET)
        self.command("dpkg-query", DPKG_QUERY.format(installed=" ".join(installed) or "none"))

    def mac(self, *, brew: bool) -> None:
        """A Mac, with or without Homebrew."""
        self.command("uname", "echo Darwin")
        if brew:
            self.command("brew", BREW.format())

    def fedora(self, *, libraries: str) -> None:
        """A Linux without apt-get that has these libraries."""
        self.command("uname", "echo Linux")
        self.command("ldconfig", f"echo '{libraries}'")

    def user(self, number: int) -> None:
        """Who sits there; 0 is root."""
        self.command("id", f"echo {number}")

    def sudo(self, *, asks_password: bool) -> None:
        """The user may become root."""
        self.command("sudo", SUDO)
        self.flag("asks-password", on=asks_password)

    def flag(self, name: str, *, on: bool) -> None:
        """ "offline": pip fails. "stale-lists": apt-get finds nothing before an update."""
        if on:
            (self.home / name).touch()
        else:
            (self.home / name).unlink(missing_ok=True)

    def program(self, exit_code: int) -> None:
        """Voice Ally, once installed, ends like this."""
        self._write(self.home / "voice-ally", "voice-ally", f'note "$@"; exit {exit_code}')

    def set_up(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run the set-up script."""
        return self._run("sh", str(self.checkout / "tools/setup.sh"), *arguments)

    def make(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run make in the checkout."""
        make = shutil.which("make")
        assert make
        return self._run(make, "-C", str(self.checkout), "--no-print-directory", *arguments)

    def plan(self, purpose: str) -> list[str]:
        """What the script says it would do."""
        return self.set_up("--plan", purpose).stdout.splitlines()

    @property
    def calls(self) -> list[str]:
        """What was asked of the commands, since the last look."""
        notes = self.home / "notes"
        lines = notes.read_text().splitlines() if notes.exists() else []
        notes.unlink(missing_ok=True)
        return lines

    def _write(self, path: Path, name: str, script: str) -> None:
        note = f'home="{self.home}"\nnote() {{ echo "{name} $*" >>"$home/notes"; }}\n'
        path.write_text(f"#!/bin/sh\n{note}{script}\n")
        path.chmod(0o755)

    def _run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        inherited = {name: os.environ[name] for name in ("TMPDIR",) if name in os.environ}
        return subprocess.run(
            arguments,
            cwd=self.home,
            env={"PATH": str(self.commands), "HOME": str(self.home), **inherited},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
