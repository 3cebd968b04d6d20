"""What every voice's lines go through: read as people say them, paused, trimmed, levelled.

Rules: pure but for the rendering that is handed in. A line becomes pieces, each rendered alone,
so that the pauses are ours: longer than a synthesiser's, and longer still when it speaks slowly.
"""

from collections.abc import Callable

from voice_ally.core.actions import Style
from voice_ally.core.audio import SAMPLE_BYTES, SAMPLE_RATE_HZ, Pcm16, silence, to_samples
from voice_ally.speak.loudness import amplified, levelled
from voice_ally.speak.reading import as_spoken, pieces

LOW_VOLUME = 0.6
QUIET_SAMPLE = 40
"""About -58 dB of full scale: espeak-ng's silences are below it, its softest sounds above."""
KEPT_SILENCE_SECONDS = 0.03
"""Quiet that stays before and behind a piece."""

RenderPiece = Callable[[str], tuple[int, bytes]]
"""Text in; sample rate in hertz and mono int16 samples out."""


def plain(text: str) -> str:
    """One line, without what no synthesiser can take."""
    return " ".join(text.replace("\0", " ").split())


def shaped(
    text: str, style: Style, render: RenderPiece, *, language: str, at_commas: bool
) -> Pcm16:
    """The spoken line, as loud as the style wants it."""
    spoken = b""
    for piece in pieces(as_spoken(plain(text), language), at_commas=at_commas):
        rate_hz, samples = render(piece.text)
        part = trimmed(samples, rate_hz)
        if not part:
            continue
        pause = max(0.0, piece.pause_seconds / style.rate - 2 * KEPT_SILENCE_SECONDS)
        spoken += part + silence(to_samples(pause) if piece.pause_seconds else 0)
    return amplified(levelled(Pcm16(spoken)), style.volume * (LOW_VOLUME if style.low else 1.0))


def trimmed(pcm16: bytes, rate_hz: int) -> Pcm16:
    """In our format, without the synthesiser's own silence before and behind."""
    import numpy
    import soxr

    samples = numpy.frombuffer(pcm16[: len(pcm16) // SAMPLE_BYTES * SAMPLE_BYTES], "<i2")
    if rate_hz != SAMPLE_RATE_HZ and samples.size:
        samples = soxr.resample(samples, rate_hz, SAMPLE_RATE_HZ)
    loud = numpy.flatnonzero(numpy.abs(samples.astype(numpy.int32)) > QUIET_SAMPLE)
    if not loud.size:
        return Pcm16(b"")
    around = to_samples(KEPT_SILENCE_SECONDS)
    kept = samples[max(0, int(loud[0]) - around) : int(loud[-1]) + 1 + around].astype("<i2")
    # an edge that is not quite quiet would click
    edge = numpy.linspace(0, 1, min(len(kept) // 2, around // 2))
    kept[: len(edge)] = kept[: len(edge)] * edge
    kept[len(kept) - len(edge) :] = kept[len(kept) - len(edge) :] * edge[::-1]
    return Pcm16(kept.tobytes())
