"""Whatever a session leaves on disk is for its owner alone."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.speech_samples import conversation, spoken, write


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's folders private itself")
def test_no_file_or_folder_can_be_read_by_anybody_else(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    kinds = ("STATE", "DATA", "CONFIG", "CACHE")
    places = {f"VOICE_ALLY_{kind}": str(tmp_path / "own" / kind.lower()) for kind in kinds}
    asked = write(tmp_path / "ask.wav", conversation(0.5, spoken("stop"), 0.6))
    before = set(tmp_path.rglob("*"))
    for words, typed in (
        (("--typed",), "not now\nin five minutes\nyes\nstop\n"),
        (
            ("--input", str(asked), "--output", "out.wav", "--events", "e.jsonl", "--pace", "fast"),
            "",
        ),
    ):
        subprocess.run(
            [sys.executable, "-m", "voice_ally", *words],
            cwd=tmp_path,
            env={**os.environ, **places},
            input=typed,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
            umask=0o022,
        )
    made = set(tmp_path.rglob("*")) - before
    assert {"out.wav", "e.jsonl"} <= {one.name for one in made}
    assert any("reminders" in one.name for one in made)
    open_to_others = [one for one in made if stat.S_IMODE(one.stat().st_mode) & 0o077]
    assert open_to_others == []
