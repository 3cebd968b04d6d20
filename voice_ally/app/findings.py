"""One line of what the doctor finds.

Rules: plain data; it can be read out to somebody, and read by a program.
"""

from dataclasses import asdict, dataclass, field

OK, NOTE, MISSING, BROKEN = "ok", "note", "missing", "broken"
"""NOTE: it works, and something about it is worth knowing. The last two are why the doctor
ends with exit code 1."""
FAULTS = (MISSING, BROKEN)


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    check: str
    verdict: str
    found: str
    mend: str = ""
    data: dict[str, object] = field(default_factory=dict)
    """The same in numbers, for programs."""

    def __str__(self) -> str:
        return f"{self.verdict:8} {self.check}: {self.found} {self.mend}".rstrip()

    def as_dict(self) -> dict[str, object]:
        """For --json."""
        return asdict(self)
