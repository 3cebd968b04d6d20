"""Finding the espeak-ng library for pyttsx3.

Rules: the system's own is used where there is one; otherwise the one in the espeakng-loader
wheel is loaded first: pyttsx3 asks for it by name, and the loader of the system answers with
what is already there under that name. Called only in the rendering child.
"""

import ctypes
import os
import sys

from voice_ally.core.errors import VoiceProblem

SYSTEM_NAME = "libespeak-ng.so.1"


def prepare_library() -> str:
    """Make espeak-ng loadable; gives "system", "wheel" or "platform" (no espeak needed).

    Raises VoiceProblem when there is none.
    """
    if not sys.platform.startswith("linux"):
        return "platform"
    try:
        ctypes.CDLL(SYSTEM_NAME)
    except OSError:
        pass
    else:
        return "system"
    try:
        import espeakng_loader

        os.environ["ESPEAK_DATA_PATH"] = espeakng_loader.get_data_path()
        ctypes.CDLL(espeakng_loader.get_library_path(), mode=ctypes.RTLD_GLOBAL)
        ctypes.CDLL(SYSTEM_NAME)
    except (ImportError, OSError, RuntimeError) as error:
        raise VoiceProblem(
            "The speech synthesiser espeak-ng is missing.",
            mend="Install it: sudo apt install libespeak-ng1",
        ) from error
    return "wheel"
