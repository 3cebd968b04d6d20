"""The dialog that docs/dialogs.md shows how to write, as it stands on the page, by voice."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.cli.test_on_file import call
from voice_ally.app.demo import PERSON_VOICE, Line, Person
from voice_ally.app.on_file import converse
from voice_ally.app.packs import Packs, folders_for
from voice_ally.language.shapes import INSTRUCTIONS
from voice_ally.runtime.event_log import EventLog
from voice_ally.settings.settings import Settings
from voice_ally.speak.pyttsx3_voice import Pyttsx3Voice

PAGE = Path(__file__).parents[2] / "docs" / "dialogs.md"
TALK = (
    Line("help us wind down", "begin"),
    Line("I feel tired", "question"),
    Line("two minutes", "question"),
)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The folder somebody has who did what the page says."""
    (text,) = re.findall(r"```yaml\n(dialog: evening\n.*?)```", PAGE.read_text("utf-8"), re.S)
    (tmp_path / "evening.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def voices() -> Iterator[tuple[Pyttsx3Voice, Pyttsx3Voice]]:
    ally, somebody = Pyttsx3Voice(), Pyttsx3Voice(PERSON_VOICE)
    yield ally, somebody
    ally.close()
    somebody.close()


def test_check_has_nothing_to_say_about_it(pack: Path) -> None:
    result = call("check", pack)
    assert result.output == "0 errors, 0 warnings\n"


def test_typed_it_does_what_the_page_says(pack: Path) -> None:
    talk = "help me wind down\nworn out\nno\n"
    said = call("try", "--pack", pack, typed=talk).output
    assert "Worn out. How many minutes shall we breathe?" in said
    assert said.rstrip().endswith("Ally  Sleep well.\n        Done.")


def test_by_voice_it_asks_keeps_the_answers_and_breathes(
    pack: Path, voices: tuple[Pyttsx3Voice, Pyttsx3Voice]
) -> None:
    happened: list[tuple[float, str, Mapping[str, object]]] = []
    log = EventLog()
    log.watch(lambda at, event, data: happened.append((at, event, data)))
    person = Person(voices[1], TALK)
    log.watch(person.watch)
    chosen = Settings()
    used = Packs(folders_for(pack), print).dialogs.pack
    converse(
        used,
        chosen,
        log,
        voices[0],
        person.blocks(),
        lambda heard, said: None,
        finished=person.tired,
    )
    heard = [(data["intent"], data["slots"]) for _, event, data in happened if event == "heard"]
    assert heard[0] == ("evening", {})
    assert [slots for _, slots in heard[1:]] == [{"feeling": "tired"}, {"minutes": 2}]
    said = [data["text"] for _, event, data in happened if event == "said"]
    assert "Tired. How many minutes shall we breathe?" in said
    assert said[-2:] == ["2 minutes, just for you.", "Sleep well."]
    breaths = [at for at, event, data in happened if event == "phase" and data["name"] == "in"]
    assert 100.0 < breaths[-1] - breaths[0] < 120.0
    assert [data["reason"] for _, event, data in happened if event == "ended"] == ["finished"]


def test_the_page_names_every_instruction() -> None:
    named = re.findall(r"^\| `- (\w+):", PAGE.read_text("utf-8"), re.M)
    assert set(named) == set(INSTRUCTIONS)
