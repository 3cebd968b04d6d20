"""Training the network on aligned utterances.

Rules: one thread; seeded; every batch is drawn, warped, tilted, mixed and masked anew; a
checkpoint every few hundred steps is where a broken-off training goes on.
"""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from tools.tiny_model.alignment import Alignments
from tools.tiny_model.features import Corpus
from tools.tiny_model.network import CONTEXT, Network, save
from tools.tiny_model.shape import FRAMES_PER_OUTPUT, HIGH_HZ, LOW_HZ, MEL_BANDS, OUTPUTS

OUTPUTS_PER_EXAMPLE = 40
EXAMPLES = 64
SMOOTHING = 0.03
CHECKPOINT_STEPS = 100
CLEAN_SHARE = 0.2
SILENT_SHARE = 0.25
"""Of the examples, those whose silence is made digital: a muted microphone, a padded file."""
DIGITAL_SILENCE = float(np.log(np.finfo(np.float32).eps))
"""What Kaldi makes of samples that are all zero."""


class Examples:
    """Draws batches from corpora, those utterances that are aligned."""

    def __init__(self, parts: Sequence[tuple[Corpus, Alignments]], seed: int) -> None:
        self._chance = np.random.default_rng(seed)
        self._parts = parts
        places, lengths = [], []
        self._labels: list[tuple[npt.NDArray[np.int16], npt.NDArray[np.bool_]]] = []
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
            self._labels.append((phone, begins))
        self._places = np.array(places)
        self._share = np.array(lengths) / sum(lengths)
        self.hours = sum(lengths) / 360_000

    def batch(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Log mel energies (64, frames, 40), frames that are to be digital silence, and the right
        output each 30 ms; -1 counts not."""
        chance, step = self._chance, FRAMES_PER_OUTPUT
        chosen = self._places[chance.choice(len(self._places), EXAMPLES, p=self._share)]
        span = step * (OUTPUTS_PER_EXAMPLE - 1) + 1
        mel = np.empty((EXAMPLES, span + 2 * CONTEXT, MEL_BANDS), np.float32)
        right = np.empty((EXAMPLES, OUTPUTS_PER_EXAMPLE), np.int64)
        silent = np.zeros((EXAMPLES, span + 2 * CONTEXT), np.bool_)
        for row, (part, start, end) in enumerate(chosen):
            corpus = self._parts[part][0]
            phone, begins = self._labels[part]
            first = start + int(chance.integers(-15, max(end - start - span, 0) + 16))
            frames = np.clip(np.arange(first - CONTEXT, first + span + CONTEXT), start, end - 1)
            clean = chance.random() < CLEAN_SHARE or len(corpus.copies) == 1
            copy = 0 if clean else int(chance.integers(1, len(corpus.copies)))
            low, high = int(frames[0]), int(frames[-1]) + 1
            mel[row] = corpus.copies[copy][low:high][frames - low]
            if chance.random() < SILENT_SHARE:
                silent[row] = phone[frames] == 0
            at = first + step * np.arange(OUTPUTS_PER_EXAMPLE)
            inside = (at >= start) & (at < end)
            at = np.clip(at, start, end - 1)
            # an output covers three frames: the phone is new if it began in any of them
            new = (
                begins[at] | (begins[np.maximum(at - 1, start)]) | begins[np.maximum(at - 2, start)]
            )
            right[row] = np.where(inside & (phone[at] >= 0), 2 * phone[at] + ~new, -1)
        return torch.from_numpy(mel), torch.from_numpy(silent), torch.from_numpy(right)


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
    counts, done = np.ones(OUTPUTS), 0
    checkpoint = path.with_suffix(".checkpoint")
    if checkpoint.exists():
        kept = torch.load(checkpoint, weights_only=False)
        network.load_state_dict(kept["network"])
        optimiser.load_state_dict(kept["optimiser"])
        schedule.load_state_dict(kept["schedule"])
        counts, done = kept["counts"], kept["done"]
    network.train()
    losses, rights, total, began = 0.0, 0, 0, time.monotonic()
    for step in range(done, steps):
        mel, silent, right = examples.batch()
        known = right >= 0
        counts += np.bincount(right[known].numpy(), minlength=OUTPUTS)
        mel = augmented(mel).masked_fill(silent[..., None], DIGITAL_SILENCE)
        # half the time on processors that can multiply bfloat16
        with torch.autocast("cpu", torch.bfloat16):
            scores = network(mel)
        scores = scores.float()
        loss = functional.cross_entropy(
            scores.reshape(-1, OUTPUTS),
            right.reshape(-1),
            ignore_index=-1,
            label_smoothing=SMOOTHING,
        )
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 5.0)
        optimiser.step()
        schedule.step()
        losses += loss.item()
        rights += int(((scores.argmax(-1) == right) & known).sum())
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
