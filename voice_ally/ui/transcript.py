"""Whole conversations as readable text: what is typed, and everything that follows.

Rules: a line that begins with "> " is typed ("> ..." lets time pass); lines that begin with "#"
belong to the file and stay ("# start: repair" on top starts a dialog at once, "# seed: 3" chooses
among wordings); all the rest is what came out. Typing the same lines again gives the same text, or
something has changed. A text without a line to type is no transcript.
"""

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from voice_ally.core.errors import UsageProblem
from voice_ally.core.regular_files import read_regular
from voice_ally.ui.plain import INDENT, PlainLines
from voice_ally.ui.rehearsal import Rehearsal

LONG_SECONDS = 3600
"""From here on, seconds are no longer told."""
TYPED = "> "
NOTHING = "..."
"""Typed as nothing at all: nobody speaks."""
_STAGE = INDENT + "      "
MOST_BYTES = 2_000_000
_KNOWN = (TYPED.strip(), "#", "  ", "— ", "(", "{")
"""What the lines of a transcript begin with: among them titles, and what :undo and :state show."""
_HEADER = re.compile(r"#\s*(start|seed):\s*(\S+)\s*$")


class FullLines(PlainLines):
    """The plain lines, and also what else happens: quiet, sounds, and what was not understood."""

    def __call__(self, at: float, event: str, data: Mapping[str, object]) -> None:
        """See event_log.Observer."""
        if (described := _described(event, data)) is not None:
            if described:
                self._write(f"{_STAGE}({described})")
        else:
            super().__call__(at, event, data)


def _described(event: str, data: Mapping[str, object]) -> str | None:
    """In words; "" for what is not worth a line, None for what PlainLines shows."""
    templates = {
        "turn": "the {speaker} speaker's turn, {seconds}",
        "breathing": "breathing, {pattern}, {seconds}, {guide}",
        "quiet": "quiet, {seconds}",
        "chimed": "a {sound} sound",
        "playing": "plays {file}",
        "silence": "nobody answers",
        "rejected": "not understood",
        "reminder": "will come back in {seconds} with {dialog}",
        "reminders cleared": "all promises are taken back",
        "paused": "paused",
        "resumed": "goes on",
        "heard": "",
        "phase": "",
    }
    if event == "quiet" and data["for"] == "words":
        event, templates["words"] = "words", "quiet for your own words, up to {seconds}"
    if event not in templates:
        return None
    return templates[event].format_map({**data, "seconds": _length(data.get("seconds", 0))})


def _length(seconds: object) -> str:
    number = round(float(str(seconds)))
    if number > LONG_SECONDS:
        number = round(number / 60) * 60
    count, unit = (number // 60, "minute") if number and number % 60 == 0 else (number, "second")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


@dataclass(frozen=True)
class Transcript:
    """One file."""

    text: str
    header: tuple[str, ...]
    typed: tuple[str, ...]
    dialog: str = ""
    seed: int = 1
    notes: tuple[tuple[str, ...], ...] = ()
    """Comments before each typed line, and behind the last."""

    @classmethod
    def of(cls, text: str) -> "Transcript":
        """What the text says. Raises UsageProblem for a seed that is no number."""
        lines = text.replace("\ufeff", "").splitlines()
        header = tuple(itertools.takewhile(lambda line: line.startswith("#"), lines))
        typed = tuple(line[len(TYPED) :] for line in lines if line.startswith(TYPED))
        found = {one[1]: one[2] for line in header if (one := _HEADER.match(line))}
        seed = found.get("seed", "1")
        if not seed.isdecimal():
            raise UsageProblem(f"The seed must be a number, not {seed!r}.")
        notes: list[list[str]] = [[]]
        for line in lines[len(header) :]:
            if line.startswith(TYPED):
                notes.append([])
            elif line.startswith("#"):
                notes[-1].append(line)
        kept = tuple(map(tuple, notes))
        return cls(text, header, typed, found.get("start", ""), int(seed), kept)

    @classmethod
    def read(cls, file: Path) -> "Transcript":
        """The file's transcript. Raises UsageProblem."""
        try:
            content = read_regular(file, MOST_BYTES)
            if len(content) > MOST_BYTES:
                raise UsageProblem(f"{file} is too long to be a transcript.")
            found = cls.of(content.decode("utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is not saved as UTF-8"
            raise UsageProblem(f"{file} is no transcript that can be read: {why}.") from error
        if not found.typed and not found.dialog:
            raise UsageProblem(
                f'{file} is no transcript: no line in it begins with "> ".',
                mend='Write what is typed like: > help me (and "> ..." where nobody speaks).',
            )
        return found

    def not_understood(self) -> tuple[int, str] | None:
        """The first line (from 1) that would be lost if the text were written anew: neither
        typed, nor a comment, nor anything that comes out of a conversation."""
        for number, line in enumerate(self.text.replace("\ufeff", "").splitlines(), 1):
            if line.strip() and not line.startswith(_KNOWN):
                return number, line
        return None

    def first_difference(self, other: str) -> tuple[int, str, str]:
        """Which line is different first (from 1), what it is here and what it is there."""
        pairs = itertools.zip_longest(self.text.splitlines(), other.splitlines(), fillvalue="")
        for number, (mine, theirs) in enumerate(pairs, 1):
            if mine != theirs:
                return number, mine.strip(), theirs.strip()
        return 0, "", ""


def replay(transcript: Transcript, make: Callable[[Callable[[str], None]], Rehearsal]) -> str:
    """Type the lines again: the text that comes out of it, header and all."""
    written: list[str] = [*transcript.header]

    def write(line: str) -> None:
        written.extend(line.split("\n"))

    rehearsal = make(write)
    for typed, notes in zip(transcript.typed, transcript.notes, strict=False):
        written.extend(("", *notes, TYPED + typed))
        if not rehearsal.type("" if typed.strip() == NOTHING else typed):
            break
    written.extend(("", *transcript.notes[-1]) if transcript.notes[-1:] != ((),) else ())
    return "\n".join(_no_double_blanks(written)) + "\n"


def _no_double_blanks(lines: list[str]) -> list[str]:
    return [line for line, before in zip(lines, ["", *lines], strict=False) if line or before]
