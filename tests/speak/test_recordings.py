"""Sound files of a pack, as they are played."""

from pathlib import Path

import numpy as np
import pytest
import soundfile

from tests.speak.test_second_voice import FakeVoice
from voice_ally.app.checking import sound_problems
from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.sound import seconds_in
from voice_ally.language.reader import read_pack
from voice_ally.speak import recordings
from voice_ally.speak.loudness import TARGET_LUFS, loudness_lufs
from voice_ally.speak.recordings import WithRecordings, recording

RATE = 44_100


def rain(seconds: float, size: float) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    noise = np.random.default_rng(1).normal(0, size, (int(seconds * RATE), 2))
    return np.clip(noise, -1, 1)


@pytest.mark.parametrize("size", [0.002, 0.02, 0.3])
@pytest.mark.parametrize("ending", ["flac", "wav", "ogg"])
def test_it_is_as_loud_as_the_voice_however_it_was_recorded(
    tmp_path: Path, size: float, ending: str
) -> None:
    file = tmp_path / f"rain.{ending}"
    soundfile.write(file, rain(3.0, size), RATE)
    pcm16 = recording(file)
    assert seconds_in(pcm16) == pytest.approx(3.0, abs=0.01)
    loudness = loudness_lufs(np.frombuffer(pcm16, "<i2") / 32768)
    assert loudness == pytest.approx(TARGET_LUFS, abs=0.7)


def test_what_is_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "text.wav").write_text("not a sound at all")
    soundfile.write(tmp_path / "silent.wav", np.zeros(RATE), RATE)
    soundfile.write(tmp_path / "empty.wav", np.zeros(0), RATE)
    soundfile.write(tmp_path / "long.flac", rain(3.0, 0.1), RATE)
    wrong = {
        "text.wav": "can be read",
        "silent.wav": "no sound in",
        "empty.wav": "no sound in",
        "missing.wav": "cannot be opened",
    }
    for name, what in wrong.items():
        with pytest.raises(VoiceProblem, match=what):
            recording(tmp_path / name)
    with pytest.raises(VoiceProblem, match="cannot be opened"):
        recording(tmp_path)
    monkeypatch.setattr(recordings, "MOST_SECONDS", 2.0)
    with pytest.raises(VoiceProblem, match="longer than"):
        recording(tmp_path / "long.flac")
    monkeypatch.setattr(recordings, "MOST_BYTES", 1000)
    with pytest.raises(VoiceProblem, match="larger than"):
        recording(tmp_path / "long.flac")


def test_a_voice_with_recordings_speaks_all_else(tmp_path: Path) -> None:
    voice = FakeVoice("ally")
    both = WithRecordings(voice)
    both.warm_up()
    both.render("Well.", Style())
    soundfile.write(tmp_path / "rain.flac", rain(1.0, 0.1), RATE)
    assert seconds_in(both.render(str(tmp_path / "rain.flac"), Style(recording=True))) > 0.9
    assert [text for text, _ in voice.lines] == ["Well."]
    both.close()
    assert voice.closed and voice.warm and both.name == "ally"


def test_check_names_each_file_that_cannot_be_played(tmp_path: Path) -> None:
    pack, other = tmp_path / "pack", tmp_path / "other"
    pack.mkdir()
    other.mkdir()
    soundfile.write(pack / "rain.flac", rain(1.0, 0.1), RATE)
    soundfile.write(other / "far.flac", rain(1.0, 0.1), RATE)
    (pack / "link.flac").symlink_to(other / "far.flac")
    plays = "".join(f"    - play: {one}.flac\n" for one in ("rain", "gone", "link"))
    (pack / "talk.yaml").write_text(f"dialog: talk\ntriggers: [talk]\nsteps:\n  a:\n{plays}")
    result = read_pack(pack)
    assert result.problems == ()
    problems = sound_problems(result.pack)
    assert [(one.code, one.place.line, one.place.column) for one in problems] == [
        ("VA065", 6, 13),
        ("VA065", 7, 13),
    ]
    assert "cannot be opened" in problems[0].message and "leads out" in problems[1].message
