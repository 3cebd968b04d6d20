"""`python -m voice_ally` is the same as `voice-ally`.

Rules: its first act is to let Ctrl-C end the process without a word, until the command line takes
that over; Python's own way would be a traceback through whatever was being imported. Its last is
to leave at once: everything of ours is closed by then, and the destructors of sound and speech
libraries are not to be trusted (JACK's crashes if it was loaded a moment ago).
"""

# Not `signal`, which takes a while to import: what counts is to be quick.
import _signal  # type: ignore[import-not-found, unused-ignore]

_signal.signal(_signal.SIGINT, _signal.SIG_DFL)

import atexit  # noqa: E402
import contextlib  # noqa: E402
import os  # noqa: E402
import sys  # noqa: E402

from voice_ally.cli import main  # noqa: E402
from voice_ally.ui import output  # noqa: E402


def start() -> None:
    """Run the command line, and end the process."""
    try:
        main()
    except SystemExit as ending:
        atexit._run_exitfuncs()
        output.finish()
        for stream in (sys.stdout, sys.stderr):
            # a reader that has gone away, or no stream at all
            with contextlib.suppress(OSError, ValueError, AttributeError):
                stream.flush()
        os._exit(ending.code if isinstance(ending.code, int) else 1)


if __name__ == "__main__":
    start()
