"""What an author got wrong, as data.

Rules: all of it at once, each with its place, a stable code, plain words and the mend.
"""

from dataclasses import asdict, dataclass

from voice_ally.respond.model import NOWHERE, Place

CODES = {
    "VA001": "the file cannot be read as YAML",
    "VA002": "the file is too large, too deep, or uses anchors",
    "VA003": "the same key twice",
    "VA010": "an unknown key",
    "VA011": "a key that is missing",
    "VA012": "a value of the wrong kind",
    "VA013": "a length of time that cannot be read",
    "VA014": "a name that is none of those possible",
    "VA020": "a step that does not exist",
    "VA021": "a dialog that does not exist",
    "VA022": "the name of the dialog is not the name of the file",
    "VA030": "a phrase that cannot be read",
    "VA031": "a list that does not exist",
    "VA032": "a rule that does not exist",
    "VA040": "no way to stop, or no safety dialog",
}


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake, or one doubtful thing."""

    place: Place
    code: str
    severity: str
    """"error" or "warning"."""
    message: str
    mend: str = ""

    def __str__(self) -> str:
        where = f"{self.place.file}:{self.place.line}:{self.place.column}"
        mend = f" {self.mend}" if self.mend else ""
        return f"{where}: {self.severity} {self.code} {self.message}{mend}"

    def as_dict(self) -> dict[str, object]:
        """For editors."""
        return {**asdict(self.place), **{k: v for k, v in asdict(self).items() if k != "place"}}


def error(place: Place, code: str, message: str, mend: str = "") -> Problem:
    """Something that must be mended before the dialog can be used."""
    return Problem(place or NOWHERE, code, "error", message, mend)


def warning(place: Place, code: str, message: str, mend: str = "") -> Problem:
    """Something that works, but perhaps not as meant."""
    return Problem(place or NOWHERE, code, "warning", message, mend)
