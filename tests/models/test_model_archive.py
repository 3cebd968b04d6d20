"""Archives that try to escape, to explode, or are simply broken."""

import io
import random
import stat
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.model_archive import MODEL_FILES, zipped
from voice_ally.models import archive


def unpacked(tmp_path: Path, content: bytes) -> dict[str, bytes]:
    """What comes out of an archive; whatever happens, nothing lands beside its folder."""
    packed = tmp_path / ".model.zip.part"
    packed.write_bytes(content)
    folder = tmp_path / "folder"
    folder.mkdir()
    try:
        assert archive.unpacked_bytes(packed) >= 0
        archive.unpack(packed, folder, lambda: None)
    finally:
        assert {path.name for path in tmp_path.iterdir()} == {packed.name, "folder"}
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def refused(tmp_path: Path, content: bytes) -> str:
    with pytest.raises(archive.BadArchive) as caught:
        unpacked(tmp_path, content)
    assert caught.value.message.startswith("model.zip was not unpacked: ")
    return caught.value.message


def one_entry(entry: zipfile.ZipInfo, content: bytes = b"x") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as writer:
        writer.writestr(entry, content)
    return buffer.getvalue()


def test_the_single_top_folder_is_left_out(tmp_path: Path) -> None:
    assert unpacked(tmp_path, zipped(MODEL_FILES)) == MODEL_FILES


def test_without_one_everything_stays_where_it_is(tmp_path: Path) -> None:
    assert unpacked(tmp_path, zipped(MODEL_FILES, top="")) == MODEL_FILES


def test_an_empty_archive_holds_nothing(tmp_path: Path) -> None:
    assert unpacked(tmp_path, zipped({})) == {}


@pytest.mark.parametrize(
    "name", ["../out", "a/../../out", "/out", "..\\out", "C:out", "//host/out", "../", "/"]
)
def test_an_entry_that_leads_out(tmp_path: Path, name: str) -> None:
    assert "leads out of its folder" in refused(tmp_path, zipped({name: b"x"}, top=""))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR])
def test_a_link_or_a_device(tmp_path: Path, kind: int) -> None:
    entry = zipfile.ZipInfo("model/link")
    entry.external_attr = (kind | 0o777) << 16
    assert "is a link, not a file" in refused(tmp_path, one_entry(entry, b"/etc/passwd"))


def test_a_bomb(tmp_path: Path) -> None:
    entry = zipfile.ZipInfo("model/zeros")
    entry.compress_type = zipfile.ZIP_DEFLATED
    content = one_entry(entry, bytes(5_000_000))
    assert len(content) < 10_000
    assert "far more than a model is" in refused(tmp_path, content)


def test_a_bomb_that_understates_itself(tmp_path: Path) -> None:
    entry = zipfile.ZipInfo("model/zeros")
    entry.compress_type = zipfile.ZIP_DEFLATED
    true_size = (5_000_000).to_bytes(4, "little")
    content = one_entry(entry, bytes(5_000_000)).replace(true_size, (9).to_bytes(4, "little"))
    assert "is damaged" in refused(tmp_path, content)
    assert (tmp_path / "folder/zeros").stat().st_size <= 9


def test_too_many_files(tmp_path: Path) -> None:
    files = {str(number): b"" for number in range(archive.MAX_FILES + 1)}
    assert "it holds 1,001 files" in refused(tmp_path, zipped(files))


def test_an_encrypted_entry(tmp_path: Path) -> None:
    content = bytearray(zipped({"file": b"x"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert "is encrypted" in refused(tmp_path, bytes(content))


def test_a_damaged_entry(tmp_path: Path) -> None:
    content = zipped({"file": b"as it should be"}).replace(b"as it should be", b"as it shouldn't")
    assert "is damaged" in refused(tmp_path, content)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_same_name_twice(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as writer:
        writer.writestr("model/file", b"one")
        writer.writestr("model/file", b"two")
    assert "is in it twice" in refused(tmp_path, buffer.getvalue())


def test_not_an_archive(tmp_path: Path) -> None:
    assert "it is not a zip file" in refused(tmp_path, b"<html>")


@pytest.mark.parametrize("name", ["a" * 120, "/".join(["ab"] * 200)])
def test_endless_names_are_refused(tmp_path: Path, name: str) -> None:
    assert "is too long a name" in refused(tmp_path, one_entry(zipfile.ZipInfo(name)))


def test_an_entry_that_lies_before_the_file_is_refused(tmp_path: Path) -> None:
    content = bytearray(one_entry(zipfile.ZipInfo("graph/Gr.fst")))
    end = content.rfind(b"PK\x05\x06")
    # a directory said to be longer than it is moves everything to before the beginning
    content[end + 12 : end + 16] = (0x7FFF).to_bytes(4, "little")
    assert refused(tmp_path, bytes(content))


METHODS = {
    "stored": zipfile.ZIP_STORED,
    "deflate": zipfile.ZIP_DEFLATED,
    "bzip2": zipfile.ZIP_BZIP2,
    "LZMA": zipfile.ZIP_LZMA,
}


def packed(method: str) -> bytes:
    buffer, chance = io.BytesIO(), random.Random(7)
    with zipfile.ZipFile(buffer, "w", METHODS[method]) as writer:
        for name in ("model/am/final.mdl", "model/conf/mfcc.conf", "model/graph/Gr.fst"):
            writer.writestr(name, chance.randbytes(300) + b"words " * 100)
    return buffer.getvalue()


@settings(max_examples=150, deadline=None)
@given(
    method=st.sampled_from(sorted(METHODS)),
    flips=st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=12),
    cut=st.integers(0, 5_000),
)
def test_whatever_is_damaged_is_refused_or_unpacked_and_nothing_else(
    method: str, flips: list[tuple[int, int]], cut: int
) -> None:
    content = bytearray(packed(method))
    for at, value in flips:
        content[at % len(content)] = value
    if cut < len(content):
        del content[cut:]
    with tempfile.TemporaryDirectory() as folder:
        try:
            unpacked(Path(folder), bytes(content))
        except archive.BadArchive as refusal:
            assert refusal.mend


@pytest.mark.parametrize("method", [one for one in METHODS if one != "stored"])
def test_a_stream_that_is_no_stream_is_refused(tmp_path: Path, method: str) -> None:
    content = bytearray(packed(method))
    begin = content.index(b"final.mdl") + len(b"final.mdl")
    content[begin : begin + 40] = bytes(range(200, 240))
    assert "is damaged" in refused(tmp_path, bytes(content))


def test_a_file_where_a_folder_must_be(tmp_path: Path) -> None:
    assert refused(tmp_path, zipped({"a": b"1", "a/b": b"2", "c": b"3"}, top=""))
