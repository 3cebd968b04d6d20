import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy
import pytest

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.sound import seconds_in
from voice_ally.speak.pyttsx3_voice import CHILDREN, Pyttsx3Voice, list_voices

LINE = "Breathe in."
WITHOUT_THE_SYSTEM_LIBRARY = """
import ctypes, os, sys

class Hidden(ctypes.CDLL):
    def __init__(self, name: str, mode=0, *more, **named):
        # found only if something has loaded it already
        if name and "espeak" in name and not os.path.isabs(name):
            mode = mode or os.RTLD_LAZY
            mode |= os.RTLD_NOLOAD
        super().__init__(name, mode, *more, **named)

ctypes.CDLL = Hidden
ctypes.cdll = ctypes.LibraryLoader(Hidden)
"""
RENDER_WITH_THE_WHEEL = """
from voice_ally.models.espeak import prepare_library
from voice_ally.speak.render_child import configure, make_engine, render

found = prepare_library()
engine = make_engine()
configure(engine, {"voice": "", "language": "en", "rate": 1.0, "low": False})
rate, pcm16 = render(engine, "Breathe in.")
mapped = {line.split()[-1] for line in open("/proc/self/maps") if "libespeak" in line}
print(found, rate, len(pcm16), *mapped, file=sys.stderr)
"""
NEITHER = """
sys.modules["espeakng_loader"] = None
from voice_ally.core.errors import VoiceProblem
from voice_ally.models.espeak import prepare_library

try:
    prepare_library()
except VoiceProblem as problem:
    print(problem, file=sys.stderr)
"""


@pytest.fixture
def voice() -> Iterator[Pyttsx3Voice]:
    voice = Pyttsx3Voice()
    yield voice
    voice.close()


def sound(pcm16: bytes) -> numpy.ndarray:
    return numpy.frombuffer(pcm16, "<i2").astype(float)


def test_a_line_has_a_sane_length_and_energy_and_starts_at_once(voice: Pyttsx3Voice) -> None:
    pcm16 = voice.render(LINE, Style())
    assert 0.4 < seconds_in(pcm16) < 1.5
    samples = sound(pcm16)
    assert 500 < numpy.sqrt((samples**2).mean()) < 20_000
    assert abs(samples[:800]).max() > 40
    assert abs(samples[-800:]).max() > 40


def test_what_cannot_be_pronounced_is_no_sound_or_some_but_no_trouble(voice: Pyttsx3Voice) -> None:
    assert voice.render("…", Style()) == b""
    for odd in ("a\0b", "<b>bold</b> & [[x]]", "naïve façade 🙂", "word " * 400):
        assert voice.render(odd, Style())


def test_text_that_no_child_can_take_is_a_problem_and_the_next_line_is_spoken(
    voice: Pyttsx3Voice,
) -> None:
    with pytest.raises(VoiceProblem, match="could not speak a line"):
        voice.render("word \ud800", Style())
    assert voice.render(LINE, Style())


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
def test_a_child_killed_between_lines_is_replaced(voice: Pyttsx3Voice) -> None:
    voice.render(LINE, Style())
    (first,) = voice.process_ids
    os.kill(first, signal.SIGKILL)
    assert voice.render(LINE, Style())
    assert voice.process_ids != (first,)


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
def test_a_child_killed_while_it_renders_is_replaced(voice: Pyttsx3Voice) -> None:
    voice.warm_up()
    (first,) = voice.process_ids
    os.kill(first, signal.SIGSTOP)
    lines: list[bytes] = []
    speaking = threading.Thread(target=lambda: lines.append(voice.render(LINE, Style())))
    speaking.start()
    os.kill(first, signal.SIGKILL)
    speaking.join(20)
    assert seconds_in(lines[0]) > 0.4


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
def test_a_child_that_hangs_is_replaced() -> None:
    voice = Pyttsx3Voice(render_seconds=5.0)
    voice.render(LINE, Style())
    os.kill(voice.process_ids[0], signal.SIGSTOP)
    assert seconds_in(voice.render(LINE, Style())) > 0.4
    voice.close()


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
def test_close_ends_a_line_under_way(voice: Pyttsx3Voice) -> None:
    voice.render(LINE, Style())
    os.kill(voice.process_ids[0], signal.SIGSTOP)
    outcome: list[str] = []

    def speak() -> None:
        try:
            voice.render(LINE, Style())
        except VoiceProblem as problem:
            outcome.append(problem.code)

    speaking = threading.Thread(target=speak)
    speaking.start()
    voice.close()
    speaking.join(5)
    assert outcome == ["voice"]


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
def test_the_child_lives_through_ctrl_c(voice: Pyttsx3Voice) -> None:
    voice.render(LINE, Style())
    (child,) = voice.process_ids
    os.kill(child, signal.SIGINT)
    assert voice.render(LINE, Style())
    assert voice.process_ids == (child,)


def test_only_so_many_children_are_kept(voice: Pyttsx3Voice) -> None:
    for rate in (0.7, 0.8, 0.9, 1.0, 1.1):
        voice.render(LINE, Style(rate=rate))
    assert len(voice.process_ids) == CHILDREN


def test_it_works_from_a_folder_with_a_file_called_wave(
    voice: Pyttsx3Voice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wave.py").write_text("raise SystemExit")
    monkeypatch.chdir(tmp_path)
    assert voice.render(LINE, Style())


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="espeak-ng voices")
def test_voices_differ_and_are_found_by_language_name_and_variant() -> None:
    spoken = set()
    for name in ("en-us", "en-gb", "German", "en-us+f3"):
        voice = Pyttsx3Voice(name)
        spoken.add(len(voice.render("How can I love you through this?", Style())))
        voice.close()
    assert len(spoken) == 4


def test_a_voice_that_is_not_there_is_named() -> None:
    voice = Pyttsx3Voice("Aunt Agatha")
    with pytest.raises(VoiceProblem, match='There is no voice "Aunt Agatha"'):
        voice.render(LINE, Style())
    voice.close()


def test_voices_are_listed() -> None:
    assert {"gmw/en-us", "gmw/de"} & {id_ for id_, _ in list_voices()}
    assert "gmw/de" not in {id_ for id_, _ in list_voices("en")}


def test_nothing_spoken_stays_behind(
    voice: Pyttsx3Voice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    voice.render(LINE, Style())
    voice.render("Stay.", Style(low=True))
    voice.close()
    assert list(tmp_path.iterdir()) == []


def run(script: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_THE_SYSTEM_LIBRARY + script],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there espeak is needed")
def test_without_the_system_library_the_one_in_the_wheel_speaks() -> None:
    found, rate, size, *libraries = run(RENDER_WITH_THE_WHEEL).split()
    assert (found, rate) == ("wheel", "22050")
    assert int(size) > 20_000
    assert len(libraries) == 1
    assert "espeakng_loader" in libraries[0]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only there espeak is needed")
def test_without_any_library_there_is_one_plain_sentence() -> None:
    assert run(NEITHER).startswith("The speech synthesiser espeak-ng is missing. Install it:")
