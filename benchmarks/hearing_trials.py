"""The trials of benchmarks.hearing: each hears recordings through one listener and counts.

Rules: figures about people are from the testing half alone, which no bar was chosen on; speech
that is not meant comes from both halves. A trial gives numbers by name and keeps nothing.
"""

import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice

import numpy

from benchmarks import synthetic
from benchmarks.listening import IN_REAL_TIME, LISTENERS, Hear, Heard, Result
from benchmarks.recordings import (
    GROUPS,
    ROOM_RMS,
    TESTING,
    Recording,
    in_room,
    recordings,
    sound,
)
from benchmarks.states import SAYABLE, STATES, Place, armed
from voice_ally.app import parts
from voice_ally.core.audio import (
    BLOCK_BYTES,
    SAMPLE_RATE_HZ,
    Pcm16,
    seconds_in,
    to_seconds,
)
from voice_ally.core.speech import Decision
from voice_ally.engine.armed import OBEYED_IN_DOUBT
from voice_ally.hear.gate import SileroGate
from voice_ally.hear.segmenter import Ended, Segmenter
from voice_ally.interpret.understanding import Understanding
from voice_ally.language.reserved import SAFETY
from voice_ally.settings.settings import Settings

Figures = dict[str, float]
Right = Callable[[str], bool]
SILENCE_SECONDS = 60
EARLY_SECONDS = 0.4
"""What was decided sooner after the end of speech was not decided by its silence."""
MEMORY = """
import re, sys
from benchmarks.hearing_trials import understandings
from benchmarks.listening import LISTENERS
from voice_ally.core.audio import Pcm16
hear = LISTENERS[sys.argv[1]]()(understandings()["ally"].grammar)
hear(Pcm16(bytes(320_000)))
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@cache
def understandings() -> dict[str, Understanding]:
    """The sets of phrases that are listened for, with all that is armed beside them."""
    found = {}
    for name, place in {**STATES, "within": Place("calming_pause/equal")}.items():
        pack, phrases = armed(place)
        found[name] = parts.understandings(pack).of(phrases)
    return {**found, "ally": found["idle"]}


class Bench:
    """One listener, measured. `every`: only every nth recording is heard, from the `first` on."""

    def __init__(self, name: str, every: int, first: int = 0) -> None:
        self._every, self._first = every, first
        self._makers = {False: LISTENERS[name](), True: IN_REAL_TIME.get(name, LISTENERS[name])()}
        self._name = name
        self._made: dict[tuple[str, bool], Hear] = {}

    def _hear(self, key: str, pcm16: Pcm16, *, timed: bool = False) -> Result:
        if (key, timed) not in self._made:
            self._made[key, timed] = self._makers[timed](understandings()[key].grammar)
        return self._made[key, timed](pcm16)

    def _each(
        self, key: str, groups: Sequence[str], snr_db: float | None, *, timed: bool = False
    ) -> Iterator[tuple[Recording, Pcm16, Result]]:
        for group in groups:
            whole = group == "prose"
            chosen = (
                recordings(group)
                if whole
                else recordings(group, TESTING, every=self._every, first=self._first)
            )
            for one in chosen:
                pcm16 = sound(one, snr_db)
                yield one, pcm16, self._hear(key, pcm16, timed=timed)

    def orders(self, snr_db: float | None) -> Figures:
        """Share with the intent and every slot right, and nothing else heard."""
        right = []
        for one, _, result in self._each("orders", ["orders"], snr_db):
            found = [understandings()["orders"].match(heard.text) for heard in result.sure()]
            slots = [{k: str(v) for k, v in match.slots.items()} for match in found if match]
            right.append(slots == [dict(one.slots)])
        return {"all slots right": statistics.mean(right), "of": len(right)}

    def phrases(self, snr_db: float | None) -> Figures:
        """Share understood, share asked about; how long after the end it was decided."""
        right, asked, times = [], [], _Times()
        for one, pcm16, result in self._each("phrases", SAYABLE, snr_db, timed=True):
            sure = [heard.text for heard in result.sure()]
            right.append(sure == [one.group])
            asked.append(
                any(
                    heard.decision is Decision.CONFIRM and heard.text == one.group
                    for heard in result.heard
                )
            )
            times.take(pcm16, result.sure(), lambda text, meant=one.group: text == meant)
        return {
            "understood": statistics.mean(right),
            "asked": statistics.mean(asked),
            **times.figures(),
            "of": len(right),
        }

    def stop(self, snr_db: float | None) -> Figures:
        """Ways to say stop within a script, by synthetic voices."""
        stopped, alone, times = [], [], _Times()
        for name, samples in islice(synthetic.stops(), 0, None, max(1, self._every // 4)):
            pcm16 = in_room(samples, name, snr_db)
            result = self._hear("within", pcm16, timed=True)
            heard = [one for one in result.heard if _stops(one.text)]
            stopped.append(bool(heard))
            if name.endswith(": stop"):
                alone.append(bool(heard))
            times.take(pcm16, heard, _stops)
        return {
            "stopped": statistics.mean(stopped),
            "by the word alone": statistics.mean(alone) if alone else 0.0,
            **times.figures(),
            "of": len(stopped),
        }

    def foreign(self, snr_db: float | None) -> Figures:
        """How many recordings of speech that is not meant were acted on, or asked about."""
        counts = dict.fromkeys(("acted on", "asked", "of"), 0)
        cases = (("phrases", ("orders", "prose")), ("foreign phrases", SAYABLE))
        for key, groups in cases:
            understood = understandings()[key]
            for _, _, result in self._each(key, groups, snr_db):
                meant = [one for one in result.heard if understood.match(one.text)]
                counts["of"] += max(1, len(result.heard))
                counts["acted on"] += any(one.decision is Decision.ACT for one in meant)
                counts["asked"] += any(one.decision is Decision.CONFIRM for one in meant)
        return {key: float(value) for key, value in counts.items()}

    def cost(self) -> Figures:
        """CPU seconds for each second of silence and of speech, in quiet and in noise."""
        hiss = numpy.random.default_rng(1).normal(0.0, ROOM_RMS, SILENCE_SECONDS * SAMPLE_RATE_HZ)
        silence = Pcm16(hiss.astype("<i2").tobytes())
        figures = {"silence": self._hear("ally", silence).cpu_seconds / SILENCE_SECONDS}
        for name, snr_db in (("speech", None), ("speech in noise", 12.0)):
            spoken = list(self._each("ally", ("orders", "computer"), snr_db))
            computed = sum(result.cpu_seconds for *_, result in spoken)
            figures[name] = computed / sum(seconds_in(pcm16) for _, pcm16, _ in spoken)
        return figures

    def memory(self) -> Figures:
        """The most that a process held that does nothing else; as Linux tells it, for getrusage()
        counts what its parent held."""
        done = subprocess.run(
            [sys.executable, "-c", MEMORY, self._name], check=True, capture_output=True, text=True
        )
        return {"megabytes": float(done.stdout.splitlines()[-1])}

    def hour(self) -> Figures:
        """A whole session with the bundled dialogs hears all speech that is not meant for it, one
        recording after the other: what it starts, after its own questions."""
        from tests.fakes.voice import FakeVoice
        from voice_ally.app.on_file import converse
        from voice_ally.runtime.event_log import EventLog

        seen = dict.fromkeys(("asked", "started", "ended"), 0)
        playing = _Playing()

        def watch(at: float, event: str, data: Mapping[str, object]) -> None:
            if event in seen:
                seen[event] += 1
                print(
                    f"    {at:.0f} s: {event} {data.get('dialog', '')}, {playing.name}", flush=True
                )

        with EventLog() as log:
            log.watch(watch)
            seconds = converse(
                armed(STATES["idle"])[0],
                Settings(),
                log,
                FakeVoice(1.5),
                playing.blocks(self._foreign()),
                lambda *_: None,
            )
        return {"minutes": seconds / 60, "questions": seen["asked"], "started": seen["started"]}

    def within(self) -> Figures:
        """The same speech while a script runs: how often it is stopped, ended or paused, in doubt
        too; how often safety is begun; what else is obeyed."""
        counts = dict.fromkeys(("stopped", "safety", "else"), 0)
        seconds = 0.0
        for name, pcm16 in self._foreign():
            seconds += seconds_in(pcm16)
            for heard in self._hear("within", pcm16).heard:
                match = understandings()["within"].match(heard.text)
                if match is None:
                    continue
                meaning = match.phrase.meaning
                if meaning.name in OBEYED_IN_DOUBT:
                    kind = "stopped"
                elif meaning.name == SAFETY:
                    kind = "safety"
                elif heard.decision is Decision.ACT:
                    kind = "else"
                else:
                    continue
                counts[kind] += 1
                print(f"    {kind}: {heard.text}, {name}", flush=True)
        return {"minutes": seconds / 60, **counts}

    def _foreign(self) -> Iterator[tuple[str, Pcm16]]:
        """Every group's recordings of both halves, then read sentences: none is meant for it."""
        for group in GROUPS:
            for one in recordings(group, every=self._every, first=self._first):
                yield one.name, sound(one)
        for name, samples in islice(synthetic.prose(), self._first, None, self._every):
            yield name, in_room(samples, name)


class _Playing:
    """Recordings as one stream; tells which of them is heard just now."""

    def __init__(self) -> None:
        self.name = ""

    def blocks(self, sounds: Iterator[tuple[str, Pcm16]]) -> Iterator[Pcm16]:
        for self.name, pcm16 in sounds:
            for at in range(0, len(pcm16), BLOCK_BYTES):
                yield Pcm16(pcm16[at : at + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0"))


class _Times:
    """From the end of speech to the decision."""

    def __init__(self) -> None:
        self._after: list[float] = []
        self._wrong_early: list[bool] = []

    def take(self, pcm16: Pcm16, heard: Sequence[Heard], right: Right) -> None:
        if heard:
            after = heard[0].decided - end_of_speech(pcm16)
            self._after.append(after)
            self._wrong_early.append(not right(heard[0].text) and after < EARLY_SECONDS)

    def figures(self) -> Figures:
        if not self._after:
            return {}
        p50, p95 = (float(one) for one in numpy.percentile(self._after, (50, 95)))
        return {"p50": p50, "p95": p95, "wrong early": statistics.mean(self._wrong_early)}


def _stops(text: str) -> bool:
    match = understandings()["within"].match(text)
    return match is not None and match.phrase.meaning.name == "stop"


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
