"""Files that are named on the command line: no one may stand for two things."""

from collections.abc import Mapping
from pathlib import Path

from voice_ally.core.errors import UsageProblem


def refuse_the_same_file(files: Mapping[str, Path | str | None]) -> None:
    """By option. Writing one would destroy the other. Raises UsageProblem."""
    seen: dict[Path, str] = {}
    for option, file in files.items():
        if not file or file == "-":
            continue
        other = seen.setdefault(Path(file).resolve(), option)
        if other != option:
            raise UsageProblem(
                f"{other} and {option} are the same file: {file}.", mend="Name another."
            )
