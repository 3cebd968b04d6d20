"""Emergency numbers and help lines by country: a pack's data/helplines.toml.

Rules: pure; nothing raises, whatever the file; a country that is not right in every part is left
out and reported, for a wrong number is worse than none. A line says whom it is for: who fears
somebody, whose own life is too dark, who fears doing harm; of each kind the first is spoken.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from voice_ally.core.events import SlotValue
from voice_ally.language.place import Place
from voice_ally.language.problems import Problem, error, warning
from voice_ally.language.text_bounds import bounded

FILE = "data/helplines.toml"
KINDS = ("violence", "life", "harm")
"""For somebody who is hurt or afraid; whose life is too dark; who fears their own acts."""
MOST_LINES = 3
"""One of each kind; more numbers nobody can keep in mind."""
NOT_A_COUNTRY = frozenset({"default", "checked", "how"})
MOST_BYTES = 200_000
LONGEST_NAME, LONGEST_NUMBER = 200, 40
"""Signs; a telephone number has fifteen digits at most."""
_NUMBER = re.compile(rf"\d[\d ]{{0,{LONGEST_NUMBER}}}")
_TABLE = re.compile(r"^\[*\s*[\"']?([^\s\"'\[\].=]+)")
_EXAMPLE = 'Write it like: emergency_number = "9 1 1".'
_LINE_EXAMPLE = 'Write it like: name = "Samaritans", number = "116 123".'


@dataclass(frozen=True)
class HelpLine:
    """Somebody to talk to."""

    name: str
    number: str
    """Digits, in the groups people know them by."""
    kind: str = ""
    """One of KINDS, or empty: for anybody who fears somebody or for their own life."""


@dataclass(frozen=True)
class Country:
    """Whom to call in one country."""

    emergency_number: str
    lines: tuple[HelpLine, ...] = ()


def read_help_lines(file: str, content: bytes) -> tuple[dict[str, Country], tuple[Problem, ...]]:
    """The countries by their two letters, and everything that is wrong."""
    if len(content) > MOST_BYTES:
        large = error(Place(file, 1, 1), "VA002", "This file is too large.", "Leave something out.")
        return {}, (large,)
    try:
        text = content.decode("utf-8-sig")
        table = tomllib.loads(text)
    except UnicodeDecodeError:
        wrong = error(Place(file, 1, 1), "VA001", "This is not text.", "Save it as UTF-8.")
        return {}, (wrong,)
    # ValueError: a TOMLDecodeError, or a number with thousands of digits
    except (ValueError, RecursionError) as problem:
        return {}, (_unreadable(file, str(problem)),)
    found: dict[str, Country] = {}
    problems: list[Problem] = []
    lines_by_name = _lines_by_name(text)
    for name, entry in table.items():
        if name in NOT_A_COUNTRY:
            continue
        place = Place(file, lines_by_name.get(name, 1), 1)
        wrong_here = list(_problems(name, entry, place))
        problems.extend(wrong_here)
        if not any(one.severity == "error" for one in wrong_here):
            lines = tuple(
                HelpLine(one["name"], one["number"], one.get("for", ""))
                for one in entry.get("lines", [])
            )
            found[name] = Country(entry["emergency_number"], lines)
    return found, tuple(problems)


def spoken_slots(country: Country) -> dict[str, SlotValue]:
    """What the safety dialog puts into its lines: each line, and its number alone to say again."""
    emergency = country.emergency_number.strip(" ,")
    slots: dict[str, SlotValue] = {"emergency_number": emergency, "emergency_again": emergency}
    for slot, line in zip(("help_line", "other_help_line"), country.lines, strict=False):
        slots[slot] = f"{line.name}, {digit_by_digit(line.number)}"
    for kind in KINDS:
        fitting = [one for one in country.lines if one.kind == kind]
        if kind != "harm":
            fitting += [one for one in country.lines if not one.kind]
        for line in fitting[:1]:
            slots[f"{kind}_line"] = f"{line.name}, {digit_by_digit(line.number)}"
            slots[f"{kind}_again"] = digit_by_digit(line.number)
    return slots


def digit_by_digit(number: str) -> str:
    """ "116 123" as "1 1 6, 1 2 3": a voice would make one hundred and sixteen of it."""
    return ", ".join(" ".join(group) for group in number.split())


def _problems(name: str, entry: object, place: Place) -> Iterator[Problem]:
    if not re.fullmatch("[A-Z]{2}", name):
        message = f'"{name}" is not the code of a country.'
        yield error(place, "VA050", message, "Use its two capital letters, such as GB.")
        return
    if not isinstance(entry, Mapping) or not _is_text(entry.get("emergency_number")):
        message = f"{name} has no emergency_number."
        yield error(place, "VA050", message, _EXAMPLE)
        return
    lines = entry.get("lines", [])
    if not isinstance(lines, Sequence) or isinstance(lines, str):
        yield error(place, "VA050", f"The lines of {name} are not a list.", _LINE_EXAMPLE)
        return
    for one in lines:
        right = isinstance(one, Mapping) and _is_text(one.get("name"))
        if not right or not _is_number(one.get("number")):
            message = f"A help line of {name} has no name, or no number made of digits."
            yield error(place, "VA050", message, _LINE_EXAMPLE)
        elif one.get("for", "") not in ("", *KINDS):
            message = f"A help line of {name} is for {one['for']!r}, which is none of the kinds."
            yield error(place, "VA050", message, f"Use one of: {', '.join(KINDS)}.")
    if len(lines) > MOST_LINES:
        message = f"{name} has {len(lines)} help lines; only the first {MOST_LINES} are spoken."
        yield warning(place, "VA050", message, "Put those to be named on top.")


def _is_text(value: object) -> bool:
    """Something to be said, of a sensible length, that steers no terminal."""
    right = isinstance(value, str) and bool(value.strip())
    return right and not bounded(str(value), LONGEST_NAME)[1]


def _is_number(value: object) -> bool:
    return isinstance(value, str) and _NUMBER.fullmatch(value.strip()) is not None


def _lines_by_name(text: str) -> dict[str, int]:
    """tomllib keeps no lines, so the first that opens a table or sets a key is its line."""
    found: dict[str, int] = {}
    for at, line in enumerate(text.splitlines(), 1):
        if name := _TABLE.match(line.lstrip()):
            found.setdefault(name[1], at)
    return found


def _unreadable(file: str, message: str) -> Problem:
    found = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    place = Place(file, int(found[1]), int(found[2])) if found else Place(file, 1, 1)
    said = message[: found.start()] if found else message
    mend = 'Often a quote (") or a bracket is missing.'
    return error(place, "VA001", f"This cannot be read: {said}.", mend)
