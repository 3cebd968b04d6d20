"""The user's settings: one TOML file, all of it optional.

Rules: everything wrong in it is said at once, in one sentence; settings are frozen data.
"""

import difflib
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from voice_ally.core.errors import SettingsProblem


@dataclass(frozen=True)
class Settings:
    """What a user may set."""

    country: str = ""
    """Two letters, for the emergency number and help line that `safety` names."""
    voice: str = ""
    microphone: str = ""
    """Part of a device's name."""
    speaker: str = ""
    recogniser: str = ""
    """"vosk", "pocketsphinx", or empty: chosen by what is installed."""
    vosk_model: str = ""
    """A folder, or the name of a fetched model."""
    pack: str = ""
    rate: float = 1.0
    volume: float = 1.0
    headphones: bool = False


BOUNDS = {"rate": (0.5, 2.0), "volume": (0.1, 1.0)}
RECOGNISERS = ("", "vosk", "pocketsphinx")


def load_settings(path: Path) -> Settings:
    """The settings in this file; the defaults where there is none. Raises SettingsProblem."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsProblem(f"{path} cannot be read: {error}.") from error
    kinds = {one.name: type(one.default) for one in fields(Settings)}
    wrong: list[str] = []
    values: dict[str, object] = {}
    for name, value in found.items():
        if name not in kinds:
            close = difflib.get_close_matches(name, kinds, n=1)
            hint = f' (did you mean "{close[0]}"?)' if close else ""
            wrong.append(f'there is no setting "{name}"{hint}')
            continue
        fitting = float(value) if kinds[name] is float and type(value) is int else value
        if type(fitting) is not kinds[name]:
            wrong.append(f'"{name}" must be {_kind(kinds[name])}')
            continue
        values[name] = fitting
        low, high = BOUNDS.get(name, (None, None))
        if low is not None and high is not None and not low <= float(str(fitting)) <= high:
            wrong.append(f'"{name}" must be between {low} and {high}')
    if values.get("recogniser", "") not in RECOGNISERS:
        wrong.append('"recogniser" must be "vosk" or "pocketsphinx"')
    if wrong:
        raise SettingsProblem(f"{path}: {'; '.join(wrong)}.")
    return Settings(**values)  # type: ignore[arg-type]


def _kind(kind: type) -> str:
    return {str: "text in quotes", float: "a number", bool: "true or false"}[kind]
