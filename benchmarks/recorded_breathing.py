"""A session on the sound's own clock, recorded: what was played, and what was told of it.

Rules: everything that makes sound is real; words are "heard" at given seconds. Shared by the
measurements here and the tests of pacing.
"""

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy

from voice_ally.core import audio
from voice_ally.core.actions import Phrase
from voice_ally.core.audio import Pcm16
from voice_ally.core.ports import Voice
from voice_ally.core.sound import BLOCK_SAMPLES, BLOCK_SECONDS, SAMPLE_RATE_HZ, Sound
from voice_ally.core.speech import Grammar, HearingEvent, Utterance
from voice_ally.interpret.understanding import Understanding
from voice_ally.interpret.vocabulary import Vocabulary
from voice_ally.language.reader import read_pack
from voice_ally.runtime.event_log import EventLog
from voice_ally.runtime.lockstep import LockstepEars, LockstepMouth, run_lockstep
from voice_ally.runtime.reminders import Reminders
from voice_ally.runtime.session import Session
from voice_ally.speak.narrator import RememberingVoice
from voice_ally.speak.playback import Playback
from voice_ally.speak.pyttsx3_voice import Pyttsx3Voice
from voice_ally.speak.tones import Tones

PHRASES = b"""
commands: {stop: [stop], slower: [slower], pause: [pause], continue: ["go on"], longer: [longer]}
lines: {breathe_in: Breathe in., breathe_hold: Hold., breathe_out: And out., breathe_rest: Rest.}
"""


class WordsAtTimes:
    """A listener that hears these words at these seconds, whatever the sound."""

    speaking = False

    def __init__(self, words: Sequence[tuple[float, str]]) -> None:
        self._words = list(words)
        self._samples = 0

    def use(self, grammar: Grammar) -> None:
        """Whatever is armed."""

    def feed(self, block: Sound) -> list[HearingEvent]:
        """What was said by now."""
        self._samples += BLOCK_SAMPLES
        now = self._samples / SAMPLE_RATE_HZ
        heard: list[HearingEvent] = []
        while self._words and self._words[0][0] <= now:
            _, text = self._words.pop(0)
            heard.append(Utterance(now, text, 1.0, now, now))
        return heard

    skip = feed

    def flush(self) -> list[HearingEvent]:
        """Nothing is under way."""
        return []

    def close(self) -> None:
        """Nothing to free."""


@dataclass
class Recording:
    """What came of a session."""

    sound: Sound = field(default=Sound(b""))
    phases: list[tuple[float, str, float]] = field(default_factory=list)
    """When, which, how long, as the event log tells it."""
    lines: list[tuple[float, float, str]] = field(default_factory=list)
    """From when to when which line was said."""

    @property
    def samples(self) -> "numpy.ndarray[Any, numpy.dtype[numpy.float64]]":
        """The sound as numbers."""
        return numpy.frombuffer(self.sound, "<i2").astype(float)

    def watch(self, at: float, event: str, data: Mapping[str, Any]) -> None:
        """An observer of the event log."""
        if event == "phase":
            self.phases.append((at, data["name"], data["seconds"]))
        elif event == "said":
            self.lines.append((data["start"], data["end"], data["text"]))


def _silence_until(seconds: float) -> Iterator[Pcm16]:
    """So long, or a little longer."""
    blocks = math.ceil(seconds / BLOCK_SECONDS) + 1
    return itertools.repeat(audio.silence(audio.BLOCK_SAMPLES), blocks)


def record(
    steps: str, words: Sequence[tuple[float, str]] = (), voice: Voice | None = None
) -> Recording:
    """Run a dialog of these instructions to its end, these words said at these seconds."""
    pack = read_pack(
        {
            "phrases.yaml": PHRASES,
            "breath.yaml": f"dialog: breath\ntriggers: [b]\nsteps: {{a: [{steps}]}}".encode(),
        }
    ).pack

    def understand(phrases: Sequence[Phrase]) -> Understanding:
        return Understanding.of(phrases, Vocabulary())

    mixer, log, recording = Playback(), EventLog(), Recording()
    log.watch(recording.watch)
    spoken = voice or Pyttsx3Voice()
    mouth = LockstepMouth(RememberingVoice(spoken), mixer)
    ears = LockstepEars(WordsAtTimes(words))
    played: list[Sound] = []
    session = Session(
        pack,
        understand,
        ears=ears,
        mouth=mouth,
        sounds=Tones(),
        log=log,
        reminders=Reminders(None, lambda: 0.0, lambda: 0.0),
    )
    try:
        run_lockstep(
            session,
            blocks=_silence_until(max((at for at, _ in words), default=0.0)),
            ears=ears,
            mouth=mouth,
            mixer=mixer,
            record=lambda _heard, spoken: played.append(spoken),
            dialog="breath",
        )
    finally:
        if voice is None:
            spoken.close()
    recording.sound = Sound(b"".join(played))
    return recording
