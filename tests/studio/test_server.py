"""Somebody works on their dialogs in the studio: over its real port, with the real bundled pack."""

import base64
import io
import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.studio.page import Page, cookie_for, page_at
from voice_ally.core.errors import UsageProblem
from voice_ally.settings.places import bundled_dialogs
from voice_ally.studio.server import StudioServer

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
EVENING = """\
dialog: evening
title: Evening
for: one
triggers: ["my evening"]
steps:
  begin:
    - say: "Good evening."
    - ask: "Would you like to rest?"
      answers:
        "<yes>": rest
        "<no>": close
      silence:
        - go: close
  rest:
    - hold: 1 minute
    - say: "That was a minute."
  close:
    - say: "Sleep well."
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StudioServer]:
    places = tmp_path_factory.mktemp("studio")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "CONFIG", "STATE", "CACHE"):
            patch.setenv(f"VOICE_ALLY_{name}", str(places / name))
        patch.setenv("VOICE_ALLY_VOICE", "system")
        own = places / "own"
        own.mkdir()
        (own / "first.yaml").write_text(EVENING.replace("evening", "first"), encoding="utf-8")
        served = StudioServer(own, bundled_dialogs())
    served.start()
    yield served
    served.close()


@pytest.fixture
def page(server: StudioServer) -> Iterator[Page]:
    with page_at(server.address) as opened:
        yield opened


@pytest.fixture
def evening(server: StudioServer, page: Page) -> Iterator[str]:
    """A dialog that is open and was checked; gone afterwards."""
    file = server.studio.desk.store.own / "evening.yaml"
    file.write_text(EVENING, encoding="utf-8")
    page.ask("open", name="evening")
    page.told("checked", name="evening", problems=[])
    yield "evening"
    page.ask("discard", name="evening")
    file.unlink()


def raw(server: StudioServer, request: str) -> str:
    """The first line of the answer."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=30) as one:
        one.sendall(request.encode())
        return one.makefile("rb").readline().decode()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE"])
def test_only_get_is_answered(server: StudioServer, method: str) -> None:
    cookie = cookie_for(server.address)
    host = f"127.0.0.1:{server.port}"
    request = (
        f"{method} / HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nContent-Length: 0\r\n\r\n"
    )
    assert " 200 " not in raw(server, request)


def test_headers_without_end_are_refused(server: StudioServer) -> None:
    many = "".join(f"X-{number}: {'x' * 1000}\r\n" for number in range(300))
    assert " 200 " not in raw(server, f"GET / HTTP/1.1\r\n{many}\r\n")


@pytest.mark.parametrize(
    ("origin", "cookie"), [("http://evil.example", True), (None, True), ("own", False)]
)
def test_a_stranger_cannot_connect(server: StudioServer, origin: str | None, cookie: bool) -> None:
    own = f"http://127.0.0.1:{server.port}"
    headers = {"Cookie": cookie_for(server.address)} if cookie else {}
    with pytest.raises(InvalidStatus) as refused:
        connect(
            f"ws://127.0.0.1:{server.port}/socket",
            origin=own if origin == "own" else origin,  # type: ignore[arg-type]
            additional_headers=headers,
        )
    assert refused.value.response.status_code == 403


def test_it_listens_on_this_machine_alone(server: StudioServer) -> None:
    assert server._socket.getsockname()[0] == "127.0.0.1"


def test_a_port_in_use_is_one_sentence(server: StudioServer, tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match=rf"^The port {server.port} cannot be used: "):
        StudioServer(tmp_path, bundled_dialogs(), port=server.port)


def test_the_pack_is_told_with_all_its_dialogs(page: Page) -> None:
    told = page.ask("hello")
    titles = {one["name"]: (one["title"], one["for"]) for one in told["dialogs"]}
    assert titles["calming_pause"] == ("A calming pause", "either"), "known before it is read"
    told = page.told("pack")
    assert {one["name"]: (one["title"], one["for"]) for one in told["dialogs"]} == titles
    by_name = {one["name"]: one for one in told["dialogs"]}
    assert not by_name["first"]["bundled"]
    assert by_name["first"]["triggers"] == ["my first"]
    assert by_name["safety"]["bundled"]
    assert by_name["phrases"]["kind"] == "phrases"


