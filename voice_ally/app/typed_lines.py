"""Words typed on standard input, in the place of a microphone."""

import sys
import threading
from collections.abc import Callable

from voice_ally.core.speech import Utterance


def read_lines(
    now: Callable[[], float],
    *,
    heard: Callable[[Utterance], None],
    failed: Callable[[str, Exception], None],
    ended: Callable[[], None],
) -> None:
    """Begin to read, in a thread. Each line is an utterance; all are called from there."""

    def read() -> None:
        try:
            # None: started without a standard input
            for line in sys.stdin or ():
                if text := line.strip():
                    at = now()
                    heard(Utterance(at, text, 1.0, at, at, rejected_text=text))
        except (OSError, ValueError) as error:
            failed("typing", error)
        finally:
            ended()

    threading.Thread(target=read, daemon=True, name="typing").start()
