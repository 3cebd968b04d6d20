"""Single values that are text: lines, wordings, words to choose from, phones, sound files.

Rules: a wrong value is a problem with its place and the mend, and None.
"""

import re
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath

from voice_ally.core.did_you_mean import possible
from voice_ally.language.shape_kinds import Field, Reading, Record, Schema, Written
from voice_ally.language.yaml_nodes import Items, Node, Table, Text
from voice_ally.models.phones import PHONES

SOUND_ENDINGS = (".flac", ".wav", ".ogg", ".opus", ".mp3")
NOTHING = ("~", "null", "Null", "NULL")
"""How YAML writes that there is nothing; in quotes it is text."""


@dataclass(frozen=True)
class Line:
    """A line of text."""

    may_be_empty: bool = False

    def read(self, node: Node, what: str, reading: Reading) -> Written | None:
        """The text without spaces around it."""
        if not isinstance(node, Text):
            mend = "Put it in quotes: braces, brackets and colons need that."
            reading.wrong(node.place, "VA012", f'"{what}" must be text.', mend)
            return None
        nothing = not node.quoted and node.value in NOTHING
        if nothing and self.may_be_empty:
            return Written.at("", node.place)
        if (nothing or not node.value.strip()) and not self.may_be_empty:
            reading.wrong(
                node.place, "VA012", f'"{what}" is empty.', "Write something, or drop it."
            )
            return None
        return Written.at(node.value.strip(), node.place)

    def schema(self) -> Schema:
        """A string, or a number that is read as one."""
        bounds: Schema = {} if self.may_be_empty else {"minLength": 1}
        return {"type": ["string", "number", "boolean"], **bounds}


@dataclass(frozen=True)
class Phones:
    """How a word sounds: ARPAbet phones, stress or none; kept without, as our models have them."""

    def read(self, node: Node, what: str, reading: Reading) -> Written | None:
        """The phones, one space between them."""
        text = Line().read(node, what, reading)
        if text is None:
            return None
        phones = [re.sub(r"[012]$", "", one) for one in text.upper().split()]
        for written, phone in zip(text.split(), phones, strict=True):
            if phone not in PHONES:
                message = f'"{written}" is no sound of ARPAbet.'
                reading.wrong(node.place, "VA014", message, f"Possible here: {' '.join(PHONES)}.")
                return None
        return Written.at(" ".join(phones), node.place)

    def schema(self) -> Schema:
        """Words of letters, perhaps with a digit."""
        one = f"({'|'.join(PHONES)})[012]?"
        return {"type": "string", "pattern": f"^{one}( +{one})*$"}


@dataclass(frozen=True)
class Lines:
    """One line, or a list of them."""

    def read(self, node: Node, what: str, reading: Reading) -> tuple[Written, ...] | None:
        """At least one line."""
        nodes = node.items if isinstance(node, Items) else (node,)
        found = [Line().read(one, what, reading) for one in nodes]
        if not nodes:
            reading.wrong(node.place, "VA012", f'"{what}" is an empty list.', "Add a line.")
        return tuple(one for one in found if one is not None) or None

    def schema(self) -> Schema:
        """Either of both."""
        line = Line().schema()
        return {"anyOf": [line, {"type": "array", "items": line, "minItems": 1}]}


@dataclass(frozen=True)
class Variants:
    """A line, or {any: [lines]} of which one is picked."""

    def read(self, node: Node, what: str, reading: Reading) -> tuple[Written, ...] | None:
        """At least one wording."""
        if isinstance(node, Table):
            shape: Record[tuple[Written, ...]] = Record(
                what, {"any": Field(Lines(), needed=True)}, lambda found, *_: found["any"]
            )
            return shape.read(node, what, reading)
        line = Line().read(node, what, reading)
        return None if line is None else (line,)

    def schema(self) -> Schema:
        """Either of both."""
        several = {
            "type": "object",
            "properties": {"any": Lines().schema()},
            "required": ["any"],
            "additionalProperties": False,
        }
        return {"anyOf": [Line().schema(), several]}


@dataclass(frozen=True)
class Choice:
    """One of several words."""

    words: tuple[str, ...]

    def read(self, node: Node, what: str, reading: Reading) -> str | None:
        """The word."""
        text = Line().read(node, what, reading)
        if text is None or text in self.words:
            return text
        mend = possible(text, self.words)
        reading.wrong(node.place, "VA014", f'"{what}" cannot be "{text}".', mend)
        return None

    def schema(self) -> Schema:
        """The words."""
        return {"enum": list(self.words)}


@dataclass(frozen=True)
class SoundFile:
    """A sound file beside the dialogs, or in a folder beside them."""

    def read(self, node: Node, what: str, reading: Reading) -> Written | None:
        """Its path from where the program runs."""
        text = Line().read(node, what, reading)
        if text is None:
            return None
        path = PurePosixPath(text)
        outside = path.is_absolute() or ".." in path.parts or "\\" in text or ":" in text
        if outside or path.suffix.lower() not in SOUND_ENDINGS:
            message = f'"{text}" is no sound file in this folder.'
            mend = f"Put the file beside the dialog; it must end in {', '.join(SOUND_ENDINGS)}."
            reading.wrong(node.place, "VA065", message, mend)
            return None
        return Written.at(str(PurePath(node.place.file).parent / path), node.place)

    def schema(self) -> Schema:
        """A path that ends like a sound file."""
        endings = "|".join(one[1:] for one in SOUND_ENDINGS)
        return {"type": "string", "pattern": rf"^[^:\\]+\.({endings})$", "examples": ["rain.flac"]}
