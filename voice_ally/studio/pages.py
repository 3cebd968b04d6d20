"""The studio's pages over HTTP, and who may see them.

Rules: files are those of the folder `static` and the two schemas, by a list made at the start, so
no path is ever looked up. Nothing is given without the cookie, which only the first address brings;
Host and Origin have to be exactly ours. No page may load anything from anywhere else.
"""

import gzip
import hmac
import mimetypes
from dataclasses import dataclass, field
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from websockets.datastructures import Headers
from websockets.http11 import Request, Response

from voice_ally.settings.places import bundled_dialogs

STATIC = Path(__file__).parent / "static"
SOCKET = "/socket"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; media-src blob:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
"""Not left to the system, which may call JavaScript something that a browser refuses."""
SCHEMAS = ("dialog.schema.json", "phrases.schema.json")


@dataclass(frozen=True)
class Page:
    """A file, ready to be sent."""

    kind: str
    packed: bytes


@dataclass
class Pages:
    """All pages, for one address and its token."""

    token: str
    host: str
    """With the port, as a browser names it."""
    _pages: dict[str, Page] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for file in (one for one in sorted(STATIC.rglob("*")) if one.is_file()):
            self._pages[f"/{file.relative_to(STATIC).as_posix()}"] = _page(file)
        self._pages["/"] = self._pages["/index.html"]
        for name in SCHEMAS:
            self._pages[f"/schema/{name}"] = _page(bundled_dialogs().parent / name)

    @property
    def _cookie(self) -> str:
        # cookies know no ports: two studios must not take each other's
        return f"voice-ally-studio-{self.host.rpartition(':')[2]}"

    def answer(self, request: Request) -> Response | None:
        """A page, or a refusal; None: a connection from our own page may be opened."""
        address = urlsplit(request.path)
        why = self._foreign(request, socket=address.path == SOCKET)
        if why or request.method != "GET":
            status = HTTPStatus.FORBIDDEN if why else HTTPStatus.METHOD_NOT_ALLOWED
            return _plain(status, why or "Pages are only read here.")
        asked = parse_qs(address.query) if address.path == "/" else {}
        if "token" in asked:
            return self._let_in(asked["token"][0], by_file="by" in asked)
        if not self._is_let_in(request):
            return _plain(HTTPStatus.FORBIDDEN, "Open the address that voice-ally studio printed.")
        if address.path == SOCKET:
            return None
        page = self._pages.get(address.path)
        if page is None:
            return _plain(HTTPStatus.NOT_FOUND, "There is no such page.")
        headers = _headers(page.kind, page.packed)
        headers["Content-Encoding"] = "gzip"
        return Response(HTTPStatus.OK, "OK", headers, page.packed)

    def _foreign(self, request: Request, *, socket: bool) -> str:
        """Why it does not come from our own page, as far as a browser tells; or nothing."""
        if request.headers.get_all("Host") != [self.host]:
            return "This address is not served here."
        origins = request.headers.get_all("Origin")
        if origins and origins != [f"http://{self.host}"]:
            return "Another page may not do this."
        return "Only the studio's page may connect." if socket and not origins else ""

    def _let_in(self, token: str, *, by_file: bool) -> Response:
        """by_file: the browser comes from a file of ours. It would not send the cookie along with
        what it is redirected to, but does where a page of ours leads it on."""
        if not hmac.compare_digest(token.encode(), self.token.encode()):
            return _plain(HTTPStatus.FORBIDDEN, "This address is out of date: start studio again.")
        headers = _headers("text/plain", b"")
        headers["Set-Cookie"] = f"{self._cookie}={self.token}; HttpOnly; SameSite=Strict; Path=/"
        if by_file:
            headers["Refresh"] = "0; url=/"
            return Response(HTTPStatus.OK, "OK", headers, b"")
        headers["Location"] = "/"
        return Response(HTTPStatus.SEE_OTHER, "See Other", headers, b"")

    def _is_let_in(self, request: Request) -> bool:
        found = SimpleCookie()
        for header in request.headers.get_all("Cookie"):
            try:
                found.load(header)
            except CookieError:
                return False
        given = found[self._cookie].value if self._cookie in found else ""
        return hmac.compare_digest(given.encode(), self.token.encode())


def _page(file: Path) -> Page:
    kind = TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "text/plain"
    return Page(f"{kind}; charset=utf-8", gzip.compress(file.read_bytes(), mtime=0))


def _plain(status: HTTPStatus, text: str) -> Response:
    body = f"{text}\n".encode()
    return Response(status, status.phrase, _headers("text/plain; charset=utf-8", body), body)


def _headers(kind: str, body: bytes) -> Headers:
    return Headers(
        {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store",
            "Connection": "close",
        }
    )
