"""What the small model is trained by: the loss of whole sequences, and disturbances.

Training needs PyTorch, which is not installed for testing; then these are skipped.
"""

import itertools
import math

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is for training the small model only")


def likelihood(scores: "torch.Tensor", outputs: tuple[int, ...], pairs: "torch.Tensor") -> float:
    """Of one sequence of outputs, begun by any phone; 0 where a phone stays that was not there."""
    phones = len(pairs)
    total = 0.0
    for first in range(phones):
        at, log = first, -math.log(phones)
        for time, output in enumerate(outputs):
            phone, stays = divmod(output, 2)
            if stays and phone != at:
                break
            if not stays:
                log += float(pairs[at, phone])
            log += float(scores[time, output])
            at = phone
        else:
            total += math.exp(log)
    return total


def test_the_loss_is_that_of_all_sequences_counted_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tools.tiny_model import sequence

    phones, length = 3, 4
    monkeypatch.setattr(sequence, "NAMES", ("SIL", "AA", "B"))
    monkeypatch.setattr(sequence, "TOLERANCE", 0)
    torch.manual_seed(1)
    scores = torch.randn(length, 2 * phones)
    pairs = sequence.phone_pairs(np.random.default_rng(1).integers(0, 9, (phones, phones)) * 1.0)
    anything = sum(
        likelihood(scores, one, pairs) for one in itertools.product(range(6), repeat=length)
    )
    # silence that went on, then AA for two outputs, then B
    right = (1, 2, 3, 4)
    wanted = likelihood(scores, right, pairs) + likelihood(scores, (0, *right[1:]), pairs)
    found = sequence.sequence_loss(scores[None], torch.tensor([right]), pairs)
    assert float(found) * length == pytest.approx(math.log(anything / wanted), abs=1e-4)


def test_right_sounds_may_come_a_little_earlier_or_later() -> None:
    from tools.tiny_model import sequence

    right = torch.tensor([[1, 1, 1, 12, 13, 13, 1]])
    pairs = sequence.phone_pairs(np.ones((len(sequence.NAMES),) * 2))
    losses = []
    for shift in (0, 1, 3):
        scores = torch.full((1, 7, 80), -5.0)
        for time, output in enumerate([1] * 7):
            scores[0, time, output] = 5.0
        for time, output in enumerate((12, 13, 13)):
            at = min(3 + shift - 2 * (shift == 1) + time, 6)
            scores[0, at] = -5.0
            scores[0, at, output] = 5.0
        losses.append(float(sequence.sequence_loss(scores, right, pairs)))
    assert losses[0] < 2.0
    assert losses[1] < losses[2]


def test_only_moments_in_which_nobody_speaks_are_disturbed() -> None:
    from tools.tiny_model.training import disturbed

    torch.manual_seed(2)
    mel = torch.randn(32, 90, 40) + 8
    quiet = torch.zeros(32, 90, dtype=torch.bool)
    quiet[:, :30] = quiet[:, 70:] = True
    changed = disturbed(mel.clone(), quiet)
    assert torch.equal(changed[:, 30:70], mel[:, 30:70])
    assert not torch.equal(changed[:, :30], mel[:, :30])
    assert not torch.isnan(changed).any()
