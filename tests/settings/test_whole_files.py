"""A file of somebody's own is written whole, or stays as it was."""

import os
from pathlib import Path

import pytest

from voice_ally.core.whole_files import may_replace, open_for_writing, reason, write_whole


def test_content_is_replaced_and_permissions_stay(tmp_path: Path) -> None:
    file, link = tmp_path / "mine.txt", tmp_path / "link.txt"
    file.write_text("before")
    file.chmod(0o640)
    link.symlink_to(file)
    write_whole(link, "after")
    assert file.read_text() == "after"
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    write_whole(tmp_path / "new", b"bytes")
    assert (tmp_path / "new").read_bytes() == b"bytes"


def test_what_cannot_be_written_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "mine.txt"
    file.write_text("before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("voice_ally.core.whole_files.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, "after")
    assert file.read_text() == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]


def test_only_what_is_of_the_same_kind_may_go(tmp_path: Path) -> None:
    file = tmp_path / "it"
    assert may_replace(file, b"RIFF")
    file.write_bytes(b"")
    assert may_replace(file, b"RIFF")
    file.write_bytes(b"RIFF1234")
    assert may_replace(file, b"RIFF")
    file.write_bytes(b"dialog: mine")
    assert not may_replace(file, b"RIFF")
    assert may_replace(tmp_path, b"RIFF"), "whoever writes there says why it cannot be"


def test_where_nobody_can_look_writing_says_why(tmp_path: Path) -> None:
    file = tmp_path / ("x" * 300)
    assert may_replace(file, b"RIFF")
    with pytest.raises(OSError, match="name too long"):
        write_whole(file, "after")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_what_is_no_file_is_not_replaced_through_a_link_either(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        with pytest.raises(OSError, match="no ordinary file"):
            write_whole(path, "after")
    assert pipe.is_fifo()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link", "pipe"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
def test_a_pipe_is_never_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError) as nobody:
        open_for_writing(pipe)
    assert reason(nobody.value) == "nobody reads this pipe"
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with open_for_writing(pipe) as file:
            file.write("one line\n")
            assert os.read(reader, 100) == b"one line\n"
            with pytest.raises(BlockingIOError):
                for _ in range(10_000):
                    file.write("nobody reads on\n" * 100)
            os.read(reader, 1 << 20)  # what it still holds may go now
    finally:
        os.close(reader)


def test_a_file_is_emptied_and_written_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "events"
    file.write_text("before")
    with open_for_writing(file) as opened:
        opened.write("é\n")
        assert file.read_text(encoding="utf-8") == "é\n"
    with pytest.raises(IsADirectoryError) as wrong:
        open_for_writing(tmp_path)
    assert reason(wrong.value) == "Is a directory"
