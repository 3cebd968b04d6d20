"""Cut, change and embed all sounds, train the heads, write the file; figures of held-out people."""

import argparse
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy
import torch
from numpy.typing import NDArray

from tools.verifier.network import Head, Verifier, export, train
from tools.verifier.sounds import Sound, of_people, of_voices
from tools.verifier.vocabulary import CLASSES, OTHER, VERIFIED
from voice_ally.hear.engines.verifier import FILE, power_spectrum, window
from voice_ally.settings.places import bundled_model

Embedded = tuple[NDArray[numpy.float32], NDArray[numpy.int64]]
BATCH = 64


def embedded(sounds: Iterable[tuple[str, Sound]]) -> Embedded:
    """What the heads see of each window, and its class."""
    network = Verifier([]).eval()
    seen, classes = [], []
    with torch.no_grad():
        for batch in _batches(iter(sounds)):
            power = numpy.stack([power_spectrum(window(sound)) for _, sound in batch])
            seen.append(network.embed(torch.from_numpy(power)).numpy())
            named = [word if word in CLASSES else OTHER for word, _ in batch]
            classes += [CLASSES.index(one) for one in named]
    return numpy.concatenate(seen), numpy.array(classes, numpy.int64)


def _batches(sounds: Iterator[tuple[str, Sound]]) -> Iterator[list[tuple[str, Sound]]]:
    while batch := list(islice(sounds, BATCH)):
        yield batch


def report(heads: list[Head], held_out: Embedded) -> None:
    """Of each word: how often it is the likeliest class, and how often of what was not said."""
    with torch.no_grad():
        seen = torch.from_numpy(held_out[0])
        scores = torch.stack([torch.log_softmax(head(seen), 1) for head in heads]).mean(0)
    likeliest = scores.argmax(1).numpy()
    for word in VERIFIED:
        said = held_out[1] == CLASSES.index(word)
        found = likeliest == CLASSES.index(word)
        right, wrong = int((said & found).sum()), int((~said & found).sum())
        print(f"{word:6} {right}/{said.sum()}, and in {wrong}/{(~said).sum()} others")


def main() -> None:
    """The command line."""
    arguments = argparse.ArgumentParser(prog="python -m tools.verifier", description=__doc__)
    arguments.add_argument("--share", type=float, default=1.0, help="of the sounds, so many")
    arguments.add_argument("--steps", type=int, default=2000)
    arguments.add_argument("--heads", type=int, default=3)
    arguments.add_argument("--target", type=Path, default=bundled_model() / FILE)
    chosen = arguments.parse_args()
    every = max(1, round(1 / chosen.share))
    people = embedded(islice(of_people(held_out=False), 0, None, every))
    voices = embedded(of_voices(chosen.share))
    print(f"{len(people[1])} windows of people, {len(voices[1])} of voices")
    heads = [train(people, voices, chosen.steps, 50 + seed) for seed in range(chosen.heads)]
    export(heads, chosen.target, power_spectrum(window(numpy.zeros(1, numpy.float32))).shape[0])
    report(heads, embedded(islice(of_people(held_out=True), 0, None, every)))


if __name__ == "__main__":
    main()
