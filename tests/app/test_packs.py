"""Dialogs saved while the program runs: used from then on, or kept as they were."""

import queue
import threading
from pathlib import Path

import pytest

from voice_ally.app.pack_watch import PackWatch
from voice_ally.app.packs import Dialogs, Packs, folders_for
from voice_ally.core.errors import PackProblem
from voice_ally.settings import places

MINE = 'dialog: mine\ntriggers: ["say hello"]\nsteps:\n  hello:\n    - say: "Hello."\n'
BROKEN = MINE.replace("say:", "sya:")


class Folder:
    """Somebody's own pack, and what they are told about it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[str] = []

    def save(self, name: str, text: str) -> None:
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")

    def open(self) -> Packs:
        self.packs = Packs([places.bundled_dialogs(), self.folder], self.told.append)
        return self.packs

    def changed(self) -> bool:
        """Looked at twice: once to see the change, once to see that it is at rest."""
        return self.packs.changed() or self.packs.changed()

    def line(self, dialog: str = "mine") -> str:
        (step,) = self.packs.dialogs.pack.dialogs[dialog].steps.values()
        return str(step[0].any[0])  # type: ignore[union-attr]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "mine")
    made.save("mine.yaml", MINE)
    made.open()
    return made


def test_what_is_saved_is_used(folder: Folder) -> None:
    assert not folder.changed()
    folder.save("mine.yaml", MINE.replace("Hello.", "Good evening."))
    assert folder.changed()
    assert folder.line() == "Good evening."
    assert not folder.changed()
    assert folder.told == []


def test_a_comment_changes_nothing(folder: Folder) -> None:
    folder.save("mine.yaml", f"# a thought\n{MINE}")
    assert not folder.changed()


def test_a_broken_file_stays_as_it_was_and_is_told_once(folder: Folder) -> None:
    folder.save("mine.yaml", BROKEN)
    folder.save("other.yaml", MINE.replace("mine", "other").replace("say hello", "say it"))
    assert folder.changed(), "the other file is used"
    assert folder.line() == "Hello."
    assert folder.line("other") == "Hello."
    assert len(folder.told) == 1
    assert folder.told[0].startswith(f"kept as it was: {folder.folder}/mine.yaml:5:7: error VA010")
    folder.save("other.yaml", MINE.replace("mine", "other").replace("Hello", "Hi"))
    assert folder.changed()
    assert len(folder.told) == 1
    folder.save("mine.yaml", MINE.replace("Hello.", "Mended."))
    assert folder.changed()
    assert folder.line() == "Mended."


def test_one_broken_file_never_takes_the_others_down(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    folder.save("repair.yaml", MINE)
    folder.save("mine.yaml", BROKEN + "    - syy: x\n")
    folder.save("fine.yaml", MINE.replace("mine", "fine"))
    dialogs = folder.open().dialogs.pack.dialogs
    assert {"fine", "repair", "safety"} <= set(dialogs)
    assert "mine" not in dialogs
    assert dialogs["repair"].title == "Repair after a rift", "the bundled one"
    assert [one.partition(": ")[0] for one in folder.told] == ["left out", "left out"]
    assert "(and 1 more, see voice-ally check)" in folder.told[0]


def test_a_file_that_is_gone_is_used_no_more(folder: Folder) -> None:
    (folder.folder / "mine.yaml").unlink()
    assert folder.changed()
    assert "mine" not in folder.packs.dialogs.pack.dialogs


def test_a_rule_that_others_need_stays_when_it_is_taken_away(folder: Folder) -> None:
    folder.save("phrases.yaml", 'rules: {hi: "(hi|hey)"}\n')
    folder.save("mine.yaml", MINE.replace("say hello", "<hi> there"))
    assert folder.changed()
    folder.save("phrases.yaml", 'rules: {other: "(hi|hey)"}\n')
    assert not folder.changed(), "files that only work together stay together"
    assert folder.packs.dialogs.pack.rules["hi"] == "(hi|hey)"
    assert folder.told[0].startswith("kept as it was: ")
    assert "VA032" in folder.told[0]


def test_the_usual_folder_may_come_into_being_and_be_empty(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "later")
    before = set(folder.open().dialogs.pack.dialogs)
    folder.save("notes.txt", "not a dialog")
    assert not folder.changed()
    folder.save("mine.yaml", MINE)
    assert folder.changed()
    assert set(folder.packs.dialogs.pack.dialogs) == before | {"mine"}


def test_own_help_lines_go_over_the_bundled_ones(folder: Folder) -> None:
    told: list[str] = []
    assert folder.packs.dialogs.country_slots("", told.append) == {}
    assert folder.packs.dialogs.country_slots("xx", told.append) == {}
    assert "No help lines are known for the country XX" in told[0]
    folder.save("data/helplines.toml", '[XX]\nemergency_number = "1 0"\n')
    assert folder.changed()
    slots = {"emergency_number": "1 0", "emergency_again": "1 0"}
    assert folder.packs.dialogs.country_slots("XX", told.append) == slots
    assert folder.packs.dialogs.country_slots("gb", told.append)["emergency_number"] == "9 9 9"
    folder.save("data/helplines.toml", "[XX\n")
    assert not folder.changed()
    assert folder.packs.dialogs.country_slots("XX", told.append) == slots
    assert "helplines.toml:1:4: error VA001" in folder.told[0]


def test_a_folder_that_is_named_has_to_be_there(tmp_path: Path) -> None:
    for wrong in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(PackProblem):
            folders_for(wrong)
    assert folders_for(None)[0] == places.bundled_dialogs()


def test_somebody_watches_the_folder_meanwhile(folder: Folder) -> None:
    seen: list[Dialogs] = []
    posted = threading.Event()

    def post(used: Dialogs) -> None:
        seen.append(used)
        posted.set()

    watch = PackWatch(folder.packs, post)
    watch.start()
    folder.save("mine.yaml", MINE.replace("Hello.", "Good evening."))
    assert posted.wait(10.0)
    watch.close()
    watch.close()
    assert not watch.is_alive()
    assert seen == [folder.packs.dialogs]
    assert folder.line() == "Good evening."


def test_a_change_that_breaks_the_reading_is_told_once_and_the_next_is_read(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    posted: queue.Queue[Dialogs] = queue.Queue()
    tried = threading.Semaphore(0)
    changed = folder.packs.changed
    failing = [ZeroDivisionError("a defect"), ZeroDivisionError("a defect")]

    def breaks_twice() -> bool:
        tried.release()
        if failing:
            raise failing.pop()
        return changed()

    monkeypatch.setattr(folder.packs, "changed", breaks_twice)
    watch = PackWatch(folder.packs, posted.put)
    watch.start()
    for _ in range(3):
        assert tried.acquire(timeout=10.0)
    folder.save("mine.yaml", MINE.replace("Hello.", "Good evening."))
    posted.get(timeout=10.0)
    watch.close()
    assert folder.line() == "Good evening."
    told = "kept as it was: reading broke off (ZeroDivisionError: a defect)"
    assert folder.told.count(told) == 1
