"""Voice Ally as an agent of macOS: launchd starts it and keeps it running."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from voice_ally.app.parts import Write
from voice_ally.app.service_files import AGENT, launchd_agent
from voice_ally.app.service_tools import (
    ask,
    command,
    do,
    environment,
    make_folder,
    tail,
    whole_or_not_at_all,
    write,
)
from voice_ally.settings.places import (
    logs_folder,
)


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
        with whole_or_not_at_all(self.path, lambda: self.path.unlink(missing_ok=True)):
            make_folder(logs_folder())
            write(self.path, text)
            ask("launchctl", "bootout", f"{self._domain}/{AGENT}")
            do("launchctl", "bootstrap", self._domain, str(self.path))
        say(f"Written: {self.path}")
        say("It starts when you log in. macOS asks once whether it may use the microphone.")
        if at_boot:
            say("macOS starts nothing of a person's before they log in, so --boot does nothing.")

    def remove(self, say: Write) -> None:
        """Stop it and forget it."""
        if not self.path.exists():
            say("It is not installed.")
            return
        ask("launchctl", "bootout", f"{self._domain}/{AGENT}")
        self.path.unlink()
        say("Removed. Settings, reminders and logs are still there (voice-ally doctor names them).")

    def control(self, verb: str) -> None:
        """start, stop or restart."""
        if verb == "stop":
            do("launchctl", "bootout", f"{self._domain}/{AGENT}")
        elif verb == "start":
            do("launchctl", "bootstrap", self._domain, str(self.path))
        else:
            do("launchctl", "kickstart", "-k", f"{self._domain}/{AGENT}")

    def status(self) -> str:
        """One line."""
        if not self.path.exists():
            return "not installed"
        printed = ask("launchctl", "print", f"{self._domain}/{AGENT}")
        state = re.search(r"state = (.+)", printed.stdout)
        return state[1] if state else "installed, not running"

    def journal(self) -> list[str]:
        """What it printed of its errors."""
        return tail(logs_folder() / "service-errors.log")
