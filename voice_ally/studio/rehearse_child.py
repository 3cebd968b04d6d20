"""The process in which many voices are listened to: FOLDER DIALOG STEP, a JSON line for each
recording and one with what came of it.

Rules: ends with whoever started it; says one sentence where it cannot.
"""

import json
import os
import sys
import threading
from pathlib import Path

from voice_ally.core.errors import VoiceAllyError

VOICES = 6
EVERY = 5
"""So many recordings are told of at once."""


def main() -> None:
    """Rehearse, and tell."""
    from voice_ally.app.sound_check import SoundCheck

    os.nice(10) if hasattr(os, "nice") else None
    threading.Thread(target=_end_with_parent, daemon=True).start()
    folder, dialog, step = (*sys.argv[1:], "", "", "")[:3]
    at = f"{dialog}/{step}" if dialog and step else ""
    done = 0
    try:
        check = SoundCheck(
            Path(folder) if folder else None, at=at, voices=VOICES, noise=True, warn=lambda _: None
        )
        wanted = check.said(())
        total = check.count(wanted)
        _tell(done=0, total=total)

        def heard() -> None:
            nonlocal done
            done += 1
            if done % EVERY == 0:
                _tell(done=done, total=total)

        results = check.listen(wanted, heard)
    except VoiceAllyError as problem:
        _tell(note=str(problem))
        return
    rows = []
    for one in results:
        row: dict[str, object] = {"phrase": one.said.phrase, "at": one.said.at}
        if one.of > one.of_in_noise:
            row["clean"] = (one.heard - one.heard_in_noise) / (one.of - one.of_in_noise)
        if one.of_in_noise:
            row["noise"] = one.heard_in_noise / one.of_in_noise
        if one.instead:
            row["instead"] = next(iter(one.instead))
        rows.append(row)
    _tell(done=total, total=total, rows=rows, note=check.summary(results))


def _tell(**what: object) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def _end_with_parent() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
