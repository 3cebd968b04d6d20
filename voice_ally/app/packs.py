"""The folders that dialogs are read from, what is in use of them, and noticing that they change.

Rules: later folders go over earlier ones. A file that is broken never takes the others down: what
was last read of it stays in use, and one line says what is wrong with it, once. Reading happens
on the caller's thread (see pack_watch.py for one of its own).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from voice_ally.core.errors import PackProblem
from voice_ally.core.events import SlotValue

if TYPE_CHECKING:
    from voice_ally.language.help_lines import Country
    from voice_ally.language.memory import Memory
    from voice_ally.language.model import Pack
    from voice_ally.language.problems import Problem
    from voice_ally.language.reader import ReadResult

Write = Callable[[str], None]
Files = Mapping[str, bytes]
"""Content by the name that problems use: the folder and the file."""
MOST_FIRST_LAYERS = 4
"""Kept, of those that were read; the bundled dialogs are the only one in a program that runs."""
NOT_READ = "VA071"
"""A file that looks like a dialog: told when somebody begins, not only by `check`."""
ALSO_CALLED = {"UK": "GB", "EL": "GR"}
"""Codes that people use, and the ones that ISO 3166 has."""
LOST = ("VA070", "VA073", "VA074")
"""Doubts about words that were written to be said, and are not."""


@dataclass(frozen=True)
class Dialogs:
    """What is in use."""

    pack: "Pack"
    countries: Mapping[str, "Country"] = field(default_factory=dict)

    def country_slots(self, country: str, warn: Write) -> dict[str, SlotValue]:
        """What `safety` names; nothing (so its own words stay) where no country is set."""
        from voice_ally.language.help_lines import spoken_slots

        if not country:
            return {}
        known = self.countries.get(self.code_of(country))
        if known is None:
            warn(self.unknown_country(country))
            return {}
        return spoken_slots(known)

    @staticmethod
    def code_of(country: str) -> str:
        """As the help lines have it: by ISO 3166, whatever people say."""
        return ALSO_CALLED.get(country.upper(), country.upper())

    def unknown_country(self, country: str) -> str:
        """What to say where there are no help lines for a country; empty where there are."""
        if not country or self.code_of(country) in self.countries:
            return ""
        return (
            f"No help lines are known for the country {country.upper()}; nothing is made up."
            f" Known: {', '.join(sorted(self.countries))}. Others go into data/helplines.toml in"
            " your own pack."
        )


def folders_for(named: Path | None, own: str = "", language: str = "en") -> list[Path]:
    """The bundled folder, and the user's over it: named, set, or the usual one if it exists.

    Raises PackProblem for one that is named or set and is no folder, or has no dialogs;
    SettingsProblem for a language in which there are neither bundled dialogs nor own ones.
    """
    from voice_ally.language.reader import files_of
    from voice_ally.settings.places import bundled_dialogs, user_pack_folder

    chosen = named or (Path(own).expanduser() if own else user_pack_folder())
    if named or own:
        if not chosen.is_dir():
            if chosen.exists():
                raise PackProblem(
                    f"{chosen} is a file.", mend=f"Name the folder it is in: {chosen.parent}"
                )
            raise PackProblem(f"There is no folder {chosen}.")
        files_of(chosen)
    if chosen.is_dir():
        return [bundled_dialogs(), chosen]
    return [bundled_dialogs(language.partition("-")[0]), chosen]


@dataclass(frozen=True)
class Reading:
    """Everything in some folders, and what is wrong with it."""

    result: "ReadResult"
    countries: Mapping[str, "Country"]
    problems: tuple["Problem", ...]

    @property
    def errors(self) -> list["Problem"]:
        """What keeps something from being used."""
        return [one for one in self.problems if one.severity == "error"]


def read(
    folders: Sequence[Path], instead: Files | None = None, memory: "Memory | None" = None
) -> Reading:
    """Everything in these folders; `instead` has the content of files to be read differently,
    memory what was read and found out before.

    Raises PackProblem for a folder that cannot be read, never for what is in the files.
    """
    from voice_ally.language import help_lines, reader
    from voice_ally.language.model import Pack
    from voice_ally.language.pack_files import not_read

    result = reader.ReadResult(Pack())
    countries: dict[str, Country] = {}
    problems: list[Problem] = []
    given = instead or {}
    for folder in folders:
        if folder != folders[0] and not _any_dialogs(folder):
            continue  # the user's usual folder need not be there
        files = reader.files_of(folder)
        files = {name: given.get(f"{folder}/{name}", files[name]) for name in files}
        layer = _layer(folder, files, folder == folders[0], result.pack, memory)
        contents = {**result.files, **layer.files}
        if (file := folder / help_lines.FILE).exists():
            name = f"{folder}/{help_lines.FILE}"
            content = given.get(name) or reader.content_of(file)
            if isinstance(content, reader.Unopened):
                problems.append(content.problem(name))
            else:
                found, wrong = help_lines.read_help_lines(name, content)
                countries.update(found)
                problems.extend(wrong)
            contents[name] = content
        problems.extend(layer.problems)
        if folder != folders[0]:
            problems.extend(not_read(folder))
        left_out = (*result.left_out, *layer.left_out)
        result = reader.ReadResult(layer.pack, (), contents, layer.book, left_out)
    return Reading(result, countries, tuple(sorted(problems)))


def _layer(
    folder: Path, files: Files, first: bool, over: "Pack", memory: "Memory | None"
) -> "ReadResult":
    """One folder over those before; the first, which hardly ever changes, is read once."""
    from voice_ally.language import reader

    if not first:
        return reader.read_pack(files, over, f"{folder}/", memory)
    key = ("layer", str(folder), tuple(files.items()))
    return _first_layers().of(key, lambda: reader.read_pack(files, over, f"{folder}/", memory))


@cache
def _first_layers() -> "Memory":
    from voice_ally.language.memory import Memory

    return Memory(MOST_FIRST_LAYERS)


def _any_dialogs(folder: Path) -> bool:
    return bool(_dialog_files(folder))


def _dialog_files(folder: Path) -> list[Path]:
    from voice_ally.language.pack_files import dialog_files

    try:
        return dialog_files(folder)
    except OSError:
        return []  # not there, or not to be looked into


class Packs:
    """What is read from some folders, now and again. Raises PackProblem the first time only."""

    def __init__(self, folders: Sequence[Path], warn: Write) -> None:
        self._folders, self._warn = tuple(folders), warn
        self._told: set[str] = set()
        self._doubts: set[str] = set()
        self._good: Files = {}
        self._seen = self._before = self._look()
        reading = read(self._folders)
        self._tell(reading.errors)
        for one in reading.problems:
            if one.code == NOT_READ:
                self._warn(f"{one.message} {one.mend}")
        self._good = _sound(reading)
        self._reading = reading
        self.dialogs = Dialogs(reading.result.pack, reading.countries)

    def tell_doubts(self) -> None:
        """Warn, one line a file, of what `check` finds wrong in dialogs of the user's own that
        can be used all the same. Takes a moment; what was told is not told again."""
        from voice_ally.checker.whole_pack import check_read

        result = self._reading.result
        own = tuple(f"{folder}/" for folder in self._folders[1:])
        if not own or not any(name.startswith(own) for name in result.files):
            return
        found = [
            one
            for one in {*check_read(result), *self._used_but_doubtful()}
            if one.place.file.startswith(own) and (one.severity == "error" or one.code in LOST)
        ]
        for file in sorted(_broken_files(found)):
            first, *more = sorted(
                (one for one in found if one.place.file == file),
                key=lambda one: (one.severity, one.place),
            )
            others = f" (and {len(more)} more, see voice-ally check)" if more else ""
            sentence = f"used, but not as written: {first}{others}"
            if sentence not in self._doubts:
                self._doubts.add(sentence)
                self._warn(sentence)

    def _used_but_doubtful(self) -> list["Problem"]:
        return [one for one in self._reading.problems if one.severity == "warning"]

    def changed(self) -> bool:
        """Has something been saved since, and is it in use now?

        To be called again and again: a change counts once the files have come to rest, so that
        a file half written is not read.
        """
        now = self._look()
        at_rest, self._before = now == self._before, now
        if not at_rest or now == self._seen:
            return False
        self._seen = now
        return self._read_again()

    def _look(self) -> frozenset[tuple[str, int, int]]:
        """Which files there are, when they were saved, and how large they are."""
        found = set()
        for folder in self._folders:
            for file in (*_dialog_files(folder), folder / "data" / "helplines.toml"):
                try:
                    about = file.stat()
                except OSError:
                    continue
                found.add((str(file), about.st_mtime_ns, about.st_size))
        return frozenset(found)

    def _read_again(self) -> bool:
        try:
            reading = read(self._folders)
            broken = _broken_files(reading.errors)
            self._tell(reading.errors)
            if broken:
                reading = read(
                    self._folders, {one: self._good[one] for one in broken & set(self._good)}
                )
                if _broken_files(reading.errors) & set(self._good):
                    return False  # files that only work together: all of them stay as they were
        except PackProblem as problem:
            self._warn(f"kept as it was: {problem}")
            return False
        self._good = _sound(reading)
        self._reading = reading
        before, self.dialogs = self.dialogs, Dialogs(reading.result.pack, reading.countries)
        return self.dialogs != before

    def tell_broken(self, error: Exception) -> None:
        """Warn of what should not have happened, each kind once."""
        sentence = f"kept as it was: reading broke off ({type(error).__name__}: {error})"
        if sentence not in self._doubts:
            self._doubts.add(sentence)
            self._warn(sentence)

    def _tell(self, errors: Sequence["Problem"]) -> None:
        """One line a file: its first mistake, and that only once."""
        told = set()
        for file in sorted(_broken_files(errors)):
            first, *more = [one for one in errors if one.place.file == file]
            what = "kept as it was" if file in self._good else "left out"
            others = f" (and {len(more)} more, see voice-ally check)" if more else ""
            sentence = f"{what}: {first}{others}"
            told.add(sentence)
            if sentence not in self._told:
                self._warn(sentence)
        self._told = told


def _broken_files(errors: Iterable["Problem"]) -> set[str]:
    return {one.place.file for one in errors}


def _sound(reading: Reading) -> Files:
    broken = _broken_files(reading.errors)
    return {name: what for name, what in reading.result.files.items() if name not in broken}
