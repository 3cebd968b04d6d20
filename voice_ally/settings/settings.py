"""The settings: what a person may choose once instead of on every start.

Rules: read once, frozen, passed on as Settings and never as a dict. A missing file is not a
problem; a wrong one is, and every mistake in it is named at once, with its line.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from voice_ally.core.errors import SettingsProblem
from voice_ally.settings.places import user_config_file


@dataclass(frozen=True)
class Settings:
    """What the person chose; the defaults are what happens without a settings file."""

    country: str = ""
    """Two letters, "GB": whose help lines are named. Empty: no country is assumed."""
    voice: str = ""
    """A voice by name. Empty: the first that works."""
    language: str = "en"
    """Which bundled pack."""
    recogniser: str = ""
    """"vosk", "pocketsphinx", or empty: chosen automatically."""
    vosk_model: str = ""
    """A folder, or the name of an installed model. Empty: chosen automatically."""
    microphone: str = ""
    """A device by (part of its) name. Empty: the system's choice."""
    speaker: str = ""
    """A device by (part of its) name. Empty: the system's choice."""
    rate: float = 1.0
    """How fast it speaks, 0.5 to 2; 1 is unhurried."""
    volume: float = 1.0
    """0.1 to 1: never so quiet that it seems to be broken."""
    wake: str = ""
    """A phrase that has to come first. Empty: none is needed."""
    pack: str = ""
    """A folder with the person's own dialogs. Empty: the bundled ones."""
    headphones: bool = False
    """Its own voice cannot reach the microphone, so it may listen while it speaks."""


@dataclass(frozen=True)
class _Limit:
    """What a value must be beyond its type."""

    holds: Callable[[object], bool]
    wanted: str


def _between(low: float, high: float) -> _Limit:
    # a comparison with nan is false, so nan is refused too
    return _Limit(
        lambda value: isinstance(value, float) and low <= value <= high,
        f"between {low:g} and {high:g}",
    )


def _looks_like(pattern: str, wanted: str) -> _Limit:
    return _Limit(lambda value: re.fullmatch(pattern, str(value)) is not None, wanted)


_LIMITS = {
    "country": _looks_like("|[A-Za-z]{2}", 'two letters such as "GB"'),
    "language": _looks_like("[a-z]{2,3}(-[A-Za-z]+)?", 'a language such as "en"'),
    "recogniser": _looks_like("|vosk|pocketsphinx", '"vosk", "pocketsphinx" or ""'),
    "rate": _between(0.5, 2.0),
    "volume": _between(0.1, 1.0),
}

_TYPE_NAMES = {str: 'text in "quotes"', float: "a number", bool: "true or false"}


def load_settings(path: Path | None = None) -> Settings:
    """The settings in this file, or in the user's; SettingsProblem names all that is wrong."""
    path = user_config_file() if path is None else path
    try:
        # editors on Windows put a byte order mark in front, which TOML forbids
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsProblem(f"The settings in {path} cannot be read: {error}.") from error
    mend = f"Mend or delete {path}."
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsProblem(_place_syntax_error(path, str(error)), mend=mend) from error
    given = {name: _widened(value) for name, value in table.items()}
    problems = list(_problems(given, path, text))
    if problems:
        raise SettingsProblem(f"{'; '.join(problems)}.", mend=mend)
    return _settings(given)


def _widened(value: object) -> object:
    """Whole numbers are numbers too; spaces around text are never meant."""
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value.strip() if isinstance(value, str) else value


def _settings(given: dict[str, object]) -> Settings:
    settings = Settings()
    for name, value in given.items():
        # frozen, but not yet handed out; names and types have been checked
        object.__setattr__(settings, name, value)
    return settings


def _problems(given: dict[str, object], path: Path, text: str) -> Iterator[str]:
    types = {field.name: type(field.default) for field in fields(Settings)}
    for name, value in given.items():
        place = f"{path}:{_line_of(name, text)}"
        if name not in types:
            near = difflib.get_close_matches(name, types, n=1)
            hint = f', did you mean "{near[0]}"?' if near else f" (known: {', '.join(types)})"
            yield f'{place}: unknown setting "{name}"{hint}'
        elif type(value) is not types[name]:
            yield f"{place}: {name} must be {_TYPE_NAMES[types[name]]}"
        elif name in _LIMITS and not _LIMITS[name].holds(value):
            yield f"{place}: {name} must be {_LIMITS[name].wanted}, not {_shown(value)}"


def _shown(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else f'"{value}"'


def _line_of(name: str, text: str) -> int:
    """tomllib keeps no lines, so the first that sets this key or opens this table is it."""
    key = rf"\s*\[*\s*[\"']?{re.escape(name)}[\"']?\s*[=.\]]"
    lines = text.splitlines()
    return next((at for at, line in enumerate(lines, 1) if re.match(key, line)), 1)


def _place_syntax_error(path: Path, message: str) -> str:
    found = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if not found:
        return f"{path}: {message}."
    return f"{path}:{found[1]}:{found[2]}: {message[: found.start()]}."
