"""Where in a file something was written."""

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Place:
    """Where something was written. Lines and columns count from 1."""

    file: str = ""
    line: int = 0
    column: int = 0


NOWHERE = Place()
