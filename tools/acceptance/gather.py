"""What every look at a recording finds, as a session's own listener comes to look.

Rules: the real listener and the real engines; only the decision is taken out of their hands, and
each utterance is looked at once, when it is over. A line of JSON goes into the file for each
recording, so that a broken-off run goes on behind the last one.
"""

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.people import CHOSEN_BY, DIGITS, FITTED_SETS, Word, one_each, words
from benchmarks.people import sound as word_sound
from benchmarks.recordings import TUNING, recordings, sound
from benchmarks.states import STATES, armed
from voice_ally.app import parts
from voice_ally.core.audio import BLOCK_BYTES, Pcm16
from voice_ally.hear.engines.acceptance import Evidence, Found
from voice_ally.hear.engines.two_pass import TwoPassRecogniser
from voice_ally.hear.gate import SileroGate
from voice_ally.hear.listener import SegmentListener
from voice_ally.interpret.understanding import Understanding
from voice_ally.settings.settings import Settings

NOISES: tuple[float | None, ...] = (None, 12.0)


@dataclass(frozen=True)
class Case:
    """One recording in one state."""

    name: str
    state: str
    wanted: str | None
    """What was said, as far as it is a phrase there; None: nothing that is meant."""
    slots: dict[str, str] | None
    pcm16: Callable[[], Pcm16]


class Seen:
    """Stands in for the acceptance model: keeps all evidence, and decides nothing."""

    def __init__(self) -> None:
        self.looks: list[list[Evidence]] = []

    def best(self, evidence: Sequence[Evidence]) -> Found | None:
        """Nothing is ever found."""
        self.looks.append(list(evidence))
        return None


def cases(share: float) -> Iterator[Case]:
    """Of what may be fitted on; of each kind, so large a share."""
    for snr_db in NOISES:
        yield from _answers(snr_db, share)
        yield from _numbers(snr_db, share)
        yield from _recorded(snr_db, share)


def _chosen(name: str, share: float) -> bool:
    return zlib.crc32(f"fit {name}".encode()) % 1000 < share * 1000


def _word(one: Word, state: str, snr_db: float | None, *, meant: bool) -> Case:
    name = f"{state}/{one.path.parent.name}/{one.path.stem}/{snr_db}"
    wanted = one.said if meant else None
    return Case(name, state, wanted, None, lambda: word_sound(one, snr_db))


def _answers(snr_db: float | None, share: float) -> Iterator[Case]:
    for one in words(*FITTED_SETS):
        meant = one.said in ("yes", "no", "stop")
        if one.fifth == CHOSEN_BY and (meant or _chosen(one.path.stem, share)):
            yield _word(one, "yes or no", snr_db, meant=meant)


def _numbers(snr_db: float | None, share: float) -> Iterator[Case]:
    for one in one_each(words(*FITTED_SETS)):
        meant = one.said in DIGITS[1:]
        if one.fifth == CHOSEN_BY and _chosen(
            f"{one.path.stem} number", share * (1 if meant else 0.4)
        ):
            yield _word(one, "minutes", snr_db, meant=meant)


def _recorded(snr_db: float | None, share: float) -> Iterator[Case]:
    for group, state in (
        ("computer", "phrases"),
        ("view glass", "phrases"),
        ("orders", "orders"),
        ("computer", "foreign phrases"),
        ("view glass", "foreign phrases"),
        ("orders", "foreign phrases"),
        ("prose", "foreign phrases"),
        ("computer", "idle"),
        ("orders", "idle"),
        ("prose", "idle"),
        ("prose", "yes or no"),
    ):
        meant = state in ("phrases", "orders")
        part = share if meant else share / 2
        for one in recordings(group, TUNING):
            if group == "prose" or _chosen(f"{one.name} {state}", part):
                slots = dict(one.slots) if state == "orders" else None
                wanted = (group if state == "phrases" else "") if meant else None
                yield Case(
                    f"{state}/{one.name}/{snr_db}",
                    state,
                    wanted,
                    slots,
                    lambda one=one: sound(one, snr_db),  # type: ignore[misc]
                )


def gather(into: Path, share: float, *, every: int = 1, first: int = 0) -> None:
    """Look at every case that was not looked at before; at every nth, for several at a time."""
    into.parent.mkdir(parents=True, exist_ok=True)
    done = set()
    if into.exists():
        lines = into.read_text(encoding="utf-8").splitlines()
        done = {json.loads(line)["name"] for line in lines}
    ears: dict[str, tuple[Understanding, TwoPassRecogniser, Seen]] = {}
    with into.open("a", encoding="utf-8") as file:
        for number, case in enumerate(cases(share)):
            if number % every != first or case.name in done:
                continue
            if case.state not in ears:
                ears[case.state] = _ears(case.state)
            file.write(json.dumps(_seen(case, *ears[case.state])) + "\n")
            if number % 50 == 0:
                file.flush()


def _ears(state: str) -> tuple[Understanding, TwoPassRecogniser, Seen]:
    pack, phrases = armed(STATES[state])
    made = parts.make_recogniser("", Settings(), pack)
    assert isinstance(made, TwoPassRecogniser)
    seen = Seen()
    made.weigh_with(seen)
    return parts.understandings(pack).of(phrases), made, seen


def _seen(
    case: Case, understanding: Understanding, engine: TwoPassRecogniser, seen: Seen
) -> dict[str, Any]:
    listener = SegmentListener(SileroGate(), engine)
    listener.use(understanding.grammar)
    seen.looks.clear()
    pcm16 = case.pcm16()
    for at in range(0, len(pcm16), BLOCK_BYTES):
        listener.feed(Pcm16(pcm16[at : at + BLOCK_BYTES].ljust(BLOCK_BYTES, b"\0")))
    listener.flush()
    return {
        "name": case.name,
        "state": case.state,
        "meant": case.wanted is not None,
        "looks": [[_told(one, case, understanding) for one in evidence] for evidence in seen.looks],
    }


def _told(one: Evidence, case: Case, understanding: Understanding) -> dict[str, Any]:
    kept = asdict(one)
    kept["stakes"] = one.stakes.value
    return {**kept, "right": _is_right(one.text, case, understanding)}


def _is_right(text: str, case: Case, understanding: Understanding) -> bool | None:
    """Was it said? None: it was, but for one of its slots. That the slots may be others is for what
    competes with it to tell, and nothing that speaks against its having been said."""
    if case.wanted is None:
        return False
    found = understanding.match(text)
    if case.slots is not None:
        slots = {name: str(value) for name, value in found.slots.items()} if found else {}
        return slots == case.slots or (None if slots else False)
    wanted = understanding.match(case.wanted)
    same = found is not None and wanted is not None
    return same and found.phrase.meaning == wanted.phrase.meaning and found.slots == wanted.slots
