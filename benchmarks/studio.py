"""The studio's delays, and what a kill costs: `python -m benchmarks.studio [--kills 50]`.

Rules: the real program over its real port; figures are percentiles of EDITS changes, each typed
at once after the answer to the one before. A kill comes at a random moment of typing.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

from websockets.exceptions import ConnectionClosed

from benchmarks.large_pack import pack_of
from tests.studio.page import Page, cookie_for, page_at

EDITS = 60
SIZES = (1, 500)
KEYS_A_SECOND = 12
TEXT = (
    'dialog: evening\ntriggers: ["my evening here"]\nsteps:\n  one:\n    - say: "Hello."\n'
    '    - ask: "Well?"\n      answers: {"<yes>": two, "<no>": two}\n      silence: [{go: two}]\n'
    '  two:\n    - say: "Bye."\n'
)


@contextmanager
def studio(place: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program, and its address."""
    folders = {
        f"VOICE_ALLY_{one}": str(place / one) for one in ("CONFIG", "DATA", "STATE", "CACHE")
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "voice_ally", "studio", str(place / "own"), "--no-browser"],
        env={**os.environ, **folders},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        yield process, process.stdout.readline().removeprefix("Studio: ").strip()
    finally:
        process.kill()
        process.wait()


def pack(place: Path, dialogs: int) -> None:
    """So many dialogs, one of which is edited."""
    own = place / "own"
    own.mkdir()
    if dialogs > 1:
        for name, content in pack_of(dialogs).items():
            (own / name).write_bytes(content)
    (own / "evening.yaml").write_text(TEXT, encoding="utf-8")


def percentile(values: list[float], part: float) -> float:
    """In milliseconds."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))] * 1000


def delays(dialogs: int) -> None:
    """From an edit to its problems."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        pack(place, dialogs)
        began = time.monotonic()
        with studio(place) as (_, address), page_at(address) as page:
            print(f"{dialogs:4} dialogs: address after {time.monotonic() - began:.1f} s", end="")
            page.ask("open", name="evening")
            page.told("checked", name="evening")
            print(f", checked first after {time.monotonic() - began:.1f} s")
            kept, checked = [], []
            for number in range(1, EDITS + 1):
                text = TEXT.replace("Hello.", f"Hello {number}.").replace(
                    "go: two", "go: twwo" if number % 2 else "go: two"
                )
                asked = time.monotonic()
                page.ask("edit", name="evening", text=text, number=number)
                kept.append(time.monotonic() - asked)
                found = page.told("checked", name="evening", number=number)
                checked.append(time.monotonic() - asked)
                assert found["in_use"] != bool(number % 2), "the mistake was not found"
            for what, values in (("kept", kept), ("checked", checked)):
                half, most = percentile(values, 0.5), percentile(values, 0.95)
                print(f"     {what:8} median {half:4.0f} ms, 95 % within {most:4.0f} ms")


def transferred() -> None:
    """What the page loads, packed."""
    static = Path(__file__).parents[1] / "voice_ally" / "studio" / "static"
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        pack(place, 1)
        with studio(place) as (_, address):
            cookie, host = cookie_for(address), address.split("/")[2]
            total = 0
            for file in sorted(one for one in static.rglob("*") if one.is_file()):
                if file.suffix not in (".js", ".css", ".html", ".svg"):
                    continue
                http = HTTPConnection(host)
                http.request(
                    "GET", f"/{file.relative_to(static).as_posix()}", None, {"Cookie": cookie}
                )
                total += len(http.getresponse().read())
                http.close()
            print(f"all pages, scripts and styles: {total / 1000:.0f} kB transferred")


def kills(count: int) -> None:
    """Killed while somebody types: what of it is there afterwards."""
    chance = random.Random(1)
    lost_most = 0.0
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        pack(place, 1)
        for number in range(count):
            typed: list[tuple[float, str]] = []
            with studio(place) as (process, address):
                moments: list[float] = []
                killer = threading.Timer(chance.uniform(0.3, 3.0), _kill, (process, moments))
                with page_at(address) as page, suppress(ConnectionClosed, OSError):
                    opened = page.ask("open", name="evening")
                    killer.start()
                    _type(page, number, opened, typed)
                killer.join()
            whole = (place / "own" / "evening.yaml").read_text(encoding="utf-8")
            assert whole == TEXT or whole.startswith(f"{TEXT}# "), "a damaged file"
            with studio(place) as (_, address), page_at(address) as page:
                found = str(page.ask("open", name="evening")["text"])
            missing = [when for when, text in typed if len(text) > len(found)]
            assert not typed or typed[-1][1].startswith(found), "a damaged draft"
            lost_most = max(lost_most, moments[0] - missing[0] if missing else 0.0)
            if number % 10 == 9:
                print(f"after {number + 1}: {lost_most:.2f} s", flush=True)
    print(f"{count} kills: no damaged file; the oldest keystroke lost was {lost_most:.2f} s old")


def _kill(process: "subprocess.Popen[str]", moments: list[float]) -> None:
    moments.append(time.monotonic())
    process.kill()


def _type(
    page: Page, number: int, opened: dict[str, object], typed: list[tuple[float, str]]
) -> None:
    """Until the connection breaks; now and then it is saved."""
    text, version = str(opened["text"]), opened["version"]
    if not text.endswith("\n"):
        text += "\n"
    text += f"# {number} "
    for count in range(10_000):
        text += "x"
        typed.append((time.monotonic(), text))
        message = {"id": -count, "do": "edit", "name": "evening", "text": text, "number": count}
        page.connection.send(json.dumps(message))
        if count % 20 == 19:
            save = {"id": -count, "do": "save", "name": "evening", "text": text, "version": version}
            page.connection.send(json.dumps(save))
        time.sleep(1 / KEYS_A_SECOND)


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=0)
    wanted = options.parse_args()
    if wanted.kills:
        kills(wanted.kills)
        return
    for size in SIZES:
        delays(size)
    transferred()


if __name__ == "__main__":
    main()
