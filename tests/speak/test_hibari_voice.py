"""The usual voice beyond what every voice keeps to: pace, sounds, marks, and what it never does."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.sound import seconds_in
from voice_ally.models import voices as known_voices
from voice_ally.models.voices import HIBARI_VOICES, KnownVoice
from voice_ally.speak import hibari_voice
from voice_ally.speak.hibari_voice import HibariVoice, list_voices, why_not

LINE = "If you are in danger, go to a safe place and call now."
WORDS = 12


@pytest.fixture(scope="module")
def voice() -> Iterator[HibariVoice]:
    voice = HibariVoice(start_seconds=120.0, render_seconds=60.0)
    yield voice
    voice.close()


def words_a_minute(voice: HibariVoice, style: Style) -> float:
    return WORDS * 60 / seconds_in(voice.render(LINE, style))


def test_it_speaks_unhurried_and_slower_where_it_speaks_low(voice: HibariVoice) -> None:
    assert 120 < words_a_minute(voice, Style()) < 165
    assert 100 < words_a_minute(voice, Style(low=True)) < 135
    assert words_a_minute(voice, Style(rate=0.8)) < words_a_minute(voice, Style()) * 0.88
    assert words_a_minute(voice, Style(rate=1.25)) > words_a_minute(voice, Style()) * 1.12


def test_the_same_line_is_the_same_sound(voice: HibariVoice) -> None:
    assert voice.render(LINE, Style()) == voice.render(LINE, Style())


def test_a_written_pronunciation_and_a_stress_are_heard(voice: HibariVoice) -> None:
    plain = voice.render("Siobhan is here.", Style())
    assert voice.render("Siobhan[SH AH V AO N] is here.", Style()) != plain
    assert voice.render("*And* out.", Style()) != voice.render("And out.", Style())


def test_notation_of_hibari_is_never_obeyed(voice: HibariVoice) -> None:
    """[word](/sounds/) is its own way to write sounds; in a line it is text, and read out."""
    plain = seconds_in(voice.render("out", Style()))
    assert seconds_in(voice.render("[out](/ˈænd/)", Style())) > plain * 1.5


def test_a_line_without_a_full_stop_is_cut_at_words_and_spoken(voice: HibariVoice) -> None:
    line = " ".join(["breathe and wait"] * 40)
    assert seconds_in(voice.render(line, Style(rate=2.0))) > 15


def test_what_has_no_sound_is_no_sound(voice: HibariVoice) -> None:
    for line in ("", "…", "❤", "." * 150_000):
        assert voice.render(line, Style()) == b""


@pytest.mark.skipif(os.name != "posix", reason="signals are sent")
def test_a_child_killed_between_lines_is_replaced(voice: HibariVoice) -> None:
    before = voice.render("Stay.", Style())
    (first,) = voice.process_ids
    os.kill(first, signal.SIGKILL)
    assert voice.render("Stay.", Style()) == before


def test_a_voice_that_is_still_loading_says_so_and_goes_on_loading() -> None:
    voice = HibariVoice(start_seconds=0.0)
    with pytest.raises(VoiceProblem, match="still starting"):
        voice.render("Stay.", Style())
    (child,) = voice.process_ids
    voice.start_seconds = 120.0
    assert voice.render("Stay.", Style())
    assert voice.process_ids == (child,)
    voice.close()


def test_where_it_is_missing_or_memory_is_short_it_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert why_not() == ""
    monkeypatch.setattr(hibari_voice, "free_megabytes", lambda: 123)
    assert why_not() == "The voice hibari needs 300 MB of free memory, and 123 MB are free."
    with pytest.raises(VoiceProblem, match="123 MB are free"):
        HibariVoice()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert why_not() == "The voice hibari is not installed here (onnxruntime is missing)."
    assert next(iter(list_voices("en")))[1] == why_not()
    assert list(list_voices("de")) == []


def test_the_other_voices_are_fetched_and_not_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_ALLY_DATA", str(tmp_path))
    with pytest.raises(VoiceProblem, match="voice-ally models fetch hibari-emma"):
        HibariVoice("emma")
    with pytest.raises(VoiceProblem, match=r'no voice "agatha"\. There are: heart, emma'):
        HibariVoice("agatha")
    assert ("hibari:emma", "British woman; to fetch: voice-ally models fetch hibari-emma") in list(
        list_voices("en")
    )


def test_a_fetched_voice_speaks_from_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one in the package stands in for another: they are built alike."""
    import hibari

    model = (Path(hibari.__file__).parent / "assets" / "hibari.onnx").read_bytes()
    known = HIBARI_VOICES["emma"]
    alike = KnownVoice(
        known.name,
        known.place,
        (known_voices.VoiceFile("x.onnx", len(model), hashlib.sha256(model).hexdigest()),),
        known.licence,
        known.what,
        british=True,
    )
    monkeypatch.setitem(HIBARI_VOICES, "emma", alike)
    monkeypatch.setenv("VOICE_ALLY_DATA", str(tmp_path))
    folder = tmp_path / "voices" / known.name
    folder.mkdir(parents=True)
    (folder / "x.onnx").write_bytes(model)
    voice = HibariVoice("emma", start_seconds=120.0, render_seconds=60.0)
    assert voice.name == "hibari:emma"
    assert seconds_in(voice.render("Go slowly, sister[S IH S T ER].", Style())) > 0.8
    voice.close()


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_no_gpl_library_and_no_model_is_in_our_own_process() -> None:
    code = """
from voice_ally.core.actions import Style
from voice_ally.hear.engines.pronunciation import pronunciations
from voice_ally.speak.hibari_voice import HibariVoice

voice = HibariVoice(start_seconds=120.0, render_seconds=60.0)
assert voice.render("Stay.", Style())
assert pronunciations({"zwibblefrond"}, {})["zwibblefrond"]
mapped = open("/proc/self/maps").read()
print([one for one in ("espeak", "onnxruntime", "piper") if one in mapped])
voice.close()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
