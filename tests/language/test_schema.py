"""The schema files in dialogs/ say what the reader reads."""

import json
import runpy
import sys
from pathlib import Path

import pytest

from voice_ally.language.schema import (
    DIALOG_FILE,
    PHRASES_FILE,
    as_text,
    dialog_schema,
    main,
    phrases_schema,
)
from voice_ally.language.shape_files import DIALOG, PHRASES
from voice_ally.language.shape_kinds import Schema
from voice_ally.language.shapes import INSTRUCTIONS

DIALOGS = Path(__file__).parents[2] / "dialogs"


@pytest.mark.parametrize(
    ("file", "schema"), [(DIALOG_FILE, dialog_schema()), (PHRASES_FILE, phrases_schema())]
)
def test_the_files_are_up_to_date(file: str, schema: Schema) -> None:
    mend = "write them with: python -m voice_ally.language.schema"
    assert (DIALOGS / file).read_text("utf-8") == as_text(schema), mend


def test_it_knows_every_key_and_every_instruction() -> None:
    assert list(dialog_schema()["properties"]) == list(DIALOG.fields)
    assert list(phrases_schema()["properties"]) == list(PHRASES.fields)
    assert set(INSTRUCTIONS) <= set(dialog_schema()["$defs"])
    assert dialog_schema()["required"] == ["dialog", "steps"]


def test_every_reference_leads_somewhere() -> None:
    for schema in (dialog_schema(), phrases_schema()):
        text = json.dumps(schema)
        for name in {part.split('"')[0] for part in text.split('"#/$defs/')[1:]}:
            assert name in schema["$defs"]


def test_they_are_written_where_one_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main([str(tmp_path)])
    (tmp_path / "dialogs").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "voice_ally.language.schema")
    monkeypatch.setattr(sys, "argv", ["schema"])
    runpy.run_module("voice_ally.language.schema", run_name="__main__")
    for folder in (tmp_path, tmp_path / "dialogs"):
        assert sorted(one.name for one in folder.glob("*.json")) == [DIALOG_FILE, PHRASES_FILE]
