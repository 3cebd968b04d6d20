"""All stages: `python -m tools.tiny_model [STAGE …]`, or `make model`.

Rules: without a stage, all of them in order; each is skipped when its result is there, so that a
broken-off run is taken up where it was left; to do a stage again, delete its result.
"""

import argparse
import os
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from tools.tiny_model import alignment, people, synthesis, tuning, voices
from tools.tiny_model.begin import between, mean, normalised, read_layers, unfolded
from tools.tiny_model.export import conf_files, final_mdl
from tools.tiny_model.features import cepstra_from_mel, load_corpus, make_corpus
from tools.tiny_model.network import CONTEXT, Network, folded, load, run_folded, save
from tools.tiny_model.shape import OUTPUTS, Affine
from tools.tiny_model.synthesis import Line
from tools.tiny_model.texts import SHORT_SHARE, dictionary, vocabulary_words
from tools.tiny_model.training import Examples, augmented, disturbed, train
from voice_ally.models.extend import LEXICON_NAME, write_lexicon
from voice_ally.models.graph import graph_files

SEED = 1
FIRST_ALIGNED = 700
"""Utterances aligned by PocketSphinx, of the clearer voices and manners."""
FIRST_WIDTH, FIRST_STEPS = 128, 500
SCALE = 0.5
"""Of the acoustic scores. Chosen with `tune`, as the beam in export.py."""
RATE, GENTLE_RATE = 3e-3, 1e-3
"""Of learning: from nothing, and from a model that is good already."""
BATCHES_MEASURED = 40
"""By which the normalisation of a model that is read back is found again."""
TARGET = Path("models/en-tiny")


def tell(line: str) -> None:
    """Progress."""
    print(time.strftime("%H:%M:%S"), line, flush=True)


