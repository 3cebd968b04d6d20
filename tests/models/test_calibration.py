"""Another model's scores on the bundled one's scale."""

from pathlib import Path

import pytest

from voice_ally.core.errors import ModelProblem
from voice_ally.models.calibration import (
    Calibration,
    Scores,
    calibration_of,
    keep_calibration,
    read_calibration,
)

BUNDLED = Scores(said=(6.0, 8.0, 10.0), not_said=(-6.0, -4.0, -2.0))


def test_medians_are_taken_to_medians() -> None:
    found = calibration_of(BUNDLED, Scores(said=(30.0, 32.0), not_said=(7.0, 7.0)))
    assert found.apply(31.0) == pytest.approx(8.0)
    assert found.apply(7.0) == pytest.approx(-4.0)


def test_a_model_that_tells_nothing_is_refused() -> None:
    with pytest.raises(ModelProblem, match="cannot tell"):
        calibration_of(BUNDLED, Scores(said=(3.0,), not_said=(2.5,)))


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("voice_ally.models.calibration.user_state_folder", lambda: tmp_path / "s")
    folder = tmp_path / "vosk-model"
    folder.mkdir()
    (folder / "final.mdl").write_bytes(b"model")
    return folder


def test_it_is_kept_for_the_model_it_was_measured_on(model: Path) -> None:
    assert read_calibration(model) is None
    keep_calibration(model, Calibration(0.5, -1.0))
    assert read_calibration(model) == Calibration(0.5, -1.0)
    (model / "final.mdl").write_bytes(b"another model")
    assert read_calibration(model) is None


@pytest.mark.parametrize("text", ["", "[]", "{", '{"vosk-model": 3}', '{"vosk-model": {}}'])
def test_a_damaged_file_is_as_good_as_none_and_is_written_anew(model: Path, text: str) -> None:
    keep_calibration(model, Calibration())
    file = model.parent / "s" / "calibration.json"
    file.write_text(text, encoding="utf-8")
    assert read_calibration(model) is None
    keep_calibration(model, Calibration(2.0))
    assert read_calibration(model) == Calibration(2.0)


def test_where_nothing_can_be_written_it_says_so(model: Path) -> None:
    (model.parent / "s").write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(ModelProblem, match="could not be kept"):
        keep_calibration(model, Calibration())
