"""Who may see the studio's pages, and who may not."""

import gzip
import re

import pytest
from websockets.datastructures import Headers
from websockets.http11 import Request

from voice_ally.studio.pages import SOCKET, STATIC, Pages

HOST, TOKEN = "127.0.0.1:8000", "the-token"
COOKIE = f"voice-ally-studio-8000={TOKEN}"


@pytest.fixture(scope="module")
def pages() -> Pages:
    return Pages(TOKEN, HOST)


def status(pages: Pages, path: str, **headers: str) -> int:
    """What a browser gets; 101: its connection may be opened."""
    named = {"Host": HOST, "Cookie": COOKIE, **headers}
    sent = Headers({name: value for name, value in named.items() if value})
    answer = pages.answer(Request(path, sent))
    return 101 if answer is None else answer.status_code


def test_the_first_address_brings_the_cookie_and_leads_to_the_page(pages: Pages) -> None:
    answer = pages.answer(Request(f"/?token={TOKEN}", Headers({"Host": HOST})))
    assert answer is not None
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(COOKIE)
    assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
    assert status(pages, "/") == 200


def test_a_browser_that_comes_from_a_file_is_led_on_by_a_page_of_ours(pages: Pages) -> None:
    answer = pages.answer(Request(f"/?token={TOKEN}&by=file", Headers({"Host": HOST})))
    assert answer is not None
    assert (answer.status_code, answer.headers["Refresh"]) == (200, "0; url=/")


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/", {"Cookie": ""}),
        ("/", {"Cookie": "voice-ally-studio-8000=another"}),
        ("/", {"Cookie": "voice-ally-studio-8000"}),
        ("/", {"Cookie": f"voice-ally-studio-8001={TOKEN}"}),
        ("/", {"Cookie": ';=;;"'}),
        ("/?token=another", {}),
        ("/?token=", {"Cookie": ""}),
        (f"/main.js?token={TOKEN}", {"Cookie": ""}),
        ("/", {"Host": ""}),
        ("/", {"Host": "localhost:8000"}),
        ("/", {"Host": "127.0.0.1"}),
        ("/", {"Host": "evil.example:8000"}),
        (f"/?token={TOKEN}", {"Host": "evil.example:8000"}),
        ("/", {"Origin": "http://evil.example"}),
        ("/", {"Origin": "null"}),
        ("/", {"Origin": "http://127.0.0.1:8001"}),
        ("/", {"Origin": "https://127.0.0.1:8000"}),
        (SOCKET, {}),
        (SOCKET, {"Origin": "http://evil.example"}),
        (SOCKET, {"Origin": f"http://{HOST}", "Cookie": ""}),
        (SOCKET, {"Origin": f"http://{HOST}", "Host": "evil.example"}),
    ],
)
def test_strangers_are_refused(pages: Pages, path: str, headers: dict[str, str]) -> None:
    assert status(pages, path, **headers) == 403


def test_two_hosts_or_origins_are_refused(pages: Pages) -> None:
    for name, other in (("Host", HOST), ("Origin", "http://evil.example")):
        headers = Headers({"Host": HOST, "Cookie": COOKIE, "Origin": f"http://{HOST}"})
        headers[name] = other
        answer = pages.answer(Request("/", headers))
        assert answer is not None
        assert answer.status_code == 403


def test_our_own_page_may_connect(pages: Pages) -> None:
    assert status(pages, SOCKET, Origin=f"http://{HOST}") == 101


@pytest.mark.parametrize(
    "path",
    ["/../server.py", "/%2e%2e/server.py", "/..%2fserver.py", "//etc/passwd", "/static/main.js",
     "/vendor", "/vendor/", "/.git", "/schema/../server.py", "/main.js/", "/nothing"],
)  # fmt: skip
def test_nothing_else_is_there(pages: Pages, path: str) -> None:
    assert status(pages, path) == 404


def test_every_file_comes_packed_and_with_what_a_browser_may_do_with_it(pages: Pages) -> None:
    files = [one for one in STATIC.rglob("*") if one.is_file()]
    assert files
    paths = [f"/{one.relative_to(STATIC).as_posix()}" for one in files]
    for path in (*paths, "/schema/dialog.schema.json", "/schema/phrases.schema.json"):
        answer = pages.answer(Request(path, Headers({"Host": HOST, "Cookie": COOKIE})))
        assert answer is not None
        assert answer.status_code == 200
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.body is not None
        gzip.decompress(answer.body)


def test_scripts_are_sent_as_scripts(pages: Pages) -> None:
    answer = pages.answer(Request("/main.js", Headers({"Host": HOST, "Cookie": COOKIE})))
    assert answer is not None
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"


def test_every_module_is_asked_for_at_once() -> None:
    """One that only another one leads to would be asked for a turn later."""
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    named = set(re.findall(r'<link rel="modulepreload" href="([^"]+)">', page)) | {"main.js"}
    assert named == {"vendor/codemirror.js", *(one.name for one in STATIC.glob("*.js"))}
