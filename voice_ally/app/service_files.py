"""What the system is told about the service: a systemd user unit, a launchd agent.

Rules: pure text. What a user's own systemd can enforce, and what it cannot:
- RestrictAddressFamilies, SystemCallFilter and the other filters work wherever NoNewPrivileges
  does. The first is what really keeps it off the network: only local sockets can be made.
- ProtectSystem, ProtectHome, PrivateTmp and PrivateNetwork need a user namespace. PrivateUsers
  asks for one; systemd before 253 ignores the others without it (systemd pull request 25233).
  Where the system forbids such namespaces the unit could not start, so they can be left out.
- IPAddressDeny is not enforced for a user's units (systemd issues 12327 and 38588). It is there
  for the systems that will.
- MemoryDenyWriteExecute is left out: PortAudio's callbacks are made at run time.
"""

import plistlib
from collections.abc import Mapping, Sequence
from pathlib import Path

UNIT = "voice-ally.service"
AGENT = "org.voice-ally.agent"
BACK_OFF_SINCE = 254
"""The first systemd that waits longer after each failure (RestartSteps)."""

_FILTERS = """\
NoNewPrivileges=yes
RestrictAddressFamilies=AF_UNIX
IPAddressDeny=any
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
LockPersonality=yes
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
UMask=0077
"""
_NAMESPACES = """\
PrivateUsers=yes
PrivateNetwork=yes
PrivateTmp=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
ProtectHostname=yes
"""
_BACK_OFF = """\
RestartSteps=5
RestartMaxDelaySec=60
"""


def systemd_unit(
    command: Sequence[str],
    *,
    writable: Sequence[Path],
    environment: Mapping[str, str],
    systemd_version: int,
    namespaces: bool = True,
) -> str:
    """The unit. `writable` folders must exist when it starts."""
    lines = [
        "[Unit]",
        "Description=Voice Ally, an offline voice companion",
        "After=pipewire.service pulseaudio.service sound.target",
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        f"ExecStart={' '.join(map(_quoted, command))}",
        *(f"Environment={_quoted(f'{name}={value}')}" for name, value in environment.items()),
        "# What is heard and said would end up in the journal.",
        "StandardOutput=null",
        "StandardError=journal",
        "Restart=on-failure",
        "RestartSec=5",
    ]
    text = "\n".join(lines) + "\n"
    if systemd_version >= BACK_OFF_SINCE:
        text += _BACK_OFF
    text += _FILTERS
    if namespaces:
        text += _NAMESPACES
        text += "".join(f"ReadWritePaths={_quoted(str(folder))}\n" for folder in writable)
    return f"{text}\n[Install]\nWantedBy=default.target\n"


def _quoted(text: str) -> str:
    """As systemd.syntax(7) wants it: no specifier, no variable, one word."""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{text}"'


def launchd_agent(command: Sequence[str], *, environment: Mapping[str, str], errors: Path) -> bytes:
    """The agent: started at log-in, again when it failed, never more often than every 10 s."""
    return plistlib.dumps(
        {
            "Label": AGENT,
            "ProgramArguments": list(command),
            "EnvironmentVariables": dict(environment),
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": 10,
            "ProcessType": "Interactive",
            "StandardOutPath": "/dev/null",
            "StandardErrorPath": str(errors),
            "Umask": 0o77,
        }
    )
