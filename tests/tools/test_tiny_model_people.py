"""Recordings of people, where a folder of them is given: who is learned from, and who never."""

import zlib
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from tools.tiny_model import people
from tools.tiny_model.people import REPORTING, TRAINING, TUNING

HEADER = "file\tsaid\tspeaker\tseconds\tlicence\tnote"


def speaker_for(wanted: str) -> str:
    return next(f"s{n}" for n in range(100) if people.part(f"s{n}") == wanted)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten recordings: of five sets, by three speakers."""
    rows = [HEADER]

    def add(name: str, said: str, speaker: str) -> None:
        path = tmp_path / "recordings" / f"{name}.flac"
        path.parent.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, np.full(16_000, 0.1, np.float32), 16_000)
        rows.append(f"{name}.flac\t{said}\t{speaker}\t1.00\tCC-BY-4.0\t")

    learned = speaker_for(TRAINING)
    for number in range(3):
        add(f"gsc/yes_{number}", "yes", learned)
    add("gsc_more/no_0", "No", learned)
    add("gsc/yes_8", "yes", speaker_for(TUNING))
    add("gsc/yes_9", "yes", speaker_for(REPORTING))
    add("gsc_more/yes_9", "yes", speaker_for(REPORTING))
    add("ravdess/kids", "kids are talking by the door", learned)
    add("mycroft/some", "various", learned)
    add("mycroft/name", "xqzzt", learned)
    (tmp_path / "recordings" / "index.tsv").write_text("\n".join(rows), encoding="utf-8")
    return tmp_path / "recordings"


@given(st.text(min_size=1))
def test_a_speaker_is_in_one_part_and_stays_there(speaker: str) -> None:
    fifth = zlib.crc32(speaker.encode()) % 5
    wanted = {0: REPORTING, 1: TUNING}.get(fifth, TRAINING)
    assert people.part(speaker) == wanted


def test_nothing_of_a_speaker_who_is_kept_out_is_learned_from(folder: Path) -> None:
    found = people.clips(folder, TRAINING)
    assert {one.speaker for one in found} == {speaker_for(TRAINING)}
    assert len(people.clips(folder, REPORTING)) == 2
    assert len(people.clips(folder, TUNING)) == 1


def test_only_what_may_be_trained_on_and_is_written_down_is_read(folder: Path) -> None:
    said = [one.said for one in people.clips(folder, TRAINING)]
    assert said == ["yes", "yes", "yes", "no"]


def test_a_recording_becomes_a_line_beside_the_synthetic_ones(folder: Path, tmp_path: Path) -> None:
    found = list(people.recorded(people.clips(folder, TRAINING), tmp_path / "speech"))
    assert {line.text for line in found} == {"yes", "no"}
    assert len({line.name for line in found}) == 4
    for line in found:
        sound, rate = soundfile.read(tmp_path / "speech" / f"{line.name}.wav")
        assert (len(sound), rate) == (16_000, 16_000)
        assert abs(float(sound.mean()) - 0.1) < 1e-3


def test_a_rare_word_is_drawn_oftener_but_not_more_often_than_a_frequent_one(folder: Path) -> None:
    lines = list(people.recorded(people.clips(folder, TRAINING), folder / "speech"))
    drawn = people.weights(lines)
    by_word: dict[str, list[float]] = {"yes": [], "no": []}
    for line in lines:
        by_word[line.text].append(drawn[line.name])
    assert by_word["no"][0] > by_word["yes"][0]
    assert sum(by_word["no"]) < sum(by_word["yes"])


def test_a_recording_at_another_rate_is_refused(folder: Path) -> None:
    (clip, *_) = people.clips(folder, TRAINING)
    soundfile.write(clip.path, np.zeros(8_000, np.float32), 8_000)
    with pytest.raises(ValueError, match="8000 samples a second"):
        people.samples(clip)


def test_without_the_folder_it_is_said_which_file_is_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"index\.tsv"):
        people.clips(tmp_path, TRAINING)
