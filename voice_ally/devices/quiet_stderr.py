"""Standard error, kept from what C libraries print to it.

Rules: one guard for the whole process, since there is one descriptor; what it was comes back in
every case, also where a library hangs meanwhile (so it is held by whoever waits, not by the call).
"""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_STANDARD_ERROR = 2
_quiet = threading.Lock()
_quiet_times = 0
_saved_stderr = -1


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """ALSA and JACK print to standard error whatever they fail to find; nobody needs that.

    Any number of threads may want quiet at once: it ends with the last of them.
    """
    global _quiet_times, _saved_stderr
    with _quiet:
        if _quiet_times == 0:
            _saved_stderr = _silenced()
        _quiet_times += 1
    try:
        yield
    finally:
        with _quiet:
            _quiet_times -= 1
            if _quiet_times == 0 and _saved_stderr >= 0:
                os.dup2(_saved_stderr, _STANDARD_ERROR)
                os.close(_saved_stderr)


def _silenced() -> int:
    """What standard error was until now; -1 where there is none, and nothing to keep quiet."""
    try:
        saved = os.dup(_STANDARD_ERROR)
    except OSError:
        return -1
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with suppress(OSError, ValueError):  # its reader may be gone
        if sys.stderr is not None:
            sys.stderr.flush()
    os.dup2(nowhere, _STANDARD_ERROR)
    os.close(nowhere)
    return saved
