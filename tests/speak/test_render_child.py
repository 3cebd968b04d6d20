import io
import json
import threading
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy
import pytest
import soundfile

from voice_ally.core.errors import VoiceProblem
from voice_ally.speak import render_child
from voice_ally.speak.render_child import configure, find_voice, render, serve

US = SimpleNamespace(id="gmw/en-us", name="English (America)", languages=["en-us"])
GB = SimpleNamespace(id="gmw/en", name="English (Great Britain)", languages=["en-gb"])
MAC = SimpleNamespace(id="com.apple.Samantha", name="Samantha", languages=[b"\x05en_US"])
HOW = {"voice": "", "language": "en", "rate": 1.0, "low": False}


class FakeEngine:
    """pyttsx3 without the speaking: writes `file_format`, or nothing when it has gone quiet."""

    driver_name = "nsss"

    def __init__(self, file_format: str = "WAV", *, has_pitch: bool = True) -> None:
        self.file_format, self.has_pitch = file_format, has_pitch
        self.properties: dict[str, object] = {}
        self.done: dict[str, object] = {}
        self.written: list[str] = []
        self.quiet = False
        self._wanted = ("", "")

    def getProperty(self, _name: str) -> object:  # noqa: N802 - pyttsx3's name
        return [GB, US]

    def setProperty(self, name: str, value: object) -> None:  # noqa: N802 - pyttsx3's name
        if name == "pitch" and not self.has_pitch:
            raise KeyError(name)
        self.properties[name] = value

    def connect(self, _topic: str, called: Callable[[], None]) -> Callable[[], None]:
        self.when_finished = called
        return called

    def disconnect(self, _token: Callable[[], None]) -> None:
        """Nobody is told any more."""

    def save_to_file(self, text: str, path: str) -> None:
        self._wanted = (text, path)

    def runAndWait(self) -> None:  # noqa: N802 - pyttsx3's name
        text, path = self._wanted
        self.written.append(path)
        if not self.quiet:
            samples = numpy.full(len(text), 7, "int16")
            with Path(path).open("wb") as file:
                soundfile.write(file, samples, 22_050, format=self.file_format)


class LateEngine(FakeEngine):
    """As with espeak-ng: settings and lines are done by a thread, whenever it gets to them."""

    driver_name = "espeak"

    def __init__(self) -> None:
        super().__init__()
        self.proxy = SimpleNamespace(setBusy=self._set_busy)

    def _set_busy(self, _busy: bool) -> None:
        self._later(lambda: self.done.update(self.properties))

    def getProperty(self, name: str) -> object:  # noqa: N802 - pyttsx3's name
        return self.done.get(name, 200) if name != "voices" else super().getProperty(name)

    def runAndWait(self) -> None:  # noqa: N802 - pyttsx3's name
        self._later(self._finish)

    def _finish(self) -> None:
        super().runAndWait()
        self.when_finished()

    def _later(self, what: Callable[[], None]) -> None:
        threading.Timer(0.05, what).start()


def test_what_the_synthesiser_does_in_its_own_time_is_waited_for() -> None:
    engine = LateEngine()
    assert configure(engine, HOW | {"rate": 0.8}) == {}
    assert engine.done["rate"] == 120
    assert render(engine, "hello") == (22_050, b"\x07\x00" * 5)


def test_a_synthesiser_that_never_comes_to_it_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(render_child, "PATIENCE_SECONDS", 0.01)
    with pytest.raises(VoiceProblem, match="does not answer"):
        configure(LateEngine(), HOW)


@pytest.mark.parametrize("file_format", ["WAV", "AIFF"])
@pytest.mark.parametrize("nameless", [True, False])
def test_a_line_is_read_back_and_its_file_is_gone(file_format: str, nameless: bool) -> None:
    engine = FakeEngine(file_format)
    rate, pcm16 = render(engine, "hello", nameless=nameless)
    assert (rate, pcm16) == (22_050, b"\x07\x00" * 5)
    if not nameless:
        assert not Path(engine.written[0]).parent.exists()


def test_requests_are_answered_one_by_one_also_after_a_failure() -> None:
    engine, answers = FakeEngine(), io.BytesIO()

    def requests() -> Iterator[str]:
        yield json.dumps({"text": "one"})
        engine.quiet = True
        yield json.dumps({"text": "two"})
        engine.quiet = False
        yield json.dumps({"text": "three"})

    serve(engine, requests(), answers)
    answers.seek(0)
    assert json.loads(answers.readline()) == {"bytes": 6, "rate": 22_050}
    assert answers.read(6) == b"\x07\x00" * 3
    assert "error" in json.loads(answers.readline())
    assert json.loads(answers.readline())["bytes"] == 10


def test_an_unhurried_english_voice_is_the_usual_one() -> None:
    engine = FakeEngine()
    assert configure(engine, HOW) == {}
    assert engine.properties == {"voice": "gmw/en-us", "rate": 150, "pitch": 50}


def test_a_low_style_has_a_lower_pitch_where_there_is_one() -> None:
    engine, windows = FakeEngine(), FakeEngine(has_pitch=False)
    assert configure(engine, HOW | {"low": True, "rate": 0.8}) == {}
    assert configure(windows, HOW | {"low": True}) == {}
    assert engine.properties["rate"] == 120
    assert engine.properties["pitch"] < 50
    assert "pitch" not in windows.properties


def test_a_wish_for_an_unknown_voice_is_refused_but_an_unknown_language_is_not() -> None:
    assert "Agatha" in configure(FakeEngine(), HOW | {"voice": "Agatha"})["error"]
    assert configure(FakeEngine(), HOW | {"language": "tlh"}) == {}


def test_voices_are_listed_instead_of_spoken() -> None:
    voices = json.loads(configure(FakeEngine(), {"list": True})["voices"])
    assert voices[1] == ["gmw/en-us", "English (America)", "en-us"]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("en-us", "gmw/en-us"),
        ("EN_GB", "gmw/en"),
        ("English (America)", "gmw/en-us"),
        ("gmw/en", "gmw/en"),
        ("en", "gmw/en"),
        ("en-us+f3", "gmw/en-us+f3"),
        ("samantha", "com.apple.Samantha"),
        ("fr", ""),
    ],
)
def test_voices_are_found_by_id_name_and_language(wanted: str, found: str) -> None:
    assert find_voice([GB, US, MAC], wanted) == found


def test_stereo_is_read_as_its_first_channel() -> None:
    class Stereo(FakeEngine):
        def runAndWait(self) -> None:  # noqa: N802 - pyttsx3's name
            with wave.open(self._wanted[1], "wb") as file:
                file.setparams((2, 2, 16_000, 0, "NONE", ""))
                file.writeframes(b"\x01\x00\x02\x00" * 3)

    assert render(Stereo(), "x") == (16_000, b"\x01\x00" * 3)
