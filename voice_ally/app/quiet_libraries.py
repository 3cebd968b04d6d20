"""What libraries print on their own is not for the user.

Rules: only the descriptor is taken away from them; what Python writes to standard error still goes
where it went.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from voice_ally.ui.output import Output


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """ALSA prints to standard error whenever a slow machine is late; our own lines still go."""
    ours, theirs = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    own = Output(os.fdopen(os.dup(ours), "w", buffering=1, errors="replace"))
    own.wait_for_nobody()
    before, sys.stderr = sys.stderr, own
    os.dup2(theirs, 2)
    try:
        yield
    finally:
        os.dup2(ours, 2)
        sys.stderr = before
        own.finish()
        os.close(ours)
        os.close(theirs)
