"""A session on what a person recorded, by both engines."""

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


@pytest.mark.parametrize("engine", ENGINES)
def test_a_person_starts_the_script_and_it_is_spoken(tmp_path: Path, engine: str) -> None:
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "look.yaml").write_text(PACK)
    heard = conversation(0.5, read(human_recordings("wake/view_glass")[0]), 1.0)
    events, out = session(tmp_path, heard, "--pack", pack, "--recogniser", engine)
    assert [one["intent"] for one in named(events, "heard")] == ["look"]
    assert [one["dialog"] for one in named(events, "started")] == ["look"]
    times = [float(str(one["t"])) for one in events]
    assert times == sorted(times)
    (line,) = named(events, "said")
    start, end = (round(float(str(line[key])) * SAMPLE_RATE_HZ) * 2 for key in ("start", "end"))
    assert_heard_back(tmp_path, Pcm16(out[start:end]))


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
