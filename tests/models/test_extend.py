"""Words the bundled model was not made with: a folder of their own, made once."""

import os
import shutil
from pathlib import Path

import pytest

from voice_ally.models import extend
from voice_ally.models.extend import read_lexicon, with_words
from voice_ally.models.store import verify
from voice_ally.settings.places import bundled_model

GLORFINDEL = {"glorfindel": [("G", "L", "AO", "R", "F", "IH", "N", "D", "EH", "L")]}


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_only_the_graph_changes(tmp_path: Path) -> None:
    model = bundled_model()
    extended = with_words(model, GLORFINDEL, tmp_path)
    assert verify(extended) == []
    before, after = contents(model), contents(extended)
    changed = {name for name in before.keys() & after if before[name] != after[name]}
    assert changed == {"graph/HCLr.fst", "graph/Gr.fst", "lexicon.txt"}
    assert read_lexicon(extended)["glorfindel"] == [GLORFINDEL["glorfindel"][0]]
    assert read_lexicon(extended).keys() - read_lexicon(model).keys() == {"glorfindel"}


def test_two_builds_are_the_same_byte_for_byte(tmp_path: Path) -> None:
    one = with_words(bundled_model(), GLORFINDEL, tmp_path / "one")
    two = with_words(bundled_model(), GLORFINDEL, tmp_path / "two")
    assert one.name == two.name
    assert contents(one) == contents(two)


def test_it_is_made_once(tmp_path: Path) -> None:
    one = with_words(bundled_model(), GLORFINDEL, tmp_path)
    made = (one / "graph/HCLr.fst").stat().st_mtime_ns
    assert with_words(bundled_model(), GLORFINDEL, tmp_path) == one
    assert (one / "graph/HCLr.fst").stat().st_mtime_ns == made
    assert [path.name for path in tmp_path.iterdir()] == [one.name]


def test_nothing_to_add_is_the_model_itself(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    assert with_words(bundled_model(), {}, cache) == bundled_model()
    known = read_lexicon(bundled_model())
    assert with_words(bundled_model(), {"pause": known["pause"]}, cache) == bundled_model()
    assert not cache.exists()


def test_another_way_to_say_a_known_word_is_added(tmp_path: Path) -> None:
    extended = with_words(bundled_model(), {"pause": [("P", "AW", "Z")]}, tmp_path)
    assert read_lexicon(extended)["pause"] == [
        *read_lexicon(bundled_model())["pause"],
        ("P", "AW", "Z"),
    ]


def test_a_model_not_of_our_making_stays_as_it_is(tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    shutil.copytree(bundled_model(), foreign)
    (foreign / extend.LEXICON_NAME).unlink()
    assert with_words(foreign, GLORFINDEL, tmp_path / "cache") == foreign


def test_where_nothing_can_be_kept_the_model_is_used_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way of the cache")
    assert with_words(bundled_model(), GLORFINDEL, tmp_path / "file") == bundled_model()
    assert with_words(bundled_model(), GLORFINDEL, tmp_path / "file" / "below") == bundled_model()


def test_what_was_damaged_is_made_again(tmp_path: Path) -> None:
    folder = with_words(bundled_model(), GLORFINDEL, tmp_path)
    whole = contents(folder)
    (folder / "graph/HCLr.fst").write_bytes(b"")
    assert with_words(bundled_model(), GLORFINDEL, tmp_path) == folder
    assert contents(folder) == whole


def test_the_bundled_network_is_never_written_to(tmp_path: Path) -> None:
    before = (bundled_model() / "am/final.mdl").read_bytes()
    folder = with_words(bundled_model(), GLORFINDEL, tmp_path)
    shutil.rmtree(folder)
    assert (bundled_model() / "am/final.mdl").read_bytes() == before


def test_the_cache_stays_small_and_sweeps_up(tmp_path: Path) -> None:
    old = tmp_path / ".unfinished-long-ago"
    young = tmp_path / ".unfinished-just-now"
    old.mkdir()
    young.mkdir()
    os.utime(old, (0, 0))
    for number in range(extend.MOST_KEPT + 3):
        name = f"word{'x' * number}"
        latest = with_words(bundled_model(), {name: [("W", "ER", "D")]}, tmp_path)
    kept = [path for path in tmp_path.iterdir() if not path.name.startswith(".")]
    assert len(kept) == extend.MOST_KEPT
    assert latest in kept
    assert young.exists()
    assert not old.exists()


def test_a_phone_there_is_not_is_an_error_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="unknown phone"):
        with_words(bundled_model(), {"glorfindel": [("GL",)]}, tmp_path)
    assert not any(tmp_path.iterdir())
