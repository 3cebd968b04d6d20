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

from voice_ally.core.errors import UsageProblem
from voice_ally.core.plain_text import unprintable_in

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
LimitCORE=0
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
    """The unit. `writable` folders must exist when it starts. Raises UsageProblem for a value with
    a line break or the like in it, which would become a line of its own."""
    program, *arguments = command
    lines = [
        "[Unit]",
        "Description=Voice Ally, an offline voice companion",
        "After=pipewire.service pulseaudio.service sound.target",
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        # variables are put in among the arguments, nowhere else
        f"ExecStart={' '.join((_quoted(program), *(_quoted(one, '$') for one in arguments)))}",
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


def _quoted(text: str, doubled: str = "") -> str:
    """As systemd.syntax(7) wants it: no specifier, one word; `doubled`: what is to be doubled."""
    _refuse_lines(text)
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{text.replace(doubled, doubled * 2) if doubled else text}"'


def _refuse_lines(text: str) -> None:
    if "\n" in text or "\t" in text or unprintable_in(text):
        raise UsageProblem(
            f"A service cannot be told of {text!a}: there is a line break or the like in it.",
            mend="Rename that folder.",
        )


def launchd_agent(command: Sequence[str], *, environment: Mapping[str, str], errors: Path) -> bytes:
    """The agent: started at log-in, again when it failed, never more often than every 10 s.

    Raises UsageProblem as systemd_unit()."""
    for one in (*command, *environment.values(), str(errors)):
        _refuse_lines(one)
    return plistlib.dumps(
        {
            "Label": AGENT,
            "ProgramArguments": list(command),
            "EnvironmentVariables": dict(environment),
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": 10,
            "HardResourceLimits": {"Core": 0},
            "ProcessType": "Interactive",
            "StandardOutPath": "/dev/null",
            "StandardErrorPath": str(errors),
            "Umask": 0o77,
        }
    )
