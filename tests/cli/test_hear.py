"""`voice-ally hear`: each recording as a session would take it."""

import json
from pathlib import Path

import numpy
import pytest

from tests.cli.test_on_file import call
from tests.speech_samples import conversation, spoken, write
from voice_ally.core.audio import Pcm16

Line = dict[str, object]


def hear(*words: object) -> list[Line]:
    return [json.loads(line) for line in call("hear", *words).output.splitlines()]


def said(folder: Path, text: str, voice: str = "rms") -> Path:
    return write(folder / f"{text}.wav", conversation(0.5, spoken(text, voice), 1.0))


@pytest.mark.parametrize(
    ("at", "text", "intent"),
    [
        ("listen/how_long", "five", "{minutes}"),
        ("listen/how_long", "stop", "stop"),
        ("listen/first_turn", "I'm done", "done"),
        ("calming_pause/equal", "slower", "slower"),
        ("calming_pause/equal", "stop", "stop"),
    ],
)
def test_wherever_a_session_listens_it_is_heard_with_all_that_is_armed(
    tmp_path: Path, at: str, text: str, intent: str
) -> None:
    (line,) = hear(said(tmp_path, text), "--at", at)
    assert line["decision"] == "act"
    assert str(line["intent"]).startswith(intent.split(maxsplit=1)[0])
    assert line["text"] == text.lower()


def test_what_would_only_be_asked_about_says_so(tmp_path: Path) -> None:
    (line,) = hear(said(tmp_path, "pass me the salt please"))
    assert (line["intent"], line["decision"]) == (None, "ignore")


def test_every_recording_gets_a_line_also_one_in_which_nobody_speaks(tmp_path: Path) -> None:
    silent = write(tmp_path / "silent.wav", Pcm16(bytes(64_000)))
    quiet = numpy.frombuffer(conversation(0.5, spoken("stop"), 0.5), "<i2") // 2000
    faint = write(tmp_path / "faint.wav", Pcm16(quiet.astype("<i2").tobytes()))
    spoke = said(tmp_path, "calming pause")
    lines = hear(silent, faint, spoke)
    assert [line["file"] for line in lines] == [str(one) for one in (silent, faint, spoke)]
    assert [line["text"] for line in lines[:2]] == ["", ""]
    assert [line["decision"] for line in lines[:2]] == ["ignore", "ignore"]
    assert "at -96 dB of full scale" in str(lines[0]["note"])
    assert "No voice was found; its loudest moment is at -" in str(lines[1]["note"])
    assert lines[2]["intent"] == "calming_pause" and "note" not in lines[2]


def test_channels_that_cancel_each_other_are_named(tmp_path: Path) -> None:
    import soundfile

    samples = numpy.frombuffer(conversation(0.5, spoken("stop"), 0.5), "<i2")
    file = tmp_path / "wired wrongly.wav"
    soundfile.write(file, numpy.stack([samples, -samples], axis=1), 16_000)
    (line,) = hear(file)
    assert "its channels cancel each other out" in str(line["note"])


@pytest.mark.parametrize("at", ["nowhere/at_all", "repair/nowhere", "repair"])
def test_a_place_that_is_not_there_is_one_sentence(tmp_path: Path, at: str) -> None:
    problem = call("hear", said(tmp_path, "stop"), "--at", at).exception
    assert problem is not None and "\n" not in str(problem)