def test_a_mistake_is_told_with_its_fix_and_gone_when_mended(page: Page, evening: str) -> None:
    wrong = EVENING.replace("go: close", "go: clsoe")
    assert page.ask("edit", name=evening, text=wrong, number=1) == {"number": 1}
    told = page.told("checked", name=evening, number=1)
    [problem] = told["problems"]  # type: ignore[misc]
    assert (problem["line"], problem["code"]) == (13, "VA020")
    [fix] = problem["fixes"]
    assert fix["to"] == "close"
    assert not told["in_use"]
    page.ask("edit", name=evening, text=EVENING, number=2)
    assert page.told("checked", name=evening, number=2)["problems"] == []


def test_a_file_with_mistakes_may_be_saved_and_is_not_in_use(page: Page, evening: str) -> None:
    opened = page.ask("open", name=evening)
    wrong = EVENING.replace("go: close", "go: clsoe")
    saved = page.ask("save", name=evening, text=wrong, version=opened["version"])
    assert saved["in_use"] is False
    saved = page.ask("save", name=evening, text=EVENING, version=saved["version"])
    assert saved["in_use"] is True


def test_a_file_changed_elsewhere_is_told_of_and_not_overwritten(
    server: StudioServer, page: Page, evening: str
) -> None:
    opened = page.ask("open", name=evening)
    theirs = EVENING.replace("Sleep well.", "Good night.")
    file = server.studio.desk.store.file(evening)
    file.write_text(theirs, encoding="utf-8")
    told = page.told("changed_on_disk", name=evening)
    assert told["text"] == theirs
    answer = page.ask("save", name=evening, text=EVENING + "#\n", version=opened["version"])
    assert answer["conflict"] == {"text": theirs, "version": told["version"]}
    assert file.read_text(encoding="utf-8") == theirs


def test_every_save_is_a_version_that_can_be_read(page: Page, evening: str) -> None:
    opened = page.ask("open", name=evening)
    page.ask("save", name=evening, text=EVENING + "# 1\n", version=opened["version"])
    newest, before, *_ = page.ask("history", name=evening)["versions"]  # type: ignore[misc]
    assert page.ask("version", name=evening, version=newest["id"])["text"] == EVENING + "# 1\n"
    assert page.ask("version", name=evening, version=before["id"])["text"] == EVENING
    assert "error" in page.ask("version", name=evening, version="../../address")


def test_a_conversation_stays_where_it_was_after_an_edit(page: Page, evening: str) -> None:
    told = page.ask("try_start", name=evening)
    assert (told["step"], told["answers"]) == ("begin", ["yes", "no"])
    told = page.ask("try_say", text="yes")
    assert told["step"] == "rest"
    edited = EVENING.replace("Would you like to rest?", "Shall we rest?")
    page.ask("edit", name=evening, text=edited, number=3)
    told = page.told("tried", dialog=evening)
    assert told["step"] == "rest"
    assert {"who": "ally", "text": "Shall we rest?"} in told["turns"]  # type: ignore[operator]
    told = page.ask("try_silence")
    assert {"who": "ally", "text": "That was a minute."} in told["turns"]  # type: ignore[operator]
    assert not page.ask("try_undo")["ended"]


def test_a_conversation_stays_where_it_was_though_its_way_there_is_gone(
    page: Page, evening: str
) -> None:
    page.ask("try_start", name=evening)
    page.ask("try_say", text="yes")
    page.ask(
        "edit", name=evening, text=EVENING.replace('"<yes>": rest', '"gladly": rest'), number=4
    )
    assert page.told("tried", dialog=evening)["step"] == "rest"


def test_a_dialog_with_mistakes_is_tried_as_it_was(page: Page, evening: str) -> None:
    page.ask("edit", name=evening, text=EVENING.replace("go: close", "go: x"), number=5)
    page.told("checked", name=evening, number=5)
    assert page.ask("try_start", name=evening)["step"] == "begin"


