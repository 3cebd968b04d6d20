"""The dialog language as JSON Schema, for editors: `python -m voice_ally.language.schema`.

Rules: made from the same declarations that the reader reads with; written to dialogs/, where
the first line of each bundled file points; a test keeps the files up to date.
"""

import json
import sys
from pathlib import Path

from voice_ally.language.shape_files import DIALOG, PHRASES
from voice_ally.language.shape_kinds import Schema
from voice_ally.language.shapes import INSTRUCTIONS

DIALOG_FILE, PHRASES_FILE = "dialog.schema.json", "phrases.schema.json"
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def dialog_schema() -> Schema:
    """Of one dialog's file."""
    return _whole("A Voice Ally dialog", DIALOG.schema())


def phrases_schema() -> Schema:
    """Of phrases.yaml."""
    return _whole("What the dialogs of a Voice Ally pack share", PHRASES.schema())


def _whole(title: str, body: Schema) -> Schema:
    instruction = {"$ref": "#/$defs/instruction"}
    kinds = {name: one.schema() for name, one in INSTRUCTIONS.items()}
    return {
        "$schema": _DIALECT,
        "title": title,
        **body,
        "$defs": {
            "instruction": {"anyOf": [{"$ref": f"#/$defs/{name}"} for name in kinds]},
            "block": {"anyOf": [instruction, {"type": "array", "items": instruction}]},
            **kinds,
        },
    }


def as_text(schema: Schema) -> str:
    """The content of a schema's file."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write(folder: Path) -> None:
    """Write both files."""
    (folder / DIALOG_FILE).write_text(as_text(dialog_schema()), "utf-8")
    (folder / PHRASES_FILE).write_text(as_text(phrases_schema()), "utf-8")


def main(arguments: list[str]) -> None:
    """Write both files to the folder named, or to dialogs/."""
    write(Path(arguments[0] if arguments else "dialogs"))


if __name__ == "__main__":
    main(sys.argv[1:])
