"""Does it hear itself, and is it heard over itself? `python -m benchmarks.echo [--help]`.

Rules: whole sessions in lockstep, in simulated rooms: what the session says comes back into its
own microphone, and a person says "stop" over it. Rooms, lines and voices used for choosing the
thresholds (seed TUNING) are not those reported (seed REPORTED).
"""

import argparse
import functools
import random
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy
import soundfile
import soxr

from benchmarks.rooms import MicrophoneInRoom, Room, Samples, rooms
from voice_ally.app import barge_in, parts
from voice_ally.app.on_file import converse
from voice_ally.core.actions import Style
from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16, to_samples, to_seconds
from voice_ally.core.ports import Voice
from voice_ally.respond import model
from voice_ally.respond.asking import MOST_SILENCES
from voice_ally.respond.check_lines import lines_of
from voice_ally.respond.check_phrasebook import every_instruction
from voice_ally.respond.wording import fill
from voice_ally.runtime.event_log import EventLog
from voice_ally.speak.narrator import RememberingVoice
from voice_ally.speak.pyttsx3_voice import Pyttsx3Voice

TUNING, REPORTED = 1, 1000
MODES = {"without extras": barge_in.WITHOUT_EXTRAS, "barge-in": barge_in.WITH_WEBRTC}
VOICES = {
    TUNING: ("flite slt", "flite rms", "flite kal"),
    REPORTED: ("flite awb", "festival ked_diphone", "festival cmu_us_slt_arctic_hts"),
}
FILLERS = {"minutes": "five", "feeling": "sad", "need": "rest", "moment": "right now"}
PAUSE_SECONDS = 0.8
ALL_LINES = "every_line"
REQUESTS = {"stop": "stop", "slower": "slower please", "quiet": "quiet please"}
SPEECH_RMS = 2700.0
"""About as loud as the assistant."""
LINES_A_SESSION = MOST_SILENCES - 1
"""After so many unanswered questions in a row a session ends."""
LOUD = 60
"""Of 32,768: whatever is louder can be heard."""


def line_blocks(pack: model.Pack) -> list[model.Instruction]:
    """Everything the bundled dialogs may say, each line once, questions with their answers."""
    found: dict[str, model.Instruction] = {}

    def add(text: str, answers: tuple[model.Answer, ...] = ()) -> None:
        text = fill(text, FILLERS)
        if text and text not in found:
            quiet = tuple(replace(one, then=()) for one in answers)
            said: model.Instruction = (
                model.Ask((text,), quiet, model.Duration(PAUSE_SECONDS))
                if quiet
                else model.Say((text,))
            )
            found[text] = said

    for line in pack.lines.values():
        add(line)
    blocks = [*pack.silence, *pack.unclear]
    every = [one for block in blocks for one in block]
    for dialog in pack.dialogs.values():
        add(dialog.confirm)
        every.extend(every_instruction(dialog))
    for instruction in every:
        for line in lines_of(instruction):
            add(line, instruction.answers if isinstance(instruction, model.Ask) else ())
    return list(found.values())


def saying(pack: model.Pack, instructions: Sequence[model.Instruction]) -> model.Pack:
    """The pack with one more dialog, which says these and pauses after each."""
    steps: dict[str, model.Block] = {}
    for number, one in enumerate(instructions):
        following: model.Instruction = (
            model.Go(f"line{number + 1}") if number + 1 < len(instructions) else model.End()
        )
        if isinstance(one, model.Ask):
            steps[f"line{number}"] = (replace(one, silence=((following,),)),)
        else:
            steps[f"line{number}"] = (one, model.Pause(model.Duration(PAUSE_SECONDS)), following)
    dialog = model.Dialog(ALL_LINES, "Every line", "either", (), "line0", steps)
    return replace(pack, dialogs={**pack.dialogs, ALL_LINES: dialog})


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


def hold_session(
    pack: model.Pack,
    voice: Voice,
    mode: str,
    microphone: MicrophoneInRoom,
    *,
    watch: Callable[[float, str, Mapping[str, object]], None] = lambda *_: None,
    seconds: float = 3600.0,
    dialog: str = ALL_LINES,
) -> tuple[Log, Samples]:
    """A whole session in that room; gives what happened and what was played."""
    log, shown = Log(), EventLog()
    shown.watch(log)
    shown.watch(watch)
    spoken = bytearray()

    def record(heard: Pcm16, played: Pcm16) -> None:
        spoken.extend(played)
        microphone.played(heard, played)

    def over() -> bool:
        return bool(log.named("ended"))

    converse(
        pack,
        parts.settings(),
        shown,
        voice,
        microphone.blocks(seconds),
        record,
        dialog=dialog,
        barge_in=MODES[mode],
        finished=over,
    )
    return log, numpy.frombuffer(bytes(spoken), "<i2").astype(float)


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


