"""Fetching a model from a server that is kind, unreliable, slow, or hostile."""

import errno
import hashlib
import re
import shutil
import threading
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

from tests.fakes import model_server as server_that
from tests.fakes.model_archive import MODEL_FILES, NAME, known, zipped
from tests.fakes.model_server import ModelServer
from voice_ally.core.errors import ModelProblem
from voice_ally.models.catalogue import KnownModel
from voice_ally.models.download import MAX_UNKNOWN_BYTES, Patience
from voice_ally.models.fetch import BRIEF, fetch, fetch_model, fetch_voice
from voice_ally.models.store import verify
from voice_ally.models.voices import (
    VOICES,
    KnownVoice,
    VoiceFile,
    find_voice,
    installed_voices,
)

pytestmark = [pytest.mark.enable_socket, pytest.mark.allow_hosts(["127.0.0.1"])]

QUICK = Patience(connect_seconds=5, stall_seconds=20, tries=3, pause_seconds=0)
ONCE = Patience(connect_seconds=5, stall_seconds=20, tries=1, pause_seconds=0)
SOON = Patience(connect_seconds=0.1, stall_seconds=0.1, tries=1, pause_seconds=0)


class Person:
    """Someone who asks for the test's model and keeps what came of it."""

    def __init__(self, server: ModelServer, model: KnownModel, folder: Path) -> None:
        self.server = server
        self.model = model
        self.folder = folder
        self.seen: list[tuple[int, int | None]] = []

    @property
    def target(self) -> Path:
        return self.folder / NAME

    @property
    def part(self) -> Path:
        return self.folder / f".{NAME}.zip.part"

    @property
    def ranges(self) -> list[str]:
        return [asked_range for _, asked_range in self.server.asked]

    def fetches(self, patience: Patience = QUICK) -> Path:
        return fetch(
            self.model,
            self.folder,
            base_url=self.server.url,
            progress=lambda done, total: self.seen.append((done, total)),
            patience=patience,
        )

    def is_told(self, patience: Patience = QUICK) -> str:
        """Fetches in vain; the sentence that is said. Never is half a model left behind."""
        with pytest.raises(ModelProblem) as caught:
            self.fetches(patience)
        assert "\n" not in str(caught.value)
        assert caught.value.mend
        assert not self.target.exists()
        assert self.leftovers() <= {self.part.name, ".lock"}
        return str(caught.value)

    def breaks_off(self, when: Callable[[int, int | None], bool]) -> None:
        """Presses Ctrl-C as soon as the progress bar shows this."""

        def progress(done: int, total: int | None) -> None:
            if when(done, total):
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fetch(
                self.model,
                self.folder,
                base_url=self.server.url,
                progress=progress,
                patience=QUICK,
            )

    def leftovers(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}


@pytest.fixture
def person(server: ModelServer, model: KnownModel, tmp_path: Path) -> Person:
    return Person(server, model, tmp_path / "new" / "models")


# ── a kind server ────────────────────────────────────────────────────────────────────────────


