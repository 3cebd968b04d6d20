"""Training the network on aligned utterances.

Rules: one thread; seeded; every batch is drawn, sped up or slowed down, warped, tilted, mixed and
masked anew; a checkpoint every hundred steps is where a broken-off training goes on.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from tools.tiny_model.alignment import Alignments
from tools.tiny_model.features import Corpus
from tools.tiny_model.network import CONTEXT, Network, save
from tools.tiny_model.sequence import count_pairs, phone_pairs, sequence_loss
from tools.tiny_model.shape import (
    FRAMES_PER_OUTPUT,
    HIGH_HZ,
    LOW_HZ,
    MEL_BANDS,
    NAMES,
    OUTPUTS,
)

OUTPUTS_PER_EXAMPLE = 40
EXAMPLES = 64
SMOOTHING = 0.03
FRAME_SHARE = 0.3
"""Of the loss of single frames beside that of the sequence."""
LOUDNESS = 5e-5
"""How much large scores cost."""
CHECKPOINT_STEPS = 100
CLEAN_SHARE = 0.25
SLOWEST, FASTEST = 0.8, 1.35
"""Speeds at which an example is played, swaying around it by SWAY."""
SWAY = 0.15
_BFLOAT16 = torch.backends.cpu.get_cpu_capability().startswith("AVX512")
"""Half the time on processors that can multiply bfloat16; with AVX2 alone 15 times as much."""
DIGITAL_SILENCE = float(np.log(np.finfo(np.float32).eps))
"""What Kaldi makes of samples that are all zero."""


class Examples:
    """Draws batches from corpora, those utterances that are aligned."""

    def __init__(
        self,
        parts: Sequence[tuple[Corpus, Alignments]],
        seed: int,
        weights: Mapping[str, float] = MappingProxyType({}),
    ) -> None:
        """weights: name -> how much oftener than others of its length it is drawn."""
        self._chance = np.random.default_rng(seed)
        self._parts = parts
        places, lengths, shares = [], [], list[float]()
        self._labels: list[tuple[npt.NDArray[np.int16], npt.NDArray[np.int64]]] = []
        for number, (corpus, alignments) in enumerate(parts):
            total = int(corpus.starts[-1])
            phone, begins = np.full(total, -1, np.int16), np.zeros(total, np.bool_)
            for name, start, end in zip(
                corpus.names, corpus.starts, corpus.starts[1:], strict=False
            ):
                if name not in alignments:
                    continue
                at = int(start)
                for one, frames in alignments[name]:
                    phone[at : at + frames], begins[at] = one, True
                    at += frames
                places.append((number, int(start), int(end)))
                lengths.append(int(end - start))
                shares.append(int(end - start) * weights.get(name, 1.0))
            self._labels.append((phone, np.cumsum(begins)))
        self._places = np.array(places)
        self._share = np.array(shares) / sum(shares)
        self.hours = sum(lengths) / 360_000

    def batch(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Log mel energies (64, frames, 40), frames in which nobody speaks, and the right output
        each 30 ms; -1 counts not."""
        chance, step = self._chance, FRAMES_PER_OUTPUT
        chosen = self._places[chance.choice(len(self._places), EXAMPLES, p=self._share)]
        span = step * (OUTPUTS_PER_EXAMPLE - 1) + 1
        mel = np.empty((EXAMPLES, span + 2 * CONTEXT, MEL_BANDS), np.float32)
        right = np.empty((EXAMPLES, OUTPUTS_PER_EXAMPLE), np.int64)
        quiet = np.zeros((EXAMPLES, span + 2 * CONTEXT), np.bool_)
        for row, (part, start, end) in enumerate(chosen):
            corpus = self._parts[part][0]
            phone, begun = self._labels[part]
            # where on the utterance's own clock each frame lies
            clock = self._clock(span + 2 * CONTEXT)
            longest = clock[CONTEXT + span - 1] - clock[CONTEXT]
            first = start + float(chance.uniform(-15, max(end - start - longest, 0) + 15))
            place = np.clip(clock - clock[CONTEXT] + first, start, end - 1)
            frames = place.astype(int)
            clean = chance.random() < CLEAN_SHARE or len(corpus.copies) == 1
            copy = 0 if clean else int(chance.integers(1, len(corpus.copies)))
            low, high = int(frames[0]), int(frames[-1]) + 1
            heard = corpus.copies[copy][low : high + 1].astype(np.float32)
            after = (place - frames)[:, None].astype(np.float32)
            beyond = np.minimum(frames + 1 - low, len(heard) - 1)
            mel[row] = heard[frames - low] * (1 - after) + heard[beyond] * after
            quiet[row] = phone[frames] == 0
            at = frames[CONTEXT : CONTEXT + span : step]
            before = np.maximum(frames[CONTEXT - step : CONTEXT + span - step : step], start)
            # an output covers three frames: the phone is new if it began in any of them
            new = begun[at] > np.where(at > before, begun[before], begun[at])
            right[row] = np.where(phone[at] >= 0, 2 * phone[at] + ~new, -1)
        return torch.from_numpy(mel), torch.from_numpy(quiet), torch.from_numpy(right)

    def _clock(self, frames: int) -> npt.NDArray[np.float64]:
        """Rising times, in frames: even speech, faster or slower, or swaying between both."""
        chance = self._chance
        speed = np.exp(chance.uniform(np.log(SLOWEST), np.log(FASTEST)))
        wave = chance.uniform(0, 2 * np.pi) + np.arange(frames) * chance.uniform(0.02, 0.12)
        return np.cumsum(speed * (1 + chance.uniform(0, SWAY) * np.sin(wave)))


