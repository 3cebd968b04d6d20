"""Somebody reads the log afterwards, and learns what happened but not a word of it."""

import json
import os
import re
import stat
from pathlib import Path

import pytest

from tests.cli.test_on_file import session
from tests.speech_samples import conversation, spoken
from voice_ally.runtime import logbook
from voice_ally.runtime.logbook import Logbook, without_words

SAID = (
    (1.0, "speech", {}),
    (2.0, "heard", {"text": "I feel abandoned", "slots": {"feeling": "abandoned"}, "decided": 2.1}),
    (3.0, "started", {"dialog": "safety", "title": "You are not safe"}),
    (4.0, "said", {"text": "So you feel abandoned.", "start": 3.0, "end": 4.0}),
    (5.0, "failed", {"source": "voice", "message": "It broke (ValueError: 'abandoned')."}),
    (6.0, "something new", {"secret": "abandoned"}),
    (6.5, "lost", {"source": "microphone", "message": "abandoned"}),
    (7.0, "ended", {"reason": "safety"}),
)


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", text.lower()))


def test_what_happened_is_there_and_no_word_of_it(tmp_path: Path) -> None:
    log = Logbook(tmp_path / "logs")
    log.note("begin", version="1")
    for one in SAID:
        log(*one)
    log.close()
    log.close()
    text = (tmp_path / "logs" / "voice-ally.log").read_text()
    assert [line.split()[2] for line in text.splitlines()] == ["begin", "failed", "lost"]
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d [a-z]", one) for one in text.splitlines())
    assert 'message="It broke ValueError"' in text
    assert 'source="microphone"' in text
    assert not {"abandoned", "safety", "feel", "safe", "secret"} & words(text)


def test_a_whole_session_leaves_no_word_in_the_log(tmp_path: Path) -> None:
    heard = conversation(0.5, spoken("I need to repair"), 4.0, spoken("yes"), 3.0)
    events, _ = session(tmp_path, heard)
    log = Logbook(tmp_path / "logs")
    for one in events:
        data = {name: value for name, value in one.items() if name not in ("t", "event")}
        log(float(str(one["t"])), str(one["event"]), data)
    log.close()
    spoken_words = {
        word
        for one in events
        for name in ("text", "title", "dialog", "step", "intent", "slots", "reason")
        for word in words(json.dumps(one.get(name, "")))
    }
    written = words(log.path.read_text())
    assert {"repair", "yes", "willing"} <= spoken_words, "much was said"
    assert not written & spoken_words
    assert not written, "nothing went wrong"


def test_with_text_everything_is_there_in_a_file_of_its_own(tmp_path: Path) -> None:
    log = Logbook(tmp_path, with_text=True)
    for one in SAID:
        log(*one)
    log.close()
    assert log.path.name == "with-text.log"
    assert "I feel abandoned" in log.path.read_text()
    assert not (tmp_path / "voice-ally.log").exists()


def test_only_its_owner_may_look_and_it_stays_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logbook, "MOST_BYTES", 1000)
    log = Logbook(tmp_path / "logs")
    for number in range(200):
        log(float(number), "lost", {"source": "microphone"})
    log.close()
    assert stat.S_IMODE((tmp_path / "logs").stat().st_mode) == 0o700
    sizes = [one.stat().st_size for one in (tmp_path / "logs").iterdir()]
    assert len(sizes) == 4
    assert max(sizes) <= 1000


def test_where_nothing_can_be_written_nothing_is_and_nobody_is_troubled(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    Logbook(tmp_path / "file")(1.0, "speech", {})
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "voice-ally.log").symlink_to("/dev/full")
    log = Logbook(tmp_path / "logs")
    log(1.0, "lost", {"source": "microphone"})
    log.close()
    (tmp_path / "pipe").mkdir()
    os.mkfifo(tmp_path / "pipe" / "voice-ally.log")
    log = Logbook(tmp_path / "pipe")
    log(1.0, "lost", {"source": "microphone"})
    log.close()
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("The microphone is gone. Connect it.", "The microphone is gone. Connect it."),
        ('There is no voice "Anna".', "There is no voice"),
        ("A line failed (TimeoutError: I love you).", "A line failed TimeoutError"),
        ("", ""),
    ],
)
def test_of_a_message_only_the_fixed_part_is_kept(message: str, kept: str) -> None:
    assert without_words(message) == kept
