"""What a program did to the network and to the disk, seen from outside: strace, in a namespace
without a network.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

CALLS = (
    "socket,connect,bind,sendto,open,openat,creat,rename,renameat,renameat2,mkdir,mkdirat,"
    "link,linkat,symlink,symlinkat,truncate"
)
WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT")
CALL = re.compile(r"(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>-?\d+)")
NAME = re.compile(r'"((?:[^"\\]|\\.)*)"')
SOUND_SOCKETS = re.compile(r".*(pulse|pipewire|jack|native|dbus|nscd)")
SOUND_FILES = ("/dev/", "/proc/self/", "/tmp/pulse-", "/tmp/.esd")
"""What sound libraries write (shared memory, devices), and a spoken line in memory (memfd)."""


def wrapped(command: list[str], trace: Path, *, network: bool = False) -> list[str]:
    """The same, watched, and without a network unless there is to be one. Skips the test where
    that cannot be done."""
    if shutil.which("strace") is None or shutil.which("unshare") is None:
        pytest.skip("strace is not installed")
    watched = [
        "strace",
        "-f",
        "--seccomp-bpf",
        "-qq",
        "-s",
        "300",
        "-o",
        str(trace),
        "-e",
        f"trace={CALLS}",
    ]
    offline = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--user", "--net"]
    offline = [] if network else offline
    if subprocess.run([*offline, *watched, "true"], capture_output=True).returncode:
        pytest.skip("programs cannot be watched here")
    return [*offline, *watched, *command]


def leaks(trace: Path, allowed: tuple[Path, ...], folder: Path) -> list[str]:
    """Each socket that is not the sound server's, and each file written that must not be."""
    found = []
    for line in trace.read_text(errors="replace").splitlines():
        call = CALL.search(line)
        # what is told in two pieces is judged by its second, which has the result
        if call is None:
            if "unfinished" in line and "socket(" in line and "AF_UNIX" not in line:
                found.append(line)
            continue
        name, arguments = call["name"], call["arguments"]
        if name == "socket" and not arguments.startswith("AF_UNIX"):
            found.append(f"a socket: {arguments}")
        elif name in ("connect", "bind"):
            path = NAME.search(arguments)
            if path is None or not SOUND_SOCKETS.match(path[1]):
                found.append(f"{name} {arguments}")
        elif name in ("open", "openat", "creat") and not WRITES.search(arguments):
            continue
        elif name not in ("socket", "sendto") and int(call["result"]) >= 0:
            found += [
                f"{name} {path}"
                for one in NAME.findall(arguments)
                if not _may_be_written(path := _absolute(one, folder), allowed)
            ]
    return found


def _absolute(path: str, folder: Path) -> str:
    return os.path.normpath(folder / path)


def _may_be_written(path: str, allowed: tuple[Path, ...]) -> bool:
    home = Path("~/.config/pulse").expanduser()
    return path.startswith(SOUND_FILES) or any(
        Path(path).is_relative_to(one) for one in (*allowed, home)
    )


def contents(folders: tuple[Path, ...]) -> dict[Path, bytes]:
    """Every file in them."""
    return {file: file.read_bytes() for one in folders for file in one.rglob("*") if file.is_file()}


def words_written(before: dict[Path, bytes], after: dict[Path, bytes], words: set[str]) -> set[str]:
    """Those of the words that are in a file which is new or has changed, or in its name.

    Compressed sound spells any three letters sooner or later: of that the name alone counts.
    """
    fresh = b" ".join(
        str(path).encode() + b" " + (b"" if content.startswith(b"fLaC") else content)
        for path, content in after.items()
        if before.get(path) != content
    ).lower()
    return {word for word in words if re.search(rb"\b%s\b" % word.encode(), fresh)}
