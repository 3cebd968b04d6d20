"""People's short words, other single words and strong feeling, each in the state a session is in:
`python -m benchmarks.hearing_people`.

Rules: one recording of each word by each speaker, of speakers that nothing was trained or fitted
on (--all hears every speaker: then the figures flatter). Nothing was trained on the actors in
strong feeling either, but the priors of starts and of fear were chosen by them (tools/acceptance).
The real listener and the real decision, block by block, as `voice-ally hear --at` does. Shares come
with their 95 % interval (Wilson). Beside ours: plain Vosk with the bundled model and plain
PocketSphinx, on the same phrases.
"""

import argparse
import json
import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache

from benchmarks.people import DIGITS, Word, one_each, sound, words
from benchmarks.states import STATES, armed
from voice_ally.app import parts
from voice_ally.core.audio import BLOCK_BYTES, Pcm16, seconds_in
from voice_ally.core.ports import Recogniser
from voice_ally.core.speech import Utterance
from voice_ally.engine.armed import OBEYED_IN_DOUBT
from voice_ally.interpret.understanding import Understanding
from voice_ally.runtime.deciding import Deciding
from voice_ally.runtime.own_voice import OwnVoice
from voice_ally.settings.settings import Settings

ANSWERS = ("yes", "no", "stop")
CONDITIONS: dict[str, tuple[float | None, bool]] = {
    "clean": (None, False),
    "12 dB": (12.0, False),
    "8 kHz": (None, True),
}
OURS = {"ours": "", "vosk alone": "vosk", "pocketsphinx alone": "pocketsphinx"}


@dataclass(frozen=True)
class Trial:
    """One recording, what should come of it, and where."""

    row: str
    state: str
    word: Word
    condition: str
    engine: str


@dataclass(frozen=True)
class Outcome:
    """What came of it."""

    intent: str
    """Of what was acted on or asked about: "answer 0", "command stop"; empty for nothing."""
    text: str
    decision: str
    late_seconds: float
    """From the end of the voice to the decision, by the sound's own clock."""
    cpu_seconds: float
    seconds: float


@cache
def _ears(state: str, engine: str) -> tuple[Understanding, Recogniser]:
    pack, phrases = armed(STATES[state])
    made = parts.make_recogniser(OURS[engine], Settings(), pack)
    return parts.understandings(pack).of(phrases), made


