"""Single sessions in simulated rooms, for benchmarks/echo.py and the tests.

Rules: whole sessions in lockstep: what the session says comes back into its own microphone, and
a person says something over it. Rooms, lines and voices used for choosing the thresholds (seed
TUNING) are not those reported (seed REPORTED). Sound waits for nothing in lockstep, so it is
counted how long it would wait in real time.
"""

import functools
import itertools
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy
import soundfile
import soxr

from benchmarks.echo_lines import ALL_LINES, line_blocks, saying
from benchmarks.rooms import MicrophoneInRoom, Room, Samples
from voice_ally.app import barge_in, parts
from voice_ally.app.on_file import converse
from voice_ally.core import sound as played_sound
from voice_ally.core.actions import Style
from voice_ally.core.audio import (
    BLOCK_SECONDS,
    SAMPLE_RATE_HZ,
    Pcm16,
    to_samples,
    to_seconds,
)
from voice_ally.core.ports import Voice
from voice_ally.core.sound import Sound
from voice_ally.hear.resampling import Downsampler
from voice_ally.language import model
from voice_ally.runtime.event_log import EventLog

TUNING, REPORTED = 1, 1000
MODES = {"without extras": barge_in.WITHOUT_EXTRAS, "barge-in": barge_in.WITH_WEBRTC}
VOICES = {
    TUNING: ("flite slt", "flite rms", "flite kal"),
    REPORTED: ("flite awb", "festival ked_diphone", "festival cmu_us_slt_arctic_hts"),
}
REQUESTS = {"stop": "stop", "slower": "slower please", "quiet": "quiet please"}
SPEECH_RMS = 2700.0
"""About as loud as the assistant."""
IN_TIME_SECONDS = 2.0
"""A stop that takes longer was not heard, but the line was over."""
BETWEEN_DEVICES_SECONDS = barge_in.CUSHION_BLOCKS * BLOCK_SECONDS
"""So long the microphone's sound is held back in real time."""
LONG_BYTES = 2 * played_sound.to_samples(1.6)
"""A line that somebody can say a word over."""
LOUD = 60
"""Of 32,768: whatever is louder can be heard."""


@dataclass
class Log:
    """What happened."""

    events: list[tuple[float, str, Mapping[str, object]]] = field(default_factory=list)

    def __call__(self, at: float, event: str, data: Mapping[str, object]) -> None:
        """An observer of the event log."""
        self.events.append((at, event, dict(data)))

    def named(self, *names: str) -> list[tuple[float, str, Mapping[str, object]]]:
        """Those events, in order."""
        return [one for one in self.events if one[1] in names]


@dataclass(frozen=True)
class Trial:
    """One session in one room."""

    pack: model.Pack
    voice: Voice
    mode: str
    room: Room
    other: str = ""
    """The person's voice."""
    seed: int = 0
    stutters: bool = False
    """Does the loudspeaker get later now and then?"""


@dataclass
class Held:
    """What came of a session."""

    log: Log = field(default_factory=Log)
    spoken: bytearray = field(default_factory=bytearray)
    behind_seconds: float = 0.0
    """How far it would be behind in real time when it ended: decoding takes time as well."""

    @property
    def played(self) -> Samples:
        """All that went to the loudspeaker."""
        return numpy.frombuffer(bytes(self.spoken), "<i2").astype(float)

    def timed(self, blocks: Iterator[Pcm16]) -> Iterator[Pcm16]:
        """The same blocks; counts the processor's time from each to the next."""
        for block in blocks:
            began = time.process_time()
            try:
                yield block
            finally:
                late = self.behind_seconds + time.process_time() - began
                self.behind_seconds = max(0.0, late - BLOCK_SECONDS)


def hold_session(
    trial: Trial,
    *,
    microphone: MicrophoneInRoom | None = None,
    watch: Callable[[float, str, Mapping[str, object]], None] = lambda *_: None,
    seconds: float = 3600.0,
) -> Held:
    """A whole session in that room, in which the dialog ALL_LINES of the pack runs."""
    held, shown = Held(), EventLog()
    room = microphone or MicrophoneInRoom(trial.room, stutters=trial.stutters)
    shown.watch(held.log)
    shown.watch(watch)

    downsampler = Downsampler()

    def record(heard: Pcm16, played: Sound) -> None:
        # the room is one for ears: what a microphone takes up of it
        in_room = downsampler.take(played)
        held.spoken.extend(in_room)
        room.played(heard, in_room)

    converse(
        trial.pack,
        parts.settings(),
        shown,
        trial.voice,
        held.timed(room.blocks(seconds)),
        record,
        dialog=ALL_LINES,
        barge_in=MODES[trial.mode],
        finished=lambda: bool(held.log.named("ended")),
    )
    return held


