"""`voice-ally studio`: from the command line to a server that runs until Ctrl-C.

Rules: one line is printed, the address. The token and the port are kept in the state folder, for
their owner alone, so that a page that is still open finds its server again after a restart. A
browser is opened through a file of the owner's, for other users can read the addresses that
programs are started with.
"""

import gc
import json
import os
import queue
import secrets
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from voice_ally.app import interrupts, parts
from voice_ally.app.packs import folders_for
from voice_ally.app.quiet_libraries import quiet_libraries
from voice_ally.core.errors import AlreadyRunning, StorageProblem
from voice_ally.core.regular_files import read_regular
from voice_ally.core.whole_files import write_whole
from voice_ally.settings.places import bundled_dialogs, user_pack_folder
from voice_ally.studio.server import HOST, StudioServer
from voice_ally.studio.starting import own_folder

MOST_KEPT_BYTES = 1000
LOOK_SECONDS = 0.5
"""At most so late a signal is seen that another thread was given."""
SWITCH_SECONDS = 0.0005
"""Until whoever checks the pack makes room for a page that is asked for; Python's own is ten times
as long, and a page is forty files."""
NEW_OBJECTS = 100_000
"""Until Python looks for circles of them: with a pack of 500 dialogs in memory, 700 as usual cost
more than a check."""
ENTRANCE = """<!doctype html><meta charset="utf-8"><title>Voice Ally Studio</title>
<meta http-equiv="refresh" content="0; url={address}&amp;by=file">
<p><a href="{address}&amp;by=file">Voice Ally Studio</a>
"""


def run(pack: Path | None, port: int, *, browser: bool, say: Callable[[str], None]) -> int:
    """Serve until Ctrl-C. Raises UsageProblem, SettingsProblem, PackProblem, AlreadyRunning."""
    chosen = parts.settings()
    bundled = bundled_dialogs()
    own = own_folder(pack, chosen.pack, user_pack_folder(), bundled)
    if own.is_dir() and any(own.iterdir()):
        folders_for(own)  # a folder with other things in it is no pack
    ended: queue.SimpleQueue[None] = queue.SimpleQueue()
    interrupts.ending_is_success()
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(NEW_OBJECTS)
    with quiet_libraries(), _only_one(own) as folder:
        token, usual_port = _kept(folder)
        server = StudioServer(own, bundled, port=port, usual_port=usual_port, token=token)
        _keep(folder, server.token, server.port)
        with interrupts.first_only_noted(lambda: ended.put(None)):
            try:
                server.start()
                say(f"Studio: {server.address}")
                if browser:
                    _open_browser(folder, server.address)
                _wait_for(ended)
            finally:
                interrupts.ignore()
                server.close()
                _entrance(folder).unlink(missing_ok=True)
    return 0


def _wait_for(ended: "queue.SimpleQueue[None]") -> None:
    """Looks up now and then: a signal that reaches another thread does not wake this one, and
    what is to be done about it is done by this one."""
    while True:
        with suppress(queue.Empty):
            return ended.get(timeout=LOOK_SECONDS)


@contextmanager
def _only_one(own: Path) -> Iterator[Path]:
    """The folder of what is kept for this pack; no other studio has it meanwhile."""
    from filelock import FileLock, Timeout

    from voice_ally.studio.store import kept_folder

    try:
        folder = kept_folder(own)
        lock = FileLock(folder / "studio.lock", timeout=0)
        lock.acquire()
    except Timeout as error:
        _, port = _kept(kept_folder(own))
        raise AlreadyRunning(
            f"The studio is open for this pack already: http://{HOST}:{port}/",
            mend="Use that one, or end it first.",
        ) from error
    except OSError as error:
        raise StorageProblem(f"Drafts cannot be kept: {error.strerror}.") from error
    try:
        yield folder
    finally:
        lock.release()


def _kept(folder: Path) -> tuple[str, int]:
    """The token and the port of the last time; new ones where there are none."""
    try:
        found = json.loads(read_regular(folder / "address.json", MOST_KEPT_BYTES))
        return str(found["token"]), int(found["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return secrets.token_urlsafe(32), 0


def _keep(folder: Path, token: str, port: int) -> None:
    with suppress(OSError):
        write_whole(folder / "address.json", json.dumps({"token": token, "port": port}))


def _entrance(folder: Path) -> Path:
    return folder / "open.html"


def _open_browser(folder: Path, address: str) -> None:
    """In the background; where there is no screen nothing is opened."""

    if sys.platform == "linux" and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return
    file = _entrance(folder)
    with suppress(OSError):
        write_whole(file, ENTRANCE.format(address=address))
        threading.Thread(target=_opened, args=(file.as_uri(),), daemon=True).start()


def _opened(address: str) -> None:
    import webbrowser

    with suppress(Exception):  # the address is printed as well
        webbrowser.open(address)