def heard(trial: Trial) -> Outcome:
    """The first thing that is not ignored, as a session would take it."""
    understanding, engine = _ears(trial.state, trial.engine)
    snr_db, narrow = CONDITIONS[trial.condition]
    pcm16 = sound(trial.word, snr_db, narrow=narrow)
    listener = parts.make_listener(engine)
    listener.use(understanding.grammar)
    deciding = Deciding(False, OwnVoice(), understanding)
    began = time.process_time()
    events = [
        event
        for at in range(0, len(pcm16), BLOCK_BYTES)
        for event in listener.feed(Pcm16(pcm16[at : at + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0")))
    ]
    events += listener.flush()
    cpu_seconds = time.process_time() - began
    for event in events:
        if isinstance(event, Utterance):
            decided = deciding.decide(event)
            if decided.match is not None:
                meaning = decided.match.phrase.meaning
                late = event.at - event.speech_end
                return Outcome(
                    f"{meaning.kind} {meaning.name}",
                    event.text,
                    decided.decision.value,
                    late,
                    cpu_seconds,
                    seconds_in(pcm16),
                )
    return Outcome("", "", "ignore", 0.0, cpu_seconds, seconds_in(pcm16))


def trials(engine: str, *, every: bool, conditions: Sequence[str]) -> Iterator[Trial]:
    """All rows."""
    for condition in conditions:
        people = one_each(words("gsc", "gsc_other", "gsc_more", "mycroft"))
        for one in (one for one in people if every or one.held_out):
            if one.said in ANSWERS:
                yield Trial(one.said, "yes or no", one, condition, engine)
            elif one.set in ("gsc", "gsc_other", "mycroft"):
                yield Trial("other words", "yes or no", one, condition, engine)
            if one.said in DIGITS[1:] and (one.set != "gsc_more" or _one_in(one, 3)):
                yield Trial("digits", "minutes", one, condition, engine)
        if condition == "clean":
            for one in words("ravdess"):
                yield Trial("strong feeling, idle", "idle", one, condition, engine)
                yield Trial("strong feeling, asked", "yes or no", one, condition, engine)
            for one in words("alnum", "ami"):
                if every or one.held_out:
                    yield Trial("addresses, meetings", "yes or no", one, condition, engine)


def _one_in(word: Word, many: int) -> bool:
    return sum(word.path.stem.encode()) % many == 0


def shares(row: str, found: Sequence[tuple[Trial, Outcome]]) -> str:
    """The row for reading."""
    if row in ANSWERS or row == "digits":
        right = [(_is_right(trial, one), one) for trial, one in found]
        acted = sum(good and one.decision == "act" for good, one in right)
        asked = sum(good and one.decision == "confirm" for good, one in right)
        ended = sum(one.intent in _ENDS and trial.word.said != "stop" for trial, one in found)
        times = sorted(one.late_seconds for good, one in right if good)
        late = f"{times[len(times) // 2] * 1000:.0f} ms" if times else ""
        return f"{_share(acted + asked, len(found))}, asked {asked}, ended {ended}, {late}"
    taken = [one for _, one in found if one.intent]
    seconds = sum(one.seconds for _, one in found)
    names = Counter(f"{one.intent}: {one.text} ({one.decision})" for one in taken)
    most = ", ".join(f"{name} {count}" for name, count in names.most_common(6))
    return f"{_share(len(taken), len(found))}, {len(taken) * 60 / seconds:.2f} a minute; {most}"


_ENDS = frozenset(f"command {name}" for name in OBEYED_IN_DOUBT)


def _is_right(trial: Trial, one: Outcome) -> bool:
    if not one.intent:
        return False
    understanding, _ = _ears(trial.state, trial.engine)
    wanted, found = understanding.match(trial.word.said), understanding.match(one.text)
    assert wanted is not None and found is not None
    same = wanted.phrase.meaning == found.phrase.meaning
    return same and dict(wanted.slots) == dict(found.slots)


def _share(count: int, of: int) -> str:
    low, high = wilson(count, of)
    return f"{count / max(1, of):.3f} ({count}/{of}; {low:.3f} to {high:.3f})"


def wilson(count: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927)."""
    if not of:
        return 0.0, 1.0
    z, share = 1.96, count / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def main() -> None:
    """Hear everything, print the rows."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--all", action="store_true", help="every speaker, not only held out")
    arguments.add_argument("--jobs", type=int, default=1)
    arguments.add_argument("--conditions", nargs="*", default=list(CONDITIONS))
    arguments.add_argument("--json", action="store_true", help="a line each recording")
    arguments.add_argument("--share", type=float, default=1.0, help="of the recordings, so many")
    arguments.add_argument("engines", nargs="*", default=["ours"], help=", ".join(OURS))
    chosen = arguments.parse_args()
    for engine in chosen.engines:
        every = list(trials(engine, every=chosen.all, conditions=chosen.conditions))
        every = every[:: max(1, round(1 / chosen.share))]
        every.sort(key=lambda one: (one.state, one.row))
        with ProcessPoolExecutor(chosen.jobs) as pool:
            found = list(zip(every, pool.map(heard, every, chunksize=20), strict=True))
        for row, condition in dict.fromkeys((one.row, one.condition) for one in every):
            mine = [
                (trial, one)
                for trial, one in found
                if (trial.row, trial.condition) == (row, condition)
            ]
            print(f"{engine:18} {row:22} {condition:6} {shares(row, mine)}", flush=True)
        cpu, length = (
            sum(getattr(one, name) for _, one in found) for name in ("cpu_seconds", "seconds")
        )
        print(f"{engine:18} CPU seconds a second of sound: {cpu / length:.3f}")
        if chosen.json:
            for trial, one in found:
                print(
                    json.dumps(
                        [trial.row, trial.condition, trial.word.path.stem, *vars(one).values()]
                    )
                )


if __name__ == "__main__":
    main()
