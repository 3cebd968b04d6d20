"""Rehearsing: typing instead of speaking, by hand or from a transcript.

Rules: nothing sounds and nothing is kept; reminders live as long as the rehearsal. A file saved
meanwhile is read again before the next line, unless the lines come from a transcript.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from voice_ally.app import parts
from voice_ally.app.packs import Dialogs, Packs
from voice_ally.core.errors import UsageProblem
from voice_ally.core.whole_files import write_whole
from voice_ally.runtime.event_log import EventLog, Observer
from voice_ally.runtime.live import NoEars
from voice_ally.runtime.people import People
from voice_ally.runtime.reminders import Reminders
from voice_ally.runtime.session import Session, WhileSpeaking
from voice_ally.settings.settings import Settings
from voice_ally.ui.rehearsal import NOON, Rehearsal, SilentSounds, TypedMouth
from voice_ally.ui.transcript import FullLines, Transcript, replay

Write = Callable[[str], None]


def rehearsal(pack: Path | None, dialog: str, seed: int, *, say: Write, warn: Write) -> Rehearsal:
    """A conversation to type. Raises PackProblem, SettingsProblem and UsageProblem."""
    chosen = parts.settings()
    packs = parts.dialogs(pack, chosen, warn)
    _known(dialog, packs)
    packs.tell_doubts()

    def reread() -> bool:
        changed = packs.changed()
        if changed:
            packs.tell_doubts()
        return changed

    return make_rehearsal(packs, chosen, dialog, seed, say=say, warn=warn, reread=reread)


def transcribe(pack: Path | None, files: tuple[Path, ...], *, renew: bool, say: Write) -> int:
    """Type the lines of transcripts again: how many of them come out differently.

    renew: write what comes out. Raises UsageProblem for a file that is no transcript.
    """
    warnings: list[str] = []
    chosen = Settings()
    packs = parts.dialogs(pack, chosen, warnings.append)
    different = 0
    for file in files:
        wanted = Transcript.read(file)
        _known(wanted.dialog, packs)

        def make(write: Write, wanted: Transcript = wanted) -> Rehearsal:
            dialog, seed = wanted.dialog, wanted.seed
            return make_rehearsal(packs, chosen, dialog, seed, say=write, warn=write)

        found = replay(wanted, make)
        if found == wanted.text:
            continue
        different += 1
        if renew:
            if strange := wanted.not_understood():
                line, text = strange
                raise UsageProblem(
                    f'{file}:{line} is nothing that a transcript holds: "{text[:40]}".',
                    mend='Begin what is typed with "> " and comments with "# ".',
                )
            try:
                write_whole(file, found)
            except OSError as error:
                raise UsageProblem(f"{file} cannot be written: {error.strerror}.") from error
            say(f"renewed: {file}")
        else:
            line, before, after = wanted.first_difference(found)
            say(f"{file}:{line}: {before!r} was said, now it is {after!r}")
    return different


def _known(dialog: str, packs: Packs) -> None:
    if dialog and dialog not in packs.dialogs.pack.dialogs:
        raise parts.unknown_dialog(dialog, packs.dialogs.pack)


class Using(Protocol):
    """Where dialogs come from."""

    @property
    def dialogs(self) -> Dialogs:
        """Those to be used now."""


def make_rehearsal(
    packs: Using,
    chosen: Settings,
    dialog: str,
    seed: int,
    *,
    say: Write,
    warn: Write,
    reread: Callable[[], bool] = lambda: False,
) -> Rehearsal:
    """A conversation with the dialogs that are used."""
    muted = False

    def show(line: str) -> None:
        if not muted:
            say(line)

    def mute(value: bool) -> None:
        nonlocal muted
        muted = value

    def make(mouth: TypedMouth, reminders: Reminders, with_seed: int) -> Session:
        log = EventLog()
        lines: Observer = FullLines(show, warn=warn)
        log.watch(lines)
        used = packs.dialogs
        slots = used.country_slots(chosen.country, warn)
        return Session(
            used.pack,
            parts.understandings(used.pack).of,
            ears=NoEars(),
            mouth=mouth,
            sounds=SilentSounds(),
            log=log,
            reminders=reminders,
            people=People(names=chosen.names),
            today=lambda: NOON,
            state=parts.first_state(chosen, slots, with_seed),
            while_speaking=WhileSpeaking.ALL,
        )

    def use_new(session: Session) -> None:
        if reread():
            used = packs.dialogs
            slots = used.country_slots(chosen.country, warn)
            session.use(used.pack, parts.understandings(used.pack).of, slots)

    return Rehearsal(make, show, mute, use_new, dialog=dialog, seed=seed)
