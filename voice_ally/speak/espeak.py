"""Finding the espeak-ng library for pyttsx3.

Rules: the system's own is used where there is one; otherwise the one in the espeakng-loader
wheel is loaded first, so that pyttsx3, which asks for it by name, finds it already there.
"""

import ctypes
import ctypes.util
import os
import sys

from voice_ally.core.errors import VoiceProblem

SYSTEM_NAMES = ("libespeak-ng.so.1",)
FORCE_WHEEL = "VOICE_ALLY_ESPEAK_WHEEL"
"""Set to use the wheel's library even where the system has one (for tests)."""


def prepare_library() -> str:
    """Make espeak-ng loadable; gives "system", "wheel" or "platform" (no espeak needed).

    Raises VoiceProblem when there is none.
    """
    if not sys.platform.startswith("linux"):
        return "platform"
    if not os.environ.get(FORCE_WHEEL):
        for name in SYSTEM_NAMES:
            try:
                ctypes.CDLL(name)
            except OSError:
                continue
            return "system"
    try:
        import espeakng_loader

        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
        ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
    except (ImportError, OSError, RuntimeError) as error:
        raise VoiceProblem(
            "The speech synthesiser espeak-ng is missing.",
            mend="Install it: sudo apt install libespeak-ng1",
        ) from error
    return "wheel"
