"""A model folder -> a network that training can go on from.

Rules: what is read back computes what Kaldi computes. Normalisation was folded into the weights on
export: `unfolded` leaves it out (it changes nothing), `normalised` brings it back, measured anew on
what the network will be trained on, without changing what the network says.
"""

import re
import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from tools.tiny_model.network import OFFSETS, Network
from tools.tiny_model.shape import OUTPUTS, Affine

_OFFSET = re.compile(r"Offset\([^,]+, (-?\d+)\)")


def read_layers(folder: Path) -> list[Affine]:
    """The layers of am/final.mdl, as export.py writes it."""
    return layers_of((folder / "am/final.mdl").read_bytes())


def layers_of(mdl: bytes) -> list[Affine]:
    """What final_mdl() was given."""
    at = mdl.index(b"<Nnet3> ") + len(b"<Nnet3> ")
    lines_end = mdl.index(b"\n\n", at)
    inputs: dict[str, str] = {}
    for line in mdl[at:lines_end].decode().splitlines():
        if line.startswith("component-node"):
            name, _, rest = line.removeprefix("component-node name=").partition(" ")
            inputs[name] = rest.partition(" input=")[2]
    layers = []
    for name, seen in inputs.items():
        if not name.endswith(".affine"):
            continue
        at = mdl.index(f"<ComponentName> {name} ".encode(), lines_end)
        weights, at = _numbers(mdl, b"<LinearParams> FM ", 2, at)
        bias, at = _numbers(mdl, b"<BiasParams> FV ", 1, at)
        rectified = f"{name.removesuffix('.affine')}.relu" in inputs
        layers.append(Affine(_offsets(seen), weights, bias, rectified))
    return layers


def unfolded(layers: Sequence[Affine], scale: float) -> Network:
    """The network that `folded(…, scale)` makes these layers of; its normalisation does nothing
    yet, and its second head is a copy of the first."""
    *hidden, last = layers
    if [one.offsets for one in hidden] != list(OFFSETS) or len(last.bias) != OUTPUTS:
        raise ValueError("the model has layers of another shape than training makes")
    network = Network(len(hidden[0].bias))
    with torch.no_grad():
        for layer, known in zip(network.layers, hidden, strict=True):
            _set(layer, known, 1.0)
        for head in (network.last, network.beside):
            _set(head, last, 1 / scale)
    for norm in (network.first, *network.norms):
        _set_norm(norm, torch.zeros(norm.num_features), torch.ones(norm.num_features) - norm.eps)
    return network.eval()


def normalised(network: Network, batches: Iterable[torch.Tensor]) -> Network:
    """What `unfolded` gave, its normalisation measured on these log mel energies (batch, frames,
    40); it says the same as before."""
    seen: list[list[torch.Tensor]] = []
    with torch.no_grad():
        for mel in batches:
            one = [(mel @ network.to_cepstra).transpose(1, 2)]
            for layer in network.layers:
                one.append(torch.relu(layer(one[-1])))
            seen.append(
                [
                    torch.stack([values.mean((0, 2)), values.square().mean((0, 2))]).double()
                    for values in one
                ]
            )
        norms = [network.first, *network.norms]
        following = [[one] for one in network.layers] + [[network.last, network.beside]]
        for number, (norm, layers) in enumerate(zip(norms, following, strict=True)):
            mean, square = torch.stack([one[number] for one in seen]).mean(0)
            variance = (square - mean.square()).clamp_min(0.0)
            _set_norm(norm, mean, variance)
            for layer in layers:
                weights = layer.weight.double()
                layer.bias += torch.einsum("oik,i->o", weights, mean).float()
                layer.weight.copy_(weights * (variance + norm.eps).sqrt()[None, :, None])
    return network


def between(start: Sequence[Affine], end: Sequence[Affine], way: float) -> list[Affine]:
    """So much of the way from one set of layers to the other: 0 is the first, 1 the second."""
    return [
        Affine(
            one.offsets,
            (one.weights + way * (other.weights - one.weights)).astype(np.float32),
            (one.bias + way * (other.bias - one.bias)).astype(np.float32),
            one.rectified,
        )
        for one, other in zip(start, end, strict=True)
    ]


def mean(several: Sequence[Sequence[Affine]]) -> list[Affine]:
    """Of networks that went different ways from the same start: better than each."""
    found = list(several[0])
    for number, layers in enumerate(several[1:], 2):
        found = between(found, layers, 1 / number)
    return found


def _offsets(seen: str) -> tuple[int, ...]:
    """The frames in Append(Offset(before, -3), before, Offset(before, 3))."""
    parts = re.split(r", (?![-\d])", seen.removeprefix("Append(")) if "Append" in seen else [seen]
    found = [_OFFSET.search(one) for one in parts]
    return tuple(int(one[1]) if one else 0 for one in found)


def _numbers(
    mdl: bytes, token: bytes, dimensions: int, start: int
) -> tuple[npt.NDArray[np.float32], int]:
    at = mdl.index(token, start) + len(token)
    shape = []
    for _ in range(dimensions):
        shape.append(struct.unpack_from("<i", mdl, at + 1)[0])
        at += 5
    values = np.frombuffer(mdl, "<f4", int(np.prod(shape)), at)
    return values.reshape(shape).astype(np.float32), at + values.nbytes


def _set(layer: nn.Conv1d, known: Affine, scale: float) -> None:
    offsets = len(known.offsets)
    weights = known.weights.reshape(len(known.bias), offsets, -1).transpose(0, 2, 1)
    layer.weight.copy_(torch.from_numpy(weights * np.float32(scale)))
    layer.bias.copy_(torch.from_numpy(known.bias * np.float32(scale)))


def _set_norm(norm: nn.BatchNorm1d, mean: torch.Tensor, variance: torch.Tensor) -> None:
    assert norm.running_mean is not None and norm.running_var is not None
    norm.running_mean.copy_(mean)
    norm.running_var.copy_(variance)
