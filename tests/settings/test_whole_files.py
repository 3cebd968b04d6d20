"""A file of somebody's own is written whole, or stays as it was."""

from pathlib import Path

import pytest

from voice_ally.core.whole_files import may_replace, write_whole


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
