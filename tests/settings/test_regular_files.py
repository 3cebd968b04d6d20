"""Only a file that is one is opened."""

import os
from pathlib import Path

import pytest

from voice_ally.core.regular_files import NoRegularFile, read_regular


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_that_takes_the_place_of_a_file_just_before_it_is_opened_is_let_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("mine")
    assert read_regular(file, 10) == b"mine"
    opened: list[int] = []
    usual = os.open

    def open_too_late(path: Path, flags: int, mode: int) -> int:
        file.unlink()
        os.mkfifo(file)
        opened.append(usual(path, flags, mode))
        return opened[-1]

    with monkeypatch.context() as patch:
        patch.setattr("voice_ally.core.regular_files.os.open", open_too_late)
        with pytest.raises(NoRegularFile, match="no ordinary file"):
            read_regular(file, 10)
    (pipe,) = opened
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(pipe)
