"""Voice Ally as a service of one person: started with the system, kept running.

Rules: never as root and never for everybody; asks the system's own tools (systemctl, loginctl,
launchctl) and passes on what they say; removing it leaves settings and reminders where they are.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from voice_ally.app.parts import Write
from voice_ally.app.service_files import AGENT, UNIT, launchd_agent, systemd_unit
from voice_ally.core.errors import UsageProblem, VoiceAllyError
from voice_ally.core.whole_files import write_whole
from voice_ally.settings.places import (
    logs_folder,
    user_cache_folder,
    user_config_folder,
    user_data_folder,
    user_state_folder,
)

PATIENCE_SECONDS = 30
LINES_SHOWN = 60
PI = Path("/proc/device-tree/model")


class ServiceProblem(VoiceAllyError):
    """The system's own tools refused."""

    code = "service"


def command() -> list[str]:
    """What the service runs."""
    return [sys.executable, "-P", "-m", "voice_ally", "run", "--wait"]


def environment() -> dict[str, str]:
    """What it is started with: the folders that hold now, whatever says so (VOICE_ALLY_* or
    XDG_* of this shell, which the system's own manager never saw)."""
    return {
        "VOICE_ALLY_CONFIG": str(user_config_folder().absolute()),
        "VOICE_ALLY_DATA": str(user_data_folder().absolute()),
        "VOICE_ALLY_STATE": str(user_state_folder().absolute()),
        "VOICE_ALLY_CACHE": str(user_cache_folder().absolute()),
    }


@dataclass(frozen=True)
class Systemd:
    """A user's own systemd."""

    @property
    def path(self) -> Path:
        """The unit file."""
        base = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
        return Path(base) / "systemd" / "user" / UNIT

    def text(self, *, namespaces: bool = True) -> str:
        """The unit for this machine."""
        return systemd_unit(
            command(),
            writable=_writable(),
            environment=environment(),
            systemd_version=self._version(),
            namespaces=namespaces,
        )

    def install(self, say: Write, *, at_boot: bool | None) -> None:
        """Write, start and keep it. Raises ServiceProblem."""
        allowed = _ask("systemd-run", *_PROBE).returncode == 0
        text = self.text(namespaces=allowed).encode()
        with _whole_or_not_at_all(self.path, self._forget):
            for folder in _writable():
                _make(folder)
            _write(self.path, text)
            _do("systemctl", "--user", "daemon-reload")
            _do("systemctl", "--user", "enable", "--now", UNIT)
        say(f"Written: {self.path}")
        if not allowed:
            say("This system allows no private view of its files: the unit does without it.")
        if _is_pi() if at_boot is None else at_boot:
            _linger()
            say("It starts when the machine starts (lingering is on).")
        else:
            say("It starts when you log in; --boot starts it with the machine.")

    def remove(self, say: Write) -> None:
        """Stop it and forget it."""
        if not self.path.exists():
            say("It is not installed.")
            return
        _ask("systemctl", "--user", "disable", "--now", UNIT)
        self._forget()
        say("Removed. Settings, reminders and logs are still there (voice-ally doctor names them).")

    def _forget(self) -> None:
        self.path.unlink(missing_ok=True)
        _ask("systemctl", "--user", "daemon-reload")

    def control(self, verb: str) -> None:
        """start, stop or restart."""
        _do("systemctl", "--user", verb, UNIT)

    def status(self) -> str:
        """One line."""
        if not self.path.exists():
            return "not installed"
        active = _ask("systemctl", "--user", "is-active", UNIT).stdout.strip()
        enabled = _ask("systemctl", "--user", "is-enabled", UNIT).stdout.strip()
        return f"{active or 'its state cannot be asked'}, {enabled or 'unknown at start'}"

    def journal(self) -> list[str]:
        """What systemd kept of its errors."""
        done = _ask("journalctl", "--user", "-u", UNIT, "-n", str(LINES_SHOWN), "--no-pager", "-q")
        return done.stdout.splitlines()

    @staticmethod
    def _version() -> int:
        found = re.match(r"systemd (\d+)", _ask("systemctl", "--version").stdout)
        return int(found[1]) if found else 0


_PROBE = (
    *("--user", "--wait", "--quiet", "--collect"),
    *("-p", "PrivateUsers=yes", "-p", "PrivateNetwork=yes", "-p", "ProtectSystem=strict", "true"),
)
"""Starts nothing but `true`, under what the unit is to be under."""


