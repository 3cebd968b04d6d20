"""Names of those who use it: set, told, kept, forgotten."""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pytest

from tests.language.packs import small_files
from tests.runtime.test_interrupting import Ears, Mouth
from voice_ally.core.speech import Utterance
from voice_ally.interpret.understanding import Understandings
from voice_ally.language.reader import read_pack, vocabulary
from voice_ally.runtime.event_log import EventLog
from voice_ally.runtime.people import MOST_CHARACTERS, People
from voice_ally.runtime.reminders import Reminders
from voice_ally.runtime.session import Session, WhileSpeaking
from voice_ally.settings.settings import fault_of
from voice_ally.ui.rehearsal import SilentSounds


def test_from_the_settings_one_or_two() -> None:
    assert People().names == ("", "")
    assert People(names="Ada").names == ("Ada", "")
    assert People(names="Ada, Bo").names == ("Ada", "Bo")


@pytest.mark.parametrize("names", ["", "Ada", "Ada, Bo", "Anne-Marie O'Neil,Bo", "İpek"])
def test_what_may_stand_there(names: str) -> None:
    assert fault_of("names", names) == ""


@pytest.mark.parametrize("names", ["Ada, Bo, Cy", "1", "Ada;", "a" * 41, "Ada\n"])
def test_what_may_not(names: str) -> None:
    assert "one or two names" in fault_of("names", names)


def test_what_is_kept_is_there_the_next_time_and_gone_when_forgotten(tmp_path: Path) -> None:
    file = tmp_path / "state" / "people.json"
    people = People(file)
    people.remember("name", "Ada")
    people.remember("other_name", "B" * 99)
    assert file.stat().st_mode & 0o077 == 0
    again = People(file)
    assert again.names == ("Ada", "B" * MOST_CHARACTERS)
    assert People(file, "Cy").names == ("Cy", "B" * MOST_CHARACTERS)
    again.forget()
    assert again.names == ("", "")
    assert list(file.parent.iterdir()) == []
    again.forget()


@pytest.mark.parametrize("content", [b"", b"[1]", b"{", b"\xff", b'{"name": 1}', b"[" * 9000])
def test_a_file_that_cannot_be_read_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "people.json"
    file.write_bytes(content)
    people = People(file)
    assert people.names == ("", "")
    people.remember("name", "Ada")
    assert json.loads(file.read_bytes())["name"] == "Ada"


def test_where_nothing_can_be_written_one_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told: list[str] = []
    people = People(tmp_path / "file" / "people.json", warn=told.append)
    people.remember("name", "Ada")
    assert people.names == ("Ada", "")
    assert len(told) == 1 and "cannot be kept" in told[0]


NAMED = b"""
dialog: named
triggers: ["keep my name"]
lists: {who: [Ada, Bo]}
steps:
  a: [{ask: "Who?", answers: {"{who:name}": b}}]
  b: [{ask: "May I keep {name}?", answers: {"<yes>": [{remember: name}], "<no>": []}}]
"""
GREETING = b'dialog: hello\ntriggers: [hello]\nsteps: {a: [{say: "Good {part_of_day}, {name}."}]}\n'
FORGET = b'dialog: away\ntriggers: [forget me]\nsteps: {a: [{forget: me}, {say: "Gone."}]}\n'


def test_by_voice_told_kept_used_and_forgotten(tmp_path: Path) -> None:
    own = {"named.yaml": NAMED, "hello.yaml": GREETING, "away.yaml": FORGET}
    pack = read_pack({**small_files(), **own}).pack
    assert {"named", "hello", "away"} <= pack.dialogs.keys()
    said: list[str] = []
    log = EventLog()

    def note(_at: float, event: str, data: Mapping[str, object]) -> None:
        if event == "speaking":
            said.append(str(data["text"]))

    log.watch(note)
    mouth = Mouth()
    session = Session(
        pack,
        Understandings(vocabulary(pack)).of,
        ears=Ears(),
        mouth=mouth,
        sounds=SilentSounds(),
        log=log,
        reminders=Reminders(None, lambda: 0.0, lambda: 0.0),
        while_speaking=WhileSpeaking.ALL,
        people=People(tmp_path / "people.json"),
        today=lambda: datetime(2026, 11, 28, 21),
    )
    session.begin(0.0)
    at = 0.0
    for text in ("hello", "keep my name", "Ada", "yes", "hello", "forget me", "hello"):
        at += 1.0
        session.heard(Utterance(at, text, 1.0, at - 0.5, at, text))
        while mouth.sounding:
            session.sound_over(mouth.sounding.pop(0), at)
    assert said == [
        "Good evening.",
        "Who?",
        "May I keep Ada?",
        "Good evening, Ada.",
        "Gone.",
        "Good evening.",
    ]
    assert list(tmp_path.iterdir()) == []
