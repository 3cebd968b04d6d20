"""Training can go on from a model folder: what is read back says what the model says.

Training needs PyTorch, which is not installed for testing; then these are skipped.
"""

from pathlib import Path

import numpy as np
import pytest

from tools.tiny_model.export import final_mdl
from voice_ally.settings.places import bundled_model

torch = pytest.importorskip("torch", reason="PyTorch is for training the small model only")
SCALE = 0.5


def some_mel() -> "torch.Tensor":
    torch.manual_seed(1)
    return torch.randn(4, 150, 40) * 3 + 8


def test_the_bundled_network_read_and_written_is_the_same_byte_for_byte() -> None:
    from tools.tiny_model.begin import read_layers, unfolded
    from tools.tiny_model.network import folded

    written = (bundled_model() / "am/final.mdl").read_bytes()
    layers = read_layers(bundled_model())
    assert final_mdl(layers) == written
    assert final_mdl(folded(unfolded(layers, SCALE), SCALE)) == written


def test_what_is_read_back_computes_what_the_layers_compute() -> None:
    from tools.tiny_model.begin import read_layers, unfolded
    from tools.tiny_model.features import cepstra_from_mel
    from tools.tiny_model.network import run_folded

    layers, mel = read_layers(bundled_model()), some_mel()[0]
    with torch.no_grad():
        scores = unfolded(layers, SCALE)(mel[None])[0][0].numpy()
    wanted = run_folded(layers, mel.numpy() @ cepstra_from_mel().T)
    assert np.abs(scores * SCALE - wanted).max() < 1e-3


def test_normalisation_is_found_again_and_changes_nothing() -> None:
    from tools.tiny_model.begin import normalised, read_layers, unfolded

    network, mel = unfolded(read_layers(bundled_model()), SCALE), some_mel()
    with torch.no_grad():
        before = [one.clone() for one in network(mel)]
        after = normalised(network, [mel[:2], mel[2:]])(mel)
        for one, other in zip(before, after, strict=True):
            assert float((one - other).abs().max()) < 1e-3
        # and what goes on is spread as training wants it
        seen = network.first((mel @ network.to_cepstra).transpose(1, 2))
    assert float(seen.mean((0, 2)).abs().max()) < 1e-3
    assert float((seen.std((0, 2)) - 1).abs().max()) < 1e-2


def test_part_of_the_way_lies_between() -> None:
    from tools.tiny_model.begin import between, read_layers

    start = read_layers(bundled_model())
    end = [type(one)(one.offsets, one.weights + 1, one.bias - 2, one.rectified) for one in start]
    for way in (0.0, 0.25, 1.0):
        for one, found in zip(start, between(start, end, way), strict=True):
            np.testing.assert_allclose(found.weights, one.weights + way, atol=1e-5)
            np.testing.assert_allclose(found.bias, one.bias - 2 * way, atol=1e-5)


def test_a_model_of_another_shape_is_refused() -> None:
    from tools.tiny_model.begin import read_layers, unfolded

    layers = read_layers(bundled_model())
    with pytest.raises(ValueError, match="another shape"):
        unfolded(layers[1:], SCALE)


def test_a_changed_word_list_changes_only_the_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tools.tiny_model import __main__ as pipeline
    from tools.tiny_model.begin import read_layers

    def written(name: str) -> dict[str, bytes]:
        pipeline.write_model(read_layers(bundled_model()), tmp_path / name)
        files = (one for one in (tmp_path / name).rglob("*") if one.is_file())
        return {one.relative_to(tmp_path / name).as_posix(): one.read_bytes() for one in files}

    first = written("first")
    assert written("again") == first
    words = pipeline.vocabulary_words()
    monkeypatch.setattr(pipeline, "vocabulary_words", lambda: words[:-3])
    changed = {name for name, content in written("fewer").items() if content != first[name]}
    assert changed == {"graph/HCLr.fst", "graph/Gr.fst", "lexicon.txt"}
