"""Which voice a name means; flite and Piper beyond what every voice keeps to."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy
import pytest

from tests.fakes.voice import FakeVoice
from tests.speak.tiny_piper import make_voice
from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.sound import seconds_in
from voice_ally.speak import flite_voice, voices
from voice_ally.speak.flite_voice import FliteVoice, list_flite_voices
from voice_ally.speak.piper_voice import PiperVoice
from voice_ally.speak.pyttsx3_voice import Pyttsx3Voice
from voice_ally.speak.reading import CLAUSE_PAUSE_SECONDS, SENTENCE_PAUSE_SECONDS
from voice_ally.speak.voices import describe_voices, open_voice

needs_flite = pytest.mark.skipif(not list_flite_voices(), reason="flite is not installed")
LINE = "Alone or together, breathe with me."


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOICE_ALLY_DATA", str(tmp_path / "data"))


class Mine:
    """An engine as another package may bring it."""

    def open_voice(self, name: str, language: str) -> FakeVoice:
        voice = FakeVoice()
        voice.name = f"mine:{name}"
        return voice

    def list_voices(self, language: str) -> list[tuple[str, str]]:
        return [("mine:one", "of a package")]


@dataclass
class EntryPoint:
    name: str
    engine: Mine | None

    def load(self) -> Mine | None:
        return self.engine


@pytest.fixture
def flite() -> Iterator[FliteVoice]:
    voice = FliteVoice()
    yield voice
    voice.close()


def test_a_name_without_an_engine_is_one_of_the_systems_voices() -> None:
    for name in ("en-gb", "system"):
        assert isinstance(open_voice(name), Pyttsx3Voice)
    with pytest.raises(VoiceProblem, match='There is no voice "Aunt Agatha"'):
        open_voice("Aunt Agatha")


def test_english_is_spoken_by_hibari_and_other_languages_by_the_system() -> None:
    assert open_voice("").name == open_voice("hibari:").name == "hibari:heart"
    assert isinstance(open_voice("", "de"), Pyttsx3Voice)


def test_a_voice_may_come_with_any_package(monkeypatch: pytest.MonkeyPatch) -> None:
    brought = {"mine": Mine(), "hibari": Mine(), "broken": None}
    points = [EntryPoint(name, engine) for name, engine in brought.items()]
    monkeypatch.setattr(voices.metadata, "entry_points", lambda group: points)
    assert open_voice("mine:one").name == "mine:one"
    assert open_voice("hibari:heart").name == "hibari:heart", "ours are not replaced"
    with pytest.raises(VoiceProblem, match='The voice "broken:x" cannot be opened'):
        open_voice("broken:x")
    lines = list(describe_voices("en", "mine:one"))
    assert "voice  mine:one  of a package  (chosen)" in lines
    assert any(line.startswith("voice  broken:  cannot be listed") for line in lines)


@needs_flite
def test_flite_is_named_with_its_voice() -> None:
    assert open_voice("flite:slt").name == open_voice("flite:").name == "flite:slt"
    with pytest.raises(VoiceProblem, match=r'no voice "agatha"\. There are: .*slt'):
        open_voice("flite:agatha")


def test_where_flite_is_missing_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(VoiceProblem, match=r"Flite is not installed\. Install it"):
        open_voice("flite:slt")


@needs_flite
def test_flite_speaks_unhurried_and_slt_is_not_rms(flite: FliteVoice) -> None:
    other = FliteVoice("rms")
    assert 1.8 < seconds_in(flite.render(LINE, Style())) < 4.0
    assert flite.render(LINE, Style()) != other.render(LINE, Style())
    other.close()


@needs_flite
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_what_is_said_shows_in_no_list_of_processes(flite: FliteVoice) -> None:
    seen: set[bytes] = set()
    over = threading.Event()

    def look() -> None:
        while not over.is_set():
            for process_id in flite.process_ids:
                try:
                    seen.add(Path(f"/proc/{process_id}/cmdline").read_bytes())
                except OSError:
                    continue

    watching = threading.Thread(target=look)
    watching.start()
    flite.render("I feel lonely.", Style())
    over.set()
    watching.join()
    assert any(b"flite" in one for one in seen)
    assert not any(b"lonely" in one for one in seen)


@needs_flite
@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
def test_flite_killed_in_the_middle_says_the_line_all_the_same(flite: FliteVoice) -> None:
    over = threading.Event()
    killed = 0

    def kill() -> None:
        nonlocal killed
        while killed < 3 and not over.is_set():
            for process_id in flite.process_ids:
                try:
                    os.kill(process_id, signal.SIGKILL)
                    killed += 1
                except ProcessLookupError:
                    pass
            time.sleep(0.02)

    killing = threading.Thread(target=kill)
    killing.start()
    assert seconds_in(flite.render(LINE, Style())) > 1.5
    over.set()
    killing.join()


@needs_flite
def test_a_flite_that_cannot_speak_is_a_problem_not_a_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "flite"
    broken.write_text(
        "#!/bin/sh\necho 'Voices available: slt'\n[ \"$1\" = -lv ] || exec sleep 60\n"
    )
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(flite_voice, "ATTEMPTS", 2)
    voice = FliteVoice("slt", render_seconds=0.2)
    with pytest.raises(VoiceProblem, match="Flite could not speak a line"):
        voice.render(LINE, Style())
    voice.close()


def test_a_piper_voice_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "voices" / "en_XX-tiny-low"
    folder.mkdir(parents=True)
    file = make_voice(folder)
    for name in ("piper:en_XX-tiny-low", "piper:", f"piper:{file}"):
        voice = open_voice(name)
        assert voice.name == "piper:en_XX-tiny-low"
        assert seconds_in(voice.render(LINE, Style())) > 0.2
        voice.close()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "No Piper voice is installed. Fetch one: voice-ally models fetch"),
        ("en_US-nobody-low", "no Piper voice .*models fetch en_US-nobody-low"),
        ("/nowhere/x.onnx", "There is no Piper voice"),
    ],
)
def test_a_piper_voice_that_is_not_there_is_named(name: str, problem: str) -> None:
    with pytest.raises(VoiceProblem, match=problem):
        PiperVoice(name)


def test_a_piper_voice_is_two_files(tmp_path: Path) -> None:
    (tmp_path / "x.onnx").write_bytes(b"")
    with pytest.raises(VoiceProblem, match=r"x\.onnx\.json is missing"):
        PiperVoice(str(tmp_path / "x.onnx"))


def test_a_piper_voice_that_is_damaged_is_one_sentence(tmp_path: Path) -> None:
    file = make_voice(tmp_path)
    file.write_bytes(b"not a model")
    voice = PiperVoice(str(file))
    with pytest.raises(VoiceProblem, match="The Piper voice cannot be loaded"):
        voice.render(LINE, Style())
    voice.close()


def test_voices_are_listed_as_they_are_written_in_the_settings(tmp_path: Path) -> None:
    lines = list(describe_voices("en", "gmw/en-us"))
    assert any("models fetch en_US-ljspeech-medium" in line for line in lines)
    assert any("models fetch hibari-emma" in line for line in lines)
    assert next(iter(describe_voices("en", ""))).endswith("the usual voice  (chosen)")
    assert any(line.startswith("voice  gmw/en-us ") and "(chosen)" in line for line in lines)
    assert list(describe_voices("xx", "")) == ["No voice for this language was found."]
    folder = tmp_path / "data" / "voices"
    folder.mkdir(parents=True)
    make_voice(folder)
    assert "voice  piper:en_XX-tiny-low  Piper, natural" in list(describe_voices("en", ""))


@needs_flite
def test_commas_and_sentences_are_pauses() -> None:
    """Quiet of the length we want, between pieces that are spoken."""
    voice = FliteVoice()
    samples = numpy.frombuffer(voice.render("Stay. Breathe, now.", Style()), "<i2").astype(int)
    voice.close()
    edges = numpy.flatnonzero(numpy.diff((samples == 0).astype(int), prepend=0, append=0))
    quiet = [(end - start) / 24_000 for start, end in zip(edges[::2], edges[1::2], strict=True)]
    sentence, comma = (one for one in quiet if one > 0.1)
    assert sentence == pytest.approx(SENTENCE_PAUSE_SECONDS - 0.035, abs=0.03)
    assert comma == pytest.approx(CLAUSE_PAUSE_SECONDS - 0.035, abs=0.03)
