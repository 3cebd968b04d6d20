"""`python -m voice_ally` is the same as `voice-ally`.

Rules: its first act is to let Ctrl-C end the process without a word, until the command line takes
that over; Python's own way would be a traceback through whatever was being imported.
"""

import signal

signal.signal(signal.SIGINT, signal.SIG_DFL)

from voice_ally.cli import main  # noqa: E402

if __name__ == "__main__":
    main()
