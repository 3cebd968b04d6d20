"""Something that is no file lies where a file should: one sentence or nothing, and never a wait."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.test_on_file import call
from tests.speech_samples import quiet, write
from voice_ally.core.errors import VoiceAllyError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="there are no named pipes here")
WAIT_SECONDS = 20
DIALOG = 'dialog: mine\ntriggers: ["say hello"]\nsteps: {one: [{say: "Hello."}]}\n'


def endless(file: Path) -> None:
    file.symlink_to("/dev/zero")


def huge(file: Path) -> None:
    with file.open("wb") as hole:
        hole.truncate(1_500_000_000)


def bound(file: Path) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(file))


MAKERS: dict[str, Callable[[Path], None]] = {
    "pipe": os.mkfifo, "endless": endless, "huge": huge, "socket": bound,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _never_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def too_long(_number: int, _frame: object) -> None:
        raise TimeoutError

    monkeypatch.chdir(tmp_path)  # names of sockets are short
    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(WAIT_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def place(folder: Path, name: str, kind: str) -> None:
    """The thing itself, under this name; names in capitals are folders of the program."""
    head, _, rest = name.partition("/")
    root = Path(os.environ[f"VOICE_ALLY_{head}"]) if head.isupper() else folder / head
    file = root / rest if rest else root
    file.parent.mkdir(parents=True, exist_ok=True)
    here = Path.cwd()
    os.chdir(file.parent)
    try:
        MAKERS[kind](Path(file.name))
    finally:
        os.chdir(here)


PLACES = [
    ("CONFIG/settings.toml", "settings"),
    ("pack/own.yaml", "check pack"),
    ("talk.txt", "try --replay talk.txt"),
    ("said.wav", "run --pace fast --input said.wav"),
    ("pack/own.yml", "check pack"),
    ("pack/notes.txt", "check pack"),
    ("pack/data/helplines.toml", "check pack"),
    ("talk.txt", "try --replay talk.txt --renew"),
    ("events", "run --pace fast --input quiet.wav --events events"),
    ("out.wav", "run --pace fast --input quiet.wav --output out.wav"),
    ("STATE/people.json", "run --pace fast --input quiet.wav"),
    ("STATE/calibration.json", "run --pace fast --input quiet.wav"),
    ("CACHE/rehearsed.json", "rehearse pack --voices 0"),
]


@pytest.mark.parametrize(
    ("name", "command", "kind"),
    [
        *((*one, "pipe") for one in PLACES),
        *((*one, kind) for one in PLACES[:4] for kind in MAKERS if kind != "pipe"),
    ],
)
def test_it_is_named_or_left_alone(tmp_path: Path, name: str, command: str, kind: str) -> None:
    place(tmp_path, name, kind)
    if "pack" in command:
        (tmp_path / "pack").mkdir(exist_ok=True)
        (tmp_path / "pack" / "mine.yaml").write_text(DIALOG)
    write(tmp_path / "quiet.wav", quiet(0.5))
    result = call(*command.split())
    unusual = result.exception
    assert unusual is None or isinstance(unusual, VoiceAllyError | SystemExit), repr(unusual)
    assert "\n" not in str(unusual)
    assert "Errno" not in str(unusual)
