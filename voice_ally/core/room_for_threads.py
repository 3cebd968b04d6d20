"""May this program start as many threads and processes as a session needs?

Rules: tried out before anything is loaded. Where there are too few, sound and speech libraries end
the whole process in ways of their own (some without a word, one with Ctrl-C).
"""

import threading

from voice_ally.core.errors import MachineProblem

NEEDED = 40
"""A spoken session has about 30: 21 in its own process, 2 in each of up to four children."""
WAIT_SECONDS = 5.0


def make_sure() -> None:
    """Raises MachineProblem."""
    over = threading.Event()
    begun = []
    try:
        for _ in range(NEEDED):
            one = threading.Thread(target=over.wait, args=(WAIT_SECONDS,), daemon=True)
            one.start()
            begun.append(one)
    except RuntimeError as error:
        raise too_few() from error
    finally:
        over.set()
        for one in begun:
            one.join()


def too_few() -> MachineProblem:
    """What to say about it."""
    return MachineProblem(
        "Voice Ally may not start as many processes and threads as it needs.",
        mend=f"Allow {NEEDED} more (ulimit -u, or TasksMax of a service), or end other programs.",
    )


def is_too_few(error: Exception) -> bool:
    """Is this how Python says it?"""
    return isinstance(error, RuntimeError) and "start new thread" in str(error)
