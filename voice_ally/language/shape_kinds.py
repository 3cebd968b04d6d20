"""Kinds made of kinds: lists, names with values, records. Each reads a node and describes
itself to editors as JSON Schema.

Rules: a wrong value is a problem with its place and the mend, and None; reading goes on behind
it. Text keeps the place it was written at (Written), so that later checks can point at it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from voice_ally.core.did_you_mean import possible
from voice_ally.language.place import Place
from voice_ally.language.problems import Problem, error
from voice_ally.language.written import Written, place_of
from voice_ally.language.yaml_nodes import Items, Node, Table
from voice_ally.language.yaml_source import MOST_PROBLEMS

__all__ = ["Written", "place_of"]
T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Schema = dict[str, Any]


@dataclass
class Reading:
    """Collects the problems of one file while its nodes are read."""

    problems: list[Problem] = field(default_factory=list)

    def wrong(self, place: Place, code: str, message: str, mend: str = "") -> None:
        """One more mistake."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(error(place, code, message, mend))


class Kind(Protocol[T_co]):
    """One kind of value."""

    def read(self, node: Node, what: str, reading: Reading) -> T_co | None:
        """The value, or None when it is wrong (and reported)."""

    def schema(self) -> Schema:
        """The same for editors."""


@dataclass(frozen=True)
class Many(Generic[T]):
    """A list."""

    kind: Kind[T]
    whole: bool = False
    """None unless every item is right and there is one."""

    def read(self, node: Node, what: str, reading: Reading) -> tuple[T, ...] | None:
        """What could be read of it."""
        if not isinstance(node, Items):
            reading.wrong(
                node.place, "VA012", f'"{what}" must be a list.', 'Begin each line with "- ".'
            )
            return None
        read = [self.kind.read(one, what, reading) for one in node.items]
        found = tuple(one for one in read if one is not None)
        if self.whole and not read:
            reading.wrong(node.place, "VA012", f'"{what}" is an empty list.', "Add something.")
        return None if self.whole and (len(found) < len(read) or not read) else found

    def schema(self) -> Schema:
        """An array."""
        return {"type": "array", "items": self.kind.schema()}


@dataclass(frozen=True)
class Entries(Generic[T]):
    """Names of the author's own with values; wrong ones are left out."""

    kind: Kind[T]
    names: tuple[str, ...] = ()
    """The only names possible; empty: any."""

    def read(self, node: Node, what: str, reading: Reading) -> dict[str, T] | None:
        """In the order written."""
        if not isinstance(node, Table):
            _no_table(node, what, reading)
            return None
        found: dict[str, T] = {}
        for name, value_node in node.entries:
            if self.names and name.value not in self.names:
                mend = possible(name.value, self.names)
                reading.wrong(name.place, "VA014", f'"{what}" has no "{name.value}".', mend)
                continue
            value = self.kind.read(value_node, name.value, reading)
            if value is not None:
                found[Written.at(name.value, name.place)] = value
        return found

    def schema(self) -> Schema:
        """An object."""
        if self.names:
            properties = {name: self.kind.schema() for name in self.names}
            return {"type": "object", "properties": properties, "additionalProperties": False}
        return {"type": "object", "additionalProperties": self.kind.schema()}


def _no_table(node: Node, what: str, reading: Reading) -> None:
    mend = 'Write "name: value", one to a line.'
    reading.wrong(node.place, "VA012", f'"{what}" must be keys with values.', mend)


@dataclass(frozen=True)
class Field:
    """One key of a record."""

    kind: Kind[Any]
    needed: bool = False
    doc: str = ""
    """What an editor shows."""


@dataclass(frozen=True)
class Record(Generic[T]):
    """Known keys with values, made into something."""

    what: str
    fields: Mapping[str, Field]
    make: Callable[[Mapping[str, Any], Place, Reading], T | None]
    doc: str = ""
    whole: bool = False
    """Not made unless every value is right: for those whose values are compared."""

    def read(self, node: Node, what: str, reading: Reading) -> T | None:
        """Made from what could be read; None when a needed key is missing or wrong."""
        if not isinstance(node, Table):
            _no_table(node, what, reading)
            return None
        found: dict[str, Any] = {}
        usable = True
        meant: set[str] = set()
        for name, value_node in node.entries:
            known = self.fields.get(name.value)
            if known is None:
                mend = possible(name.value, tuple(self.fields))
                meant |= {key for key in self.fields if mend == f'Did you mean "{key}"?'}
                reading.wrong(name.place, "VA010", f'{self.what} has no "{name.value}".', mend)
                continue
            value = known.kind.read(value_node, name.value, reading)
            if value is not None:
                found[name.value] = value
            elif self.whole:
                usable = False
        place = node.entries[0][0].place if node.entries else node.place
        for key, known in self.fields.items():
            if known.needed and key not in found:
                usable = False
                if node.get(key) is None and key not in meant:
                    reading.wrong(place, "VA011", f'{self.what} needs "{key}".', f'Add "{key}: …".')
        return self.make(found, place, reading) if usable else None

    def schema(self) -> Schema:
        """An object with exactly these keys."""
        properties = {
            key: {**one.kind.schema(), **({"description": one.doc} if one.doc else {})}
            for key, one in self.fields.items()
        }
        needed = [key for key, one in self.fields.items() if one.needed]
        return {
            "type": "object",
            **({"description": self.doc} if self.doc else {}),
            "properties": properties,
            **({"required": needed} if needed else {}),
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class Either(Generic[T]):
    """Keys with values, or something shorter."""

    table: Kind[T]
    short: Kind[T]

    def read(self, node: Node, what: str, reading: Reading) -> T | None:
        """Whichever it is."""
        kind = self.table if isinstance(node, Table) else self.short
        return kind.read(node, what, reading)

    def schema(self) -> Schema:
        """Either of both."""
        return {"anyOf": [self.short.schema(), self.table.schema()]}


S = TypeVar("S")


@dataclass(frozen=True)
class Made(Generic[S, T]):
    """A kind whose value is turned into something else."""

    kind: Kind[S]
    make: Callable[[S, Place], T]

    def read(self, node: Node, what: str, reading: Reading) -> T | None:
        """The value, turned."""
        value = self.kind.read(node, what, reading)
        return None if value is None else self.make(value, node.place)

    def schema(self) -> Schema:
        """As before."""
        return self.kind.schema()
