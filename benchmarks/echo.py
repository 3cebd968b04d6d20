"""Does it hear itself, and is it heard over itself? `python -m benchmarks.echo [--help]`.

Rules: see echo_trials.py. "Silent after" is from the end of the word to the last audible sample,
as if decoding took no time, and then as it is in real time: with the processor's time for
decoding, here in one process, and with what is held back between two devices.
"""

import argparse
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from benchmarks.echo_lines import LINES_A_SESSION, line_blocks, saying
from benchmarks.echo_trials import (
    MODES,
    REPORTED,
    REQUESTS,
    TUNING,
    Interruption,
    Log,
    OverTones,
    Trial,
    hears_itself,
    interrupt,
    over_tones,
    voices_at_hand,
)
from benchmarks.rooms import rooms
from voice_ally.app import parts
from voice_ally.speak.narrator import RememberingVoice
from voice_ally.speak.voices import open_voice

Thing = TypeVar("Thing")
GUIDES = ("tone", "voice")
KINDS = ("itself", "stop", "level", "first", "breath")
HOW = {"stop": {}, "level": {"at_microphone": True}, "first": {"first_line": True}}
LATE_SECONDS = 0.3


class Piece:
    """One part of the work, for machines that have other things to do: every n-th, from one on."""

    def __init__(self, text: str) -> None:
        number, _, of = text.partition("/")
        self._first, self._step = int(number) - 1, int(of)

    def of(self, things: Iterable[Thing]) -> list[Thing]:
        """Those of these that belong to it."""
        return list(things)[self._first :: self._step]


def in_rooms(trial: Trial, count: int, seed: int) -> Iterator[Trial]:
    """The same so many times, in as many rooms, the voices in turn."""
    names = voices_at_hand(seed)
    for number, room in enumerate(rooms(count, seed)):
        yield replace(trial, room=room, other=names[number % len(names)], seed=seed + number)


def breathing(trials: Sequence[Trial], guide: str) -> Iterator[OverTones]:
    """Each kind of request in turn, and as often nobody says anything."""
    for trial in trials:
        for said in (list(REQUESTS)[trial.seed % len(REQUESTS)], ""):
            yield over_tones(trial, guide=guide, wanted=said)


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
    heard = [one for one in found if one.heard]
    ideal = [one.silent_after_seconds for one in heard]
    real = [one.silent_after_seconds + one.behind_seconds for one in heard]
    return (
        f"{len(heard):3} of {len(found):3} heard ({len(heard) / len(found):.3f}),"
        f" silent after {_ms(ideal)}; in real time {_ms(real)}"
    )


def each_time(found: Sequence[Interruption]) -> list[tuple[int, int]]:
    """Of those that were heard: what several pieces are put together from."""
    return [
        (round(one.silent_after_seconds * 1000), round(one.behind_seconds * 1000))
        for one in found
        if one.heard
    ]


def _ms(seconds: Sequence[float]) -> str:
    if not seconds:
        return "-"
    p95 = sorted(seconds)[int(len(seconds) * 0.95)]
    return f"p50 {statistics.median(seconds) * 1000:4.0f} ms, p95 {p95 * 1000:4.0f} ms"


def measure_itself(trial: Trial, count: int, seed: int, piece: Piece) -> None:
    """Every line in each room, and nobody says anything."""
    lines = line_blocks(trial.pack)
    everything = [
        saying(trial.pack, lines[first : first + LINES_A_SESSION])
        for first in range(0, len(lines), LINES_A_SESSION)
    ]
    for room in rooms(count, seed):
        here = piece.of(everything)
        logs = [hears_itself(replace(trial, room=room, pack=one)) for one in here]
        accepted = [data["text"] for log in logs for _, _, data in log.named("heard")]
        print(
            f"{trial.mode:15} itself, {room}:"
            f" {sum(len(log.named('said')) for log in logs)} lines,"
            f" accepted {len(accepted)} {accepted or ''},"
            f" taken for speech {sum(len(log.named('speech')) for log in logs)}",
            flush=True,
        )


def show(title: str, log: Log) -> None:
    """What happened in a session that did not go as it should."""
    print(f"    {title}")
    for at, event, data in log.named("heard", "rejected", "ended"):
        print(f"        {at:6.2f} {event} {dict(data)}")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--tuning", action="store_true", help="the other rooms, lines and voices")
    wanted.add_argument("--rooms", type=int, default=8, help="in which every line is said")
    wanted.add_argument("--stops", type=int, default=60, help="said over lines, for each mode")
    wanted.add_argument("--mode", choices=list(MODES), action="append")
    wanted.add_argument("--stutters", action="store_true", help="the loudspeaker gets later")
    wanted.add_argument("--show", action="store_true", help="say what was not heard")
    wanted.add_argument("--voice", default="", help="the assistant's; empty: the usual one")
    wanted.add_argument("--only", choices=KINDS, action="append")
    wanted.add_argument("--piece", type=Piece, default=Piece("1/1"), metavar="1/4")
    options = wanted.parse_args(arguments)
    seed = TUNING if options.tuning else REPORTED
    only = options.only or KINDS
    pack = parts.dialogs(None, parts.settings(), print).dialogs.pack
    inner = open_voice(options.voice)
    voice = RememberingVoice(inner, kept_bytes=200_000_000)
    try:
        for mode in options.mode or list(MODES):
            trial = Trial(pack, voice, mode, rooms(1, seed)[0], stutters=options.stutters)
            if "itself" in only:
                measure_itself(trial, options.rooms, seed, options.piece)
            for name, how in HOW.items():
                if name not in only:
                    continue
                trials = options.piece.of(in_rooms(trial, options.stops, seed))
                found = [interrupt(one, **how) for one in trials]
                print(f"{mode:15} {name:6} {summary(found)}", flush=True)
                if options.show:
                    print(f"    ms, and so much later in real time: {each_time(found)}")
                for one in found if options.show else ():
                    if not one.heard or one.silent_after_seconds > LATE_SECONDS:
                        show(f"{one.trial.room}, {one.trial.other}, over {one.text!r}", one.log)
            for guide in GUIDES if "breath" in only else ():
                trials = options.piece.of(in_rooms(trial, options.stops, seed))
                calm = list(breathing(trials, guide))
                print(f"{mode:15} breath, {guide}: {breathing_summary(calm)}", flush=True)
                for over in calm if options.show else ():
                    if (over.wanted not in over.heard) if over.wanted else over.heard:
                        show(over.wanted or "nobody", over.log)
    finally:
        inner.close()


if __name__ == "__main__":
    main()
