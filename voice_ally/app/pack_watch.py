"""Noticing that dialogs were saved while a session runs.

Rules: a thread of its own, which never touches sound and outlives whatever a change does to it.
"""

import threading
from collections.abc import Callable

from voice_ally.app.packs import Dialogs, Packs

POLL_SECONDS = 0.5


class PackWatch(threading.Thread):
    """Looks at the folders now and then, and posts what is to be used from now on."""

    def __init__(self, packs: Packs, post: Callable[[Dialogs], None]) -> None:
        super().__init__(daemon=True, name="dialogs")
        self._packs, self._post = packs, post
        self._over = threading.Event()

    def run(self) -> None:
        """Until close(). Whatever goes wrong with one change, the next is looked at again."""
        self._safely(self._packs.tell_doubts)
        while not self._over.wait(POLL_SECONDS):
            self._safely(self._look)

    def _look(self) -> None:
        if self._packs.changed():
            self._post(self._packs.dialogs)
            self._packs.tell_doubts()

    def _safely(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as error:
            self._packs.tell_broken(error)

    def close(self) -> None:
        """No more; may be called twice."""
        self._over.set()
        if self.is_alive():
            self.join(timeout=5.0)
