"""Starts Voice Ally for `make run`, quiet under Ctrl-C from the first moment.

Rules: run as `python -S tools/start.py`. Python prints a traceback when Ctrl-C comes while it
reads its environment (`site`), before any line of ours; with -S this file comes first, takes
Ctrl-C over, and only then has the environment read.
"""

import _signal

_signal.signal(_signal.SIGINT, _signal.SIG_DFL)

import site  # noqa: E402
import sys  # noqa: E402

site.main()
sys.argv[0] = "voice-ally"

from voice_ally.__main__ import start  # noqa: E402

start()
