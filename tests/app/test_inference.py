"""Somebody looks at what a session left, and wants to know which script ran: it cannot be told.

Two kinds of sessions, one with safety and one with a calming pause, many times each. A classifier
learns from all but one of them what their files look like, and guesses which kind that one was.
It is right as often as chance has it. That it could tell is shown by a log that keeps too much.
"""

import os
import random
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.cli.test_on_file import session
from tests.privacy_trace import contents
from tests.speech_samples import conversation, spoken
from voice_ally.runtime import logbook
from voice_ally.runtime.logbook import Logbook

SAFETY, CALM = "I don't feel safe", "calming pause"
TIMES = 3
Features = frozenset[tuple[str, str]]


def features(folder: Path) -> Features:
    """What can be seen of files, but for when the session was: their names and what is in them."""
    found = set()
    for path, content in contents((folder,)).items():
        name = str(path.relative_to(folder))
        text = re.sub(rb"[0-9a-f]{8,}|\d+", b"#", content)
        found |= {(name, f"{at} {line!r}") for at, line in enumerate(text.splitlines())}
        found.add((name, str(len(text))))
    return frozenset(found)


def spans(log: Path) -> Features:
    """The lines of a log, in their order, but for when they were written."""
    found = set()
    lines = log.read_text().splitlines()
    for number, line in enumerate(lines):
        found |= {("event", line.split()[2]), ("line", f"{number} {line.split()[2:]}")}
    return frozenset({*found, ("lines", str(len(lines)))})


def right(of_kind: Mapping[str, list[Features]]) -> float:
    """How often the nearest other session is of the same kind; of two as near, half."""
    everything = [(kind, one) for kind, many in of_kind.items() for one in many]
    score = 0.0
    for number, (kind, one) in enumerate(everything):
        others = everything[:number] + everything[number + 1 :]
        nearest = min(len(one ^ other) for _, other in others)
        guesses = [theirs for theirs, other in others if len(one ^ other) == nearest]
        score += guesses.count(kind) / len(guesses)
    return score / len(everything)


Events = list[dict[str, object]]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Events]]:
    """What sessions tell of in which that was said, and "stop" some seconds later."""
    chance = random.Random(5)
    folder = tmp_path_factory.mktemp("sessions")

    def events(phrase: str) -> Events:
        quiet, after = chance.uniform(1.0, 9.0), chance.uniform(0.5, 3.0)
        return session(folder, conversation(0.5, spoken(phrase), quiet, spoken("stop"), after))[0]

    return {phrase: [events(phrase) for _ in range(TIMES)] for phrase in (SAFETY, CALM)}


def logged(folder: Path, events: Events) -> Path:
    """The log of such a session."""
    book = Logbook(folder)
    book.note("begin", version="1")
    for one in events:
        data = {name: value for name, value in one.items() if name not in ("t", "event")}
        book(float(str(one["t"])), str(one["event"]), data)
    book.close()
    return book.path


@pytest.mark.xdist_group("told")
@pytest.mark.parametrize("keeps_too_much", [False, True])
def test_the_log_does_not_tell_which_script_ran(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: Mapping[str, list[Events]],
    keeps_too_much: bool,
) -> None:
    if keeps_too_much:
        kept = {"said": ("text",), "asked": (), "started": (), "ended": ()}
        monkeypatch.setattr(logbook, "KEPT", kept)
    seen = {
        phrase: [
            spans(logged(tmp_path / f"{phrase}{number}", one)) for number, one in enumerate(many)
        ]
        for phrase, many in told.items()
    }
    assert (right(seen) > 0.8) if keeps_too_much else (right(seen) <= 0.5)


def typed(folder: Path, lines: str) -> None:
    places = {f"VOICE_ALLY_{one}": str(folder / one.lower()) for one in ("STATE", "DATA", "CACHE")}
    subprocess.run(
        [sys.executable, "-m", "voice_ally", "--typed"],
        env={**os.environ, **places, "PULSE_SERVER": "unix:/nowhere"},
        input=lines,
        text=True,
        capture_output=True,
        check=True,
        timeout=120,
    )


def test_no_file_of_a_whole_session_tells_it(tmp_path: Path) -> None:
    kinds: Mapping[str, Callable[[Path], None]] = {
        SAFETY: lambda folder: typed(folder, f"{SAFETY}\nstop\n"),
        CALM: lambda folder: typed(folder, f"{CALM}\nslower\nstop\n"),
    }
    seen: dict[str, list[Features]] = {}
    for kind, run in kinds.items():
        for number in range(2):
            folder = tmp_path / f"{kind}{number}"
            run(folder)
            seen.setdefault(kind, []).append(features(folder))
    assert all(seen.values())
    assert right(seen) <= 0.5
