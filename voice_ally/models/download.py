"""One file over HTTP, checked: goes on where it was cut off, and knows when to give up.

Rules: never writes more than was announced in the catalogue; what has the wrong fingerprint is
deleted; whatever else ends a download leaves the part for next time. Waiting is bounded three
ways: for an answer, for the next bytes, and, if asked, for all of it.
"""

import queue
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from voice_ally.core.errors import ModelProblem
from voice_ally.models.store import sha256_of

if TYPE_CHECKING:
    from requests import Response

Progress = Callable[[int, int | None], None]
"""Told (bytes so far, bytes in all or None) after each piece."""

CHUNK_BYTES = 1 << 16
MAX_UNKNOWN_BYTES = 500_000_000
"""For an archive whose size the catalogue doesn't know."""
MAX_REDIRECTS = 5
MOST_DIGITS = 18
"""Of a length that a server announces; Python refuses to read thousands."""

_KEPT = "Try again: what has arrived is kept."
_OK, _PARTIAL, _TIMEOUT, _NOT_THERE, _TOO_FAST, _SERVER_ERROR = 200, 206, 408, 416, 429, 500


@dataclass(frozen=True)
class Patience:
    """How long to wait, and how often to ask."""

    connect_seconds: float = 10.0
    stall_seconds: float = 30.0
    """Without a single byte."""
    tries: int = 4
    deadline_seconds: float | None = None
    """For all of it, counted from the first request."""
    pause_seconds: float = 1.0
    """Before the second try; then twice as long each time."""


@dataclass(frozen=True)
class Wanted:
    """What is to be fetched."""

    url: str
    size_bytes: int | None
    sha256: str

    @property
    def name(self) -> str:
        """The file's name."""
        return self.url.rpartition("/")[2]

    @property
    def host(self) -> str:
        """Who is asked."""
        return urlsplit(self.url).netloc or self.url


class _Interrupted(Exception):
    """It went wrong in a way that another try may mend."""


def download(wanted: Wanted, part: Path, progress: Progress, patience: Patience) -> None:
    """Fill `part` with exactly the file wanted. ModelProblem, OSError (disk)."""
    end = None
    if patience.deadline_seconds is not None:
        end = time.monotonic() + patience.deadline_seconds
    if _begun_bytes(part, wanted) and sha256_of(part) == wanted.sha256:
        return
    trouble = _Interrupted()
    for attempt in range(patience.tries):
        if attempt:
            time.sleep(min(patience.pause_seconds * 2 ** (attempt - 1), _left(end, wanted)))
        had_bytes = _begun_bytes(part, wanted)
        try:
            _receive(wanted, part, progress, patience, end)
        except _Interrupted as interruption:
            trouble = interruption
            continue
        if sha256_of(part) == wanted.sha256:
            return
        part.unlink()
        trouble = _Interrupted("sent something other than the file expected")
        if not had_bytes:
            # all of it came from this one answer, so asking again would bring the same
            raise _hopeless(wanted, str(trouble))
    raise ModelProblem(
        f"{wanted.name} could not be fetched: {wanted.host} {trouble}.", mend=_KEPT
    ) from trouble


def _begun_bytes(part: Path, wanted: Wanted) -> int:
    """How much is there to go on from; a part that cannot be one is deleted."""
    size = part.stat().st_size if part.exists() else 0
    if size > _limit_bytes(wanted) or (
        size == wanted.size_bytes and sha256_of(part) != wanted.sha256
    ):
        part.unlink()
        return 0
    return size


def _limit_bytes(wanted: Wanted) -> int:
    return MAX_UNKNOWN_BYTES if wanted.size_bytes is None else wanted.size_bytes


def _left(end: float | None, wanted: Wanted) -> float:
    """Seconds until the deadline; ModelProblem when it has passed."""
    left = float("inf") if end is None else end - time.monotonic()
    if left <= 0:
        raise ModelProblem(
            f"{wanted.name} was not fetched: {wanted.host} is too slow to be waited for.",
            mend=_KEPT,
        )
    return left