def train(
    examples: Examples,
    path: Path,
    *,
    width: int,
    steps: int,
    rate: float,
    seed: int,
    begin_with: Network | None = None,
    tell: Callable[[str], None] = print,
) -> None:
    """Train and save; takes up where a checkpoint beside it was left."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    network = Network(width)
    if begin_with is not None:
        network.load_state_dict(begin_with.state_dict())
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rate, total_steps=steps, pct_start=0.1
    )
    counts, pair_counts, done = np.ones(OUTPUTS), np.zeros((len(NAMES), len(NAMES))), 0
    checkpoint = path.with_suffix(".checkpoint")
    if checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=False)
        network.load_state_dict(kept["network"])
        optimiser.load_state_dict(kept["optimiser"])
        schedule.load_state_dict(kept["schedule"])
        counts, pair_counts, done = kept["counts"], kept["pairs"], kept["done"]
    network.train()
    losses, rights, total, began = 0.0, 0, 0, time.monotonic()
    for step in range(done, steps):
        mel, quiet, right = examples.batch()
        known = right >= 0
        counts += np.bincount(right[known].numpy(), minlength=OUTPUTS)
        pair_counts += count_pairs(right.numpy())
        mel = disturbed(augmented(mel), quiet)
        with torch.autocast("cpu", torch.bfloat16, enabled=_BFLOAT16):
            whole, single = network(mel)
        whole, single = whole.float(), single.float()
        frame_loss = functional.cross_entropy(
            single.reshape(-1, OUTPUTS),
            right.reshape(-1),
            ignore_index=-1,
            label_smoothing=SMOOTHING,
        )
        whole_loss = sequence_loss(whole, right, phone_pairs(pair_counts))
        loss = whole_loss + FRAME_SHARE * frame_loss + LOUDNESS * whole.square().sum(-1).mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        losses += whole_loss.item()
        rights += int(((single.argmax(-1) == right) & known).sum())
        total += int(known.sum())
        if (step + 1) % 100 == 0:
            tell(
                f"{path.stem}: step {step + 1} of {steps}, loss {losses / 100:.3f}, "
                f"right {rights / total:.3f}, {time.monotonic() - began:.0f} s"
            )
            losses, rights, total = 0.0, 0, 0
        if (step + 1) % CHECKPOINT_STEPS == 0:
            torch.save(
                {
                    "network": network.state_dict(),
                    "optimiser": optimiser.state_dict(),
                    "schedule": schedule.state_dict(),
                    "counts": counts,
                    "pairs": pair_counts,
                    "done": step + 1,
                },
                checkpoint,
            )
    save(network, counts / counts.sum(), path)


@torch.no_grad()
def augmented(mel: torch.Tensor) -> torch.Tensor:
    """Other throats, other rooms, other microphones: on mel energies, cheaply."""
    batch, frames, bands = mel.shape
    mel = torch.bmm(mel, _WARPS[torch.randint(0, len(_WARPS), (batch,))].transpose(1, 2))
    # somebody else, quieter, at the same time
    other = mel[torch.randperm(batch)] - torch.empty(batch, 1, 1).uniform_(1.5, 6)
    mel = torch.where(torch.rand(batch, 1, 1) < 0.2, torch.logaddexp(mel, other), mel)
    # the colour of room and microphone
    place = torch.arange(bands) / bands
    for order, spread in ((0, 1.2), (1, 0.8), (2, 0.5), (3, 0.35), (4, 0.3)):
        mel = mel + torch.randn(batch, 1, 1) * spread * torch.cos(torch.pi * order * place)
    # a floor of steady noise
    floor = torch.empty(batch, 1, 1).uniform_(0, 9) + torch.randn(batch, 1, bands) * 0.4
    floor = floor - torch.rand(batch, 1, 1) * 3 * place + torch.randn(batch, frames, bands) * 0.4
    mel = torch.where(torch.rand(batch, 1, 1) < 0.4, torch.logaddexp(mel, floor), mel)
    # bands and moments that are missing
    for row in range(batch):
        if torch.rand(1) < 0.35:
            width, at = int(torch.randint(2, 8, (1,))), int(torch.randint(0, bands - 8, (1,)))
            mel[row, :, at : at + width] = mel[row, :, at : at + width].mean()
        if torch.rand(1) < 0.25:
            width, at = int(torch.randint(2, 10, (1,))), int(torch.randint(0, frames - 10, (1,)))
            mel[row, at : at + width] = mel[row, at : at + width].mean(0)
    return mel


@torch.no_grad()
def disturbed(mel: torch.Tensor, quiet: torch.Tensor) -> torch.Tensor:
    """What happens while nobody speaks: breaths, clicks, bumps, a microphone that is muted or
    padded with zeros, noise that comes or goes. None of it is a word."""
    batch, frames, bands = mel.shape
    place = torch.arange(bands) / bands
    for row in range(batch):
        silent = quiet[row].nonzero()[:, 0]
        if not len(silent):
            continue
        for _ in range(int(torch.randint(0, 4, (1,))) * int(torch.rand(1) < 0.6)):
            begin = int(silent[torch.randint(len(silent), (1,))])
            length = int(torch.exp(torch.empty(1).uniform_(0.7, 3.7)))
            end = min(begin + length, frames)
            shape = mel[row].amax() - torch.empty(1).uniform_(0.5, 8)
            for order in range(1, 6):
                shape = shape + torch.randn(1) * 1.5 / order * torch.cos(torch.pi * order * place)
            time = torch.arange(end - begin)[:, None] / length
            rise, fall = torch.empty(1).uniform_(0, 6), torch.empty(1).uniform_(0, 6)
            burst = shape - rise * (1 - time) ** 4 - fall * time**2
            burst = burst + torch.randn(end - begin, bands) * 0.5
            heard = torch.logaddexp(mel[row, begin:end], burst)
            mel[row, begin:end] = torch.where(
                quiet[row, begin:end, None], heard, mel[row, begin:end]
            )
        kind = float(torch.rand(1))
        speech = (~quiet[row]).nonzero()[:, 0]
        if kind < 0.15:
            mel[row, quiet[row]] = DIGITAL_SILENCE
        elif kind < 0.5:
            first, last = (int(speech[0]), int(speech[-1])) if len(speech) else (frames // 2,) * 2
            before = max(first - int(torch.randint(0, 25, (1,))), 0)
            after = last + 1 + int(torch.randint(0, 30, (1,)))
            change = torch.empty(1).uniform_(-7, 4)
            for part in (slice(0, before), slice(after, frames)):
                if torch.rand(1) < 0.6:
                    if kind < 0.35:
                        mel[row, part] = DIGITAL_SILENCE
                    else:
                        mel[row, part] += change
    return mel


def _warps() -> torch.Tensor:
    """Twenty matrices that stretch or squeeze the frequency axis by 0.82 to 1.22."""

    def to_mel(hertz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return 1127 * np.log(1 + hertz / 700)

    low, high = to_mel(np.array([LOW_HZ, HIGH_HZ], float))
    step = (high - low) / (MEL_BANDS + 1)
    centres = 700 * (np.exp((low + (np.arange(MEL_BANDS) + 1) * step) / 1127) - 1)
    warps = []
    for factor in np.linspace(0.82, 1.22, 20):
        source = np.clip((to_mel(centres * factor) - low) / step - 1, 0, MEL_BANDS - 1)
        below = np.minimum(source.astype(int), MEL_BANDS - 2)
        warp = np.zeros((MEL_BANDS, MEL_BANDS), np.float32)
        rows = np.arange(MEL_BANDS)
        warp[rows, below] += 1 - (source - below)
        warp[rows, below + 1] += source - below
        warps.append(warp)
    return torch.from_numpy(np.stack(warps))


_WARPS = _warps()