class Pipeline:
    """The stages, and where each leaves its result."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.work: Path = options.work
        self.utterances: int = options.utterances
        self.steps: int = options.steps
        self.width: int = options.width
        self.copies: int = options.copies
        self.seed: int = options.seed
        self.target: Path = options.target
        self.start: Path | None = options.start
        self.way: float = options.way
        self.short: float = options.short
        self.recordings: Path | None = options.people
        self.speech = self.work / "speech"
        self.plan = self.work / "plan.tsv"
        self.spoken = self.work / "spoken.tsv"
        self.recorded = self.work / "people.tsv"
        self.final = self.work / f"final-{self.seed}.pt"
        self.first, self.corpus = self.work / "first", self.work / "corpus"

    def plan_lines(self) -> None:
        """Sentences, voices and manners."""
        if not self.plan.exists():
            synthesis.write_plan(synthesis.plan(self.utterances, SEED, self.short), self.plan)

    def synthesise(self) -> None:
        """Recordings: the longest stage but one."""
        if self.spoken.exists():
            return
        lines = synthesis.read_plan(self.plan)
        made = []
        for number, line in enumerate(synthesis.synthesise(lines, self.speech, tell), 1):
            made.append(line)
            if number % 200 == 0:
                tell(f"synthesis: {number} of {len(lines)}")
        synthesis.write_plan(made, self.spoken)

    def record(self) -> None:
        """Recordings of people, where a folder of them is given."""
        if self.recordings and not self.recorded.exists():
            found = people.clips(self.recordings, people.TRAINING)
            synthesis.write_plan(people.recorded(found, self.speech), self.recorded)
            tell(f"{len(found)} recordings of {len({one.speaker for one in found})} people")

    def lines(self) -> list[Line]:
        """All there is to learn from."""
        recorded = synthesis.read_plan(self.recorded) if self.recorded.exists() else []
        return synthesis.read_plan(self.spoken) + recorded

    def extract(self) -> None:
        """Features, clean and in noise."""
        names = [line.name for line in self.lines()]
        make_corpus(names, self.speech, self.corpus, range(self.copies + 1), tell)

    def align_first(self) -> None:
        """PocketSphinx's alignment of a part, and a first network from it; or the network that is
        the start."""
        if (self.work / "first.pt").exists():
            return
        if self.start:
            # it has learned from whole sequences, and knows no sound as more frequent than another
            prior = np.full(OUTPUTS, 1 / OUTPUTS)
            save(unfolded(read_layers(self.start), SCALE), prior, self.work / "first.pt")
            return
        clear = {
            line.name: line.text
            for line in synthesis.read_plan(self.spoken)
            if line.manner in ("plain", "varied", "slow")
            and not line.voice.startswith(("espeak", voices.NOBODY))
        }
        found = alignment.by_pocketsphinx(clear, self.speech, FIRST_ALIGNED, tell)
        make_corpus(list(found), self.speech, self.first, [0], tell)
        examples = Examples([(load_corpus(self.first), found)], SEED)
        train(
            examples,
            self.work / "first.pt",
            width=FIRST_WIDTH,
            steps=min(FIRST_STEPS, self.steps),
            rate=4e-3,
            seed=SEED,
            tell=tell,
        )

    def align(self) -> None:
        """Everything, by the first network."""
        path = self.work / "corpus.ali"
        if path.exists():
            return
        network, prior = load(self.work / "first.pt")
        texts = {line.name: line.text for line in self.lines()}
        corpus = load_corpus(self.corpus)
        found, _ = alignment.by_network(network, prior, corpus, texts, tell)
        tell(f"aligned {len(found)} of {len(corpus.names)}")
        alignment.write(found, path)

    def train(self) -> None:
        """The network: the longest stage."""
        if self.final.exists():
            return
        aligned = alignment.read(self.work / "corpus.ali")
        weights = people.weights(one for one in self.lines() if one.voice.startswith(people.VOICE))
        for line in synthesis.read_plan(self.spoken):
            weights[line.name] = voices.SYNTHESISERS[line.voice.split()[0]].weight
        examples = Examples([(load_corpus(self.corpus), aligned)], self.seed, weights)
        tell(f"training on {examples.hours:.1f} h")
        start = self._start(Examples([(load_corpus(self.corpus), aligned)], self.seed, weights))
        train(
            examples,
            self.final,
            width=start.width if start else self.width,
            steps=self.steps,
            rate=GENTLE_RATE if start else RATE,
            seed=self.seed,
            begin_with=start,
            tell=tell,
        )

    def _start(self, examples: Examples) -> Network | None:
        """The network of --start, as training wants it."""
        if not self.start:
            return None
        batches = (examples.batch() for _ in range(BATCHES_MEASURED))
        seen = [disturbed(augmented(mel), quiet) for mel, quiet, _ in batches]
        return normalised(load(self.work / "first.pt")[0], seen)

    def export(self) -> None:
        """The model folder. The licence and the model card in it stay."""
        write_model(self.layers(self.way), self.target)

    def layers(self, way: float = 1.0) -> list[Affine]:
        """What was trained; or so much of the way from the start to the mean of all seeds."""
        if not self.start:
            return trained_layers(self.final)
        ends = [trained_layers(one) for one in sorted(self.work.glob("final-*.pt"))]
        return between(read_layers(self.start), mean(ends), way)

    def tune(self) -> None:
        """What other scales would do, by the voices held back for it; changes nothing."""
        tuning.tell_scales(self.layers(self.way), SCALE, tell)

    def choose(self) -> None:
        """How far to go from the start, by the voices held back for tuning; changes nothing."""
        known = people.clips(self.recordings, people.TUNING) if self.recordings else []
        tuning.tell_ways(lambda way, folder: write_model(self.layers(way), folder), tell, known)

    def stages(self) -> dict[str, Callable[[], None]]:
        """In order."""
        return {
            "plan": self.plan_lines,
            "synthesise": self.synthesise,
            "record": self.record,
            "extract": self.extract,
            "align-first": self.align_first,
            "align": self.align,
            "train": self.train,
            "export": self.export,
        }


def trained_layers(trained: Path) -> list[Affine]:
    """As they are exported, checked against PyTorch."""
    network, _ = load(trained)
    layers = folded(network, SCALE)
    _check(network, layers)
    return layers


def write_model(layers: Sequence[Affine], target: Path) -> None:
    """Layers, settings, words and graph -> a Vosk model folder."""
    lexicon = {word: dictionary()[word] for word in vocabulary_words()}
    files = {
        "am/final.mdl": final_mdl(layers),
        LEXICON_NAME: write_lexicon(lexicon),
        **conf_files(),
        **graph_files(lexicon),
    }
    for kind in ("am", "conf", "graph"):
        shutil.rmtree(target / kind, ignore_errors=True)
    for name, content in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)
    size = sum(map(len, files.values()))
    tell(f"{target}: {len(lexicon)} words, {size / 1e6:.1f} MB")


def _check(network: Network, layers: list[Affine]) -> None:
    """Do the folded layers give what the network gives?"""
    import torch

    mel = np.random.default_rng(0).normal(8, 3, (2 * CONTEXT + 31, 40)).astype(np.float32)
    with torch.no_grad():
        wanted = network(torch.from_numpy(mel)[None])[0][0].numpy() * SCALE
    found = run_folded(layers, mel @ cepstra_from_mel().T)
    difference = float(np.abs(found - wanted).max())
    if difference > 1e-2:
        raise RuntimeError(f"the exported layers differ from the network by {difference}")


def main() -> None:
    """Run the stages named, or all."""
    parser = argparse.ArgumentParser(prog="python -m tools.tiny_model", description=__doc__)
    parser.add_argument("stage", nargs="*")
    parser.add_argument("--work", type=Path, default=Path("build/tiny_model"))
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--utterances", type=int, default=12_000)
    parser.add_argument("--steps", type=int, default=12_000)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--copies", type=int, default=2, help="of each utterance, in noise")
    parser.add_argument("--short", type=float, default=SHORT_SHARE, help="share of short answers")
    parser.add_argument("--people", type=Path, help="a folder of people's recordings, see README")
    parser.add_argument("--seed", type=int, default=1, help="of what is drawn in training")
    parser.add_argument("--start", type=Path, help="a model folder from which training goes on")
    parser.add_argument("--way", type=float, default=1.0, help="how far from the start to export")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    os.environ["TINY_MODEL_WORK"] = str(options.work)
    pipeline = Pipeline(options)
    known = {**pipeline.stages(), "tune": pipeline.tune, "choose": pipeline.choose}
    if wrong := set(options.stage) - known.keys():
        parser.error(f"no such stage: {', '.join(sorted(wrong))}; there are {', '.join(known)}")
    for name in options.stage or pipeline.stages():
        tell(f"── {name}")
        known[name]()


if __name__ == "__main__":
    main()
