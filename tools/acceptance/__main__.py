"""Gather what is missing, fit, write voice_ally/hear/engines/acceptance.json."""

import argparse
import json
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tools.acceptance.fit import fitted, samples
from tools.acceptance.gather import gather
from voice_ally.hear.engines.acceptance import NUMBERS

PRIORS = {
    # at a question an answer is what is expected; all else is said more seldom
    "answer": 0.0,
    "stop": -2.0,
    "safety": -3.0,
    "command": -2.5,
    "start": -1.5,
    # a rival has to be clearly likelier than what it rivals
    "nothing": -1.0,
}
"""Log odds that are added for what is at stake, before anything is heard. Chosen by hand: by what
they make of the recordings that are fitted on, and those of starts and of fear also by what they
make of actors in strong feeling (RAVDESS), which are fitted on nowhere else."""


def main() -> None:
    """The command line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--keep", type=Path, required=True, help="a folder for what was seen")
    arguments.add_argument("--jobs", type=int, default=1)
    arguments.add_argument("--share", type=float, default=1.0, help="of the recordings, so many")
    chosen = arguments.parse_args()
    chosen.keep.mkdir(parents=True, exist_ok=True)
    parts = [chosen.keep / f"{first}.jsonl" for first in range(chosen.jobs)]
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for first, part in enumerate(parts):
            pool.submit(gather, part, chosen.share, every=chosen.jobs, first=first)
    models = {}
    for configuration, given in sorted(samples(parts).items()):
        weights = fitted(given)
        print(f"{configuration}: {len(given)} looks, {weights or 'too few'}")
        if weights:
            models[configuration] = weights
    made_by = f"python -m tools.acceptance --keep FOLDER --share {chosen.share:g}"
    numbers = {"made by": made_by, "priors": PRIORS, "models": models}
    NUMBERS.write_text(json.dumps(numbers, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
