"""A session on what a person recorded: started, or by an engine alone perhaps asked about."""

import json
from pathlib import Path

import pytest

from tests.cli.test_on_file import ENGINES, call, named, session
from tests.speech_samples import conversation, human_recordings, read, write
from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16

PACK = """dialog: look
triggers: ["view glass"]
steps:
  one:
    - say: "Breathe in."
"""


def said_by_a_person(folder: Path, *options: str) -> tuple[list[dict[str, object]], Pcm16]:
    pack = folder / "pack"
    pack.mkdir()
    (pack / "look.yaml").write_text(PACK)
    heard = conversation(0.5, read(human_recordings("wake/view_glass")[0]), 1.0)
    return session(folder, heard, "--pack", pack, *options)


def test_a_person_starts_the_script_and_it_is_spoken(tmp_path: Path) -> None:
    events, out = said_by_a_person(tmp_path)
    assert [one["intent"] for one in named(events, "heard")] == ["look"]
    assert [one["dialog"] for one in named(events, "started")] == ["look"]
    times = [float(str(one["t"])) for one in events]
    assert times == sorted(times)
    (line,) = named(events, "said")
    start, end = (round(float(str(line[key])) * SAMPLE_RATE_HZ) * 2 for key in ("start", "end"))
    assert_heard_back(tmp_path, Pcm16(out[start:end]))


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_alone_at_least_asks(tmp_path: Path, engine: str) -> None:
    events, _ = said_by_a_person(tmp_path, "--recogniser", engine)
    begun = [one["dialog"] for one in (*named(events, "asked"), *named(events, "started"))]
    assert begun == ["look"]


def assert_heard_back(folder: Path, spoken_line: Pcm16) -> None:
    """The script's own voice, understood by the recogniser."""
    pack = folder / "cues"
    pack.mkdir()
    (pack / "cues.yaml").write_text(
        'dialog: cues\ntriggers: ["breathe in", "and out", "hold", "rest"]\n'
        "steps: {one: [{end: true}]}\n"
    )
    line = write(folder / "line.wav", conversation(0.5, spoken_line, 1.0))
    result = call("hear", line, "--pack", pack, "--recogniser", "vosk")
    assert json.loads(result.output.splitlines()[0])["text"] == "breathe in"