@dataclass(frozen=True)
class Launchd:
    """macOS: an agent of the person who is logged in."""

    @property
    def path(self) -> Path:
        """The agent's file."""
        return Path.home() / "Library" / "LaunchAgents" / f"{AGENT}.plist"

    @property
    def _domain(self) -> str:
        return f"gui/{os.getuid()}"

    def text(self, *, namespaces: bool = True) -> str:
        """The agent."""
        errors = logs_folder() / "service-errors.log"
        return launchd_agent(command(), environment=environment(), errors=errors).decode()

    def install(self, say: Write, *, at_boot: bool | None) -> None:
        """Write and start it. Raises ServiceProblem."""
        text = self.text().encode()
        with _whole_or_not_at_all(self.path, lambda: self.path.unlink(missing_ok=True)):
            _make(logs_folder())
            _write(self.path, text)
            _ask("launchctl", "bootout", f"{self._domain}/{AGENT}")
            _do("launchctl", "bootstrap", self._domain, str(self.path))
        say(f"Written: {self.path}")
        say("It starts when you log in. macOS asks once whether it may use the microphone.")
        if at_boot:
            say("macOS starts nothing of a person's before they log in, so --boot does nothing.")

    def remove(self, say: Write) -> None:
        """Stop it and forget it."""
        if not self.path.exists():
            say("It is not installed.")
            return
        _ask("launchctl", "bootout", f"{self._domain}/{AGENT}")
        self.path.unlink()
        say("Removed. Settings, reminders and logs are still there (voice-ally doctor names them).")

    def control(self, verb: str) -> None:
        """start, stop or restart."""
        if verb == "stop":
            _do("launchctl", "bootout", f"{self._domain}/{AGENT}")
        elif verb == "start":
            _do("launchctl", "bootstrap", self._domain, str(self.path))
        else:
            _do("launchctl", "kickstart", "-k", f"{self._domain}/{AGENT}")

    def status(self) -> str:
        """One line."""
        if not self.path.exists():
            return "not installed"
        printed = _ask("launchctl", "print", f"{self._domain}/{AGENT}")
        state = re.search(r"state = (.+)", printed.stdout)
        return state[1] if state else "installed, not running"

    def journal(self) -> list[str]:
        """What it printed of its errors."""
        return _tail(logs_folder() / "service-errors.log")


def this_system() -> Systemd | Launchd:
    """Who keeps services here. Raises UsageProblem where nobody does."""
    if sys.platform == "darwin":
        return Launchd()
    if shutil.which("systemctl"):
        return Systemd()
    raise UsageProblem(
        "This system has neither systemd nor launchd to keep a service.",
        mend=f"Start it in your own way: {' '.join(command())}",
    )


def status() -> str:
    """One line, also where there can be no service."""
    try:
        return this_system().status()
    except UsageProblem:
        return "no systemd and no launchd here"


def log_lines() -> list[str]:
    """The newest lines of the log and of what the system kept."""
    from voice_ally.runtime.logbook import NAME

    return [*_tail(logs_folder() / NAME), *this_system().journal()]


def _tail(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            return [line.rstrip() for line in deque(file, LINES_SHOWN)]
    except OSError:
        return []


@contextmanager
def _whole_or_not_at_all(path: Path, forget: Callable[[], None]) -> Iterator[None]:
    """What fails within leaves what was there before: another unit, or none."""
    before = path.read_bytes() if path.is_file() else None
    made = [one for one in (path.parent, *path.parent.parents) if not one.exists()]
    try:
        yield
    except BaseException:
        if before is None:
            with suppress(OSError):
                forget()
        else:
            with suppress(OSError):
                path.write_bytes(before)
        for folder in made:
            with suppress(OSError):
                folder.rmdir()
        raise


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ServiceProblem(f"{folder} cannot be written: {error.strerror}.") from error


def _write(path: Path, content: bytes) -> None:
    _make(path.parent)
    try:
        write_whole(path, content)
    except OSError as error:
        raise ServiceProblem(f"{path} cannot be written: {error.strerror}.") from error


def _writable() -> tuple[Path, ...]:
    return user_state_folder().absolute(), user_cache_folder().absolute()


def _is_pi(model: Callable[[], bytes] = PI.read_bytes) -> bool:
    try:
        return b"Raspberry Pi" in model()
    except OSError:
        return False


def _ask(*words: str) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            words, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(words, 127, "", str(error))


def _linger() -> None:
    import pwd

    # by name: without one, loginctl wants a session, and over SSH with sudo there may be none
    name = pwd.getpwuid(os.getuid()).pw_name
    if _ask("loginctl", "enable-linger", name).returncode:
        raise ServiceProblem(
            "It runs now and whenever you log in, but this system would not let it start with"
            " the machine.",
            mend=f"Run: sudo loginctl enable-linger {name}",
        )


def _do(*words: str) -> None:
    done = _ask(*words)
    if done.returncode:
        said = " ".join(f"{done.stderr} {done.stdout}".split()) or f"exit code {done.returncode}"
        raise ServiceProblem(f"{' '.join(words)} failed: {said.rstrip('.')}.")
