"""Somebody saves a file while it is watched."""

from pathlib import Path

from voice_ally.app.checking import Checker
from voice_ally.app.watching import saved

GOOD = 'dialog: mine\ntriggers: ["my own one"]\nsteps: {a: [{say: "Hello."}]}\n'


def test_each_change_is_told_once_it_has_come_to_rest(tmp_path: Path) -> None:
    texts = iter(["a", "ab", "", "", "abc", ""])

    def wait(_: float) -> None:
        if text := next(texts):
            (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")

    changes = saved(tmp_path, wait)
    next(changes)
    assert (tmp_path / "mine.yaml").read_text() == "ab"
    next(changes)
    assert (tmp_path / "mine.yaml").read_text() == "abc"


def test_what_an_editor_holds_is_checked_before_it_is_saved(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(GOOD, encoding="utf-8")
    with Checker(tmp_path) as checker:
        assert checker.check() == []
        unsaved = {f"{tmp_path}/mine.yaml": GOOD.replace("say", "sya").encode()}
        assert [one.code for one in checker.check(unsaved)] == ["VA010"]
        assert checker.check() == []
        file.write_text(GOOD.replace("Hello", "Hi"), encoding="utf-8")
        assert checker.check() == []
