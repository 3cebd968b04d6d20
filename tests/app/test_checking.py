"""Somebody checks dialogs with a speech model that cannot learn words."""

import json
from pathlib import Path

import pytest

from tests.cli.test_on_file import call
from tests.fakes.model_archive import MODEL_FILES

NAMES = 'dialog: names\ntriggers: ["call Xiomara"]\nsteps: {one: [{say: "Yes."}]}\n'


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Dialogs with a name that no dictionary has."""
    monkeypatch.setenv("VOICE_ALLY_CONFIG", str(tmp_path / "config"))
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "names.yaml").write_text(NAMES, encoding="utf-8")
    return folder


def check(own: Path, model: Path | None = None, recogniser: str = "") -> list[dict[str, str]]:
    config = own.parent / "config" / "settings.toml"
    config.parent.mkdir(exist_ok=True)
    lines = [f'recogniser = "{recogniser}"', f'vosk_model = "{model or ""}"']
    config.write_text("\n".join(lines), encoding="utf-8")
    result = call("check", own, "--json")
    return [json.loads(line) for line in result.output.splitlines()]


@pytest.mark.parametrize("recogniser", ["", "vosk", "pocketsphinx"])
def test_the_models_that_come_with_it_learn_any_word(own: Path, recogniser: str) -> None:
    [problem] = check(own, recogniser=recogniser)
    assert problem["code"] == "VA037"
    assert 'word "xiomara": it will be listened for as ' in problem["message"]


def test_a_model_that_cannot_be_told_what_to_listen_for_is_an_error(
    own: Path, tmp_path: Path
) -> None:
    model = tmp_path / "static"
    for name, content in MODEL_FILES.items():
        if name not in ("graph/HCLr.fst", "graph/Gr.fst"):
            (model / name).parent.mkdir(parents=True, exist_ok=True)
            (model / name).write_bytes(content)
    (model / "graph/HCLG.fst").write_bytes(b"graph")
    [problem] = [one for one in check(own, model) if one["severity"] == "error"]
    assert problem["code"] == "VA051"
    assert problem["file"].endswith("settings.toml")
    assert "it has a static graph (graph/HCLG.fst)" in problem["message"]
