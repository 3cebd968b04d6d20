"""Reading packs: folders of YAML into dialogs, with everything that is wrong in them.

Rules: later folders override and extend earlier ones; a broken file never takes the others
down: its dialog is left out, or the earlier folder's is kept, and the problem is reported.
What is read can be walked: every step, dialog, rule and list that it names is there.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath
from typing import Any

from voice_ally.core.did_you_mean import nearest
from voice_ally.core.errors import PackProblem
from voice_ally.core.regular_files import read_regular
from voice_ally.interpret.vocabulary import Vocabulary
from voice_ally.language import model
from voice_ally.language.links import dialog_links, usable
from voice_ally.language.memory import Memory
from voice_ally.language.model import Place
from voice_ally.language.pack_files import SHARED_FILE, dialog_files, is_shared, not_read
from voice_ally.language.phrasebook import Phrasebook, templates_in, vocabulary_of
from voice_ally.language.problems import Problem, error
from voice_ally.language.reserved import SAFETY
from voice_ally.language.shape_files import DIALOG, PHRASES
from voice_ally.language.shape_kinds import Reading, Record, place_of
from voice_ally.language.yaml_source import MOST_BYTES, read_source

KEPT = ("stop", "goodbye")
"""Commands to which a folder in the same language adds: a plain "stop" must always work. The
neutral exit phrase may be replaced: a home may need one that nobody else knows."""


@dataclass(frozen=True)
class ReadResult:
    """What could be used, and what could not."""

    pack: model.Pack
    problems: tuple[Problem, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """What was read, by the names that the problems' places use."""
    book: Phrasebook | None = field(default=None, repr=False, compare=False)
    """The pack's phrases, compiled; check() is faster with it."""
    left_out: tuple[model.Dialog, ...] = field(default=(), repr=False, compare=False)
    """What could be read of dialogs with an error, for check() to say what else is wrong."""


def read_folders(folders: Sequence[Path]) -> ReadResult:
    """The dialogs of these folders, later ones over earlier ones. Raises PackProblem."""
    result = ReadResult(model.Pack())
    for folder in folders:
        layer = read_pack(folder, over=result.pack)
        result = ReadResult(
            layer.pack,
            tuple(sorted((*result.problems, *layer.problems))),
            {**result.files, **layer.files},
            layer.book,
            (*result.left_out, *layer.left_out),
        )
    return result


def read_pack(
    source: Path | Mapping[str, bytes],
    over: model.Pack | None = None,
    named: str = "",
    memory: Memory | None = None,
) -> ReadResult:
    """One folder, or its files (name -> content), laid over a pack.

    memory: of earlier readings; a file whose content it knows is not read again.
    Raises PackProblem for a folder that cannot be read; never for what is in the files.
    """
    if isinstance(source, Path):
        source, named = files_of(source), f"{source}/"
    memory = memory or Memory()
    before = over or model.Pack()
    problems: list[Problem] = []
    pack = before
    shared = sorted(filter(is_shared, source), key=lambda name: name != SHARED_FILE)
    for name in shared[:1]:
        pack = _shared(f"{named}{name}", source[name], before, problems, memory)
    for name in shared[1:]:
        message = f"This is a second file of phrases, beside {shared[0]}."
        problems.append(error(Place(f"{named}{name}", 1, 1), "VA003", message, "Keep one of them."))
    dialogs = dict(pack.dialogs)
    places: dict[str, str] = {}
    unusable: list[model.Dialog] = []
    for name in sorted(source):
        if name in shared:
            continue
        dialog, right = _dialog(f"{named}{name}", source[name], problems, memory)
        if dialog is None:
            continue
        if not right:
            unusable.append(dialog)
            continue
        if dialog.id in places:
            problems.append(_same_name(dialog, places[dialog.id]))
            continue
        places[dialog.id] = f"{named}{name}"
        dialogs[dialog.id] = dialog
    if pack.language[:2] == before.language[:2]:
        _still_safe(dialogs, before)
    earlier = before.earlier.union(templates_in(before))
    pack, broken, book = usable(replace(pack, dialogs=dialogs, earlier=earlier), before, memory)
    pack.once("book", lambda: book)
    known = {**dialogs, **{one.id: one for one in unusable}}
    for dialog in unusable:  # what else is wrong with it, to be told at once
        names = Phrasebook(replace(pack, dialogs={dialog.id: dialog}))
        links = dialog_links(dialog, known, names if dialog.rules or dialog.lists else book)
        problems.extend(one for one in links if dialog.steps or one.code != "VA020")
    contents = {f"{named}{name}": content for name, content in source.items()}
    found = tuple(sorted({*problems, *broken}))
    return ReadResult(pack, found, contents, book, tuple(unusable))


def _still_safe(dialogs: dict[str, model.Dialog], before: model.Pack) -> None:
    """What is said in fear is not to be learnt anew: the earlier triggers stay beside the own."""
    own, earlier = dialogs.get(SAFETY), before.dialogs.get(SAFETY)
    if own is not None and earlier is not None and own is not earlier:
        triggers = tuple(dict.fromkeys((*own.triggers, *earlier.triggers)))
        dialogs[SAFETY] = replace(own, triggers=triggers)