def test_a_conversation_is_kept_as_a_test_and_run(
    server: StudioServer, page: Page, evening: str
) -> None:
    page.ask("try_start", name=evening)
    page.ask("try_say", text="yes")
    page.ask("try_silence")
    assert page.ask("try_save", name="Rest well") == {"file": "rest_well.talk.txt"}
    assert "error" in page.ask("try_save", name="Rest well")
    file = server.studio.desk.store.own / "rest_well.talk.txt"
    assert "> yes\n" in file.read_text(encoding="utf-8")
    assert page.ask("tests_run") == {"tests": [{"name": file.name, "ok": True}]}
    page.ask("edit", name=evening, text=EVENING.replace("a minute.", "all."), number=6)
    page.told("tried", dialog=evening)
    [test] = page.ask("tests_run")["tests"]  # type: ignore[misc]
    assert (test["ok"], "That was all." in test["difference"]) == (False, True)
    file.unlink()


def test_phrases_armed_at_a_step(page: Page, evening: str) -> None:
    armed = page.ask("phrases", name=evening, step="begin")["armed"]
    assert isinstance(armed, list)
    assert [one["text"] for one in armed if one["group"] == "answers"] == ["yes", "no"]
    assert any(one["text"] == "stop" for one in armed)


def test_a_recording_without_a_voice_is_told_in_one_sentence(page: Page, evening: str) -> None:
    import numpy
    import soundfile

    out = io.BytesIO()
    soundfile.write(out, numpy.zeros(16000), 16000, format="WAV", subtype="PCM_16")
    data = base64.b64encode(out.getvalue()).decode()
    [heard] = page.ask("hear_recording", filename="a.wav", data=data, name=evening, step="begin")[
        "utterances"
    ]  # type: ignore[misc]
    assert (heard["text"], heard["decision"]) == ("", "ignore")
    assert "No voice" in heard["note"]
    for broken in ("", "AAAA", "%%%"):
        assert re.match(r"[^\n]+\.$", str(page.ask("hear_recording", data=broken)["error"]))


@pytest.mark.parametrize(
    "message",
    [
        "[]", "{", "1", "null", '"x"', "{}", '{"id": "x", "do": "hello"}', "[" * 5000, "\ufeff",
    ],
)  # fmt: skip
def test_what_is_no_message_is_answered_and_nothing_breaks(page: Page, message: str) -> None:
    page.connection.send(message)
    assert "error" in page._answers.get(timeout=30)
    assert "dialogs" in page.ask("hello")


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("nothing", {}),
        ("__class__", {}),
        ("open", {}),
        ("open", {"name": 1}),
        ("open", {"name": "../x"}),
        ("open", {"name": "first", "more": "x"}),
        ("edit", {"name": "safety", "text": "x", "number": 1}),
        ("edit", {"name": "first", "text": None, "number": 1}),
        ("save", {"name": "safety", "text": "x", "version": ""}),
        ("new", {"title": "../../x/..", "template": "nothing"}),
        ("word_keep", {"word": "x", "sounds": "QQ"}),
        ("try_say", {"text": ["x"]}),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(
    page: Page, what: str, given: dict[str, object]
) -> None:
    answer = page.ask(what, **given)
    assert list(answer) == ["error"]
    assert "\n" not in str(answer["error"])


def test_what_is_too_large_ends_the_connection_and_nothing_else(server: StudioServer) -> None:
    with page_at(server.address) as page:
        page.connection.send("x" * 28_500_000)
        page.connection.close()
    with page_at(server.address) as page:
        assert "dialogs" in page.ask("hello")


def test_nothing_of_a_dialog_is_in_a_log(server: StudioServer, page: Page, evening: str) -> None:
    page.ask("edit", name=evening, text=EVENING + "# secret words\n", number=7)
    folder = server.studio.desk.store.folder
    holding = [
        one.relative_to(folder).parts[0]
        for one in folder.parents[1].rglob("*")
        if one.is_file() and b"secret words" in one.read_bytes()
    ]
    assert holding == ["drafts"]
    assert json.loads((next((folder / "drafts").iterdir())).read_text(encoding="utf-8"))["text"]
