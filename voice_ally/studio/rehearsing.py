"""Many voices say the phrases of a pack, in a process of its own that can be ended at any moment.

Rules: it reads a copy of the pack as it is written just now, in a folder of its owner's alone that
is deleted behind it. One at a time; a new one ends the one before.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import voice_ally

Told = dict[str, object]
CHILD = "voice_ally.studio.rehearse_child"
END_SECONDS = 1.0


class Rehearsing:
    """Started and ended from any thread."""

    def __init__(self, folder: Path, tell: Callable[[Told], None]) -> None:
        self._folder, self._tell = folder, tell
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None

    def start(self, files: Mapping[str, bytes], dialog: str, step: str) -> None:
        """In the background; `rehearsed` is told of as it goes on. files: the own pack."""
        self.stop()
        thread = threading.Thread(
            target=self._run, args=(dict(files), dialog, step), name="studio rehearse", daemon=True
        )
        with self._lock:
            self._thread = thread
        thread.start()

    def stop(self) -> None:
        """End it; may be called twice."""
        with self._lock:
            child, thread = self._child, self._thread
            self._child = self._thread = None
        if child is not None:
            child.kill()
        if thread is not None and thread is not threading.current_thread():
            thread.join(END_SECONDS)

    def _run(self, files: Mapping[str, bytes], dialog: str, step: str) -> None:
        done, total, rows, note = 0, 0, list[object](), ""
        try:
            with tempfile.TemporaryDirectory(dir=self._folder, prefix="rehearsed-") as folder:
                for name, content in files.items():
                    Path(folder, Path(name).name).write_bytes(content)
                for told in self._lines([folder if files else "", dialog, step]):
                    done, total = int(told.get("done", done)), int(told.get("total", total))
                    rows, note = told.get("rows", rows), str(told.get("note", note))
                    self._tell({"event": "rehearsed", **told_of(done, total, rows, note)})
        except (OSError, ValueError) as error:
            note = f"The voices could not be heard ({type(error).__name__})."
        told = told_of(done, total, rows, note)
        self._tell({"event": "rehearsed", **told, "ended": True})

    def _lines(self, arguments: list[str]) -> Iterator[dict[str, Any]]:
        root = str(Path(voice_ally.__file__).parent.parent)
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", CHILD, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )
        with self._lock:
            self._child = child
        assert child.stdout is not None
        with child:
            try:
                for line in child.stdout:
                    yield json.loads(line)
            finally:
                child.kill()


def told_of(done: int, total: int, rows: object, note: str) -> Told:
    """One event."""
    return {"done": done, "total": total, "rows": rows, "note": note}
