"""The studio's server: pages over HTTP, messages over a WebSocket, one port of this machine.

Rules: 127.0.0.1 and nothing else; who has the cookie may ask, and only from our own page
(pages.py). Messages, connections and what waits to be sent are bounded; a page that takes nothing
is let go. Nothing is logged.
"""

import json
import logging
import queue
import secrets
import socket
import threading
from contextlib import suppress
from pathlib import Path

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from voice_ally.core.errors import UsageProblem
from voice_ally.studio.pages import Pages
from voice_ally.studio.studio import Studio, Told

HOST = "127.0.0.1"
MOST_MESSAGE_BYTES = 28_000_000
"""A recording of 20 MB, as base64."""
MOST_PAGES = 8
MOST_UNSENT = 2_000
OPEN_SECONDS, CLOSE_SECONDS = 5.0, 0.3
END_SECONDS = 1.0

_silent = logging.getLogger("voice_ally.studio.server")
_silent.addHandler(logging.NullHandler())
_silent.propagate = False
_silent.setLevel(logging.CRITICAL + 1)


class _Page:
    """One connection: what is to be sent goes through a queue, so that nobody waits for it."""

    def __init__(self, connection: ServerConnection) -> None:
        self._connection = connection
        self._unsent: queue.Queue[str | None] = queue.Queue(MOST_UNSENT)
        self._thread = threading.Thread(target=self._send, name="studio page", daemon=True)
        self._thread.start()

    def tell(self, message: Told) -> None:
        text = json.dumps(message, ensure_ascii=False, default=str)
        try:
            self._unsent.put_nowait(text)
        except queue.Full:
            self._connection.close_socket()

    def _send(self) -> None:
        while (text := self._unsent.get()) is not None:
            try:
                self._connection.send(text)
            except (ConnectionClosed, OSError):
                return

    def close(self) -> None:
        with suppress(queue.Full):
            self._unsent.put_nowait(None)


class StudioServer:
    """Serves one pack until close(). Raises UsageProblem where the port cannot be had."""

    def __init__(
        self, own: Path, bundled: Path, *, port: int = 0, usual_port: int = 0, token: str = ""
    ) -> None:
        """usual_port: taken if it is free; port: has to be."""
        self.token = token or secrets.token_urlsafe(32)
        self._pages: set[_Page] = set()
        self._lock = threading.Lock()
        self._socket = _listen(port, usual_port)
        self.port: int = self._socket.getsockname()[1]
        self._served = Pages(self.token, f"{HOST}:{self.port}")
        self.studio = Studio(own, bundled, self._tell)
        self._server: Server = serve(
            self._page,
            sock=self._socket,
            process_request=self._request,
            max_size=MOST_MESSAGE_BYTES,
            open_timeout=OPEN_SECONDS,
            close_timeout=CLOSE_SECONDS,
            server_header=None,
            logger=_silent,
        )
        self._thread = threading.Thread(
            target=self._server.serve_forever, name="studio server", daemon=True
        )

    @property
    def address(self) -> str:
        """The first address, which lets a browser in."""
        return f"http://{HOST}:{self.port}/?token={self.token}"

    def start(self) -> None:
        """Begin to answer."""
        self.studio.start()
        self._thread.start()

    def close(self) -> None:
        """No more; within two seconds."""
        ending = threading.Thread(target=self._server.shutdown, daemon=True)
        ending.start()
        self.studio.close()
        ending.join(END_SECONDS)

    def _request(self, _connection: ServerConnection, request: Request) -> Response | None:
        return self._served.answer(request)

    def _tell(self, message: Told) -> None:
        with self._lock:
            pages = list(self._pages)
        for page in pages:
            page.tell(message)

    def _page(self, connection: ServerConnection) -> None:
        page = _Page(connection)
        with self._lock:
            if len(self._pages) >= MOST_PAGES:
                connection.close(1013, "too many pages")
                page.close()
                return
            self._pages.add(page)
        try:
            for message in connection:
                self._asked(page, message)
        except (ConnectionClosed, OSError):
            return
        finally:
            with self._lock:
                self._pages.discard(page)
            page.close()

    def _asked(self, page: _Page, text: str | bytes) -> None:
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict) or not isinstance(message.get("id"), int):
            page.tell({"error": "This is no message of the studio's page."})
            return
        number = message["id"]
        self.studio.ask(message, lambda answer: page.tell({**answer, "id": number}))


def _listen(port: int, usual_port: int) -> socket.socket:
    if port:
        try:
            return _bound(port)
        except OSError as error:
            raise UsageProblem(
                f"The port {port} cannot be used: {error.strerror or error}.",
                mend="Name another one, or none: voice-ally studio.",
            ) from error
    for one in (usual_port, 0):
        with suppress(OSError):
            return _bound(one)
    raise UsageProblem("No port of this machine can be used.")


def _bound(port: int) -> socket.socket:
    return socket.create_server((HOST, port), backlog=16)
