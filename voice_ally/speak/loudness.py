"""How loud sound is to an ear, and making it as loud as it should be.

Rules: pure. The measure is the gated loudness of ITU-R BS.1770-4 (the one of EBU R 128), for
one channel: K-weighting, blocks of 0.4 s that overlap by three quarters, gates at -70 LUFS and
10 LU below the mean of what passes the first. The weighting is applied to the spectrum, which
is the same filter without its run-in. Sound shorter than a block counts as one block.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from voice_ally.core.sound import SAMPLE_RATE_HZ, Sound, samples_in

if TYPE_CHECKING:
    import numpy

    Wave = numpy.ndarray[Any, numpy.dtype[numpy.float64]]

TARGET_LUFS = -21.0
"""Voice and tones; leaves headroom for all of them at once."""
PEAK = 0.85
"""A voice's highest sample, of full scale; what would pass it is rounded off."""
BLOCK_SAMPLES, STEP_SAMPLES = 9600, 2400
SILENT_LUFS = -70.0
GATE_LU = 10.0
OFFSET_DB = -0.691
"""So that a full-scale sine of 997 Hz measures -3.01 LUFS."""
DESIGN_RATE_HZ = 48_000
SHELF = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (1.0, -1.69065929318241, 0.73248077421585),
)
"""The first stage of the weighting: the head. BS.1770-4, table 1 (at 48 kHz)."""
HIGH_PASS = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
"""The second stage: low sounds count less. BS.1770-4, table 2 (at 48 kHz)."""


def loudness_lufs(wave: "Wave") -> float:
    """The loudness of mono samples between -1 and 1; minus infinity for silence."""
    power = _block_power(wave)
    loudness = _lufs(power)
    passed = power[loudness > SILENT_LUFS]
    if not len(passed):
        return float("-inf")
    relative = _lufs(passed.mean()) - GATE_LU
    return float(_lufs(power[loudness > max(SILENT_LUFS, float(relative))].mean()))


def loudest_lufs(wave: "Wave") -> float:
    """The loudness of the loudest 0.4 s: the measure for sounds that die away."""
    return float(_lufs(_block_power(wave)).max())


def _lufs(power: Any) -> Any:  # noqa: ANN401 - a number or an array of them
    import numpy

    return OFFSET_DB + 10 * numpy.log10(numpy.maximum(power, 1e-20))


def _block_power(wave: "Wave") -> "Wave":
    import numpy

    count = len(wave)
    if not count:
        return numpy.zeros(1)
    # a power of two, since a spectrum of just any length can take a hundred times as long
    length = 1 << (count + BLOCK_SAMPLES - 1).bit_length()
    squares = numpy.fft.irfft(numpy.fft.rfft(wave, length) * _weighting(length))[:count] ** 2
    if count <= BLOCK_SAMPLES:
        return numpy.array([squares.mean()])
    sums = numpy.concatenate([[0.0], numpy.cumsum(squares)])
    starts = numpy.arange(0, count - BLOCK_SAMPLES + 1, STEP_SAMPLES)
    power: Wave = numpy.maximum(0.0, sums[starts + BLOCK_SAMPLES] - sums[starts])
    return power / BLOCK_SAMPLES


@lru_cache(8)
def _weighting(count: int) -> "Wave":
    """The size of the filter's response at the frequencies of a spectrum of so many samples."""
    import numpy

    hertz = numpy.arange(count // 2 + 1) * SAMPLE_RATE_HZ / count
    delay = numpy.exp(-2j * numpy.pi * hertz / DESIGN_RATE_HZ)
    response = numpy.ones_like(delay)
    for above, below in (SHELF, HIGH_PASS):
        response *= numpy.polyval(above[::-1], delay) / numpy.polyval(below[::-1], delay)
    weights: Wave = numpy.abs(response)
    return weights


def levelled(pcm16: Sound, *, target_lufs: float = TARGET_LUFS) -> Sound:
    """The same sound as loud as the target, its highest peaks rounded off. Silence stays."""
    import numpy

    if not samples_in(pcm16):
        return pcm16
    wave = numpy.frombuffer(pcm16, "<i2") / 32768
    loudness = loudness_lufs(wave)
    if loudness == float("-inf"):
        return pcm16
    return _rounded(wave * 10 ** ((target_lufs - loudness) / 20))


def amplified(pcm16: Sound, gain: float) -> Sound:
    """The same sound, its samples so many times as large, its highest peaks rounded off."""
    import numpy

    if gain == 1.0:
        return pcm16
    return _rounded(numpy.frombuffer(pcm16, "<i2") / 32768 * max(0.0, gain))


def _rounded(wave: "Wave") -> Sound:
    """As int16; above three quarters of the peak allowed the wave bends towards it."""
    import numpy

    knee = PEAK * 0.75
    size = numpy.abs(wave)
    if size.max(initial=0.0) > knee:
        bent = knee + (PEAK - knee) * numpy.tanh((size - knee) / (PEAK - knee))
        wave = numpy.where(size > knee, numpy.copysign(bent, wave), wave)
    return Sound(numpy.rint(wave * 32767).astype("<i2").tobytes())
