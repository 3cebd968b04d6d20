"""Training for whole utterances: the right phones against all other sequences of phones.

Rules: pure functions of tensors, differentiable. This is lattice-free maximum mutual information
(Povey et al., "Purely sequence-trained neural networks for ASR based on lattice-free MMI", 2016)
with phones without context and a two-gram of phones; the right phones may begin and end a few
outputs earlier or later than they were aligned.
"""

import math

import numpy as np
import numpy.typing as npt
import torch

from tools.tiny_model.shape import NAMES

SILENCE_STAYS = 1
"""The output for silence that goes on: what is at both ends of an utterance."""
TOLERANCE = 1
"""Outputs of 30 ms that a phone may begin earlier or end later."""
UNIFORM_SHARE = 0.3
"""Of the two-gram: any phone may follow any other, as in words it was not trained on."""
_NEVER = -1e4


def phone_pairs(counts: npt.NDArray[np.float64]) -> torch.Tensor:
    """How often one phone followed another -> log probabilities (before, after)."""
    phones = len(NAMES)
    seen = (counts + 0.1) / (counts + 0.1).sum(axis=1, keepdims=True)
    mixed = (1 - UNIFORM_SHARE) * seen + UNIFORM_SHARE / phones
    return torch.from_numpy(np.log(mixed)).float()


def count_pairs(right: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The pairs in rows of right outputs."""
    phones = len(NAMES)
    counts = np.zeros((phones, phones))
    before, after = right[:, :-1], right[:, 1:]
    begins = (after >= 0) & (before >= 0) & (after % 2 == 0)
    np.add.at(counts, (before[begins] // 2, after[begins] // 2), 1)
    return counts


def sequence_loss(scores: torch.Tensor, right: torch.Tensor, pairs: torch.Tensor) -> torch.Tensor:
    """Mean over outputs of log p(any phones) - log p(the right ones); never below zero but for
    the edges.

    scores: (batch, outputs in time, 80); right: the same without the last, -1 counts as silence.
    """
    right = torch.where(right < 0, SILENCE_STAYS, right)
    return (_any(scores, pairs) - _right(scores, right, pairs)).mean() / scores.shape[1]


def _any(scores: torch.Tensor, pairs: torch.Tensor) -> torch.Tensor:
    """(batch): log sum over all sequences of phones."""
    peak = scores.detach().amax(-1, keepdim=True)
    likely = (scores - peak).exp()
    begin, stay = likely[..., 0::2], likely[..., 1::2]
    follow = pairs.exp()
    at = torch.full_like(begin[:, 0], 1 / len(NAMES))
    total = peak.sum((1, 2))
    for time in range(scores.shape[1]):
        at = (at @ follow) * begin[:, time] + at * stay[:, time]
        share = at.sum(-1, keepdim=True)
        at = at / share
        total = total + share.log().squeeze(-1)
    return total


def _right(scores: torch.Tensor, right: torch.Tensor, pairs: torch.Tensor) -> torch.Tensor:
    """(batch): log sum over the ways to time the right phones."""
    phone, first, last = _segments(right)
    times = torch.arange(right.shape[1])
    # (batch, time, segment)
    allowed = (times[None, :, None] >= first[:, None] - TOLERANCE) & (
        times[None, :, None] <= last[:, None] + TOLERANCE
    )
    closed = torch.zeros(allowed.shape).masked_fill_(~allowed, _NEVER)
    index = (2 * phone)[:, None].expand(-1, right.shape[1], -1)
    begin = torch.gather(scores, 2, index) + closed
    stay = torch.gather(scores, 2, index + 1) + closed
    follow = pairs[phone[:, :-1], phone[:, 1:]]
    edge = torch.full((len(phone), 1), _NEVER)
    # before the first output it may have been in any segment near it, as `_any` may
    at = torch.where(first <= TOLERANCE, -math.log(len(NAMES)), _NEVER)
    enter_first = torch.logsumexp(pairs[:, phone[:, 0]].T - math.log(len(NAMES)), -1, keepdim=True)
    for time in range(right.shape[1]):
        moved = torch.cat([enter_first if time == 0 else edge, at[:, :-1] + follow], 1)
        at = torch.logaddexp(moved + begin[:, time], at + stay[:, time])
    ended = torch.where(last >= right.shape[1] - 1 - TOLERANCE, 0.0, _NEVER)
    return torch.logsumexp(at + ended, -1)


def _segments(right: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """(batch, segments) each: phones in order, their first and last outputs. Rows with fewer are
    filled with segments that are never."""
    phones = right // 2
    new = right % 2 == 0
    new[:, 1:] |= phones[:, 1:] != phones[:, :-1]
    new[:, 0] = True
    number = new.long().cumsum(1) - 1
    rows, most, length = len(right), int(number.max()) + 1, right.shape[1]
    phone = torch.zeros(rows, most, dtype=torch.long).scatter_(1, number, phones)
    times = torch.arange(length).expand(rows, -1)
    far = 10 * length
    first = torch.full((rows, most), far).scatter_reduce_(1, number, times, "amin")
    last = torch.full((rows, most), -far).scatter_reduce_(1, number, times, "amax")
    return phone, first, last
