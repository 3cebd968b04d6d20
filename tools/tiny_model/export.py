"""Trained layers -> am/final.mdl and conf/, as Vosk reads them.

Rules: Kaldi's binary format, written with struct; one topology for all phones (enter, then stay);
context through Append and Offset; no priors and no log-softmax, they are folded into the weights.
"""

import io
import math
import struct
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from tools.tiny_model.shape import (
    FRAMES_PER_OUTPUT,
    HIGH_HZ,
    LOW_HZ,
    MEL_BANDS,
    RATE_HZ,
    Affine,
)
from voice_ally.models.phones import KALDI_PHONES, POSITIONS, SILENCE, TRANSITIONS

NO_OUTPUT = -1


def final_mdl(layers: Sequence[Affine]) -> bytes:
    """The acoustic model."""
    out = _Kaldi()
    out.write(b"\0B")
    _transition_model(out)
    _nnet3(out, layers)
    return out.getvalue()


def conf_files(beam: float = 14.0) -> dict[str, bytes]:
    """Path within the model folder -> content."""
    features = {
        "sample-frequency": RATE_HZ,
        "use-energy": "false",
        "num-mel-bins": MEL_BANDS,
        "num-ceps": MEL_BANDS,
        "low-freq": LOW_HZ,
        "high-freq": HIGH_HZ,
        "allow-downsample": "true",
        # without it the same sound is not heard the same twice
        "dither": 0,
    }
    decoding = {
        "min-active": 200,
        "max-active": 5000,
        "beam": beam,
        "lattice-beam": 2.0,
        "acoustic-scale": 1.0,
        "frame-subsampling-factor": FRAMES_PER_OUTPUT,
        "endpoint.silence-phones": SILENCE,
        "endpoint.rule2.min-trailing-silence": 0.5,
        "endpoint.rule3.min-trailing-silence": 0.75,
        "endpoint.rule4.min-trailing-silence": 1.0,
    }
    return {"conf/mfcc.conf": _options(features), "conf/model.conf": _options(decoding)}


def _options(options: dict[str, object]) -> bytes:
    return "".join(f"--{name}={value}\n" for name, value in options.items()).encode()


class _Kaldi(io.BytesIO):
    """Kaldi's binary primitives: each number is preceded by its size."""

    def token(self, *tokens: str) -> None:
        for one in tokens:
            self.write(one.encode() + b" ")

    def integer(self, *values: int) -> None:
        for value in values:
            self.write(b"\x04" + struct.pack("<i", value))

    def single(self, value: float) -> None:
        self.write(b"\x04" + struct.pack("<f", value))

    def double(self, value: float) -> None:
        self.write(b"\x08" + struct.pack("<d", value))

    def integers(self, values: Iterable[int]) -> None:
        data = np.fromiter(values, "<i4")
        self.write(b"\x04" + struct.pack("<i", len(data)) + data.tobytes())

    def vector(self, values: npt.ArrayLike) -> None:
        data = np.asarray(values, "<f4")
        self.token("FV")
        self.integer(len(data))
        self.write(data.tobytes())

    def matrix(self, values: npt.NDArray[np.float32]) -> None:
        self.token("FM")
        self.integer(*values.shape)
        self.write(np.ascontiguousarray(values, "<f4").tobytes())


def _transition_model(out: _Kaldi) -> None:
    out.token("<TransitionModel>", "<Topology>")
    out.integers(range(1, KALDI_PHONES + 1))
    out.integers([-1] + [0] * KALDI_PHONES)
    out.integer(-1)  # entering and staying have outputs of their own
    out.integer(1)  # one topology …
    out.integer(2)  # … of two states
    out.integer(0, 1)  # the first: class of its entering output, class of its staying output
    out.integer(2, 0)  # two ways on: to itself …
    out.single(0.5)
    out.integer(1)  # … and out
    out.single(0.5)
    out.integer(NO_OUTPUT, NO_OUTPUT, 0)  # the second: the end
    out.token("</Topology>", "<Tuples>")
    out.integer(KALDI_PHONES)
    for phone in range(1, KALDI_PHONES + 1):
        base = 0 if phone == SILENCE else 1 + (phone - 2) // len(POSITIONS)
        out.integer(phone, 0, 2 * base, 2 * base + 1)
    out.token("</Tuples>", "<LogProbs>")
    out.vector([0.0] + [math.log(0.5)] * TRANSITIONS)
    out.token("</LogProbs>", "</TransitionModel>")


def _nnet3(out: _Kaldi, layers: Sequence[Affine]) -> None:
    lines, components = [f"input-node name=input dim={MEL_BANDS}"], []
    before = "input"
    for number, layer in enumerate(layers, 1):
        name = f"tdnn{number}" if number < len(layers) else "output"
        frames = [before if at == 0 else f"Offset({before}, {at})" for at in layer.offsets]
        seen = frames[0] if len(frames) == 1 else f"Append({', '.join(frames)})"
        before = f"{name}.affine"
        lines.append(f"component-node name={before} component={before} input={seen}")
        components.append((before, layer, 0))
        if layer.rectified:
            lines.append(f"component-node name={name}.relu component={name}.relu input={before}")
            before = f"{name}.relu"
            components.append((before, layer, len(layer.bias)))
    lines.append(f"output-node name=output input={before} objective=linear")
    out.token("<Nnet3>")
    out.write(b"\n" + "\n".join(lines).encode() + b"\n\n")
    out.token("<NumComponents>")
    out.integer(len(components))
    for name, layer, rectified in components:
        out.token("<ComponentName>", name)
        if rectified:
            out.token("<RectifiedLinearComponent>", "<Dim>")
            out.integer(rectified)
            for statistic in ("<ValueAvg>", "<DerivAvg>"):
                out.token(statistic)
                out.vector([])
            for count in ("<Count>", "<NumDimsSelfRepaired>", "<NumDimsProcessed>"):
                out.token(count)
                out.double(0.0)
            out.token("</RectifiedLinearComponent>")
        else:
            out.token("<FixedAffineComponent>", "<LinearParams>")
            out.matrix(layer.weights)
            out.token("<BiasParams>")
            out.vector(layer.bias)
            out.token("</FixedAffineComponent>")
    out.token("</Nnet3>", "<LeftContext>")
    out.integer(0)
    out.token("<RightContext>")
    out.integer(0)
    out.token("<Priors>")
    out.vector([])
