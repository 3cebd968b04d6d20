"""A real HTTP server on this machine that serves one file, and misbehaves on command.

Rules: each request takes the next behaviour from `script`; when that is used up it behaves well.
Nothing here sleeps: a stalled answer ends when the server is closed.
"""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Behaviour = Callable[["Answer"], None]


class ModelServer:
    """Serves `content` at every path."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.script: list[Behaviour] = []
        self.asked: list[tuple[str, str]] = []
        """(path, Range header) of each request, in order."""
        self.closing = threading.Event()
        outer = self

        class Handler(Answer):
            server_of_models = outer

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = False
        self._http.handle_error = lambda *_: None  # a client that hangs up is what is tested
        self.address = f"127.0.0.1:{self._http.server_address[1]}"
        self.url = f"http://{self.address}/models"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,))
        self._thread.start()

    def then(self, *behaviours: Behaviour) -> None:
        """What the next requests get."""
        self.script += behaviours

    def close(self) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


class Answer(BaseHTTPRequestHandler):
    """One request being answered."""

    server_of_models: ModelServer

    def do_GET(self) -> None:
        server = self.server_of_models
        server.asked.append((self.path, self.headers.get("Range", "")))
        behaviour = server.script.pop(0) if server.script else serve
        behaviour(self)

    def log_message(self, format: str, *args: object) -> None:
        pass

    @property
    def content(self) -> bytes:
        return self.server_of_models.content

    @property
    def first_wanted(self) -> int:
        return int(self.headers.get("Range", "bytes=0-")[len("bytes=") : -1])

    def begin(self, status: int, length: int | str | None, **headers: str) -> None:
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()


def serve(answer: Answer) -> None:
    """As it should be, Range included."""
    first = answer.first_wanted
    rest = answer.content[first:]
    if first:
        total = len(answer.content)
        answer.begin(206, len(rest), Content_Range=f"bytes {first}-{total - 1}/{total}")
    else:
        answer.begin(200, len(rest))
    answer.wfile.write(rest)


def ignore_range(answer: Answer) -> None:
    answer.begin(200, len(answer.content))
    answer.wfile.write(answer.content)


def wrong_range(answer: Answer) -> None:
    """Sends another stretch than was asked for."""
    total = len(answer.content)
    answer.begin(206, total - 1, Content_Range=f"bytes 1-{total - 1}/{total}")
    answer.wfile.write(answer.content[1:])


def cut_off_after(count: int) -> Behaviour:
    """Promises all of the rest, sends some of it, hangs up."""

    def behave(answer: Answer) -> None:
        first = answer.first_wanted
        total = len(answer.content)
        answer.begin(
            206 if first else 200,
            total - first,
            Content_Range=f"bytes {first}-{total - 1}/{total}",
        )
        answer.wfile.write(answer.content[first : first + count])

    return behave


def without_length(sent: bytes) -> Behaviour:
    """Sends this, and says only by hanging up that it was all."""

    def behave(answer: Answer) -> None:
        answer.begin(200, None)
        answer.wfile.write(sent)

    return behave


def with_length(length: int | str) -> Behaviour:
    """Claims a length of its own."""

    def behave(answer: Answer) -> None:
        answer.begin(200, length)
        answer.wfile.write(answer.content)

    return behave


def fail_with(status: int) -> Behaviour:
    return lambda answer: answer.begin(status, 0)


def redirect_to(url: str) -> Behaviour:
    return lambda answer: answer.begin(302, 0, Location=url)


def never_answer(answer: Answer) -> None:
    answer.server_of_models.closing.wait()


def stall_after(count: int) -> Behaviour:
    """Sends so many bytes, then nothing more, and does not hang up."""

    def behave(answer: Answer) -> None:
        answer.begin(200, len(answer.content))
        answer.wfile.write(answer.content[:count])
        answer.wfile.flush()
        answer.server_of_models.closing.wait()

    return behave


def trickle(answer: Answer) -> None:
    """A byte every few milliseconds: never stalls, never ends."""
    answer.begin(200, len(answer.content))
    for byte in answer.content:
        answer.wfile.write(bytes([byte]))
        answer.wfile.flush()
        if answer.server_of_models.closing.wait(0.005):
            return
