"""Conversations kept as tests beside the dialogs of a pack, as `try --replay` reads them.

Rules: nothing that is there is overwritten; what is run is the pack as it is written just now.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from voice_ally.app.packs import Dialogs
from voice_ally.app.rehearse import make_rehearsal
from voice_ally.core.errors import UsageProblem, VoiceAllyError
from voice_ally.core.whole_files import write_whole
from voice_ally.settings.settings import Settings
from voice_ally.ui.rehearsal import Rehearsal
from voice_ally.ui.transcript import NOTHING, TYPED, Transcript, replay

ENDING = ".talk.txt"
MOST_TESTS = 500


@dataclass(frozen=True)
class _Using:
    dialogs: Dialogs


def tests_in(folder: Path) -> list[Path]:
    """The conversations of a pack, in its folder or in "tests" below it."""
    places = [one for one in (folder, folder / "tests") if one.is_dir()]
    found = (file for one in places for file in sorted(one.glob(f"*{ENDING}")))
    return list(islice(found, MOST_TESTS))


def run_tests(folder: Path, dialogs: Dialogs) -> list[dict[str, object]]:
    """Each conversation again: does the same come out as when it was kept?"""
    return [_run(file, dialogs) for file in tests_in(folder)]


def _run(file: Path, dialogs: Dialogs) -> dict[str, object]:
    about: dict[str, object] = {"name": file.name, "ok": False}
    try:
        wanted = Transcript.read(file)
        if wanted.dialog and wanted.dialog not in dialogs.pack.dialogs:
            raise UsageProblem("Its dialog cannot be used: mend its errors first.")
        now = replay(wanted, _maker(dialogs, wanted))
    except VoiceAllyError as error:
        return {**about, "difference": str(error)}
    if now == wanted.text:
        return {**about, "ok": True}
    line, before, after = wanted.first_difference(now)
    return {**about, "difference": f"{line}: {before}\n→ {after}"}


def keep(folder: Path, name: str, dialog: str, typed: Sequence[str], dialogs: Dialogs) -> Path:
    """Write a conversation as a test. Raises UsageProblem and OSError."""
    wanted = "_".join(re.findall(r"[^\W_]+", name.lower()))[:80]
    if not wanted:
        raise UsageProblem("Give the test a name of letters.")
    if not typed:
        raise UsageProblem("Say something first: a test needs a line.")
    file = folder / f"{wanted}{ENDING}"
    if file.exists():
        raise UsageProblem("A test of this name is there already: take another name.")
    lines = "\n".join(f"{TYPED}{' '.join(text.split()) or NOTHING}" for text in typed)
    transcript = Transcript.of(f"# start: {dialog}\n{lines}\n")
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(file, replay(transcript, _maker(dialogs, transcript)))
    return file


def _maker(dialogs: Dialogs, wanted: Transcript) -> Callable[[Callable[[str], None]], Rehearsal]:
    def make(write: Callable[[str], None]) -> Rehearsal:
        using = _Using(dialogs)
        dialog, seed = wanted.dialog, wanted.seed
        return make_rehearsal(using, Settings(), dialog, seed, say=write, warn=write)

    return make