def hears_itself(
    pack: model.Pack, voice: Voice, mode: str, room: Room, *, bends: float = 0.0
) -> Log:
    """All lines in one room."""
    log, _ = hold_session(pack, voice, mode, MicrophoneInRoom(room, loudspeaker_bends=bends))
    return log


@dataclass(frozen=True)
class Interruption:
    """One "stop" over one line."""

    heard: bool
    silent_after_seconds: float
    """From the end of the word to the last audible sample."""
    room: Room
    voice: str
    text: str
    log: Log


def interrupt(
    pack: model.Pack,
    voice: Voice,
    mode: str,
    room: Room,
    other: str,
    seed: int,
    *,
    word: str = "stop",
    at_microphone: bool = False,
    first_line: bool = False,
) -> Interruption:
    """A person says the word somewhere in the third line (or the first).

    As loud as the assistant speaks, or (at_microphone) as loud as its echo is.
    """
    choose = random.Random(seed)
    lines = [one for one in line_blocks(pack) if isinstance(one, model.Say)]
    rendered = [voice.render(one.any[0], Style()) for one in lines]
    long = [n for n, one in enumerate(rendered) if len(one) > 2 * 1.6 * SAMPLE_RATE_HZ]
    chosen = [lines[n] for n in choose.sample(long, 5)]
    target = chosen[0 if first_line else 2].any[0]
    sound = person(word, other)
    microphone = MicrophoneInRoom(room)
    spoken_over: list[float] = []

    def watch(at: float, event: str, data: Mapping[str, object]) -> None:
        if event == "speaking" and data["text"] == target and not spoken_over:
            line = numpy.frombuffer(voice.render(target, Style()), "<i2").astype(float)
            level = numpy.sqrt((line[numpy.abs(line) > 100] ** 2).mean())
            if at_microphone:
                level *= 10 ** (room.level_db / 20)
            latest = max(0.31, to_seconds(len(line)) - to_seconds(len(sound)) / 2)
            start = to_samples(at + choose.uniform(0.3, latest))
            microphone.say(sound * level, start)
            spoken_over.append(to_seconds(start + len(sound)))

    log, played = hold_session(
        saying(pack, chosen), voice, mode, microphone, watch=watch, seconds=60
    )
    if not spoken_over:
        return Interruption(False, 0.0, room, other, target, log)
    stopped = [data for _, _, data in log.named("ended") if data["reason"] == "stopped"]
    loud = numpy.flatnonzero(numpy.abs(played) > LOUD)
    silent = to_seconds(int(loud[-1]) + 1) - spoken_over[0] if len(loud) else 0.0
    in_time = bool(stopped) and silent < 2.0
    return Interruption(in_time, silent, room, other, target, log)


def interruptions(
    pack: model.Pack, voice: Voice, mode: str, seed: int, count: int, **how: bool
) -> Iterator[Interruption]:
    """So many, in as many rooms."""
    names = voices_at_hand(seed)
    for number, room in enumerate(rooms(count, seed)):
        yield interrupt(pack, voice, mode, room, names[number % len(names)], seed + number, **how)


@dataclass(frozen=True)
class OverTones:
    """One request while it breathes."""

    wanted: str
    heard: tuple[str, ...]
    """All intents it took up."""
    decided_after_seconds: float
    """From the end of the words; infinity if they were not understood."""
    log: Log


def over_tones(
    pack: model.Pack,
    voice: Voice,
    mode: str,
    room: Room,
    other: str,
    seed: int,
    *,
    guide: str,
    wanted: str = "",
) -> OverTones:
    """A person asks for that, or nobody says anything, while it breathes for half a minute."""
    choose = random.Random(seed)
    microphone = MicrophoneInRoom(room)
    ends: list[float] = []

    def watch(at: float, event: str, _data: Mapping[str, object]) -> None:
        if wanted and event == "breathing" and not ends:
            sound = person(REQUESTS[wanted], other) * SPEECH_RMS
            start = to_samples(at + choose.uniform(4.0, 16.0))
            microphone.say(sound, start)
            ends.append(to_seconds(start + len(sound)))

    breathe = model.Breathe("equal", time=model.Duration(24.0), guide=guide)
    log, _ = hold_session(saying(pack, [breathe]), voice, mode, microphone, watch=watch, seconds=40)
    heard = log.named("heard")
    right = [float(str(data["decided"])) for _, _, data in heard if data["intent"] == wanted]
    after = right[0] - ends[0] if right else float("inf")
    return OverTones(wanted, tuple(str(data["intent"]) for _, _, data in heard), after, log)


