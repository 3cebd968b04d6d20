"""Somebody saves a dialog with an ending that their text program chose."""

from pathlib import Path

import pytest

from voice_ally.core.errors import PackProblem
from voice_ally.language.pack_files import not_read
from voice_ally.language.reader import files_of, read_pack

TEA = 'dialog: tea\ntriggers: ["tea for two"]\nsteps: {a: [{say: "Tea."}]}\n'


def save(folder: Path, *names: str) -> None:
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(TEA, encoding="utf-8")


def test_capital_endings_and_short_ones_are_read(tmp_path: Path) -> None:
    save(tmp_path, "a.yaml", "b.YAML", "c.yml", "d.Yml")
    assert list(files_of(tmp_path)) == ["a.yaml", "b.YAML", "c.yml", "d.Yml"]
    assert not_read(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "right"),
    [
        ("tea.yaml.txt", "tea.yaml"),
        ("tea.YAML.TXT", "tea.yaml"),
        ("tea.yml.rtf", "tea.yaml"),
        ("tea.ymal", "tea.yaml"),
        ("tea.yamll", "tea.yaml"),
        ("tea.txt", "tea.yaml"),
        ("tea", "tea.yaml"),
    ],
)
def test_what_looks_like_a_dialog_is_named(tmp_path: Path, name: str, right: str) -> None:
    save(tmp_path, "a.yaml", name)
    (problem,) = not_read(tmp_path)
    assert (problem.code, problem.severity) == ("VA071", "warning")
    assert f'"{name}" looks like a dialog and is not read' in problem.message
    assert problem.mend == f'Call it "{right}".'


def test_dialogs_in_a_folder_inside_are_named(tmp_path: Path) -> None:
    save(tmp_path, "a.yaml", "old/b.yaml", "old/c.yml", "one/d.yaml", ".git/e.yaml")
    first, second = not_read(tmp_path)
    assert 'The folder "old" holds 2 dialogs that nothing reads.' in first.message
    assert 'The folder "one" holds a dialog that nothing reads.' in second.message
    assert f"up into {tmp_path}" in first.mend


def test_what_is_set_aside_or_something_else_is_left_alone(tmp_path: Path) -> None:
    save(tmp_path, "a.yaml", "a.yaml~", "a.yaml.bak", ".a.yaml.swp", "a.md", "a.json")
    (tmp_path / "notes.txt").write_text("dialog ideas: tea\n", encoding="utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    assert not_read(tmp_path) == []
    with pytest.raises(PackProblem):
        not_read(tmp_path / "nowhere")


def test_a_folder_with_nothing_else_says_how_to_call_it(tmp_path: Path) -> None:
    save(tmp_path, "tea.yaml.txt")
    with pytest.raises(PackProblem, match=r"There are no dialogs.*Call it .tea\.yaml."):
        files_of(tmp_path)


def test_phrases_may_have_any_of_the_endings_but_only_once() -> None:
    result = read_pack({"Phrases.YML": b"rules: {hi: hello}\n"})
    assert result.pack.rules == {"hi": "hello"}
    both = read_pack({"phrases.yaml": b"rules: {hi: hello}\n", "phrases.yml": b"rules: {a: b}\n"})
    assert [one.code for one in both.problems] == ["VA003"]
    assert both.pack.rules == {"hi": "hello"}
