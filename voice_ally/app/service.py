"""Voice Ally as a service of one person: started with the system, kept running.

Rules: never as root and never for everybody; asks the system's own tools (systemctl, loginctl,
launchctl) and passes on what they say; removing it leaves settings and reminders where they are.
"""

import os
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from voice_ally.app.launchd import Launchd
from voice_ally.app.parts import Write
from voice_ally.app.service_files import UNIT, systemd_unit
from voice_ally.app.service_tools import (
    LINES_SHOWN,
    ServiceProblem,
    ask,
    command,
    do,
    environment,
    make_folder,
    tail,
    whole_or_not_at_all,
    writable,
    write,
)
from voice_ally.core.errors import UsageProblem
from voice_ally.settings.places import (
    logs_folder,
)

PI = Path("/proc/device-tree/model")


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
            writable=writable(),
            environment=environment(),
            systemd_version=self._version(),
            namespaces=namespaces,
        )

    def install(self, say: Write, *, at_boot: bool | None) -> None:
        """Write, start and keep it. Raises ServiceProblem."""
        allowed = ask("systemd-run", *_PROBE).returncode == 0
        text = self.text(namespaces=allowed).encode()
        with whole_or_not_at_all(self.path, self._forget):
            for folder in writable():
                make_folder(folder)
            write(self.path, text)
            do("systemctl", "--user", "daemon-reload")
            do("systemctl", "--user", "enable", "--now", UNIT)
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
        ask("systemctl", "--user", "disable", "--now", UNIT)
        self._forget()
        say("Removed. Settings, reminders and logs are still there (voice-ally doctor names them).")

    def _forget(self) -> None:
        self.path.unlink(missing_ok=True)
        ask("systemctl", "--user", "daemon-reload")

    def control(self, verb: str) -> None:
        """start, stop or restart."""
        do("systemctl", "--user", verb, UNIT)

    def status(self) -> str:
        """One line."""
        if not self.path.exists():
            return "not installed"
        active = ask("systemctl", "--user", "is-active", UNIT).stdout.strip()
        enabled = ask("systemctl", "--user", "is-enabled", UNIT).stdout.strip()
        return f"{active or 'its state cannot be asked'}, {enabled or 'unknown at start'}"

    def journal(self) -> list[str]:
        """What systemd kept of its errors."""
        done = ask("journalctl", "--user", "-u", UNIT, "-n", str(LINES_SHOWN), "--no-pager", "-q")
        return done.stdout.splitlines()

    @staticmethod
    def _version() -> int:
        found = re.match(r"systemd (\d+)", ask("systemctl", "--version").stdout)
        return int(found[1]) if found else 0


_PROBE = (
    *("--user", "--wait", "--quiet", "--collect"),
    *("-p", "PrivateUsers=yes", "-p", "PrivateNetwork=yes", "-p", "ProtectSystem=strict", "true"),
)
"""Starts nothing but `true`, under what the unit is to be under."""


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

    return [*tail(logs_folder() / NAME), *this_system().journal()]


def _is_pi(model: Callable[[], bytes] = PI.read_bytes) -> bool:
    try:
        return b"Raspberry Pi" in model()
    except OSError:
        return False


def _linger() -> None:
    import pwd

    # by name: without one, loginctl wants a session, and over SSH with sudo there may be none
    name = pwd.getpwuid(os.getuid()).pw_name
    if ask("loginctl", "enable-linger", name).returncode:
        raise ServiceProblem(
            "It runs now and whenever you log in, but this system would not let it start with"
            " the machine.",
            mend=f"Run: sudo loginctl enable-linger {name}",
        )
