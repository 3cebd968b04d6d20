"""A sample of the files made to harm; all of them: python -m benchmarks.hostile."""

import shutil
from pathlib import Path

import pytest

from benchmarks import hostile
from voice_ally.core.errors import ModelProblem
from voice_ally.hear.engines.vosk_trial import careful_vosk
from voice_ally.models.store import MANIFEST_NAME, is_as_installed, write_manifest
from voice_ally.settings.places import bundled_model


@pytest.mark.parametrize(("kind", "count"), [("sound", 80), ("pack", 20), ("model", 12)])
def test_files_made_to_harm_are_read_or_refused(kind: str, count: int) -> None:
    outcomes, longest = hostile.run(kind, count, seed=7)
    assert set(outcomes) <= {"accepted", "refused"}
    assert sum(outcomes.values()) == count
    assert longest < hostile.LIMIT_SECONDS


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("import os; os.abort()", "crashed (exit code -6)"),
        ("while True: pass", "hung (1 s)"),
        ("raise RuntimeError('a defect')", "RuntimeError: a defect"),
        ("open('../out', 'w')", "wrote outside: "),
    ],
)
def test_harm_would_be_noticed(tmp_path: Path, harm: str, told: str) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    child = (
        "import sys; from benchmarks import hostile_child as it\n"
        f"def bad(path):\n {harm}\n"
        "it.KINDS['bad'] = bad\nsys.argv = ['', 'bad', sys.argv[1]]\n"
        f"import os; os.chdir({str(inside)!r}); it.main()"
    )
    reader = hostile.Reader("bad", inside, command=["-c", child, str(inside)])
    outcome, _ = reader.read(inside / "x", 1.0 if "hung" in told else 20.0)
    assert outcome.startswith(told)
    reader.close()


def test_a_model_nobody_vouches_for_is_tried_out_first(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(bundled_model(), folder)
    (folder / MANIFEST_NAME).unlink(missing_ok=True)
    assert not is_as_installed(folder)
    careful_vosk(folder).close()
    write_manifest(folder)
    assert is_as_installed(folder)
    careful_vosk(folder).close()


def test_a_model_that_would_end_the_whole_program_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(bundled_model(), folder)
    numbers = folder / "graph" / "disambig_tid.int"
    numbers.write_bytes(numbers.read_bytes()[:-2])  # Kaldi calls abort() over it
    with pytest.raises(ModelProblem, match="is damaged: trying it out failed"):
        careful_vosk(folder)
    shutil.copytree(bundled_model(), folder, dirs_exist_ok=True)
    (folder / MANIFEST_NAME).unlink(missing_ok=True)
    monkeypatch.setattr("voice_ally.hear.engines.vosk_trial.TRIAL_SECONDS", 0.0)
    with pytest.raises(ModelProblem, match="trying it out failed"):
        careful_vosk(folder)
