"""Quiet sound to rest on: rain, waves, brown noise. Made here, without an end.

Rules: pure; the same each time. A bed is a loop that meets itself: it is shaped by its spectrum,
which knows no beginning, so nobody hears where it starts again. It comes and goes slowly, and lies
well under the voice; playback.py ducks it under a line as it does every sound, and a cut ends it
at once.

How it is used: `Playback.lay_bed(bed(kind, volume))`, and `lay_bed(None)` when it is to go.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from voice_ally.core.sound import SAMPLE_RATE_HZ, to_samples
from voice_ally.speak.loudness import TARGET_LUFS, loudness_lufs

if TYPE_CHECKING:
    import numpy

    Samples = numpy.ndarray[Any, numpy.dtype[numpy.float32]]
    Wave = numpy.ndarray[Any, numpy.dtype[numpy.float64]]

KINDS = ("rain", "waves", "brown")
LOOP_SECONDS = 24.0
UNDER_VOICE_LU = -18.0
"""Heard when nobody speaks, forgotten when somebody does."""
FADE_IN_SECONDS, FADE_OUT_SECONDS = 4.0, 2.5
SWELLS = 3
"""Waves in a loop: one each 8 s, as on a calm shore."""
DROPS = 260
"""Single drops of rain in a loop that stand out of the rest."""
_SEED = 7


@lru_cache(4)
def bed(kind: str, volume: float = 1.0) -> "Samples":
    """One loop of it at that volume, of which 1 is UNDER_VOICE_LU under the voice.

    KeyError for what is none of KINDS.
    """
    import numpy

    count = to_samples(LOOP_SECONDS)
    wave = _MAKERS[kind](count, numpy.random.default_rng(_SEED))
    gain = 10 ** ((TARGET_LUFS + UNDER_VOICE_LU - loudness_lufs(wave)) / 20) * volume
    return (wave * gain * 32767).astype(numpy.float32)


def _noise(count: int, chance: Any, shape: "Callable[[Wave], Wave]") -> "Wave":  # noqa: ANN401
    """Noise with this spectrum (hertz -> strength) that goes on where it ends."""
    import numpy

    hertz = numpy.fft.rfftfreq(count, 1 / SAMPLE_RATE_HZ)
    spectrum = chance.standard_normal(len(hertz)) + 1j * chance.standard_normal(len(hertz))
    wave: Wave = numpy.fft.irfft(spectrum * shape(hertz.astype(numpy.float64)), count)
    wave /= wave.std()
    return wave


def _band(low_hz: float, high_hz: float, tilt: float) -> "Callable[[Wave], Wave]":
    """Between two corners, falling by this power of the frequency."""

    def shape(hertz: "Wave") -> "Wave":
        below = (hertz / low_hz) ** 2 / (1 + (hertz / low_hz) ** 2)
        above = 1 / (1 + (hertz / high_hz) ** 2)
        strength: Wave = below * above * (hertz + 20.0) ** -tilt
        return strength

    return shape


def _brown(count: int, chance: Any) -> "Wave":  # noqa: ANN401
    return _noise(count, chance, _band(40.0, 1200.0, 1.0))


def _waves(count: int, chance: Any) -> "Wave":  # noqa: ANN401
    import numpy

    turn = 2 * numpy.pi * SWELLS * numpy.arange(count) / count
    # they come in quicker than they run out
    swell = (1 - numpy.cos(turn + 0.6 * numpy.sin(turn))) / 2
    body = _noise(count, chance, _band(60.0, 900.0, 0.8)) * (0.35 + 0.65 * swell)
    foam = _noise(count, chance, _band(900.0, 5000.0, 0.5)) * swell**3
    both: Wave = body + 0.25 * foam
    return both


def _rain(count: int, chance: Any) -> "Wave":  # noqa: ANN401
    import numpy

    falling = _noise(count, chance, _band(700.0, 5000.0, 0.4))
    drop_time = numpy.arange(to_samples(0.03)) / SAMPLE_RATE_HZ
    drops = numpy.zeros(count)
    for at in chance.integers(0, count, DROPS):
        hertz, strength = chance.uniform(1500, 4000), chance.exponential(1.0)
        drop = numpy.sin(2 * numpy.pi * hertz * drop_time) * numpy.exp(-drop_time / 0.004)
        drops[(at + numpy.arange(len(drop))) % count] += strength * drop
    both: Wave = falling + 0.6 * drops
    return both


_MAKERS: "Mapping[str, Callable[[int, Any], Wave]]" = {
    "rain": _rain,
    "waves": _waves,
    "brown": _brown,
}


class BedUnderDialogs:
    """Lays a bed while a dialog runs. An observer of the event log."""

    def __init__(self, lay: "Callable[[Samples | None], None]", kind: str, volume: float) -> None:
        self._lay, self._kind, self._volume = lay, kind, volume
        self._running = False

    def __call__(self, at: float, event: str, data: Mapping[str, object]) -> None:
        """See event_log.Observer."""
        if event == "started" and not self._running:
            self._running = True
            self._lay(bed(self._kind, self._volume))
        elif event == "ended" and "goes_on" not in data:
            self._running = False
            self._lay(None)
