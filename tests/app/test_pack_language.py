"""Somebody makes a pack in another language: what is still English is told, and stopping and
safety must be in theirs."""

from pathlib import Path

import pytest

from voice_ally.app.checking import Checker
from voice_ally.language.problems import Problem

SAFETY = """\
dialog: safety
anywhere: yes
triggers: ["ich habe Angst"]
steps: {a: [{say: "Du zählst."}]}
"""
PHRASES = """\
language: de
rules: {yes: "ja", no: "nein"}
commands:
  stop: ["halt"]
  goodbye: ["tschüss"]
  exit: ["die Wäsche ist fertig"]
"""


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VOICE_ALLY_CONFIG", str(tmp_path / "config"))
    folder = tmp_path / "de"
    folder.mkdir()
    return folder


def found_in(pack: Path, **files: str) -> list[Problem]:
    for name, text in files.items():
        (pack / f"{name}.yaml").write_text(text, encoding="utf-8")
    with Checker(pack) as checker:
        return [one for one in checker.check() if one.code in ("VA077", "VA078")]


def test_somebody_who_could_not_stop_or_be_safe_is_an_error(pack: Path) -> None:
    found = found_in(pack, phrases="language: de\n")
    errors = " ".join(one.message for one in found if one.severity == "error")
    assert '"stop" can only be said in English' in errors
    assert "The safety dialog is still English" in errors
    assert "The rule <yes> is still English" in errors
    assert 'No recogniser here listens to the language "de"' in errors
    assert all(one.mend for one in found)


def test_with_stop_and_safety_the_rest_is_a_doubt(pack: Path) -> None:
    found = found_in(pack, phrases=PHRASES, safety=SAFETY)
    assert [one.code for one in found if one.severity == "error"] == ["VA078"]
    doubts = " ".join(one.message for one in found if one.severity == "warning")
    assert "These commands can only be said in English: pause" in doubts
    assert "These lines of the program are still English" in doubts
    assert "These dialogs are still English" in doubts
    assert "Numbers are listened for in English words" in doubts


def test_an_english_pack_is_none_of_it(pack: Path) -> None:
    assert found_in(pack, phrases="language: en-GB\n") == []
