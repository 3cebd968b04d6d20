"""The longer examples of docs/dialogs.md, as they stand on the page, typed and by voice."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from tests.cli.test_on_file import call
from tests.dialogs.test_worked_example import PAGE
from voice_ally.app.demo import PERSON_VOICE, Line, Person
from voice_ally.app.on_file import converse
from voice_ally.app.packs import Packs, folders_for
from voice_ally.runtime.event_log import EventLog
from voice_ally.settings.settings import Settings, settings_from
from voice_ally.speak.pyttsx3_voice import Pyttsx3Voice

Happened = list[tuple[float, str, Mapping[str, object]]]


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The folder somebody has who saved the two examples."""
    page = PAGE.read_text("utf-8")
    for name in ("day_end", "evenings"):
        (text,) = re.findall(rf"```yaml\n(dialog: {name}\n.*?)```", page, re.S)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def voices() -> Iterator[tuple[Pyttsx3Voice, Pyttsx3Voice]]:
    ally, somebody = Pyttsx3Voice(), Pyttsx3Voice(PERSON_VOICE)
    yield ally, somebody
    ally.close()
    somebody.close()


def talked(
    pack: Path, voices: tuple[Pyttsx3Voice, Pyttsx3Voice], lines: Sequence[Line]
) -> Happened:
    happened: Happened = []
    log = EventLog()
    log.watch(lambda at, event, data: happened.append((at, event, dict(data))))
    person = Person(voices[1], lines)
    log.watch(person.watch)
    used = Packs(folders_for(pack), print).dialogs.pack
    chosen: Settings = settings_from({"names": "Robert"})
    converse(
        used,
        chosen,
        log,
        voices[0],
        person.blocks(),
        lambda heard, said: None,
        finished=person.tired,
    )
    return happened


def said(happened: Happened) -> list[object]:
    return [data["text"] for _, event, data in happened if event == "said"]


def test_check_has_nothing_to_say_about_them(pack: Path) -> None:
    assert call("check", pack).output == "0 errors, 0 warnings\n"


def test_typed_they_do_what_the_page_says(pack: Path) -> None:
    talk = "end of the day please\nsomething else altogether\n\n"
    lines = call("try", "--pack", pack, typed=talk).output
    assert "something else altogether" not in lines.replace(talk, "")
    assert lines.index("Thank you for telling me.") < lines.index("Breathe out, 1.")
    assert "Breathe out, 2." in lines
    assert re.search(r"(Good night|Sleep well)\.\n +Done\.", lines)
    talk = "come every evening\nyes\nmy name is Ada\nsure\n"
    lines = call("try", "--pack", pack, typed=talk).output
    assert "(will come back in " in lines
    assert "Thank you, Ada." in lines


def test_by_voice_any_words_are_an_answer_and_a_hold_ends_when_they_are_silent(
    pack: Path, voices: tuple[Pyttsx3Voice, Pyttsx3Voice]
) -> None:
    happened = talked(
        pack,
        voices,
        (
            Line("end of the day please", "begin"),
            Line("well the children were loud and the bus was late", "question"),
            Line("we had soup together and my sister called in the afternoon", "quiet"),
        ),
    )
    heard = [(data["intent"], data["text"]) for _, event, data in happened if event == "heard"]
    assert heard[1] == ("anything", "")
    hour = datetime.now().hour
    part = "morning" if 5 <= hour < 12 else "afternoon" if 12 <= hour < 17 else "evening"
    lines = said(happened)
    assert lines[0] in (f"Good {part}, Robert.", "Here we are, Robert.")
    assert lines[1] == "Nobody is in a hurry now."
    assert lines[-3:-1] == ["Breathe out, 1.", "Breathe out, 2."]
    assert lines[-1] in ("Good night.", "Sleep well.")
    (begun,) = (at for at, event, data in happened if event == "quiet" and data["for"] == "words")
    (chimed,) = (at for at, event, _ in happened if event == "chimed")
    spoken = [data for _, event, data in happened if event == "rejected"]
    last_word = max(float(str(data["speech_end"])) for data in spoken)
    assert begun < last_word
    assert chimed == pytest.approx(last_word + 3.0, abs=0.05)
    assert "children" not in repr(happened)


def test_by_voice_it_promises_to_come_every_evening_and_keeps_a_name(
    pack: Path, voices: tuple[Pyttsx3Voice, Pyttsx3Voice]
) -> None:
    happened = talked(
        pack,
        voices,
        (
            Line("come every evening", "begin"),
            Line("every evening please", "question"),
            Line("my name is Maria", "question"),
            Line("yes", "question"),
        ),
    )
    (promised,) = (data for _, event, data in happened if event == "reminder")
    assert promised["dialog"] == "evenings"
    assert 0 < float(str(promised["seconds"])) <= 25 * 3600
    assert said(happened)[-1] == "Thank you, Maria."
