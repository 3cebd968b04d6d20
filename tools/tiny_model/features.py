"""Sound -> log mel energies, kept in one file for each kind of copy.

Rules: Kaldi's settings, as conf/mfcc.conf names them; the network is trained on cepstra, which
are one fixed matrix away (`cepstra_from_mel`), so that warping and mixing can be done on mel
energies. Half precision on disk; 30 frames of quiet on both sides of each utterance.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import kaldi_native_fbank
import numpy as np
import numpy.typing as npt
import soundfile

from tools.tiny_model.noise import corrupt, through_headset
from tools.tiny_model.shape import HIGH_HZ, LOW_HZ, MEL_BANDS, RATE_HZ

PAD_FRAMES = 30
HEADSET_SHARE = 0.25
"""Of the copies in noise come through 8 kHz."""
_PAD = np.zeros(PAD_FRAMES * RATE_HZ // 100, np.float32)
Frames = npt.NDArray[np.float32]


def log_mel(sound: npt.NDArray[np.float32]) -> Frames:
    """(frames, 40), 100 a second; sound between -1 and 1."""
    options = kaldi_native_fbank.FbankOptions()
    options.frame_opts.samp_freq = RATE_HZ
    options.frame_opts.dither = 0.0
    options.mel_opts.num_bins = MEL_BANDS
    options.mel_opts.low_freq, options.mel_opts.high_freq = LOW_HZ, HIGH_HZ
    options.use_energy = False
    computer = kaldi_native_fbank.OnlineFbank(options)
    computer.accept_waveform(RATE_HZ, sound * 32768.0)
    computer.input_finished()
    return np.array([computer.get_frame(n) for n in range(computer.num_frames_ready)], np.float32)


def cepstra_from_mel() -> Frames:
    """The 40 x 40 matrix: orthonormal cosine transform and lifter 22, as Kaldi has them."""
    band, order = np.arange(MEL_BANDS) + 0.5, np.arange(MEL_BANDS)
    matrix = np.sqrt(2 / MEL_BANDS) * np.cos(np.pi / MEL_BANDS * order[:, None] * band[None])
    matrix[0] = np.sqrt(1 / MEL_BANDS)
    return (matrix * (1 + 11 * np.sin(np.pi * order / 22))[:, None]).astype(np.float32)


@dataclass(frozen=True)
class Corpus:
    """Utterances, laid end to end."""

    names: tuple[str, ...]
    starts: npt.NDArray[np.int64]
    """First frame of each utterance; one more, for the end."""
    copies: tuple[npt.NDArray[np.float16], ...]
    """The clean one, then those in noise: (all frames, 40)."""

    def clean(self, number: int) -> Frames:
        """The frames of one utterance."""
        return self.copies[0][self.starts[number] : self.starts[number + 1]].astype(np.float32)


def make_corpus(
    names: Sequence[str],
    folder: Path,
    target: Path,
    copies: Sequence[int],
    tell: Callable[[str], None] = print,
) -> None:
    """Features -> one folder of .npy files: copy 0 is clean, the others are each corrupted anew."""
    target.mkdir(parents=True, exist_ok=True)
    sounds = [_read(folder / f"{name}.wav") for name in names]
    lengths = [_frames_in(len(sound) + 2 * len(_PAD)) for sound in sounds]
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    (target / "names.txt").write_text("\n".join(names), encoding="utf-8")
    np.save(target / "starts.npy", starts)
    for copy in copies:
        path = target / f"copy{copy}.npy"
        if path.exists():
            continue
        unfinished = target / f"copy{copy}.part.npy"
        frames = np.lib.format.open_memmap(
            unfinished, "w+", np.float16, (int(starts[-1]), MEL_BANDS)
        )
        for number, sound in enumerate(_copies(sounds, copy)):
            frames[starts[number] : starts[number + 1]] = log_mel(sound)
            if number % 1000 == 0:
                tell(f"features, copy {copy}: {number} of {len(names)}")
        frames.flush()
        del frames
        unfinished.rename(path)


def load_corpus(folder: Path) -> Corpus:
    """What make_corpus left; the frames stay on disk until they are used."""
    names = tuple((folder / "names.txt").read_text(encoding="utf-8").split("\n"))
    copies = [np.load(path, mmap_mode="r") for path in sorted(folder.glob("copy?.npy"))]
    return Corpus(names, np.load(folder / "starts.npy"), tuple(copies))


def _copies(sounds: Sequence[Frames], copy: int) -> Iterator[Frames]:
    for number, sound in enumerate(sounds):
        chance = np.random.default_rng([copy, number])
        padded = np.concatenate([_PAD, sound, _PAD])
        if copy:
            near = [sounds[int(chance.integers(len(sounds)))] for _ in range(12)]
            padded = corrupt(padded, near, chance)
            padded *= float(chance.uniform(0.08, 1.5))
        padded = np.clip(padded + _hiss(len(padded), chance), -1, 1).astype(np.float32)
        if copy and chance.random() < HEADSET_SHARE:
            padded = through_headset(padded, chance)
            # then nothing is above 4 kHz but what rounding leaves, or a hiss that came later
            if chance.random() < 0.5:
                padded = padded + _hiss(len(padded), chance)
            padded = np.round(np.clip(padded, -1, 1) * 32767) / 32767
        yield padded.astype(np.float32)


def _hiss(length: int, chance: np.random.Generator) -> Frames:
    """What a microphone's own noise would be: never digital silence."""
    hiss = chance.standard_normal(length) * 10 ** float(chance.uniform(-4.6, -3.6))
    return hiss.astype(np.float32)


def _read(path: Path) -> npt.NDArray[np.float32]:
    return soundfile.read(path, dtype="float32")[0]


def _frames_in(samples: int) -> int:
    return 1 + (samples - 400) // 160
