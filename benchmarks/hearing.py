"""What is understood, what is wrongly believed, how soon and at what cost, beside two baselines
measured in the same run: `python -m benchmarks.hearing`.

Rules: real recordings through the real listener, block by block; a row is printed as soon as it is
measured. VOICE_ALLY_SHARED says where the recordings lie. `--every 4 --jobs 2` takes three quarters
of an hour on two cores, `--every 1` hours; `--from 1` takes the second of every four, and so on.
`--draw FOLDER` draws the figures (needs matplotlib).
"""

import argparse
import json
import platform
import re
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.hearing_trials import Bench, Figures
from benchmarks.listening import LISTENERS

NOISES = (None, 24.0, 18.0, 12.0, 6.0)
Rows = dict[str, Figures]
"""By name, as "orders 12 dB"."""
Measure = Callable[[Bench], Figures]


def rows(*, whole_program: bool) -> Iterator[tuple[str, Measure]]:
    """Each row's name, and what measures it."""
    for snr in NOISES:
        yield f"orders {_label(snr)}", lambda bench, snr=snr: bench.orders(snr)
    for snr in NOISES:
        yield f"phrases {_label(snr)}", lambda bench, snr=snr: bench.phrases(snr)
    for snr in (None, 12.0):
        yield f"not meant {_label(snr)}", lambda bench, snr=snr: bench.foreign(snr)
    for snr in (None, 12.0, 6.0):
        yield f"stop {_label(snr)}", lambda bench, snr=snr: bench.stop(snr)
    yield "cpu", Bench.cost
    yield "memory", Bench.memory
    if whole_program:
        yield "an hour of other speech", Bench.hour
        yield "the same within a script", Bench.within


@dataclass(frozen=True)
class Task:
    """One row of one listener, on its choice of recordings."""

    listener: str
    row: str
    every: int
    first: int


@cache
def _bench(listener: str, every: int, first: int) -> Bench:
    return Bench(listener, every, first)


def measured(task: Task) -> Figures:
    """What came of it."""
    return dict(rows(whole_program=True))[task.row](_bench(task.listener, task.every, task.first))


def _label(snr_db: float | None) -> str:
    return "clean" if snr_db is None else f"{snr_db:g} dB"


def shown(figures: Mapping[str, float]) -> str:
    """For reading."""
    return "  ".join(f"{name} {_number(name, value)}" for name, value in figures.items())


def _number(name: str, value: float) -> str:
    if name in ("p50", "p95"):
        return f"{value * 1000:+.0f} ms"
    if name in ("silence", "speech", "speech in noise"):
        return f"{value:.4f}"
    return f"{value:.0f}" if value == int(value) and name not in SHARES else f"{value:.3f}"


SHARES = ("all slots right", "understood", "asked", "stopped", "by the word alone", "wrong early")


def table(every: Mapping[str, Rows]) -> str:
    """The first figure of each row, one listener a column."""
    names = list(dict.fromkeys(row for rows in every.values() for row in rows))
    lines = ["".join(f"{one:>20}" for one in ("", *every))]
    for name in names:
        cells = [
            next(iter(rows[name].items()), None) if name in rows else None
            for rows in every.values()
        ]
        lines.append(
            f"{name:>20}" + "".join(f"{_number(*one) if one else '':>20}" for one in cells)
        )
    return "\n".join(lines)


def main() -> None:
    """Measure, print, keep for the pictures."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.hearing", description=__doc__)
    arguments.add_argument("--every", type=int, default=4, help="only every n-th recording")
    arguments.add_argument("--only", default="", help="rows whose name matches (an expression)")
    arguments.add_argument("--json", type=Path, help="write the figures here")
    arguments.add_argument("--draw", type=Path, help="draw them into this folder")
    arguments.add_argument("--from-json", type=Path, help="draw these, measure nothing")
    arguments.add_argument("listeners", nargs="*", default=[], help=", ".join(LISTENERS))
    arguments.add_argument("--from", type=int, default=0, dest="first", help="begin with this one")
    arguments.add_argument("--jobs", type=int, default=1, help="so many rows at a time")
    chosen = arguments.parse_args()
    every: dict[str, Rows] = {}
    if chosen.from_json:
        every = json.loads(chosen.from_json.read_text(encoding="utf-8"))
    else:
        began = time.monotonic()
        of = f"one in {chosen.every} from {chosen.first}"
        print(f"{platform.machine()}, Python {platform.python_version()}, {of}")
        tasks = [
            Task(name, row, chosen.every, chosen.first)
            for name in chosen.listeners or LISTENERS
            for row, _ in rows(whole_program=name == "both")
            if re.search(chosen.only, row)
        ]
        with ExitStack() as stack:
            # one after the other in this very process where nothing else is asked for
            apart = (
                stack.enter_context(ProcessPoolExecutor(chosen.jobs)) if chosen.jobs > 1 else None
            )
            results = (apart.map if apart else map)(measured, tasks)
            for task, figures in zip(tasks, results, strict=True):
                every.setdefault(task.listener, {})[task.row] = figures
                print(f"{task.listener:18}  {task.row:16}  {shown(figures)}", flush=True)
                if chosen.json:
                    chosen.json.write_text(json.dumps(every, indent=1), encoding="utf-8")
        print(f"\n{table(every)}\n{time.monotonic() - began:.0f} seconds")
    if chosen.draw:
        from benchmarks.hearing_plots import draw

        draw(every, chosen.draw)


if __name__ == "__main__":
    main()
