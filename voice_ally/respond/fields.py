"""Taking values out of nodes: text, lists, numbers, durations, one of several names.

Rules: a wrong value is a problem with its place and the mend; reading goes on behind it.
"""

import difflib
import re
from collections.abc import Iterable, Sequence

from voice_ally.core.events import SlotValue
from voice_ally.respond.model import Duration, Place
from voice_ally.respond.problems import Problem, error
from voice_ally.respond.yaml_source import Items, Node, Table, Text

_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0}
_UNIT_WORDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0}
_SHORT = re.compile(r"(?=\d)(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?")
_LONG = re.compile(r"(\d+(?:\.\d+)?) (second|minute|hour)s?")
_SLOT = re.compile(r"\{(\w+)\} ?(second|minute|hour|s|m|h)s?")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
TRUE_WORDS, FALSE_WORDS = ("true", "yes"), ("false", "no")


def nearest(word: str, known: Iterable[str]) -> str:
    """ "Did you mean …?" for a misspelt word, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f'Did you mean "{close[0]}"?' if close else ""


class Reading:
    """Collects the problems of one pack while its nodes are read."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, place: Place, code: str, message: str, mend: str = "") -> None:
        """One more mistake."""
        self.problems.append(error(place, code, message, mend))

    def table(self, node: Node, what: str) -> Table:
        """Keys with values."""
        if isinstance(node, Table):
            return node
        self.wrong(
            node.place,
            "VA012",
            f"{what} must be keys with values.",
            'Write "name: value", one to a line.',
        )
        return Table((), node.place)

    def keys(self, table: Table, known: Sequence[str], what: str) -> None:
        """Report every key that is none of these."""
        for name, _ in table.entries:
            if name.value not in known:
                mend = nearest(name.value, known) or f"Possible here: {', '.join(known)}."
                self.wrong(name.place, "VA010", f'{what} has no "{name.value}".', mend)

    def text(self, node: Node, what: str) -> str:
        """A line of text."""
        if isinstance(node, Text):
            if node.value.strip():
                return node.value.strip()
            self.wrong(node.place, "VA012", f"{what} is empty.")
            return ""
        mend = "Put it in quotes: braces and colons need that."
        self.wrong(node.place, "VA012", f"{what} must be text.", mend)
        return ""

    def texts(self, node: Node, what: str) -> tuple[str, ...]:
        """One line of text, or a list of them."""
        nodes = node.items if isinstance(node, Items) else (node,)
        return tuple(text for one in nodes if (text := self.text(one, what)))

    def items(self, node: Node, what: str) -> tuple[Node, ...]:
        """A list."""
        if isinstance(node, Items):
            return node.items
        self.wrong(node.place, "VA012", f"{what} must be a list.", 'Begin each line with "- ".')
        return ()

    def variants(self, node: Node, what: str) -> tuple[str, ...]:
        """A line, or {any: [lines]}."""
        if isinstance(node, Table):
            self.keys(node, ("any",), what)
            found = node.get("any")
            return self.texts(found, what) if found is not None else ()
        text = self.text(node, what)
        return (text,) if text else ()

    def one_of(self, node: Node, known: Sequence[str], what: str) -> str:
        """One of these words."""
        text = self.text(node, what)
        if text and text not in known:
            mend = nearest(text, known) or f"Possible here: {', '.join(known)}."
            self.wrong(node.place, "VA014", f'{what} cannot be "{text}".', mend)
        return text if text in known else known[0]

    def truth(self, node: Node, what: str) -> bool:
        """Yes or no."""
        return self.one_of(node, (*FALSE_WORDS, *TRUE_WORDS), what) in TRUE_WORDS

    def number(self, node: Node, what: str) -> float:
        """A number."""
        text = self.text(node, what)
        if text and not _NUMBER.fullmatch(text):
            self.wrong(node.place, "VA012", f'{what} must be a number, not "{text}".')
            return 0.0
        return float(text or 0)

    def value(self, node: Node, what: str) -> SlotValue:
        """What a slot may hold: a number where it looks like one, else text."""
        if not isinstance(node, Text):
            self.wrong(node.place, "VA012", f"{what} must be a word or a number.")
            return ""
        if node.quoted or not _NUMBER.fullmatch(node.value):
            return node.value
        return float(node.value) if "." in node.value else int(node.value)

    def duration(self, node: Node, what: str) -> Duration:
        """A length of time."""
        text = self.text(node, what)
        found = read_duration(text)
        if found is None:
            mend = 'Write it like 90s, 2m, 1m30s or "{minutes} minutes".'
            if _NUMBER.fullmatch(text):
                mend = f"Did you mean {text}s or {text}m?"
            if text:
                self.wrong(node.place, "VA013", f'"{text}" is not a length of time.', mend)
            return Duration(1.0)
        return found


def read_duration(text: str) -> Duration | None:
    """The length of time a text stands for, or None."""
    if found := _SLOT.fullmatch(text):
        name = found[2]
        unit = _UNIT_WORDS[name] if name in _UNIT_WORDS else _UNITS[name]
        return Duration(slot=found[1], unit_seconds=unit)
    if found := _LONG.fullmatch(text):
        return Duration(float(found[1]) * _UNIT_WORDS[found[2]])
    if text and (found := _SHORT.fullmatch(text)):
        hours, minutes, seconds = (float(part or 0) for part in found.groups())
        return Duration(hours * 3600 + minutes * 60 + seconds)
    return None
