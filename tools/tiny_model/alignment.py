"""Which phone is said when.

Rules: an alignment is the phones of an utterance in order, each with its frames of 10 ms, the
padding included; first PocketSphinx's, then by our own network, which is better at it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pocketsphinx
import soundfile
import torch

from tools.tiny_model.features import PAD_FRAMES, Corpus
from tools.tiny_model.network import CONTEXT, Network
from tools.tiny_model.shape import FRAMES_PER_OUTPUT, NAMES, NUMBER
from tools.tiny_model.texts import dictionary
from voice_ally.models.accents import both

Alignments = Mapping[str, Sequence[tuple[int, int]]]
"""Name -> (phone, frames), one after the other."""
SHORTEST_FRAMES = 3
WORST_SCORE = 0.2
"""Mean score a frame below which what was said is probably not what was written; most have 1.6."""


def by_pocketsphinx(
    texts: Mapping[str, str], folder: Path, most: int, tell: Callable[[str], None] = print
) -> dict[str, list[tuple[int, int]]]:
    """A first alignment of up to `most` utterances; those it cannot align are left out."""
    decoder = pocketsphinx.Decoder(lm=None, loglevel="FATAL")
    found: dict[str, list[tuple[int, int]]] = {}
    for name, text in texts.items():
        if len(found) == most:
            break
        sound = soundfile.read(folder / f"{name}.wav", dtype="int16")[0].tobytes()
        try:
            decoder.set_align_text(text)
            _decode(decoder, sound)
            decoder.set_alignment()
            _decode(decoder, sound)
            entries = [phone for word in decoder.get_alignment() for phone in word]
        except RuntimeError:
            continue
        segments = [(0, PAD_FRAMES)]
        at = 0
        for entry in entries:
            if entry.start > at:
                segments.append((0, entry.start - at))
            segments.append((NUMBER.get(entry.name, 0), entry.duration))
            at = entry.start + entry.duration
        # the rest is quiet; a few frames too many do no harm, they are cut where the sound ends
        segments.append((0, PAD_FRAMES + 100))
        found[name] = _joined(segments)
        if len(found) % 200 == 0:
            tell(f"first alignment: {len(found)} of {most}")
    return found


def by_network(
    network: Network,
    prior: npt.NDArray[np.float64],
    corpus: Corpus,
    texts: Mapping[str, str],
    tell: Callable[[str], None] = print,
) -> tuple[dict[str, list[tuple[int, int]]], dict[str, float]]:
    """The likeliest alignment of each utterance, and its mean score a frame."""
    torch.set_num_threads(1)
    log_prior = np.log(prior.reshape(-1, 2).sum(axis=1))
    found: dict[str, list[tuple[int, int]]] = {}
    scores: dict[str, float] = {}
    for number, name in enumerate(corpus.names):
        if name in texts:
            likely = _phone_scores(network, corpus.clean(number)) - 0.8 * log_prior
            path, score = _viterbi(likely, texts[name])
            scores[name] = score
            if path and score > WORST_SCORE:
                found[name] = path
        if number % 1000 == 0:
            tell(f"aligning: {number} of {len(corpus.names)}")
    return found, scores


def write(alignments: Alignments, path: Path) -> None:
    """One line an utterance."""
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as file:
        for name, segments in alignments.items():
            file.write(f"{name}\t{' '.join(f'{NAMES[phone]}:{n}' for phone, n in segments)}\n")
    unfinished.replace(path)


def read(path: Path) -> dict[str, list[tuple[int, int]]]:
    """What write() wrote."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, _, rest = line.partition("\t")
        pairs = (one.split(":") for one in rest.split())
        found[name] = [(NUMBER[phone], int(frames)) for phone, frames in pairs]
    return found


def _decode(decoder: pocketsphinx.Decoder, sound: bytes) -> None:
    decoder.start_utt()
    decoder.process_raw(sound, full_utt=True)
    decoder.end_utt()


def _joined(segments: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Silence beside silence made one."""
    joined: list[tuple[int, int]] = []
    for phone, frames in segments:
        if joined and phone == 0 == joined[-1][0]:
            joined[-1] = (0, joined[-1][1] + frames)
        else:
            joined.append((phone, frames))
    return joined


def _phone_scores(network: Network, mel: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """(frames, 40) log probabilities, every 10 ms: three passes, each a frame later."""
    step, frames = FRAMES_PER_OUTPUT, len(mel)
    padded = np.concatenate(
        [np.repeat(mel[:1], CONTEXT, 0), mel, np.repeat(mel[-1:], CONTEXT + step, 0)]
    )
    scores = np.zeros((frames, len(NAMES)), np.float32)
    for phase in range(step):
        outputs = len(range(phase, frames, step))
        part = padded[phase : phase + 2 * CONTEXT + step * (outputs - 1) + 1]
        with torch.no_grad():
            both = torch.log_softmax(network(torch.from_numpy(part)[None])[1][0], -1).numpy()
        scores[phase::step] = np.logaddexp(both[:, 0::2], both[:, 1::2])
    return scores


def _states(text: str) -> tuple[list[tuple[int, bool]], list[list[int]], list[int]]:
    """((phone, is it its first?), states before, states that may end it): silence may stand
    between words, pronunciations side by side. -1 stands before the start."""
    states: list[tuple[int, bool]] = []
    before: list[list[int]] = []

    def add(phone: int, after: list[int]) -> int:
        for copy in range(SHORTEST_FRAMES):
            states.append((phone, copy == 0))
            before.append(list(after) if copy == 0 else [len(states) - 2])
        before[-1].append(len(states) - 1)
        return len(states) - 1

    ends = [add(0, [-1])]
    for word in text.split():
        new = []
        for pronunciation in sorted({way for one in dictionary()[word] for way in both(one)}):
            at = ends
            for phone in pronunciation:
                at = [add(NUMBER[phone], at)]
            new += at
        ends = [*new, add(0, new)]
    return states, before, ends


def _viterbi(likely: npt.NDArray[np.float32], text: str) -> tuple[list[tuple[int, int]], float]:
    states, before, ends = _states(text)
    count, frames = len(states), len(likely)
    most = max(map(len, before))
    nowhere, start = count, count + 1
    sources = np.full((count, most), nowhere)
    for state, these in enumerate(before):
        sources[state, : len(these)] = [start if one < 0 else one for one in these]
    emitted = likely[:, [phone for phone, _ in states]]
    best = np.full(count + 2, -1e9)
    best[start] = 0.0
    back = np.zeros((frames, count), np.int32)
    rows = np.arange(count)
    for frame in range(frames):
        options = best[sources]
        pick = options.argmax(axis=1)
        back[frame] = sources[rows, pick]
        best[:count] = options[rows, pick] + emitted[frame]
        best[start] = -1e9
    state = max(ends, key=lambda one: best[one])
    score = float(best[state]) / frames
    if best[state] < -1e8:
        return [], score
    path = [state]
    for frame in range(frames - 1, 0, -1):
        path.append(int(back[frame, path[-1]]))
    path.reverse()
    segments: list[tuple[int, int]] = []
    for frame, state in enumerate(path):
        phone, first = states[state]
        if first and (frame == 0 or path[frame - 1] != state):
            segments.append((phone, 1))
        else:
            segments[-1] = (phone, segments[-1][1] + 1)
    return segments, score
