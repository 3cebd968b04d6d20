"""RNNoise, out of the wheel of pyrnnoise.

Rules: only the library in that wheel is used, by its four functions (rnnoise.h of Xiph's RNNoise
0.2); the Python package around it would import a video library to open files, which nothing here
needs. Works at 48 kHz in frames of 10 ms and answers two frames late.
"""

import ctypes
import importlib.util
from functools import cache
from pathlib import Path

from voice_ally.core.audio import SAMPLE_RATE_HZ, Pcm16

PACKAGE = "pyrnnoise"
FILE = "librnnoise.so"
"""Its name on Linux, for which alone the package is asked for."""
RATE_HZ = 48_000
FRAME = RATE_HZ // 100
LATE = 2 * FRAME
LOUDEST = 32767


@cache
def _library() -> ctypes.CDLL | None:
    spec = importlib.util.find_spec(PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        return None
    try:
        library = ctypes.CDLL(str(Path(folders[0]) / FILE))
    except OSError:
        return None
    library.rnnoise_create.argtypes = [ctypes.c_void_p]
    library.rnnoise_create.restype = ctypes.c_void_p
    library.rnnoise_destroy.argtypes = [ctypes.c_void_p]
    library.rnnoise_destroy.restype = None
    library.rnnoise_process_frame.argtypes = [ctypes.c_void_p] * 3
    library.rnnoise_process_frame.restype = ctypes.c_float
    return library


def denoised(pcm16: Pcm16, left: float = 0.0) -> Pcm16 | None:
    """The same sound without its noise, of which a share is left; None where the library is
    missing. The same sound always gives the same."""
    library = _library()
    if library is None:
        return None
    import numpy
    import soxr

    sound = numpy.frombuffer(pcm16, "<i2").astype(numpy.float32)
    wide = soxr.resample(sound, SAMPLE_RATE_HZ, RATE_HZ, quality="MQ")
    frames = -(-(wide.size + LATE) // FRAME)
    given = numpy.zeros(frames * FRAME, numpy.float32)
    given[: wide.size] = wide
    got = numpy.zeros_like(given)
    state = library.rnnoise_create(None)
    try:
        for at in range(0, given.size, FRAME):
            library.rnnoise_process_frame(state, got[at:].ctypes.data, given[at:].ctypes.data)
    finally:
        library.rnnoise_destroy(state)
    clean = soxr.resample(got[LATE : LATE + wide.size], RATE_HZ, SAMPLE_RATE_HZ, quality="MQ")
    mixed = clean[: sound.size] * (1 - left) + sound[: clean.size] * left
    return Pcm16(numpy.round(mixed).clip(-LOUDEST - 1, LOUDEST).astype("<i2").tobytes())
