"""Where each breath begins in the recording of what was played, beside where it should.

The plan is worked out here, from the lengths alone; the onsets come from the WAV file alone: a
tone is found by sliding it along the recording until it fits best, to the sample.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy
import pytest
import soundfile

from benchmarks.recorded_breathing import record
from voice_ally.core.sound import BLOCK_SAMPLES, SAMPLE_RATE_HZ, to_samples
from voice_ally.speak.pyttsx3_voice import Pyttsx3Voice
from voice_ally.speak.speakers import WavWriter
from voice_ally.speak.tones import Tones

STEEPEST = 2500
"""Between two samples: the tones' own slope is below 2,000; a click would be a step of 5,000."""
MOST_AWAY = 60
"""Samples around the plan in which a tone is looked for."""


@pytest.fixture(scope="module")
def voice() -> Iterator[Pyttsx3Voice]:
    voice = Pyttsx3Voice()
    yield voice
    voice.close()


class Recorded:
    """A breathing session on file: its sound, and the phases its event log tells of."""

    def __init__(
        self, path: Path, voice: Pyttsx3Voice, steps: str, words: Sequence[tuple[float, str]] = ()
    ) -> None:
        recording, writer = record(steps, words, voice), WavWriter(path)
        writer.write(recording.sound)
        writer.close()
        self.told = [(at, name) for at, name, _ in recording.phases]
        samples, rate_hz = soundfile.read(path, dtype="int16")
        assert rate_hz == SAMPLE_RATE_HZ
        self.samples = samples.astype(float)

    @property
    def first(self) -> int:
        return to_samples(self.told[0][0])

    def away(self, name: str, seconds: float, planned: int) -> int:
        """How many samples beside the plan this phase begins. A rest begins where "out" ends.

        Looked for by the later part of the tone, where no cue speaks over it any more.
        """
        whole = numpy.frombuffer(Tones().breath(name, seconds, 1.0), "<i2").astype(float)
        part = len(whole) * 7 // 10
        tone = whole[part:]
        around = self.samples[planned + part - MOST_AWAY : planned + len(whole) + MOST_AWAY]
        fits = numpy.correlate(around, tone, "valid")
        energy = numpy.convolve(around**2, numpy.ones(len(tone)), "valid")
        return int(numpy.argmax(fits / numpy.sqrt(energy + 1))) - MOST_AWAY


BOX = ("in", "hold", "out", "rest")
BOX_FOR = "{{breathe: {{pattern: box, for: {}}}}}"


def test_twenty_minutes_of_box_breathing_are_where_they_should_be_to_the_sample(
    tmp_path: Path, voice: Pyttsx3Voice
) -> None:
    steps = "{say: Breathe with me.}, " + BOX_FOR.format("20m")
    recorded = Recorded(tmp_path / "out.wav", voice, steps)
    phase = 4 * SAMPLE_RATE_HZ
    assert [name for _, name in recorded.told] == list(BOX) * 75
    assert recorded.first % BLOCK_SAMPLES, "it does not begin on a block by chance"
    plan = [recorded.first + number * phase for number in range(300)]
    assert [to_samples(at) for at, _ in recorded.told] == plan
    for number, planned in enumerate(plan):
        if (name := BOX[number % 4]) != "rest":
            assert abs(recorded.away(name, 4.0, planned)) <= 1, number
        else:
            assert not recorded.samples[planned + 6 * phase // 10 : planned + phase].any()


def test_slower_said_midway_is_followed_from_the_next_phase_on(
    tmp_path: Path, voice: Pyttsx3Voice
) -> None:
    """In the middle of a "hold": that one stays as long as it was."""
    said_at = 120.0 + 54.3
    recorded = Recorded(tmp_path / "out.wav", voice, BOX_FOR.format("5m"), [(said_at, "slower")])
    plan, at, slow = [], recorded.first, False
    half_a_round = to_samples(2 * 4.6)
    while len(plan) % 4 or at + half_a_round <= recorded.first + to_samples(300):
        name = BOX[len(plan) % 4]
        slow = slow or at > to_samples(said_at)
        seconds = 4.6 if slow else 4.0
        plan.append((at, name, seconds))
        at += to_samples(seconds)
    assert [(to_samples(at), name) for at, name in recorded.told] == [
        (at, name) for at, name, _ in plan
    ]
    for at, name, seconds in plan:
        assert name == "rest" or abs(recorded.away(name, seconds, at)) <= 1, at


@pytest.mark.parametrize(
    ("pattern", "phases"),
    [
        ("pattern: sigh", (("in", 2.5), ("sip", 1.0), ("out", 6.0))),
        ("pattern: 4-7-8", (("in", 4.0), ("hold", 7.0), ("out", 8.0))),
        ("in: 3s, hold: 1.5s, out: 5.5s", (("in", 3.0), ("hold", 1.5), ("out", 5.5))),
    ],
)
def test_other_patterns_are_too(
    tmp_path: Path, voice: Pyttsx3Voice, pattern: str, phases: Sequence[tuple[str, float]]
) -> None:
    steps = f"{{breathe: {{{pattern}, rounds: 4, guide: tone}}}}"
    recorded = Recorded(tmp_path / "out.wav", voice, steps)
    at = recorded.first
    for name, seconds in phases * 4:
        assert recorded.away(name, seconds, at) == 0
        at += to_samples(seconds)


def test_after_a_pause_it_goes_on_at_the_beginning_of_a_breath(
    tmp_path: Path, voice: Pyttsx3Voice
) -> None:
    recorded = Recorded(
        tmp_path / "out.wav",
        voice,
        "{breathe: {pattern: box, rounds: 3, guide: tone}}",
        [(21.234, "pause"), (40.0, "go on")],
    )
    names = [name for _, name in recorded.told]
    assert names == [*BOX, "in", "hold", *BOX, *BOX]
    paused, again = to_samples(21.234), to_samples(40.0)
    assert not recorded.samples[paused + BLOCK_SAMPLES * 2 : again].any(), "silence meanwhile"
    planned = to_samples(recorded.told[6][0])
    assert planned >= again
    for name in (*BOX, *BOX):
        assert name == "rest" or recorded.away(name, 4.0, planned) == 0
        planned += 4 * SAMPLE_RATE_HZ


def test_nothing_in_it_clicks_or_clips(tmp_path: Path, voice: Pyttsx3Voice) -> None:
    """Also where it was stopped: in the middle of a tone, then in the middle of a bell."""
    for steps, stopped in (
        ("{say: Breathe with me.}, {breathe: {pattern: box, rounds: 3}}", 3.5),
        ("{breathe: {pattern: box, rounds: 3, guide: tone}}", 3.5),
        ("{chime: bell}, {chime: bell}", 0.33),
    ):
        recorded = Recorded(tmp_path / "out.wav", voice, steps, [(stopped, "stop")])
        end = to_samples(stopped)
        assert 1000 < numpy.abs(recorded.samples).max() < 31_000
        assert numpy.abs(numpy.diff(recorded.samples[end - 240 :])).max() < STEEPEST
        assert not recorded.samples[end + BLOCK_SAMPLES :].any()
    tones = Recorded(
        tmp_path / "out.wav", voice, "{breathe: {pattern: box, rounds: 2, guide: tone}}"
    )
    assert numpy.abs(numpy.diff(tones.samples)).max() < STEEPEST
