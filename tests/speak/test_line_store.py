import os
from pathlib import Path

import numpy
import pytest

from tests.fakes.voice import FakeVoice
from voice_ally.core.actions import Style
from voice_ally.core.audio import Pcm16
from voice_ally.speak.line_store import LineStore
from voice_ally.speak.narrator import RememberingVoice

CHANCE = numpy.random.default_rng(5)


def sound(seconds: float = 0.5) -> Pcm16:
    return Pcm16(CHANCE.integers(-9000, 9000, int(seconds * 16_000)).astype("<i2").tobytes())


def test_what_was_put_comes_back_to_the_sample_also_after_a_restart(tmp_path: Path) -> None:
    line = sound()
    LineStore(tmp_path / "lines").put("key", line)
    again = LineStore(tmp_path / "lines")
    assert again.get("key") == line
    assert again.get("other") is None


def test_names_tell_nothing_and_nobody_else_may_look(tmp_path: Path) -> None:
    folder = tmp_path / "lines"
    LineStore(folder).put("slt\nStay here.", sound())
    (file,) = folder.iterdir()
    assert "tay" not in file.name
    if os.name == "posix":
        assert folder.stat().st_mode & 0o077 == 0


def test_all_files_together_are_bounded_and_the_one_not_used_for_longest_goes(
    tmp_path: Path,
) -> None:
    store = LineStore(tmp_path, kept_bytes=50_000)
    for number in range(4):
        store.put(str(number), sound())
        for age, file in enumerate(sorted(tmp_path.iterdir(), key=lambda one: one.stat().st_mtime)):
            os.utime(file, (1000 + age, 1000 + age))
        store.get("0")
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 50_000
    assert store.get("0") is not None, "used all the time"
    assert store.get("3") is not None, "the newest"
    assert store.get("1") is None


@pytest.mark.parametrize("content", [b"", b"fLaC and then nothing", b"RIFF"])
def test_a_damaged_file_is_as_none_and_is_replaced(tmp_path: Path, content: bytes) -> None:
    store, line = LineStore(tmp_path), sound()
    store.put("key", line)
    (file,) = tmp_path.iterdir()
    file.write_bytes(content)
    assert store.get("key") is None
    store.put("key", line)
    assert store.get("key") == line


def test_a_folder_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = LineStore(tmp_path / "file" / "lines")
    store.put("key", sound())
    assert store.get("key") is None


def remembering(voice: FakeVoice, folder: Path) -> RememberingVoice:
    return RememberingVoice(
        voice, store=LineStore(folder), language="en", may_outlast=lambda text: text == "Stay."
    )


def test_the_packs_own_lines_outlast_the_session_and_nothing_else_does(tmp_path: Path) -> None:
    first, second = FakeVoice(), FakeVoice()
    lines = [remembering(first, tmp_path).render(one, Style()) for one in ("Stay.", "I feel sad.")]
    assert len(list(tmp_path.iterdir())) == 1
    again = remembering(second, tmp_path)
    assert [again.render(one, Style()) for one in ("Stay.", "I feel sad.")] == lines
    assert [text for text, _ in second.rendered] == ["I feel sad."]


def test_voice_rate_and_lowness_each_have_their_own_sound_and_volume_has_not(
    tmp_path: Path,
) -> None:
    voice = FakeVoice()
    remembered = remembering(voice, tmp_path)
    for style in (Style(), Style(rate=0.8), Style(low=True), Style(volume=0.5), Style(volume=1.8)):
        remembered.render("Stay.", style)
    other = FakeVoice()
    other.name = "another"
    remembering(other, tmp_path).render("Stay.", Style())
    assert len(voice.rendered) == 3
    assert len(other.rendered) == 1
    assert len(list(tmp_path.iterdir())) == 4
    quiet, usual = (remembered.render("Stay.", Style(volume=one)) for one in (0.5, 1.0))
    assert quiet[0] | quiet[1] << 8 == (usual[0] | usual[1] << 8) // 2