class Unopened(bytes):
    """Instead of the content of a file that cannot be opened: empty, and why."""

    why = ""

    def problem(self, file: str) -> Problem:
        """The same, for the author."""
        message = f"This file cannot be opened: {self.why}."
        mend = "Move it out of this folder, or make it a file that can be read."
        return error(Place(file, 1, 1), "VA001", message, mend)

    @classmethod
    def because(cls, error: OSError) -> "Unopened":
        """For this reason."""
        made = cls()
        made.why = error.strerror or type(error).__name__
        return made


def files_of(folder: Path) -> dict[str, bytes]:
    """The dialogs in a folder, by file name; hidden files are none. Raises PackProblem."""
    try:
        files = {one.name: content_of(one) for one in dialog_files(folder)}
    except OSError as wrong:
        raise PackProblem(
            f"The dialogs in {folder} cannot be read: {wrong.strerror}.",
            mend="Name a folder with dialogs in it.",
        ) from wrong
    if not files:
        beside = [f"{one.message} {one.mend}" for one in not_read(folder)]
        raise PackProblem(
            f"There are no dialogs (*.yaml) in {folder}.",
            mend=" ".join(beside) or "voice-ally init makes a folder to start from.",
        )
    return files


def content_of(file: Path) -> bytes:
    """What is in the file, or why it cannot be told."""
    try:
        return read_regular(file, MOST_BYTES)
    except OSError as wrong:
        return Unopened.because(wrong)


def _record(
    file: str, content: bytes, shape: Record[Any], problems: list[Problem], memory: Memory
) -> tuple[Any, bool]:
    """What a file says, and whether all of it is right."""
    told, found, right = memory.of(
        ("file", file, content, type(content), shape.what),
        lambda: _read_record(file, content, shape),
    )
    problems.extend(told)
    return found, right


def _read_record(
    file: str, content: bytes, shape: Record[Any]
) -> tuple[tuple[Problem, ...], Any, bool]:
    if isinstance(content, Unopened):
        return (content.problem(file),), None, False
    source = read_source(file, content)
    reading = Reading()
    found = None
    if source.root is not None:
        found = shape.read(source.root, "The file", reading)
    told = [*source.problems, *reading.problems]
    right = all(one.severity == "warning" for one in told)
    if source.cause is not None and not right:
        told, found = [source.cause], None
    return tuple(told), found, right


def _dialog(
    file: str, content: bytes, problems: list[Problem], memory: Memory
) -> tuple[model.Dialog | None, bool]:
    """What could be read of a dialog, and whether all of it is right."""
    read: tuple[model.Dialog | None, bool] = _record(file, content, DIALOG, problems, memory)
    dialog, right = read
    if dialog is None:
        return None, False
    reading = Reading()
    name = unicodedata.normalize("NFC", PurePath(file).stem)
    if dialog.id != name:
        message = f'The dialog is called "{dialog.id}" but the file "{PurePath(file).name}".'
        mend = "Give both the same name."
        reading.wrong(place_of(dialog.id, dialog.place), "VA022", message, mend)
    if not dialog.steps:
        reading.wrong(dialog.place, "VA011", "This dialog has no steps.", "Add one under steps:.")
    elif dialog.start not in dialog.steps:
        message = f'There is no step "{dialog.start}" to start with.'
        mend = nearest(dialog.start, dialog.steps)
        reading.wrong(place_of(dialog.start, dialog.place), "VA020", message, mend)
    problems.extend(reading.problems)
    return dialog, right and not reading.problems


def _same_name(dialog: model.Dialog, file: str) -> Problem:
    place = place_of(dialog.id, dialog.place)
    message = f'There is another dialog "{dialog.id}", in {file}.'
    return Problem(place, "VA003", "error", message, "Keep one of the two files.")


def _shared(
    file: str, content: bytes, pack: model.Pack, problems: list[Problem], memory: Memory
) -> model.Pack:
    found, _ = _record(file, content, PHRASES, problems, memory)
    if found is None:
        return pack
    own: Mapping[str, Any] = found
    lines, reading = dict(own.get("lines", {})), Reading()
    for name in [one for one in lines if pack.lines and one not in pack.lines]:
        message = f'The program never says a line called "{name}".'
        mend = nearest(name, pack.lines)
        reading.wrong(place_of(name, Place(file, 1, 1)), "VA010", message, mend)
        del lines[name]
    problems.extend(reading.problems)
    language: str = own.get("language", pack.language)
    commands: dict[str, tuple[str, ...]] = {**pack.commands, **own.get("commands", {})}
    if language[:2] == pack.language[:2]:
        for name in set(KEPT) & set(pack.commands):
            commands[name] = tuple(dict.fromkeys((*commands[name], *pack.commands[name])))
    return replace(
        pack,
        language=language,
        rules={**pack.rules, **own.get("rules", {})},
        lists={**pack.lists, **own.get("lists", {})},
        commands=commands,
        lines={**pack.lines, **lines},
        not_meant=tuple(dict.fromkeys((*pack.not_meant, *own.get("not_meant", ())))),
        pronunciations={**pack.pronunciations, **own.get("pronunciations", {})},
        wait=own.get("wait", pack.wait),
        silence=own.get("silence", pack.silence),
        unclear=own.get("unclear", pack.unclear),
    )


def vocabulary(pack: model.Pack) -> Vocabulary:
    """A pack's rules and lists in the form that understanding wants."""
    return vocabulary_of(pack)
