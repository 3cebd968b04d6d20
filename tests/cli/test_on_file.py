"""Sessions on recordings: what was said, what was answered, and what lies on disk afterwards."""

import itertools
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.speech_samples import conversation, human_recordings, read, spoken, write
from voice_ally.cli.commands import ally
from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16, seconds_in
from voice_ally.core.errors import VoiceAllyError

ENGINES = ("vosk", "pocketsphinx")


def call(*words: object, typed: str = "") -> Result:
    """As the program itself calls it; exit_code is what it would leave with."""
    result = CliRunner().invoke(
        ally, [str(word) for word in words], input=typed, standalone_mode=False
    )
    if isinstance(result.return_value, int):
        result.exit_code = result.return_value
    return result


def session(folder: Path, heard: Pcm16, *options: object) -> tuple[list[dict[str, object]], Pcm16]:
    """Run on a recording; gives the events and what was spoken."""
    asked = write(folder / "ask.wav", heard)
    out, events = folder / "out.wav", folder / "events.jsonl"
    result = call(
        "run", "--input", asked, "--output", out, "--events", events, "--pace", "fast", *options
    )
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in events.read_text().splitlines()], read(out)


def named(events: list[dict[str, object]], name: str) -> list[dict[str, object]]:
    return [one for one in events if one["event"] == name]


@pytest.mark.parametrize("engine", ENGINES)
def test_i_need_to_repair_starts_the_repair_once_that_was_meant(
    tmp_path: Path, engine: str
) -> None:
    heard = conversation(0.5, spoken("I need to repair"), 4.0, spoken("yes"), 1.0)
    events, out = session(tmp_path, heard, "--recogniser", engine)
    assert [one["intent"] for one in named(events, "heard")] == ["repair", "yes"]
    asked, *_ = named(events, "asked")
    assert asked["text"] == "Would you like to repair this now?"
    assert [one["dialog"] for one in named(events, "started")] == ["repair"]
    assert named(events, "ended"), "silence alone brings it to an end"
    assert seconds_in(out) >= float(str(events[-1]["t"]))


def test_the_script_is_really_spoken(tmp_path: Path) -> None:
    """Its own voice, heard back by the recogniser, says the line that the events claim."""
    heard = conversation(0.5, spoken("a one minute calming pause"), 1.0)
    events, out = session(tmp_path, heard)
    cue = next(one for one in named(events, "said") if one["text"] == "Breathe in.")
    start, end = (round(float(str(cue[key])) * SAMPLE_RATE_HZ) * 2 for key in ("start", "end"))
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "cues.yaml").write_text(
        'dialog: cues\ntriggers: ["breathe in", "and out", "hold", "rest"]\n'
        "steps: {one: [{end: true}]}\n"
    )
    line = write(tmp_path / "line.wav", conversation(0.5, Pcm16(out[start:end]), 1.0))
    result = call("hear", line, "--pack", pack, "--recogniser", "vosk")
    assert json.loads(result.output.splitlines()[0])["text"] == "breathe in"


def test_breath_phases_fall_exactly_where_they_should(tmp_path: Path) -> None:
    heard = conversation(0.5, spoken("a one minute calming pause"), 1.0)
    events, _ = session(tmp_path, heard)
    phases = named(events, "phase")
    starts = [float(str(one["t"])) for one in phases]
    assert [round(b - a, 3) for a, b in itertools.pairwise(starts)] == [5.0] * 11
    assert [one["name"] for one in phases[:4]] == ["in", "out", "in", "out"]


def test_stop_ends_it_and_goes_on_listening(tmp_path: Path) -> None:
    heard = conversation(
        0.5, spoken("calming pause"), 12.0, spoken("stop"), 2.0, spoken("box breathing"), 1.0
    )
    events, _ = session(tmp_path, heard)
    assert named(events, "ended")[0]["reason"] == "stopped"
    assert [one["dialog"] for one in named(events, "started")] == ["calming_pause", "calming_pause"]
    stop = next(one for one in named(events, "heard") if one["intent"] == "stop")
    assert named(events, "cut")[0]["t"] == stop["decided"]


def test_with_a_wake_phrase_nothing_begins_without_it(tmp_path: Path) -> None:
    heard = conversation(
        0.5, spoken("calming pause"), 2.0, spoken("hey ally"), 3.0, spoken("calming pause"), 8.0,
        spoken("stop"), 2.0, spoken("hey ally, box breathing"), 8.0, spoken("stop"), 1.0,
    )  # fmt: skip
    events, _ = session(tmp_path, heard, "--wake", "hey ally")
    intents = [one["intent"] for one in named(events, "heard")]
    assert intents == ["wake", "calming_pause", "stop", "calming_pause", "stop"]
    assert [one["text"] for one in named(events, "rejected")] == ["calming pause"]
    assert named(events, "chimed")[0]["sound"] == "soft", "it answers who only called"


