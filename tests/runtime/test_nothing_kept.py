"""What was said or typed is nowhere in memory once it was decided what to do about it.

(What an answer was is kept as long as its dialog runs: the dialog speaks of it.)
"""

from pathlib import Path

import pytest

from tests.kept import anywhere
from voice_ally.app import parts
from voice_ally.core.speech import Decision, SpeechStarted, Utterance
from voice_ally.runtime.event_log import EventLog
from voice_ally.runtime.live import NoEars
from voice_ally.runtime.logbook import Logbook
from voice_ally.runtime.reminders import Reminders
from voice_ally.runtime.session import Session, WhileSpeaking
from voice_ally.settings.settings import Settings
from voice_ally.ui.plain import PlainLines
from voice_ally.ui.rehearsal import SilentSounds, TypedMouth

BACKWARDS = "kiprolz"
"""A word that stands nowhere, not even here."""
PACK = parts.dialogs(None, Settings(), print).dialogs.pack


def session(log: EventLog) -> Session:
    return Session(
        PACK,
        parts.understandings(PACK).of,
        ears=NoEars(),
        mouth=TypedMouth(),
        sounds=SilentSounds(),
        log=log,
        reminders=Reminders(None, lambda: 0.0, lambda: 0.0),
        while_speaking=WhileSpeaking.ALL,
    )


def said(talk: Session, at: float, text: str) -> None:
    talk.heard(SpeechStarted(at))
    talk.heard(Utterance(at + 1, text, 1.0, at, at + 1, text, decision=Decision.ACT))


@pytest.mark.parametrize("before", [[], ["calming pause"], ["check in"]])
@pytest.mark.parametrize(
    "sentence", ["my {} sings", "uh please calming pause thank you {}", "{}42 is 17 lemonades"]
)
def test_a_sentence_is_gone_when_it_was_decided(
    tmp_path: Path, before: list[str], sentence: str
) -> None:
    log = EventLog()
    shown: list[str] = []
    log.watch(PlainLines(lambda line: shown.append("a line"), warn=print))
    book = Logbook(tmp_path)
    log.watch(book)
    talk = session(log)
    talk.begin(0.0)
    for number, line in enumerate(before):
        said(talk, 1.0 + 10 * number, line)
    said(talk, 100.0, sentence.format(BACKWARDS[::-1]))
    assert anywhere(BACKWARDS[::-1]) == []
    book.close()
