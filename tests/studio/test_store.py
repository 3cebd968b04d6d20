"""Texts somebody works on: drafts, saves, versions, and what somebody else does meanwhile."""

import stat
from pathlib import Path

import pytest

from voice_ally.core.errors import UsageProblem
from voice_ally.settings.places import bundled_dialogs, user_state_folder
from voice_ally.studio.starting import make_own
from voice_ally.studio.store import MOST_BYTES, MOST_VERSIONS, Conflict, Store

TEXT = "dialog: evening\ntriggers: [evening]\nsteps: {one: [{say: Hello.}]}\n"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "evening.yaml").write_text(TEXT, encoding="utf-8")
    return folder


@pytest.fixture
def store(own: Path) -> Store:
    return Store(own, bundled_dialogs())


def again(store: Store) -> Store:
    """After a restart."""
    return Store(store.own, store.bundled)


def test_what_is_written_is_there_after_a_restart(store: Store, own: Path) -> None:
    store.open("evening")
    store.keep("evening", TEXT + "# more\n")
    opened = again(store).open("evening")
    assert (opened.text, opened.saved) == (TEXT + "# more\n", TEXT)
    assert (own / "evening.yaml").read_text(encoding="utf-8") == TEXT
    assert again(store).drafts() == {own / "evening.yaml": TEXT + "# more\n"}


def test_what_is_written_back_to_the_same_is_no_draft(store: Store) -> None:
    store.open("evening")
    store.keep("evening", TEXT + "x")
    store.keep("evening", TEXT)
    assert store.draft("evening") is None


def test_a_save_is_a_version_and_so_is_what_was_there_before(store: Store, own: Path) -> None:
    opened = store.open("evening")
    version = store.save("evening", TEXT + "# 1\n", opened.version)
    store.save("evening", TEXT + "# 2\n", version)
    assert (own / "evening.yaml").read_text(encoding="utf-8") == TEXT + "# 2\n"
    texts = [store.version("evening", one) for one, _ in store.versions("evening")]
    assert texts == [TEXT + "# 2\n", TEXT + "# 1\n", TEXT]
    assert store.draft("evening") is None


def test_an_older_version_is_brought_back_by_saving_it(store: Store) -> None:
    opened = store.open("evening")
    version = store.save("evening", "", opened.version)
    oldest = store.versions("evening")[-1][0]
    store.save("evening", store.version("evening", oldest), version)
    assert store.open("evening").saved == TEXT
    assert len(store.versions("evening")) == 3


def test_a_file_changed_meanwhile_is_shown_and_never_overwritten(store: Store, own: Path) -> None:
    opened = store.open("evening")
    (own / "evening.yaml").write_text("theirs\n", encoding="utf-8")
    with pytest.raises(Conflict) as told:
        store.save("evening", "mine\n", opened.version)
    assert told.value.text == "theirs\n"
    assert (own / "evening.yaml").read_text(encoding="utf-8") == "theirs\n"
    store.save("evening", "mine\n", told.value.version)
    kept = [store.version("evening", one) for one, _ in store.versions("evening")]
    assert kept == ["mine\n", "theirs\n"]


def test_a_draft_knows_after_a_restart_from_which_file_it_began(store: Store, own: Path) -> None:
    store.open("evening")
    (own / "evening.yaml").write_text("theirs\n", encoding="utf-8")
    store.keep("evening", "mine\n")
    opened = again(store).open("evening")
    assert opened.version != opened.on_disk
    with pytest.raises(Conflict):
        again(store).save("evening", "mine\n", opened.version)


def test_what_somebody_else_wrote_alike_is_no_conflict(store: Store, own: Path) -> None:
    opened = store.open("evening")
    (own / "evening.yaml").write_text("both\n", encoding="utf-8")
    store.save("evening", "both\n", opened.version)


def test_ends_of_lines_stay_those_of_the_file(store: Store, own: Path) -> None:
    (own / "evening.yaml").write_bytes(b"one\r\ntwo\r\n")
    opened = store.open("evening")
    assert opened.text == "one\ntwo\n"
    store.save("evening", "one\n2\n", opened.version)
    assert (own / "evening.yaml").read_bytes() == b"one\r\n2\r\n"


def test_what_was_thrown_away_is_in_the_history(store: Store) -> None:
    store.open("evening")
    store.keep("evening", "half\n")
    assert store.discard("evening").text == TEXT
    assert store.version("evening", store.versions("evening")[0][0]) == "half\n"


def test_so_many_versions_are_kept_and_no_more(store: Store) -> None:
    version = store.open("evening").version
    for number in range(MOST_VERSIONS + 3):
        version = store.save("evening", f"{number}\n", version)
    assert len(store.versions("evening")) == MOST_VERSIONS


@pytest.mark.parametrize("name", ["../evening", "/etc/passwd", "", "evening.yaml", "..", "x\0y"])
def test_a_name_is_no_path(store: Store, name: str) -> None:
    for act in (store.open, lambda one: store.keep(one, "x"), lambda one: store.save(one, "x", "")):
        with pytest.raises(UsageProblem):
            act(name)


def test_a_link_that_leads_out_is_no_file_of_the_pack(store: Store, own: Path) -> None:
    outside = own.parent / "secret.yaml"
    outside.write_text("secret", encoding="utf-8")
    (own / "linked.yaml").symlink_to(outside)
    with pytest.raises(UsageProblem):
        store.open("linked")
    with pytest.raises(UsageProblem):
        store.save("linked", "mine", "")
    assert outside.read_text(encoding="utf-8") == "secret"


def test_what_is_too_long_or_no_text_is_refused(store: Store, own: Path) -> None:
    with pytest.raises(UsageProblem, match="too long"):
        store.keep("evening", "x" * (MOST_BYTES + 1))
    (own / "evening.yaml").write_bytes(b"x" * (MOST_BYTES + 1))
    with pytest.raises(UsageProblem, match="too long"):
        store.open("evening")
    (own / "evening.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageProblem, match="UTF-8"):
        store.open("evening")


def test_bundled_dialogs_are_read_only_until_made_ones_own(store: Store, own: Path) -> None:
    assert store.open("safety").read_only
    with pytest.raises(UsageProblem, match="make it yours"):
        store.keep("safety", "x")
    make_own(store, "safety")
    assert not store.open("safety").read_only
    assert "$schema=dialog.schema.json" in (own / "safety.yaml").read_text(encoding="utf-8")
    assert (own / "dialog.schema.json").is_file()


def test_what_is_kept_is_its_owners_alone(store: Store) -> None:
    store.open("evening")
    store.keep("evening", "x")
    store.save("evening", "y", store.open("evening").version)
    folders = [user_state_folder() / "studio", store.folder]
    assert [stat.S_IMODE(one.stat().st_mode) for one in folders] == [0o700, 0o700]
    files = [one for one in store.folder.rglob("*") if one.is_file()]
    assert {stat.S_IMODE(one.stat().st_mode) for one in files} == {0o600}


def test_a_damaged_draft_is_no_draft(store: Store) -> None:
    store.open("evening")
    store.keep("evening", "x")
    [file] = (store.folder / "drafts").iterdir()
    for content in (b"", b"{", b"[]", b'{"text": 1}', b"\xff"):
        file.write_bytes(content)
        assert store.open("evening").text == TEXT
