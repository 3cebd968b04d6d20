"""Where the settings come from: the command line, over the environment, over the file.

Rules: each value keeps its origin. A missing file is not a problem; a wrong value is, wherever it
was given, and every mistake is named at once, with its place and the nearest name that is known.
"""

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from voice_ally.core.did_you_mean import nearest
from voice_ally.core.errors import SettingsProblem
from voice_ally.core.regular_files import read_regular
from voice_ally.settings.places import user_config_file
from voice_ally.settings.settings import (
    Settings,
    fault_of,
    from_text,
    settings_from,
    table,
    widened,
)
from voice_ally.settings.toml_words import fix_for, hidden_escape

LONGEST_LINE = 1_000
"""So much is looked at of a line that cannot be read."""
PREFIX = "VOICE_ALLY_"
NOT_SETTINGS = (
    *("CONFIG", "DATA", "STATE", "CACHE", "DEBUG", "SHARED"),
    *("REQUIRE_SOUND", "MODELS_URL", "VOICES_URL", "DRILL"),
)
"""Variables that begin like settings and are something else."""
DEFAULT = "default"
MOST_BYTES = 100_000
_KEY = re.compile(r"^\[*\s*[\"']?([^\s\"'\[\].=]+)")


@dataclass(frozen=True)
class Chosen:
    """The settings, and who said so."""

    settings: Settings
    origins: Mapping[str, str]
    """A name -> "default", a file and line, an environment variable, or "command line"."""


@dataclass(frozen=True)
class _Given:
    name: str
    value: object
    place: str
    fault: str = ""
    """What was wrong with it before it had a value."""


def choose(
    path: Path | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    command_line: Iterable[tuple[str, str]] = (),
) -> Chosen:
    """What counts of all that was given. Raises SettingsProblem."""
    path = user_config_file() if path is None else path
    environment = os.environ if environment is None else environment
    in_file = list(_in_file(path))
    elsewhere = [
        *_in_environment(environment),
        *(_from_text(name, text, "command line") for name, text in command_line),
    ]
    faults = [fault for one in (*in_file, *elsewhere) if (fault := _fault(one))]
    if faults:
        mend = f"Mend or delete {path}." if any(map(_fault, in_file)) else ""
        raise SettingsProblem(f"{'; '.join(faults)}.", mend=mend)
    given = {one.name: one for one in (*in_file, *elsewhere)}
    origins = {name: given[name].place if name in given else DEFAULT for name in table()}
    return Chosen(settings_from({name: one.value for name, one in given.items()}), origins)


def strangers(environment: Mapping[str, str] | None = None) -> list[str]:
    """Environment variables that look like a setting and are none, a sentence each."""
    environment = os.environ if environment is None else environment
    names = [name.removeprefix(PREFIX) for name in environment if name.startswith(PREFIX)]
    unknown = [one for one in names if one not in NOT_SETTINGS and one.lower() not in table()]
    return [f"{PREFIX}{one} is no setting{_nearest(one.lower())}" for one in sorted(unknown)]


def _in_file(path: Path) -> Iterator[_Given]:
    try:
        content = read_regular(path, MOST_BYTES)
        # editors on Windows put a byte order mark in front, which TOML forbids
        text = content.decode("utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return
    except UnicodeDecodeError as error:
        raise SettingsProblem(
            f"The settings in {path} cannot be read: they are not saved as UTF-8.",
            mend='In Notepad, choose "UTF-8" under "Save as".',
        ) from error
    except OSError as error:
        raise SettingsProblem(
            f"The settings in {path} cannot be read: {error.strerror}."
        ) from error
    if len(content) > MOST_BYTES:
        raise SettingsProblem(f"The settings in {path} are too long to be settings.")
    try:
        given = tomllib.loads(text)
    # ValueError: a TOMLDecodeError, or a number with thousands of digits
    except (ValueError, RecursionError) as error:
        raise SettingsProblem(
            _place_syntax_error(path, text, str(error)), mend=f"Mend or delete {path}."
        ) from error
    lines = _lines_by_name(text)
    for name, value in given.items():
        number = lines.get(name, 1)
        escape = hidden_escape(name, value, text.splitlines()[number - 1])
        yield _Given(name, widened(value), f"{path}:{number}", escape)


def _in_environment(environment: Mapping[str, str]) -> Iterator[_Given]:
    for name in table():
        variable = f"{PREFIX}{name.upper()}"
        if variable in environment:
            yield _from_text(name, environment[variable], variable)


def _from_text(name: str, text: str, place: str) -> _Given:
    return _Given(name, from_text(name, text) if name in table() else text, place)


def _fault(given: _Given) -> str:
    if given.name not in table():
        return f'{given.place}: unknown setting "{given.name}"{_nearest(given.name)}'
    fault = given.fault or fault_of(given.name, given.value)
    return f"{given.place}: {fault}" if fault else ""


def _nearest(name: str) -> str:
    meant = nearest(name, table())
    return f", {meant[0].lower()}{meant[1:]}" if meant else f" (known: {', '.join(table())})"


def _lines_by_name(text: str) -> dict[str, int]:
    """tomllib keeps no lines, so the first that sets a key or opens a table is its line."""
    found: dict[str, int] = {}
    for at, line in enumerate(text.splitlines(), 1):
        if name := _KEY.match(line.lstrip()):
            found.setdefault(name[1], at)
    return found


def _place_syntax_error(path: Path, text: str, said: str) -> str:
    """Where, what is wrong, and how to write it."""
    lines = text.splitlines() or [""]
    found = re.search(r" \(at line (\d+), column (\d+)\)$", said)
    last = max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)
    number, column = (int(found[1]), int(found[2])) if found else (last, 1)
    line = lines[min(number, len(lines)) - 1]
    message, fix = fix_for(line[:LONGEST_LINE], said)
    return f"{path}:{number}:{column}: {message}. {fix.removesuffix('.')}."
