"""The network: a small time-delay network that Kaldi can run.

Rules: affine layers over a few neighbouring frames, rectified and normalised; the normalisation
is folded away for export. One output every 30 ms. Two heads: `last` is what is exported and learns
whole sequences, `beside` learns which phone each frame is; it steadies the training and aligns.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from tools.tiny_model.features import cepstra_from_mel
from tools.tiny_model.shape import FRAMES_PER_OUTPUT, MEL_BANDS, OUTPUTS, Affine

OFFSETS = (tuple(range(-4, 5)), (-3, 0, 3), (-3, 0, 3), (-3, 0, 3), (-3, 0, 3), (-6, 0, 6))
"""Frames of 10 ms that each layer sees around its own. Already the first is computed every 30 ms
only."""
CONTEXT = sum(one[-1] for one in OFFSETS)
"""Frames needed on either side of an output."""


class Network(nn.Module):
    """Log mel energies (batch, frames, 40) -> scores, twice (batch, outputs in time, 80)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.width = width
        self.register_buffer("to_cepstra", torch.from_numpy(cepstra_from_mel().T.copy()))
        self.first = nn.BatchNorm1d(MEL_BANDS, affine=False)
        widths = [MEL_BANDS, *[width] * len(OFFSETS)]
        self.layers = nn.ModuleList(
            nn.Conv1d(
                widths[n],
                widths[n + 1],
                len(offsets),
                stride=1 if n else FRAMES_PER_OUTPUT,
                dilation=(offsets[1] - offsets[0]) // (FRAMES_PER_OUTPUT if n else 1),
            )
            for n, offsets in enumerate(OFFSETS)
        )
        self.norms = nn.ModuleList(nn.BatchNorm1d(width, affine=False) for _ in OFFSETS)
        self.last = nn.Conv1d(width, OUTPUTS, 1)
        self.beside = nn.Conv1d(width, OUTPUTS, 1)

    def forward(self, mel: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Of `last`, then of `beside`; frames = 2 · CONTEXT + 3 · (outputs - 1) + 1."""
        seen = self.first((mel @ self.to_cepstra).transpose(1, 2))
        for layer, norm in zip(self.layers, self.norms, strict=True):
            seen = norm(torch.relu(layer(seen)))
        return self.last(seen).transpose(1, 2), self.beside(seen).transpose(1, 2)


def folded(network: Network, scale: float) -> list[Affine]:
    """The layers, with normalisation and scale inside the weights: output = scale · score."""
    network.eval()
    gain, shift = _normalisation(network.first)
    layers = []
    for layer, norm, offsets in zip(
        [*network.layers, network.last], [*network.norms, None], [*OFFSETS, (0,)], strict=True
    ):
        weights = layer.weight.detach().double().numpy()
        bias = layer.bias.detach().double().numpy() + np.einsum("oik,i->o", weights, shift)
        weights = (weights * gain[None, :, None]).transpose(0, 2, 1).reshape(len(weights), -1)
        if norm is None:
            weights, bias = weights * scale, bias * scale
        else:
            gain, shift = _normalisation(norm)
        layers.append(
            Affine(offsets, weights.astype(np.float32), bias.astype(np.float32), norm is not None)
        )
    return layers


def run_folded(layers: list[Affine], cepstra: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """What Kaldi will compute, frame by frame, for a check: outputs every 30 ms."""
    known = dict(enumerate(cepstra))
    for layer in layers:
        known = {
            at: layer.weights @ np.concatenate([known[at + one] for one in layer.offsets])
            + layer.bias
            for at in known
            if all(at + one in known for one in layer.offsets)
        }
        if layer.rectified:
            known = {at: np.maximum(value, 0) for at, value in known.items()}
    return np.stack([known[at] for at in sorted(known)[::FRAMES_PER_OUTPUT]])


def save(network: Network, prior: npt.NDArray[np.float64], path: Path) -> None:
    """Weights, and how often each output is right."""
    unfinished = path.with_suffix(".part")
    torch.save({"width": network.width, "state": network.state_dict(), "prior": prior}, unfinished)
    unfinished.replace(path)


def load(path: Path) -> tuple[Network, npt.NDArray[np.float64]]:
    """What save() wrote."""
    kept = torch.load(path, weights_only=False)
    network = Network(kept["width"])
    network.load_state_dict(kept["state"])
    network.eval()
    return network, kept["prior"]


def _normalisation(norm: nn.BatchNorm1d) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    assert norm.running_var is not None and norm.running_mean is not None
    gain = 1 / np.sqrt(norm.running_var.double().numpy() + norm.eps)
    return gain, -norm.running_mean.double().numpy() * gain
