"""A page of the studio without a browser: it asks over a real connection and hears what is told."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

PATIENCE_SECONDS = 90.0
CLOSED = "the connection was closed"
Told = dict[str, object]


def cookie_for(address: str) -> str:
    """What the first address brings."""
    host, _, query = address.removeprefix("http://").partition("/")
    http = HTTPConnection(host, timeout=PATIENCE_SECONDS)
    http.request("GET", f"/{query}")
    answer = http.getresponse()
    cookie = answer.headers["Set-Cookie"].partition(";")[0]
    http.close()
    return cookie


class Page:
    """Asks and waits for the answer; what is told of itself waits to be looked at."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self._told: queue.Queue[Told] = queue.Queue()
        self._answers: queue.Queue[Told] = queue.Queue()
        self._number = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            for text in self.connection:
                message = json.loads(text)
                (self._told if "event" in message else self._answers).put(message)
        except (ConnectionClosed, OSError):
            return
        finally:
            for one in (self._told, self._answers):
                one.put({"event": CLOSED})

    def ask(self, what: str, **given: object) -> Told:
        """The answer, without its number."""
        self._number += 1
        self.connection.send(json.dumps({"id": self._number, "do": what, **given}))
        answer = self._answers.get(timeout=PATIENCE_SECONDS)
        if answer.get("event") == CLOSED:
            raise ConnectionError(CLOSED)
        assert answer.pop("id") == self._number
        return answer

    def told(self, event: str, **wanted: object) -> Told:
        """The next event of this kind in which these fields are so."""
        while True:
            message = self._told.get(timeout=PATIENCE_SECONDS)
            if message["event"] == CLOSED:
                raise ConnectionError(CLOSED)
            if message["event"] == event and wanted.items() <= message.items():
                return message


@contextmanager
def page_at(address: str) -> Iterator[Page]:
    """A page that was let in."""
    host = address.removeprefix("http://").partition("/")[0]
    with connect(
        f"ws://{host}/socket",
        origin=f"http://{host}",  # type: ignore[arg-type]
        additional_headers={"Cookie": cookie_for(address)},
        max_size=None,
    ) as connection:
        yield Page(connection)