@functools.cache
def person(text: str, voice: str) -> Samples:
    """A line in another synthetic voice, without silence around it, at an RMS of 1."""
    program, name = voice.split()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "line.wav"
        command = (
            ["flite", "-voice", name, "-t", text, "-o", str(path)]
            if program == "flite"
            else ["text2wave", "-eval", f"(voice_{name})", "-o", str(path)]
        )
        subprocess.run(command, input=text.encode(), check=True, capture_output=True)
        sound, rate = soundfile.read(path)
    if rate != SAMPLE_RATE_HZ:
        sound = soxr.resample(sound, rate, SAMPLE_RATE_HZ)
    audible = numpy.flatnonzero(numpy.abs(sound) > 0.01 * numpy.abs(sound).max())
    sound = sound[audible[0] : audible[-1] + 1]
    return numpy.asarray(sound / numpy.sqrt((sound**2).mean()))


def voices_at_hand(seed: int) -> list[str]:
    """Those of the set that are installed."""
    return [
        one
        for one in VOICES[seed]
        if shutil.which({"flite": "flite", "festival": "text2wave"}[one.split()[0]])
    ]


def hears_itself(trial: Trial) -> Log:
    """All lines of the pack's dialog ALL_LINES in one room."""
    return hold_session(trial).log


@dataclass(frozen=True)
class Interruption:
    """One "stop" over one line."""

    trial: Trial
    text: str
    log: Log
    heard: bool = False
    silent_after_seconds: float = 0.0
    """From the end of the word to the last audible sample, as if decoding took no time."""
    behind_seconds: float = 0.0
    """So much later it is in real time."""


def interrupt(
    trial: Trial,
    *,
    word: str = "stop",
    at_microphone: bool = False,
    first_line: bool = False,
) -> Interruption:
    """A person says the word somewhere in the third line (or the first).

    As loud as the assistant speaks, or (at_microphone) as loud as its echo is.
    """
    choose, voice = random.Random(trial.seed), trial.voice
    lines = [one for one in line_blocks(trial.pack) if isinstance(one, model.Say)]
    choose.shuffle(lines)
    long = (one for one in lines if len(voice.render(one.any[0], Style())) > LONG_BYTES)
    chosen = list(itertools.islice(long, 5))
    target = chosen[0 if first_line else 2].any[0]
    sound = person(word, trial.other)
    microphone = MicrophoneInRoom(trial.room, stutters=trial.stutters)
    spoken_over: list[float] = []

    def watch(at: float, event: str, data: Mapping[str, object]) -> None:
        if event == "speaking" and data["text"] == target and not spoken_over:
            line = numpy.frombuffer(voice.render(target, Style()), "<i2").astype(float)
            level = numpy.sqrt((line[numpy.abs(line) > 100] ** 2).mean())
            if at_microphone:
                level *= 10 ** (trial.room.level_db / 20)
            lasts_seconds = played_sound.to_seconds(len(line))
            latest = max(0.31, lasts_seconds - to_seconds(len(sound)) / 2)
            start = to_samples(at + choose.uniform(0.3, latest))
            microphone.say(sound * level, start)
            spoken_over.append(to_seconds(start + len(sound)))

    speaking = replace(trial, pack=saying(trial.pack, chosen))
    held = hold_session(speaking, microphone=microphone, watch=watch, seconds=60)
    if not spoken_over:
        return Interruption(trial, target, held.log)
    stopped = [data for _, _, data in held.log.named("ended") if data["reason"] == "stopped"]
    loud = numpy.flatnonzero(numpy.abs(held.played) > LOUD)
    silent = to_seconds(int(loud[-1]) + 1) - spoken_over[0] if len(loud) else 0.0
    in_time = bool(stopped) and silent < IN_TIME_SECONDS
    behind = held.behind_seconds + BETWEEN_DEVICES_SECONDS
    return Interruption(trial, target, held.log, in_time, silent, behind)


@dataclass(frozen=True)
class OverTones:
    """One request while it breathes."""

    wanted: str
    heard: tuple[str, ...]
    """All intents it took up."""
    decided_after_seconds: float
    """From the end of the words; infinity if they were not understood."""
    log: Log


def over_tones(trial: Trial, *, guide: str, wanted: str = "") -> OverTones:
    """A person asks for that, or nobody says anything, while it breathes for half a minute."""
    choose = random.Random(trial.seed)
    microphone = MicrophoneInRoom(trial.room, stutters=trial.stutters)
    ends: list[float] = []

    def watch(at: float, event: str, _data: Mapping[str, object]) -> None:
        if wanted and event == "breathing" and not ends:
            sound = person(REQUESTS[wanted], trial.other) * SPEECH_RMS
            start = to_samples(at + choose.uniform(4.0, 16.0))
            microphone.say(sound, start)
            ends.append(to_seconds(start + len(sound)))

    breathe = model.Breathe("equal", time=model.Duration(24.0), guide=guide)
    breathing = replace(trial, pack=saying(trial.pack, [breathe]))
    log = hold_session(breathing, microphone=microphone, watch=watch, seconds=40).log
    heard = log.named("heard")
    right = [float(str(data["decided"])) for _, _, data in heard if data["intent"] == wanted]
    after = right[0] - ends[0] if right else float("inf")
    return OverTones(wanted, tuple(str(data["intent"]) for _, _, data in heard), after, log)