@pytest.mark.parametrize(
    ("rate_hz", "kept"),
    [
        (8_000, {}),
        (48_000, {"channels": 2}),
        (44_100, {"subtype": "PCM_24"}),
        (16_000, {"format": "FLAC"}),
    ],
)
def test_recordings_of_every_kind_are_understood(
    tmp_path: Path, rate_hz: int, kept: dict[str, object]
) -> None:
    sound = conversation(0.5, spoken("I need to repair", "rms"), 1.0)
    file = write(tmp_path / "ask.snd", sound, rate_hz, **{"format": "WAV", **kept})
    result = call("hear", file)
    assert [json.loads(line)["intent"] for line in result.output.splitlines()] == ["repair"]


PARAPHRASES = {
    "repair": (
        "I need to repair", "we want to repair things", "help us repair this",
        "I want to make up", "help me make up", "we want to make things right",
        "let's make up", "can we repair this", "I need to apologize", "help us say sorry",
    ),
    "calming_pause": (
        "calming pause", "I need a pause", "we need a calming pause", "help me calm down",
        "help me breathe", "a five minute calming pause", "breathe with me",
        "let's take a breath", "box breathing", "I need ten minutes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("intent", PARAPHRASES)
def test_ten_ways_to_say_it_are_understood(tmp_path: Path, intent: str) -> None:
    files = [
        write(tmp_path / f"{number}.wav", conversation(0.4, spoken(text), 0.8))
        for number, text in enumerate(PARAPHRASES[intent])
    ]
    found = [json.loads(line)["intent"] for line in call("hear", *files).output.splitlines()]
    assert found == [intent] * len(files)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "text", ["I need to repair the car", "don't stop", "pass me the salt please"]
)
def test_what_is_not_meant_for_it_comes_to_nothing(tmp_path: Path, text: str, engine: str) -> None:
    file = write(tmp_path / "said.wav", conversation(0.4, spoken(text), 0.8))
    for line in call("hear", file, "--recogniser", engine).output.splitlines():
        assert json.loads(line)["intent"] is None


def test_read_prose_coffee_orders_and_kitchen_noise_start_nothing() -> None:
    files = [
        *human_recordings("negative")[::3],
        *human_recordings("commands")[::80],
        *human_recordings("kitchen.flac"),
    ]
    found = call("hear", *files).output.splitlines()
    assert found, "people were heard"
    assert [line for line in found if json.loads(line)["intent"] is not None] == []


def test_the_same_recording_gives_the_same_result_twice(tmp_path: Path) -> None:
    heard = conversation(0.5, spoken("calming pause"), 3.0, spoken("stop"), 1.0)
    assert session(tmp_path, heard) == session(tmp_path, heard)


def test_nothing_but_what_was_asked_for_is_left_on_disk(tmp_path: Path) -> None:
    session(tmp_path, conversation(0.5, spoken("calming pause"), 3.0, spoken("stop"), 1.0))
    left = sorted(str(one.relative_to(tmp_path)) for one in tmp_path.rglob("*") if one.is_file())
    assert left == ["ask.wav", "events.jsonl", "out.wav"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "There is no recording"),
        (b"", "cannot be read as a recording"),
        (b"just text", "cannot be read as a recording"),
    ],
)
def test_an_unusable_recording_is_one_sentence(
    tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "ask.wav"
    if content is not None:
        file.write_bytes(content)
    problem = call("run", "--input", file, "--pace", "fast").exception
    assert isinstance(problem, VoiceAllyError)
    assert sentence in str(problem)
    assert problem.exit_code == 2


def test_a_recording_without_sound_is_one_sentence(tmp_path: Path) -> None:
    problem = call("hear", write(tmp_path / "ask.wav", Pcm16(b""))).exception
    assert str(problem) == f"{tmp_path}/ask.wav holds no sound."


def test_an_output_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    asked = write(tmp_path / "ask.wav", spoken("stop"))
    out = tmp_path / "missing" / "out.wav"
    problem = call("run", "--input", asked, "--output", out, "--pace", "fast").exception
    assert f"cannot be written to {out} (No such file or directory)." in str(problem)


def test_demo_holds_a_whole_conversation(tmp_path: Path) -> None:
    result = call("demo", "--output", tmp_path / "demo.wav", "--events", tmp_path / "e.jsonl")
    said = [line.split(maxsplit=1)[1] for line in result.output.splitlines() if "  You" in line]
    assert said[:4] == ["i need to repair", "yes please", "yes", "no"]
    assert said[4] in ("stop", "stop it")
    assert "Stopped." in result.output
    events = [json.loads(line) for line in (tmp_path / "e.jsonl").read_text().splitlines()]
    assert named(events, "ended")[-1]["reason"] == "stopped"