def breathing(
    pack: model.Pack, voice: Voice, mode: str, seed: int, count: int, guide: str
) -> Iterator[OverTones]:
    """So many requests, each kind in turn, and as often nobody says anything."""
    names = voices_at_hand(seed)
    for number, room in enumerate(rooms(count, seed)):
        other, wanted = names[number % len(names)], list(REQUESTS)[number % len(REQUESTS)]
        for said in (wanted, ""):
            yield over_tones(
                pack, voice, mode, room, other, seed + number, guide=guide, wanted=said
            )


def breathing_summary(found: Sequence[OverTones]) -> str:
    """A line of a table."""
    asked = [one for one in found if one.wanted]
    times = sorted(one.decided_after_seconds for one in asked if one.wanted in one.heard)
    nobody = [text for one in found if not one.wanted for text in one.heard]
    p50 = statistics.median(times) * 1000 if times else float("nan")
    by_kind = ", ".join(
        f"{kind} {sum(kind in one.heard for one in asked if one.wanted == kind)}"
        f" of {sum(one.wanted == kind for one in asked)}"
        for kind in REQUESTS
    )
    return (
        f"{len(times):3} of {len(asked):3} heard ({by_kind}), decided after p50 {p50:.0f} ms;"
        f" nobody spoke: accepted {len(nobody)} {nobody or ''}"
    )


def summary(found: Sequence[Interruption]) -> str:
    """A line of a table."""
    heard = [one.silent_after_seconds for one in found if one.heard]
    share = len(heard) / len(found)
    p50 = statistics.median(heard) if heard else float("nan")
    p95 = sorted(heard)[int(len(heard) * 0.95)] if heard else float("nan")
    return (
        f"{len(heard):3} of {len(found):3} heard ({share:.3f}),"
        f" silent after p50 {p50 * 1000:4.0f} ms, p95 {p95 * 1000:4.0f} ms"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--tuning", action="store_true", help="the other rooms, lines and voices")
    wanted.add_argument("--rooms", type=int, default=8, help="in which every line is said")
    wanted.add_argument("--stops", type=int, default=60, help="said over lines, for each mode")
    wanted.add_argument("--mode", choices=list(MODES), action="append")
    wanted.add_argument("--show", action="store_true", help="say what was not heard")
    kinds = ("itself", "stop", "level", "first", "breath")
    wanted.add_argument("--only", choices=kinds, action="append")
    options = wanted.parse_args(arguments)
    seed = TUNING if options.tuning else REPORTED
    modes = options.mode or list(MODES)
    only = options.only or kinds
    pack = parts.dialogs(None, parts.settings(), print).dialogs.pack
    inner = Pyttsx3Voice("")
    voice = RememberingVoice(inner, kept_bytes=200_000_000)
    try:
        lines = line_blocks(pack)
        everything = [
            saying(pack, lines[first : first + LINES_A_SESSION])
            for first in range(0, len(lines), LINES_A_SESSION)
        ]
        for mode in modes:
            for room in rooms(options.rooms if "itself" in only else 0, seed):
                logs = [hears_itself(one, voice, mode, room) for one in everything]
                accepted = [data["text"] for log in logs for _, _, data in log.named("heard")]
                print(
                    f"{mode:15} itself, {room}:"
                    f" {sum(len(log.named('said')) for log in logs)} lines,"
                    f" accepted {len(accepted)} {accepted or ''},"
                    f" taken for speech {sum(len(log.named('speech')) for log in logs)}",
                    flush=True,
                )
            for name, how in (
                ("stop", {}),
                ("level", {"at_microphone": True}),
                ("first", {"first_line": True}),
            ):
                if name not in only:
                    continue
                found = list(interruptions(pack, voice, mode, seed, options.stops, **how))
                print(f"{mode:15} {name:6} {summary(found)}", flush=True)
                for one in found if options.show else ():
                    if not one.heard or one.silent_after_seconds > 0.3:
                        print(f"    {one.room}, {one.voice}, over {one.text!r}")
                        for at, event, data in one.log.named("heard", "rejected", "ended"):
                            print(f"        {at:6.2f} {event} {dict(data)}")
            for guide in ("tone", "voice") if "breath" in only else ():
                calm = list(breathing(pack, voice, mode, seed, options.stops, guide))
                print(f"{mode:15} breath, {guide}: {breathing_summary(calm)}", flush=True)
                for over in calm if options.show else ():
                    if (over.wanted not in over.heard) if over.wanted else over.heard:
                        print(f"    {over.wanted or 'nobody'}")
                        for at, event, data in over.log.named("heard", "rejected", "ended"):
                            print(f"        {at:6.2f} {event} {dict(data)}")
    finally:
        inner.close()


if __name__ == "__main__":
    main()