def test_a_model_is_fetched_checked_and_installed(person: Person, archive: bytes) -> None:
    assert person.fetches() == person.target
    found = {
        path.relative_to(person.target).as_posix(): path.read_bytes()
        for path in person.target.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    assert found == MODEL_FILES
    assert verify(person.target) == []
    assert person.leftovers() <= {NAME, ".lock"}
    assert person.seen[-1] == (len(archive), len(archive))
    assert person.server.asked == [(f"/models/{NAME}.zip", "")]


def test_a_model_that_is_there_is_not_fetched_again(person: Person) -> None:
    person.fetches()
    person.fetches()
    assert len(person.server.asked) == 1


def test_a_damaged_model_is_fetched_again(person: Person) -> None:
    person.fetches()
    (person.target / "am" / "final.mdl").write_bytes(b"not what it was")
    assert verify(person.target) == ["am/final.mdl has changed since it was installed"]
    person.fetches()
    assert verify(person.target) == []
    assert person.leftovers() <= {NAME, ".lock"}


def test_the_user_s_own_folder_is_the_usual_place(
    server: ModelServer, model: KnownModel, user_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_ALLY_MODELS_URL", server.url)
    assert fetch_model(model) == user_models / NAME


def test_a_first_start_tries_once_and_not_for_long(
    server: ModelServer, model: KnownModel, user_models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VOICE_ALLY_MODELS_URL", server.url)
    server.then(server_that.fail_with(503))
    with pytest.raises(ModelProblem, match="in trouble"):
        fetch_model(model, brief=True)
    assert len(server.asked) == 1
    assert BRIEF.connect_seconds == 3
    assert BRIEF.deadline_seconds == 90


def test_a_proxy_is_asked_instead(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://{person.server.address}")
    fetch(person.model, person.folder, base_url="http://models.invalid/", patience=QUICK)
    assert person.server.asked == [(f"http://models.invalid/{NAME}.zip", "")]


def test_one_redirect_is_followed(person: Person) -> None:
    person.server.then(server_that.redirect_to(f"{person.server.url}/elsewhere.zip"))
    person.fetches()
    assert [path for path, _ in person.server.asked][-1] == "/models/elsewhere.zip"


def test_a_file_of_unknown_size(person: Person, archive: bytes) -> None:
    person.model = known(archive, size_known=False)
    person.server.then(server_that.without_length(archive))
    person.fetches()
    assert person.seen[0][1] is None


# ── an unreliable one ────────────────────────────────────────────────────────────────────────


def test_cut_off_half_way_it_goes_on_from_there(person: Person) -> None:
    person.server.then(server_that.cut_off_after(5_000), server_that.cut_off_after(2_000))
    person.fetches()
    assert person.ranges == ["", "bytes=5000-", "bytes=7000-"]


def test_cut_off_each_time_the_rest_waits_for_the_next_run(person: Person) -> None:
    person.server.then(server_that.cut_off_after(5_000))
    assert "cut the connection" in person.is_told(ONCE)
    assert person.part.stat().st_size == 5_000
    person.fetches(ONCE)
    assert person.ranges == ["", "bytes=5000-"]


def test_a_server_that_ignores_range_starts_over(person: Person, archive: bytes) -> None:
    person.server.then(server_that.cut_off_after(5_000), server_that.ignore_range)
    person.fetches()
    assert person.ranges == ["", "bytes=5000-"]
    assert person.seen[-1] == (len(archive), len(archive))


@pytest.mark.parametrize("answer", [server_that.wrong_range, server_that.fail_with(416)])
def test_a_server_that_muddles_range_is_asked_for_all_of_it(
    person: Person, answer: server_that.Behaviour
) -> None:
    person.server.then(server_that.cut_off_after(5_000), answer)
    person.fetches()
    assert person.ranges == ["", "bytes=5000-", ""]


def test_a_spoilt_part_is_found_out_and_fetched_anew(person: Person) -> None:
    person.folder.mkdir(parents=True)
    person.part.write_bytes(b"x" * 5_000)
    person.fetches()
    assert person.ranges == ["bytes=5000-", ""]


@pytest.mark.parametrize("extra", [0, 1])
def test_a_part_that_is_full_but_wrong_is_not_built_upon(
    person: Person, archive: bytes, extra: int
) -> None:
    person.folder.mkdir(parents=True)
    person.part.write_bytes(b"x" * (len(archive) + extra))
    person.fetches(ONCE)
    assert person.ranges == [""]


def test_in_trouble_at_first_then_well(person: Person) -> None:
    person.server.then(server_that.fail_with(500), server_that.fail_with(429))
    person.fetches()
    assert len(person.server.asked) == 3


def test_in_trouble_each_time(person: Person) -> None:
    person.server.then(*[server_that.fail_with(503)] * 9)
    assert "is in trouble (HTTP 503)" in person.is_told()
    assert len(person.server.asked) == 3


def test_not_there_is_not_asked_for_twice(person: Person) -> None:
    person.server.then(server_that.fail_with(404))
    assert "does not have it (HTTP 404)" in person.is_told()
    assert len(person.server.asked) == 1


def test_nobody_listens_at_the_address(person: Person) -> None:
    person.server.close()
    assert "cannot be reached" in person.is_told()


def test_an_address_that_is_none(person: Person) -> None:
    person.server.url = "gopher:models"
    assert "cannot be asked" in person.is_told()


def test_a_server_without_a_valid_certificate(person: Person) -> None:
    person.server.url = f"https://{person.server.address}"
    assert "cannot prove who it is" in person.is_told()


# ── a slow one ───────────────────────────────────────────────────────────────────────────────


def test_it_never_answers(person: Person) -> None:
    person.server.then(server_that.never_answer)
    assert "does not answer" in person.is_told(SOON)


def test_it_stops_in_the_middle(person: Person) -> None:
    person.server.then(server_that.stall_after(5_000))
    assert "stopped sending" in person.is_told(
        Patience(connect_seconds=5, stall_seconds=0.2, tries=1)
    )
    assert person.part.stat().st_size == 5_000


def test_it_trickles_past_the_deadline(person: Person) -> None:
    person.server.then(server_that.trickle)
    told = person.is_told(Patience(tries=1, deadline_seconds=0.2))
    assert "too slow to be waited for" in told
    assert 0 < person.part.stat().st_size < person.model.size_bytes


def test_the_deadline_holds_across_tries(person: Person) -> None:
    person.server.then(*[server_that.fail_with(503)] * 9)
    patience = Patience(tries=9, pause_seconds=9, deadline_seconds=0.1)
    assert "too slow to be waited for" in person.is_told(patience)
    assert len(person.server.asked) == 1


# ── a hostile one ────────────────────────────────────────────────────────────────────────────


def test_something_else_of_the_same_length(person: Person, archive: bytes) -> None:
    person.server.content = bytes(len(archive))
    assert "something other than the file expected" in person.is_told()
    assert not person.part.exists()
    assert len(person.server.asked) == 1


def test_redirects_in_a_circle(person: Person) -> None:
    person.server.then(*[server_that.redirect_to(person.server.url)] * 99)
    assert "keeps sending us somewhere else" in person.is_told()
    assert len(person.server.asked) < 10


@pytest.mark.parametrize("lie", [-100, 100])
def test_a_length_that_is_not_the_model_s(person: Person, archive: bytes, lie: int) -> None:
    person.server.then(server_that.with_length(len(archive) + lie))
    person.is_told()
    assert not person.part.exists()


def test_a_log_in_page_does_not_cost_what_has_arrived(person: Person) -> None:
    person.server.then(server_that.cut_off_after(5_000), server_that.with_length(40))
    assert "log in first" in person.is_told()
    assert person.part.stat().st_size == 5_000


@pytest.mark.parametrize("digits", [18, 19, 5000])
def test_a_length_of_thousands_of_digits_is_no_length(person: Person, digits: int) -> None:
    person.server.then(*[server_that.with_length("9" * digits)] * 9)
    assert "could not be fetched" in person.is_told()


def test_more_bytes_than_there_should_be(person: Person, archive: bytes) -> None:
    person.server.then(server_that.without_length(archive + bytes(10_000_000)))
    assert "sends more than" in person.is_told()
    assert not person.part.exists() or person.part.stat().st_size <= len(archive)


def test_fewer_bytes_than_there_should_be(person: Person, archive: bytes) -> None:
    person.server.then(server_that.without_length(archive[:5_000]))
    person.fetches()
    assert person.ranges == ["", "bytes=5000-"]


def test_far_too_much_when_the_size_is_unknown(person: Person, archive: bytes) -> None:
    person.model = known(archive, size_known=False)
    person.server.then(server_that.with_length(MAX_UNKNOWN_BYTES + 1))
    assert "sends more than" in person.is_told()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<html>Please log in</html>", "it is not a zip file"),
        (zipped({"../../escaped": b"x"}), "leads out of its folder"),
        (zipped({"am/final.mdl": b"x"}), "graph/HCLr.fst is missing"),
    ],
)
def test_pinned_but_not_a_model(person: Person, content: bytes, told: str) -> None:
    person.server.content = content
    person.model = known(content)
    assert told in person.is_told()
    assert not (person.folder.parent / "escaped").exists()


# ── a person in a hurry, and a difficult disk ────────────────────────────────────────────────


def test_ctrl_c_while_fetching_keeps_what_has_arrived(person: Person) -> None:
    person.server.then(server_that.cut_off_after(5_000))
    person.breaks_off(lambda done, _: done >= 5_000)
    assert person.leftovers() <= {person.part.name, ".lock"}
    person.fetches()
    assert person.ranges == ["", "bytes=5000-"]


def test_ctrl_c_while_unpacking_leaves_no_half_model(person: Person, archive: bytes) -> None:
    shown: list[int] = []

    def second_time_complete(done: int, total: int | None) -> bool:
        shown.append(done)
        return shown.count(len(archive)) > 2

    person.breaks_off(second_time_complete)
    assert person.leftovers() <= {person.part.name, ".lock"}
    person.fetches()
    assert len(person.server.asked) == 1, "what had been fetched was used"


def test_what_a_killed_run_left_is_swept_up(person: Person) -> None:
    (person.folder / ".unpacking-killed" / "fresh" / "am").mkdir(parents=True)
    person.fetches()
    assert person.leftovers() <= {NAME, ".lock"}


def test_two_at_once_do_not_collide(person: Person) -> None:
    person.folder.mkdir(parents=True)
    with FileLock(person.folder / ".lock"):
        assert "Another Voice Ally is fetching" in person.is_told()
    person.fetches()


def test_two_threads_one_model(person: Person) -> None:
    arrived = threading.Event()
    go_on = threading.Event()

    def progress(_done: int, _total: int | None) -> None:
        arrived.set()
        go_on.wait(20)

    first = threading.Thread(
        target=fetch,
        args=(person.model, person.folder),
        kwargs={"base_url": person.server.url, "progress": progress, "patience": QUICK},
    )
    first.start()
    assert arrived.wait(20)
    with pytest.raises(ModelProblem, match="Another Voice Ally"):
        person.fetches()
    go_on.set()
    first.join()
    assert verify(person.target) == []


def test_a_folder_that_cannot_be_made(person: Person, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    person.folder = tmp_path / "file" / "models"
    with pytest.raises(ModelProblem, match="could not be installed in"):
        person.fetches()
    assert person.server.asked == []


def test_no_room_is_said_before_anything_is_fetched(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")(10, 9, 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: usage)
    assert "not enough room" in person.is_told()
    assert person.server.asked == []


def test_a_disk_that_fills_up_on_the_way(person: Person) -> None:
    def progress(_done: int, _total: int | None) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ModelProblem, match="disk was full"):
        fetch(
            person.model,
            person.folder,
            base_url=person.server.url,
            progress=progress,
            patience=ONCE,
        )


# -- voices ----------------------------------------------------------------------------


def voice_of(content: bytes) -> KnownVoice:
    sha256 = hashlib.sha256(content).hexdigest()
    files = tuple(
        VoiceFile(f"en_XX-test{end}", len(content), sha256) for end in (".onnx", ".onnx.json")
    )
    return KnownVoice("en_XX-test", "en/test", files, "free", "For tests.")


@pytest.fixture
def voice(server: ModelServer, monkeypatch: pytest.MonkeyPatch) -> KnownVoice:
    monkeypatch.setenv("VOICE_ALLY_VOICES_URL", server.url)
    return voice_of(server.content)


def test_a_voice_is_fetched_file_by_file_and_found(
    server: ModelServer, voice: KnownVoice, tmp_path: Path
) -> None:
    seen: list[tuple[int, int | None]] = []
    file = fetch_voice(voice, tmp_path, progress=lambda *one: seen.append(one), patience=QUICK)
    assert installed_voices(tmp_path) == {"en_XX-test": file}
    assert [path for path, _ in server.asked] == [
        "/models/en/test/en_XX-test.onnx",
        "/models/en/test/en_XX-test.onnx.json",
    ]
    assert seen == sorted(seen)
    assert seen[-1] == (voice.size_bytes, voice.size_bytes)
    assert fetch_voice(voice, tmp_path, patience=QUICK) == file
    assert len(server.asked) == 2, "nothing is fetched twice"
    assert not [one for one in tmp_path.iterdir() if one.name == ".en_XX-test"]


def test_half_a_voice_is_no_voice_and_is_gone_on_with(
    server: ModelServer, voice: KnownVoice, tmp_path: Path
) -> None:
    server.then(server_that.cut_off_after(1000))
    with pytest.raises(ModelProblem):
        fetch_voice(voice, tmp_path, patience=ONCE)
    assert installed_voices(tmp_path) == {}
    assert fetch_voice(voice, tmp_path, patience=ONCE).read_bytes() == server.content
    assert server.asked[1][1] == "bytes=1000-"


def test_a_voice_that_is_not_the_one_pinned_is_refused(
    server: ModelServer, voice: KnownVoice, tmp_path: Path
) -> None:
    server.content = server.content[::-1]
    with pytest.raises(ModelProblem):
        fetch_voice(voice, tmp_path, patience=ONCE)
    assert installed_voices(tmp_path) == {}


def test_every_voice_to_fetch_is_pinned_and_named_as_its_files() -> None:
    for one in VOICES:
        assert find_voice(one.name) is one
        assert all(re.fullmatch("[0-9a-f]{64}", file.sha256) for file in one.files)
    for one in (voice for voice in VOICES if not voice.name.startswith("hibari-")):
        assert [file.name for file in one.files] == [f"{one.name}.onnx", f"{one.name}.onnx.json"]
        assert all(re.fullmatch("[0-9a-f]{64}", file.sha256) for file in one.files)
        assert one.url_of(one.files[0]).startswith("https://huggingface.co/rhasspy/piper-voices/")
        assert find_voice(one.name) is one
    assert find_voice("nobody") is None
