"""All stages: `python -m tools.tiny_model [STAGE …]`, or `make model`.

Rules: without a stage, all of them in order; each is skipped when its result is there, so that a
broken-off run is taken up where it was left; to do a stage again, delete its result.
"""

import argparse
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from tools.tiny_model import alignment, synthesis, tuning, voices
from tools.tiny_model.export import conf_files, final_mdl
from tools.tiny_model.features import cepstra_from_mel, load_corpus, make_corpus
from tools.tiny_model.network import CONTEXT, folded, load, run_folded
from tools.tiny_model.texts import dictionary, vocabulary_words
from tools.tiny_model.training import Examples, train
from voice_ally.models.extend import LEXICON_NAME, write_lexicon
from voice_ally.models.graph import graph_files

SEED = 1
FIRST_ALIGNED = 700
"""Utterances aligned by PocketSphinx, of the clearer voices and manners."""
FIRST_WIDTH, FIRST_STEPS = 128, 500
NOISY_COPIES = 2
SCALE = 0.5
"""Of the acoustic scores. Chosen with `tune`, as the beam in export.py."""
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
        self.target: Path = options.target
        self.speech = self.work / "speech"
        self.plan = self.work / "plan.tsv"
        self.spoken = self.work / "spoken.tsv"
        self.first, self.corpus = self.work / "first", self.work / "corpus"

    def plan_lines(self) -> None:
        """Sentences, voices and manners."""
        if not self.plan.exists():
            synthesis.write_plan(synthesis.plan(self.utterances, SEED), self.plan)

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

    def extract(self) -> None:
        """Features, clean and in noise."""
        names = [line.name for line in synthesis.read_plan(self.spoken)]
        make_corpus(names, self.speech, self.corpus, range(NOISY_COPIES + 1), tell)

    def align_first(self) -> None:
        """PocketSphinx's alignment of a part, and a first network from it."""
        if (self.work / "first.pt").exists():
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
        texts = {line.name: line.text for line in synthesis.read_plan(self.spoken)}
        corpus = load_corpus(self.corpus)
        found, _ = alignment.by_network(network, prior, corpus, texts, tell)
        tell(f"aligned {len(found)} of {len(corpus.names)}")
        alignment.write(found, path)

    def train(self) -> None:
        """The network: the longest stage."""
        if (self.work / "final.pt").exists():
            return
        aligned = alignment.read(self.work / "corpus.ali")
        weights = {
            line.name: voices.SYNTHESISERS[line.voice.split()[0]].weight
            for line in synthesis.read_plan(self.spoken)
        }
        examples = Examples([(load_corpus(self.corpus), aligned)], SEED, weights)
        tell(f"training on {examples.hours:.1f} h")
        train(
            examples,
            self.work / "final.pt",
            width=self.width,
            steps=self.steps,
            rate=3e-3,
            seed=SEED,
            tell=tell,
        )

    def export(self) -> None:
        """The model folder. The licence and the model card in it stay."""
        write_model(self.work / "final.pt", self.target, SCALE)

    def tune(self) -> None:
        """What other scales would do, by the voices held back for it; changes nothing."""
        tuning.tell_scales(self.work, tell)

    def stages(self) -> dict[str, Callable[[], None]]:
        """In order."""
        return {
            "plan": self.plan_lines,
            "synthesise": self.synthesise,
            "extract": self.extract,
            "align-first": self.align_first,
            "align": self.align,
            "train": self.train,
            "export": self.export,
        }


def write_model(trained: Path, target: Path, scale: float) -> None:
    """Network, settings, words and graph -> a Vosk model folder, checked against PyTorch."""
    network, _ = load(trained)
    layers = folded(network, scale)
    _check(trained, layers, scale)
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


def _check(trained: Path, layers: list, scale: float) -> None:
    """Do the folded layers give what the network gives?"""
    import torch

    network, _ = load(trained)
    mel = np.random.default_rng(0).normal(8, 3, (2 * CONTEXT + 31, 40)).astype(np.float32)
    with torch.no_grad():
        wanted = network(torch.from_numpy(mel)[None])[0][0].numpy() * scale
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
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    os.environ["TINY_MODEL_WORK"] = str(options.work)
    pipeline = Pipeline(options)
    known = {**pipeline.stages(), "tune": pipeline.tune}
    if wrong := set(options.stage) - known.keys():
        parser.error(f"no such stage: {', '.join(sorted(wrong))}; there are {', '.join(known)}")
    for name in options.stage or pipeline.stages():
        tell(f"── {name}")
        known[name]()


if __name__ == "__main__":
    main()
