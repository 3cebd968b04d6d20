"""What a YAML file is read into: text, lists and keys with values, each with its place."""

from dataclasses import dataclass

from voice_ally.language.place import Place


@dataclass(frozen=True)
class Text:
    """A word, number or line, as written."""

    value: str
    place: Place
    quoted: bool = False


@dataclass(frozen=True)
class Items:
    """A list."""

    items: tuple["Node", ...]
    place: Place


@dataclass(frozen=True)
class Table:
    """Keys with values, in the order written."""

    entries: tuple[tuple[Text, "Node"], ...]
    place: Place

    def get(self, key: str) -> "Node | None":
        """The value of a key, or None."""
        return next((value for name, value in self.entries if name.value == key), None)


Node = Text | Items | Table
