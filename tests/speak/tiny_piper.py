"""A Piper voice small enough to be made in a test: it hums where a real one speaks.

It has the shape of Piper's VITS models (inputs input, input_lengths, scales; 256 samples a
phoneme, longer with a larger length scale); its weights are random.
"""

import json
from pathlib import Path

import numpy
import pytest

RATE_HZ = 22_050
SAMPLES_A_PHONEME = 256


def make_voice(folder: Path, name: str = "en_XX-tiny-low") -> Path:
    """Write NAME.onnx and NAME.onnx.json; skips where the extra or onnx is not installed."""
    pytest.importorskip("piper", reason="the extra piper is not installed")
    onnx = pytest.importorskip("onnx", reason="onnx, which makes the voice, is not installed")
    helper, number = onnx.helper, onnx.TensorProto
    chance = numpy.random.default_rng(3)
    table = chance.normal(0, 0.2, (256, SAMPLES_A_PHONEME)).astype("float32")

    def constant(label: str, value: numpy.ndarray) -> object:
        return onnx.numpy_helper.from_array(value, label)

    nodes = [
        helper.make_node("Gather", ["table", "input"], ["spoken"], axis=0),
        helper.make_node("Reshape", ["spoken", "flat"], ["line"]),
        helper.make_node("Shape", ["line"], ["size"]),
        helper.make_node("Gather", ["size", "nought"], ["count"], axis=0),
        helper.make_node("Cast", ["count"], ["usual"], to=number.FLOAT),
        helper.make_node("Gather", ["scales", "one"], ["length"], axis=0),
        helper.make_node("Mul", ["usual", "length"], ["stretched"]),
        helper.make_node("Floor", ["stretched"], ["end"]),
        helper.make_node("Range", ["start", "end", "step"], ["time"]),
        helper.make_node("Div", ["time", "length"], ["back"]),
        helper.make_node("Cast", ["back"], ["where"], to=number.INT64),
        helper.make_node("Gather", ["line", "where"], ["samples"], axis=0),
        helper.make_node("Reshape", ["samples", "shape"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [
            helper.make_tensor_value_info("input", number.INT64, [1, "phonemes"]),
            helper.make_tensor_value_info("input_lengths", number.INT64, [1]),
            helper.make_tensor_value_info("scales", number.FLOAT, [3]),
        ],
        [helper.make_tensor_value_info("output", number.FLOAT, [1, 1, "time"])],
        [
            constant("table", table),
            constant("flat", numpy.array([-1])),
            constant("shape", numpy.array([1, 1, -1])),
            constant("nought", numpy.array(0)),
            constant("one", numpy.array(1)),
            constant("start", numpy.array(0, "float32")),
            constant("step", numpy.array(1, "float32")),
        ],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)])
    model.ir_version = 8
    file = folder / f"{name}.onnx"
    onnx.save(model, file)
    phonemes = {sign: [place] for place, sign in enumerate("_^$ !,.?abcdefhijklmnopqrstuvwxyz", 0)}
    phonemes |= {sign: [60 + place] for place, sign in enumerate("æðŋɐɑɔəɚɛɡɪɹɾʃʊʌʒˈˌː")}
    config = {
        "audio": {"sample_rate": RATE_HZ},
        "espeak": {"voice": "en-us"},
        "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
        "num_symbols": 256,
        "num_speakers": 1,
        "phoneme_type": "espeak",
        "phoneme_id_map": phonemes,
    }
    Path(f"{file}.json").write_text(json.dumps(config), encoding="utf-8")
    return file
