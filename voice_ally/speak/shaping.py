"""What every voice's lines go through: read as people say them, paused, trimmed, levelled.

Rules: pure but for the rendering that is handed in. A line becomes pieces, each rendered alone,
so that the pauses are ours: longer than a synthesiser's, and longer still when it speaks slowly.
No synthesiser's own notation (espeak-ng's [[…]], SSML, macOS's commands) gets through to it.
"""

from collections.abc import Callable

from voice_ally.core.actions import Style
from voice_ally.core.marks import plainly
from voice_ally.core.sound import SAMPLE_BYTES, SAMPLE_RATE_HZ, Sound, silence, to_samples
from voice_ally.speak.loudness import amplified, levelled
from voice_ally.speak.reading import as_spoken, pieces

LOW_VOLUME = 0.6
QUIET_SAMPLE = 40
"""About -58 dB of full scale: espeak-ng's silences are below it, its softest sounds above."""
QUIET_SHARE = 0.006
"""Of the highest sample (-44 dB): below it is breath and hum, not speech."""
KEPT_BEFORE_SECONDS, KEPT_BEHIND_SECONDS = 0.008, 0.03
"""Quiet that stays around a piece: it is to be heard at once, and to die away."""
_NOTATION = str.maketrans(
    {**dict.fromkeys("[{", "("), **dict.fromkeys("]}", ")"), **dict.fromkeys("<>|\\^`", " ")}
)

RenderPiece = Callable[[str], tuple[int, bytes]]
"""Text in; sample rate in hertz and mono int16 samples out."""


def plain(text: str) -> str:
    """One line, without what no synthesiser can take."""
    return " ".join(text.replace("\0", " ").split())


def without_notation(text: str) -> str:
    """Signs that a synthesiser might take for an order, as signs that none does."""
    return text.translate(_NOTATION)


def unmarked(text: str) -> str:
    """What a synthesiser gets that cannot be told how a word is said."""
    return without_notation(plainly(text))


def shaped(
    text: str, style: Style, render: RenderPiece, *, language: str, at_commas: bool
) -> Sound:
    """The spoken line, as loud as the style wants it. render gets the marks of core/marks.py."""
    spoken = b""
    for piece in pieces(as_spoken(plain(text), language), at_commas=at_commas):
        rate_hz, samples = render(piece.text)
        part = trimmed(samples, rate_hz)
        if not part:
            continue
        pause = max(
            0.0, piece.pause_seconds / style.rate - KEPT_BEFORE_SECONDS - KEPT_BEHIND_SECONDS
        )
        spoken += part + silence(to_samples(pause) if piece.pause_seconds else 0)
    return amplified(levelled(Sound(spoken)), style.volume * (LOW_VOLUME if style.low else 1.0))


def trimmed(pcm16: bytes, rate_hz: int) -> Sound:
    """In our format, without the synthesiser's own silence before and behind."""
    import numpy
    import soxr

    samples = numpy.frombuffer(pcm16[: len(pcm16) // SAMPLE_BYTES * SAMPLE_BYTES], "<i2")
    if rate_hz != SAMPLE_RATE_HZ and samples.size:
        samples = soxr.resample(samples, rate_hz, SAMPLE_RATE_HZ)
    size = numpy.abs(samples.astype(numpy.int32))
    # flite hums softly where it is silent
    loud = numpy.flatnonzero(size > max(QUIET_SAMPLE, size.max(initial=0) * QUIET_SHARE))
    if not loud.size:
        return Sound(b"")
    before, behind = to_samples(KEPT_BEFORE_SECONDS), to_samples(KEPT_BEHIND_SECONDS)
    kept = samples[max(0, int(loud[0]) - before) : int(loud[-1]) + 1 + behind].astype("<i2")
    # an edge that is not quite quiet would click
    rise = numpy.linspace(0, 1, min(len(kept) // 2, before))
    fall = numpy.linspace(1, 0, min(len(kept) // 2, behind // 2))
    kept[: len(rise)] = kept[: len(rise)] * rise
    kept[len(kept) - len(fall) :] = kept[len(kept) - len(fall) :] * fall
    return Sound(kept.tobytes())
