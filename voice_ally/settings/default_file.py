"""The settings file to begin with: every setting explained, none of them set.

Rules: made from the table alone, so it cannot fall behind; a file that is there is never
overwritten.
"""

import textwrap
from pathlib import Path

from voice_ally.core.errors import SettingsProblem
from voice_ally.settings.settings import meaning_of, shown, table

HEAD = """\
# The settings of Voice Ally. Take away the # in front of a line to set it.
# An environment variable (VOICE_ALLY_RATE=0.9) or the command line (--set rate=0.9) goes before
# what is written here. What counts now, and why: voice-ally settings
"""
COLUMNS = 98


def default_text() -> str:
    """The whole file."""
    parts = [HEAD]
    for name, entry in table().items():
        lines = textwrap.wrap(meaning_of(entry), COLUMNS)
        example = entry.metadata.get("example")
        if example and example != shown(entry.default):
            lines.append(f"For example: {name} = {example}")
        parts.append(
            "".join(f"# {line}\n" for line in lines) + f"#{name} = {shown(entry.default)}\n"
        )
    return "\n".join(parts)


def write_default(path: Path) -> None:
    """Put it there. Raises SettingsProblem when a file is there already, or cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(default_text())
    except FileExistsError as error:
        raise SettingsProblem(f"There are settings in {path} already.") from error
    except OSError as error:
        raise SettingsProblem(
            f"The settings cannot be written to {path}: {error.strerror}."
        ) from error
