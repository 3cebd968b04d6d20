"""Which models are here, which of them is used, and what is wrong with a broken one."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fakes.model_archive import MODEL_FILES
from voice_ally.core.errors import ModelProblem
from voice_ally.models import store
from voice_ally.settings.places import bundled_model

PutModel = Callable[..., Path]
IVECTOR = {
    f"ivector/{name}": b"x"
    for name in ("final.dubm", "final.ie", "final.mat", "global_cmvn.stats", "splice.conf")
}


def names() -> list[tuple[str, str]]:
    return [(model.name, model.origin) for model in store.installed_models()]


def test_at_first_there_is_the_bundled_one(user_models: Path) -> None:
    assert names() == [("en-tiny", "bundled")]
    assert store.verify(bundled_model()) == []
    assert store.choose_vosk_model("") is None


def test_the_user_s_come_after_it(put_model: PutModel, user_models: Path) -> None:
    put_model("one")
    put_model(".unpacking-half")
    (user_models / "notes.txt").write_text("not a model")
    assert names() == [("en-tiny", "bundled"), ("one", "user")]
    assert store.installed_models()[1].size_bytes == sum(map(len, MODEL_FILES.values()))


def test_a_models_folder_that_is_a_file(user_models: Path) -> None:
    user_models.parent.mkdir(parents=True)
    user_models.write_text("in the way")
    assert names() == [("en-tiny", "bundled")]


def test_a_models_folder_that_goes_in_circles(user_models: Path) -> None:
    user_models.parent.mkdir(parents=True)
    user_models.symlink_to(user_models)
    with pytest.raises(ModelProblem, match="cannot be listed"):
        store.installed_models()


def test_the_largest_whole_one_is_used(put_model: PutModel) -> None:
    large = put_model("large", MODEL_FILES | IVECTOR)
    put_model("small")
    (put_model("broken", MODEL_FILES | {"graph/big": bytes(99_999)}) / "am/final.mdl").unlink()
    assert store.choose_vosk_model("") == large


def test_what_is_asked_for_by_name_or_by_folder_is_used(
    put_model: PutModel, tmp_path: Path
) -> None:
    one = put_model("one")
    assert store.choose_vosk_model("one") == one
    assert store.choose_vosk_model("en-tiny") == bundled_model()
    elsewhere = shutil.copytree(one, tmp_path / "elsewhere")
    assert store.choose_vosk_model(str(elsewhere)) == elsewhere


def test_what_is_not_there_is_said(put_model: PutModel) -> None:
    put_model("vosk-small")
    with pytest.raises(ModelProblem, match='Did you mean "vosk-small"'):
        store.choose_vosk_model("vosk-smal")
    with pytest.raises(ModelProblem, match="models list"):
        store.choose_vosk_model("somewhere/else")


def test_a_broken_one_is_never_silently_replaced(put_model: PutModel) -> None:
    put_model("whole")
    (put_model("broken") / "am/final.mdl").write_bytes(b"")
    with pytest.raises(ModelProblem, match=r"am/final.mdl is empty\. Fetch it again"):
        store.choose_vosk_model("broken")


@pytest.mark.parametrize(
    ("files", "problems"),
    [
        ({}, ["am/final.mdl is missing", "conf/mfcc.conf or conf/model.conf is missing"]),
        ({"graph/HCLr.fst": b""}, ["graph/HCLr.fst is empty"]),
        ({"conf/mfcc.conf": b""}, []),
        (IVECTOR | {"ivector/final.ie": b""}, ["ivector/final.ie is empty"]),
        (IVECTOR, []),
    ],
)
def test_what_is_missing(put_model: PutModel, files: dict[str, bytes], problems: list[str]) -> None:
    folder = put_model("one", MODEL_FILES | files if files else {"README": b"hello"})
    assert store.verify(folder)[:2] == problems


def test_a_static_graph_cannot_be_told_what_to_listen_for(put_model: PutModel) -> None:
    kept = {name: data for name, data in MODEL_FILES.items() if not name.endswith(".fst")}
    [problem] = store.verify(put_model("static", kept | {"graph/HCLG.fst": b"x"}))
    assert "static graph" in problem


def test_changes_since_it_was_installed(put_model: PutModel) -> None:
    folder = put_model("one")
    store.write_manifest(folder)
    assert store.verify(folder) == []
    (folder / "am/final.mdl").write_bytes(b"changed")
    (folder / "conf/model.conf").unlink()
    (folder / "graph/HCLG.fst").write_bytes(b"new")
    assert store.verify(folder) == [
        "am/final.mdl has changed since it was installed",
        "conf/model.conf was removed since it was installed",
        "graph/HCLG.fst was added since it was installed",
    ]
    assert store.verify(folder, thorough=False) == []


@pytest.mark.parametrize("record", ["", "[]", '{"sha256": 3}', "{}"])
def test_a_record_that_makes_no_sense(put_model: PutModel, record: str) -> None:
    folder = put_model("one")
    (folder / store.MANIFEST_NAME).write_text(record)
    assert store.verify(folder) == [".voice-ally.json, the record of its files, cannot be read"]


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    assert store.verify(tmp_path / "gone") == [f"{tmp_path / 'gone'} is not a folder"]


def test_a_file_that_cannot_be_read(put_model: PutModel, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_path: Path) -> str:
        raise PermissionError("not yours")

    folder = put_model("one")
    store.write_manifest(folder)
    monkeypatch.setattr(store, "sha256_of", refuse)
    assert store.verify(folder) == ["it cannot be read: not yours"]


def test_removing(put_model: PutModel, user_models: Path, tmp_path: Path) -> None:
    put_model("one")
    precious = shutil.copytree(put_model("two"), tmp_path / "precious")
    (user_models / "linked").symlink_to(precious)
    store.remove("one")
    store.remove("linked")
    assert names() == [("en-tiny", "bundled"), ("two", "user")]
    assert store.verify(precious) == []
    with pytest.raises(ModelProblem, match="belongs to the program"):
        store.remove("en-tiny")
    with pytest.raises(ModelProblem, match=r'No speech model "\.\./two"'):
        store.remove("../two")


def test_a_model_that_cannot_be_removed(
    put_model: PutModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_folder: Path) -> None:
        raise PermissionError("not yours")

    put_model("one")
    monkeypatch.setattr(shutil, "rmtree", refuse)
    with pytest.raises(ModelProblem, match="could not be removed: not yours"):
        store.remove("one")
