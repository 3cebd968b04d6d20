"""What is understood, what is wrongly believed, how soon and at what cost:
`python -m benchmarks.hearing`.

Rules: real recordings through the real listener, block by block. Figures are from the testing
half alone, which no threshold was chosen on. Without --all every fourth recording is heard, and
noise only at 12 and 6 dB; VOICE_ALLY_SHARED says where the recordings lie.
"""

import argparse
import json
import platform
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy

from benchmarks.listening import LISTENERS, Hear, Heard, Result
from benchmarks.recordings import ROOM_RMS, TESTING, Recording, folder, recordings, sound
from voice_ally.app import parts
from voice_ally.core.audio import BLOCK_BYTES, SAMPLE_BYTES, SAMPLE_RATE_HZ, Pcm16, to_seconds
from voice_ally.hear.gate import SileroGate
from voice_ally.hear.segmenter import Ended, Segmenter
from voice_ally.interpret.understanding import Understanding
from voice_ally.respond.armed import phrases_for, phrases_of
from voice_ally.respond.model import Ask, Pack
from voice_ally.respond.state import State
from voice_ally.settings.settings import Settings

SOME = 4
NOISES: dict[bool, tuple[float | None, ...]] = {
    False: (None, 12.0, 6.0),
    True: (None, 24.0, 18.0, 12.0, 6.0),
}
SAYABLE = ("computer", "view glass")
SILENCE_SECONDS = 60
MEMORY = """
import resource, sys
from benchmarks.hearing import understandings
from benchmarks.listening import LISTENERS
from voice_ally.core.audio import Pcm16
hear = LISTENERS[sys.argv[1]]()(understandings()["ally"].grammar)
hear(Pcm16(bytes(320_000)))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def _pack(where: Path | None) -> Pack:
    return parts.dialogs(where, Settings(), print).dialogs.pack


def understandings() -> dict[str, Understanding]:
    """The sets of phrases that are listened for."""
    orders = _pack(folder() / "coffee-pack")
    phrases = _pack(folder() / "phrases-pack")
    step = phrases.dialogs["phrases_to_measure"].steps["listen"]
    every = phrases_of(phrases, next(one for one in step if isinstance(one, Ask)))
    foreign = [one for one in every if one.template not in SAYABLE]
    ally = _pack(None)
    return {
        "orders": parts.understandings(orders).of(phrases_for(orders, State())),
        "phrases": parts.understandings(phrases).of(every),
        "foreign phrases": parts.understandings(phrases).of(foreign),
        "ally": parts.understandings(ally).of(phrases_for(ally, State())),
    }


class Bench:
    """One listener, measured."""

    def __init__(self, name: str, *, all_of_it: bool) -> None:
        self.name = name
        self._every = 1 if all_of_it else SOME
        self._understood = understandings()
        make = LISTENERS[name]()
        self._hear: dict[str, Hear] = {
            key: make(one.grammar) for key, one in self._understood.items()
        }

    def _each(
        self, key: str, groups: Sequence[str], snr_db: float | None
    ) -> Iterator[tuple[Recording, Pcm16, Result]]:
        for group in groups:
            every = 1 if group == "prose" else self._every
            half = "" if group == "prose" else TESTING
            for one in recordings(group, half, every=every):
                pcm16 = sound(one, snr_db)
                yield one, pcm16, self._hear[key](pcm16)

    def orders(self, snr_db: float | None) -> float:
        """Share with the intent and every slot right, and nothing else heard."""
        right = []
        for one, _, result in self._each("orders", ["orders"], snr_db):
            found = [self._understood["orders"].match(heard.text) for heard in result.sure()]
            slots = [{k: str(v) for k, v in match.slots.items()} for match in found if match]
            right.append(slots == [dict(one.slots)])
        return statistics.mean(right)

    def phrases(self, snr_db: float | None) -> dict[str, float]:
        """Share understood, share asked about; how long after the end it was decided."""
        right, asked, after, wrong_early = [], [], [], []
        for one, pcm16, result in self._each("phrases", SAYABLE, snr_db):
            sure = [heard.text for heard in result.sure()]
            right.append(sure == [one.group])
            asked.append(any(heard.doubtful and heard.text == one.group for heard in result.heard))
            end = end_of_speech(pcm16)
            first = next(iter(result.sure()), None)
            if first is not None:
                after.append(first.decided - end)
                wrong_early.append(first.text != one.group and first.decided < end + 0.4)
        return {
            "understood": statistics.mean(right),
            "asked": statistics.mean(asked),
            "after p50": float(numpy.percentile(after, 50)),
            "after p95": float(numpy.percentile(after, 95)),
            "wrong early": statistics.mean(wrong_early),
        }

    def foreign(self, snr_db: float | None) -> dict[str, float]:
        """How many recordings of speech that is not meant were acted on, or asked about."""
        counts = dict.fromkeys(("utterances", "acted on", "asked about", "scripts started"), 0)
        cases = (
            ("phrases", ("orders", "prose")),
            ("foreign phrases", SAYABLE),
            ("ally", ("orders", *SAYABLE, "prose")),
        )
        for key, groups in cases:
            understood = self._understood[key]
            for _, _, result in self._each(key, groups, snr_db):
                meant = [one for one in result.heard if understood.match(one.text)]
                counts["utterances"] += max(1, len(result.heard))
                counts["acted on"] += any(not one.doubtful for one in meant)
                counts["asked about"] += any(one.doubtful for one in meant)
                counts["scripts started"] += any(
                    not one.doubtful and _is_trigger(understood, one) for one in meant
                )
        return {key: float(value) for key, value in counts.items()}

    def cost(self) -> dict[str, float]:
        """CPU seconds for each second of silence, of kitchen noise and of speech."""
        chance = numpy.random.default_rng(1)
        hiss = chance.normal(0.0, ROOM_RMS, SILENCE_SECONDS * SAMPLE_RATE_HZ)
        silence = Pcm16(hiss.astype("<i2").tobytes())
        hear = self._hear["ally"]
        spoken = list(self._each("ally", ("orders", "computer"), None))
        speech_seconds = sum(to_seconds(len(pcm16) // SAMPLE_BYTES) for _, pcm16, _ in spoken)
        return {
            "silence": hear(silence).cpu_seconds / SILENCE_SECONDS,
            "speech": sum(result.cpu_seconds for *_, result in spoken) / speech_seconds,
        }

    def memory_megabytes(self) -> float:
        """Of a process that does nothing else."""
        done = subprocess.run(
            [sys.executable, "-c", MEMORY, self.name], check=True, capture_output=True, text=True
        )
        return float(done.stdout.splitlines()[-1])


def _is_trigger(understood: Understanding, heard: Heard) -> bool:
    match = understood.match(heard.text)
    return match is not None and match.phrase.meaning.kind == "trigger"


def end_of_speech(pcm16: Pcm16) -> float:
    """Where the gate hears a voice for the last time if nobody interrupts it."""
    segmenter = Segmenter(SileroGate())
    pieces = [
        piece
        for at in range(0, len(pcm16), BLOCK_BYTES)
        for piece in segmenter.feed(Pcm16(pcm16[at : at + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0")))
    ]
    ends = [one.last_sample for one in (*pieces, *segmenter.flush()) if isinstance(one, Ended)]
    return to_seconds(ends[-1]) if ends else 0.0


def measure(name: str, *, all_of_it: bool) -> dict[str, object]:
    """Everything about one listener."""
    bench = Bench(name, all_of_it=all_of_it)
    noises = NOISES[all_of_it]
    return {
        "orders": {_label(snr): bench.orders(snr) for snr in noises},
        "phrases": {_label(snr): bench.phrases(snr) for snr in noises},
        "foreign": {_label(snr): bench.foreign(snr) for snr in noises if snr in (None, 12.0)},
        "cost": bench.cost(),
        "megabytes": bench.memory_megabytes(),
    }


def _label(snr_db: float | None) -> str:
    return "clean" if snr_db is None else f"{snr_db:g} dB"


def show(name: str, found: Mapping[str, object]) -> None:
    """One listener's figures, for reading."""
    print(f"\n{name}")
    for title in ("orders", "phrases", "foreign"):
        table = found[title]
        assert isinstance(table, dict)
        for noise, value in table.items():
            columns = value if isinstance(value, dict) else {"all slots right": value}
            shown = "  ".join(f"{key} {_number(key, one)}" for key, one in columns.items())
            print(f"  {title:8} {noise:6} {shown}")
    cost = found["cost"]
    assert isinstance(cost, dict)
    shown = "  ".join(f"{key} {value:.4f}" for key, value in cost.items())
    print(f"  CPU seconds a second: {shown}; {found['megabytes']:.0f} MB", flush=True)


def _number(key: str, value: float) -> str:
    if key.startswith("after"):
        return f"{value * 1000:+.0f} ms"
    return f"{value:.3f}" if value < 1 and value % 1 else f"{value:g}"


def main() -> None:
    """Measure, print, keep for the plots."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--all", action="store_true", help="every recording, every noise")
    arguments.add_argument("--json", type=Path, help="write the figures here, for hearing_plots")
    arguments.add_argument("listeners", nargs="*", default=list(LISTENERS))
    chosen = arguments.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, testing half")
    every = {}
    for name in chosen.listeners:
        every[name] = measure(name, all_of_it=chosen.all)
        show(name, every[name])
        if chosen.json:
            chosen.json.write_text(json.dumps(every, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
