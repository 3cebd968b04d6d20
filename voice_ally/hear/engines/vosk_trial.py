"""A Vosk model that nobody vouches for, tried out in a process of its own first.

Rules: a damaged model makes Kaldi end the whole process (a flipped byte in am/final.mdl is
enough), sometimes only at the first sound. So a model whose files are not as they were recorded
when it was installed loads, listens and decides once in a child before it does so here.
"""

import signal
import subprocess
import sys
from pathlib import Path

from voice_ally.core.audio import Pcm16
from voice_ally.core.errors import ModelProblem, RecogniserProblem
from voice_ally.core.speech import Grammar
from voice_ally.hear.engines.vosk_engine import VoskRecogniser
from voice_ally.models.calibration import AS_IT_IS, Calibration
from voice_ally.models.store import is_as_installed

TRIAL_SECONDS = 60.0
"""The largest model loads in ten seconds on a slow machine."""
LOAD_SECONDS, BYTES_A_SECOND = 1.2, 10_000_000
"""Of the processor's time: what any trial gets, and what comes on top for a large model. Some
damage makes Kaldi go in circles instead of crashing."""
_WORD = "a"
_REFUSED = 3


def careful_vosk(folder: Path, calibration: Calibration = AS_IT_IS) -> VoskRecogniser:
    """The recogniser of any model. Raises ModelProblem also where it would crash."""
    if not is_as_installed(folder):
        _try_out(folder)
    return VoskRecogniser(folder, calibration)


def _try_out(folder: Path) -> None:
    child = [sys.executable, "-P", "-m", "voice_ally.hear.engines.vosk_trial", str(folder)]
    try:
        done = subprocess.run(child, capture_output=True, timeout=TRIAL_SECONDS, check=False)
        code = done.returncode
    except subprocess.TimeoutExpired:
        code = 1
    if code not in (0, _REFUSED):
        raise ModelProblem(
            f"The speech model {folder.name} is damaged: trying it out failed.",
            mend="Fetch it again: voice-ally models fetch",
        )


def main(folder: Path) -> int:
    """Everything a session does with a model, once, and no longer than that may take."""
    if hasattr(signal, "setitimer"):
        size = sum(one.stat().st_size for one in folder.rglob("*") if one.is_file())
        signal.setitimer(signal.ITIMER_PROF, LOAD_SECONDS + size / BYTES_A_SECOND)
    try:
        recogniser = VoskRecogniser(folder)
    except (ModelProblem, RecogniserProblem):
        return _REFUSED  # it is said properly by whoever asked for it
    recogniser.use(Grammar("trial", ({_WORD: 1}, {}), frozenset({1}), (_WORD,)))
    recogniser.begin()
    recogniser.feed(Pcm16(bytes(range(256)) * 200))
    recogniser.peek()
    recogniser.finish()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