def _receive(
    wanted: Wanted, part: Path, progress: Progress, patience: Patience, end: float | None
) -> None:
    """One request, appended to the part or in its place."""
    from urllib3.exceptions import HTTPError, ReadTimeoutError

    have_bytes = _begun_bytes(part, wanted)
    with closing(_ask(wanted, have_bytes, patience, end)) as response:
        begin = _begin_of(response, have_bytes)
        if begin is None:
            part.unlink(missing_ok=True)
            raise _Interrupted("cannot go on where it was cut off")
        total = _announced_bytes(response, begin, wanted)
        done = begin
        with part.open("ab" if begin else "wb") as file:
            try:
                # read1, because read waits for a full chunk however slowly it trickles in
                while chunk := response.raw.read1(CHUNK_BYTES, decode_content=False):
                    if done + len(chunk) > _limit_bytes(wanted):
                        raise _too_large(wanted)
                    file.write(chunk)
                    done += len(chunk)
                    progress(done, total)
                    _left(end, wanted)
            except ReadTimeoutError as error:
                raise _Interrupted("stopped sending") from error
            except HTTPError as error:
                raise _Interrupted("cut the connection") from error
    if total is not None and done < total:
        raise _Interrupted("ended too early")


def _ask(wanted: Wanted, have_bytes: int, patience: Patience, end: float | None) -> "Response":
    """The answer to one request, which is in a state to be read.

    Asked in a thread of its own: looking up a name and following redirects know no time limit.
    """
    import requests

    headers = {"Accept-Encoding": "identity"}
    if have_bytes:
        headers["Range"] = f"bytes={have_bytes}-"
    left = _left(end, wanted)
    connect = min(patience.connect_seconds, left)
    stall = min(patience.stall_seconds, left)
    answer: queue.Queue[requests.Response | Exception] = queue.Queue()

    def ask() -> None:
        with requests.Session() as session:
            session.max_redirects = MAX_REDIRECTS
            try:
                answer.put(
                    session.get(wanted.url, headers=headers, stream=True, timeout=(connect, stall))
                )
            except Exception as error:
                answer.put(error)

    threading.Thread(target=ask, name="fetch", daemon=True).start()
    try:
        response = answer.get(timeout=min(connect + stall, left))
    except queue.Empty:
        raise _Interrupted("does not answer") from None
    if isinstance(response, Exception):
        raise _meaning(response, wanted) from response
    return _checked(response, wanted)


def _meaning(error: Exception, wanted: Wanted) -> Exception:
    """What a failed request means: worth another try, or not."""
    import requests

    if isinstance(error, requests.Timeout):
        return _Interrupted("does not answer")
    if isinstance(error, requests.exceptions.SSLError):
        return _hopeless(wanted, "cannot prove who it is (or this computer's date is wrong)")
    if isinstance(error, requests.ConnectionError):
        return _Interrupted("cannot be reached")
    if isinstance(error, requests.TooManyRedirects):
        return _hopeless(wanted, "keeps sending us somewhere else")
    return _hopeless(wanted, f"cannot be asked ({error})")


def _checked(response: "Response", wanted: Wanted) -> "Response":
    status = response.status_code
    if status in (_OK, _PARTIAL, _NOT_THERE):
        return response
    response.close()
    if status in (_TIMEOUT, _TOO_FAST) or status >= _SERVER_ERROR:
        raise _Interrupted(f"is in trouble (HTTP {status})")
    raise _hopeless(wanted, f"does not have it (HTTP {status})")


def _begin_of(response: "Response", have_bytes: int) -> int | None:
    """Where in the file the answer begins; None when it is nowhere we can use."""
    if response.status_code == _OK:
        return 0
    if response.status_code != _PARTIAL:
        return None
    given = response.headers.get("Content-Range", "")
    return have_bytes if given.startswith(f"bytes {have_bytes}-") else None


def _announced_bytes(response: "Response", begin: int, wanted: Wanted) -> int | None:
    """The size of the whole file as far as anyone knows; refuses a file of another size."""
    length = response.headers.get("Content-Length", "")
    if not length.isdecimal():
        return wanted.size_bytes
    if len(length) > MOST_DIGITS:
        raise _too_large(wanted)
    total = begin + int(length)
    if total > _limit_bytes(wanted):
        raise _too_large(wanted)
    if wanted.size_bytes is not None and total != wanted.size_bytes:
        raise _hopeless(
            wanted,
            f"offers a file of {total:,} bytes instead of {wanted.size_bytes:,}"
            " (perhaps the network wants you to log in first)",
        )
    return total


def _too_large(wanted: Wanted) -> ModelProblem:
    return _hopeless(wanted, f"sends more than {_limit_bytes(wanted):,} bytes")


def _hopeless(wanted: Wanted, why: str) -> ModelProblem:
    return ModelProblem(
        f"{wanted.name} could not be fetched: {wanted.host} {why}.",
        mend="Check the network, and VOICE_ALLY_MODELS_URL if you set it.",
    )
