"""PortAudio: loading it quietly and safely, having it look for devices, and letting go of one.

Rules: nothing that ALSA or JACK print reaches the user; a missing library, a broken
configuration and a sound server that does not answer are one sentence each. PortAudio ends the
whole process over some configurations of ALSA (an empty one is enough), so on Linux a child
process tries first: 50 ms that keep a typed session possible.

PortAudio waits for a sound server without a bound, so whatever may ask one is called by begin():
in a thread of its own, waited for as long as the caller pleases. While such a call goes on,
PortAudio is neither ended nor begun anew.
"""

import atexit
import ctypes
import functools
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from voice_ally.core.errors import PORTAUDIO_MEND, MicrophoneProblem, VoiceAllyError
from voice_ally.devices.quiet_stderr import quiet_stderr
from voice_ally.devices.sound_cards import cards_now
from voice_ally.supervised.calls import Call
from voice_ally.supervised.child_process import NoAnswer

T = TypeVar("T")
TRIAL_SECONDS = 10.0
"""A sound server that has not answered by then is stuck; a Raspberry Pi needs half a second."""
TRIAL = """
import ctypes, resource
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
try:
    library = ctypes.CDLL("libportaudio.so.2")
except OSError:
    raise SystemExit
raise SystemExit(library.Pa_Initialize() != 0)
"""
LET_GO_SECONDS = 0.5
"""Ending a stream takes a few milliseconds, or else for ever."""
OPEN_SECONDS = 8.0
"""A headset over Bluetooth takes two, a card that is busy five; beyond this the sound server
stands still."""
LOOK_SECONDS = 5.0
TURN_SECONDS = 3.0
"""Of another call into PortAudio; one that takes longer stands still, and is not waited for. ALSA's
library has crashed where a device was opened while a call that had been stuck went on."""
NO_ANSWER = "The sound system does not answer."
RESTART_MEND = "Restart it: systemctl --user restart pipewire-pulse (or pulseaudio)."
_BROKEN_FILE = re.compile(r"\) (?P<file>\S.*) may be old or corrupted")


_sounddevice: Any = None
"""The module, once it was loaded."""
_going_on: list[Call[Any]] = []
"""Calls into PortAudio that have not returned; a sound server that stands still keeps them."""
_looking = False
_one_at_a_time = threading.Lock()
_library = threading.Lock()
"""Held for a moment, to look at the two above."""


def begin(
    what: Callable[[], T],
    undo: Callable[[T], object] = lambda _result: None,
    turn_seconds: float = TURN_SECONDS,
) -> Call[T]:
    """Call PortAudio, without waiting. Raises NoAnswer while PortAudio is begun anew.

    turn_seconds: how long the call waits for the end of another one.

    What its libraries print is nobody's business for as long as the call takes, also where nobody
    waits for it any more.
    """

    def quietly() -> T:
        # PortAudio does not say that two threads may call it at a time
        mine = _one_at_a_time.acquire(timeout=turn_seconds)
        try:
            with quiet_stderr():
                return what()
        finally:
            if mine:
                _one_at_a_time.release()

    with _library:
        if _looking:
            raise NoAnswer("it is looking for devices")
        call = Call(quietly, undo)
        _going_on[:] = [one for one in (*_going_on, call) if not one.is_over]
        return call


def left_behind() -> None:
    """A call is not waited for any more: PortAudio would end all streams at exit, and wait for
    it."""
    if (sounddevice := sys.modules.get("sounddevice")) is not None:
        with suppress(AttributeError):
            atexit.unregister(sounddevice._exit_handler)


def still_stuck() -> bool:
    """Does any call still go on?"""
    with _library:
        return any(not one.is_over for one in _going_on)


def sound_library(problem: type[VoiceAllyError]) -> Any:  # noqa: ANN401 - the sounddevice module
    """The sounddevice module. Raises the problem named where the sound system cannot be used."""
    global _sounddevice
    if _sounddevice is not None and sys.modules.get("sounddevice") is _sounddevice:
        return _sounddevice
    if "sounddevice" not in sys.modules and sys.platform == "linux" and (trouble := _trial()):
        raise problem(*trouble[:1], mend=trouble[1])
    try:
        sounddevice = begin(_imported).wait(TRIAL_SECONDS)
    except NoAnswer as late:
        left_behind()
        raise problem(NO_ANSWER, mend=RESTART_MEND) from late
    except OSError as error:
        raise problem("The sound library PortAudio is missing.", mend=PORTAUDIO_MEND) from error
    except Exception as error:  # a PortAudioError, which cannot be named before it is imported
        raise problem(
            "The sound system cannot be used.", mend=" ".join(str(error).split())
        ) from error
    _silence_alsa()
    _cards_found()
    _sounddevice = sounddevice
    return sounddevice


def _imported() -> Any:  # noqa: ANN401 - the module
    import sounddevice

    return sounddevice


@functools.cache
def _silence_alsa() -> None:
    """For good: ALSA tells standard error of every block that came late, long after opening."""
    if sys.platform != "linux":
        return
    # Not every PortAudio speaks to ALSA.
    with suppress(OSError, AttributeError):
        alsa = ctypes.CDLL("libasound.so.2")
        # Called from the sound's own thread, so no Python: getpid looks at none of what it is
        # given, and whoever calls a C function tidies its arguments away.
        alsa.snd_lib_error_set_handler(ctypes.CDLL(None).getpid)


@functools.cache
def _trial() -> tuple[str, str] | None:
    """What is wrong with the sound system and how to mend it; None when PortAudio starts."""
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-S", "-c", TRIAL],
            capture_output=True,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            timeout=TRIAL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return NO_ANSWER, RESTART_MEND
    if done.returncode == 0:
        return None
    if broken := _BROKEN_FILE.search(done.stderr):
        return (
            "The sound system cannot be used: its configuration cannot be read.",
            f"Mend or remove {broken['file']}.",
        )
    own = os.environ.get("ALSA_CONFIG_PATH")
    return (
        "The sound system cannot be used: its configuration is not complete.",
        f"Complete {own}."
        if own
        else "Install it again: sudo apt install --reinstall libasound2-data",
    )


@functools.cache
def _cards_found() -> str | None:
    """The cards there were when PortAudio last looked for devices."""
    return cards_now()


def opens_anew(sounddevice: Any, info: Any) -> bool:  # noqa: ANN401 - the module, a device of it
    """Does opening this device ask the system itself, whatever went and came since PortAudio
    looked? Through ALSA it does, as long as the cards are the same."""
    return sys.platform == "linux" and any(
        host["name"] == "ALSA"
        for number, host in enumerate(sounddevice.query_hostapis())
        if number == info["hostapi"]
    )


def cards_changed() -> bool:
    """Was a card plugged in or out since PortAudio looked for devices?"""
    return cards_now() != _cards_found()


def let_go_of(stream: Any) -> None:  # noqa: ANN401 - a sounddevice stream
    """End a stream and close it. Never raises.

    PortAudio waits without a bound for the thread of a stream, and that may be stuck in a sound
    server that has died: such a stream is left to itself.
    """

    def end() -> None:
        stream.abort(ignore_errors=True)
        stream.close(ignore_errors=True)

    try:
        begin(end).wait(LET_GO_SECONDS)
    except NoAnswer:
        left_behind()
    except Exception:  # what it says about its end is of no use to anybody
        return


def look_for_devices() -> None:
    """Let PortAudio find what was plugged in since it was loaded. No stream may be open.

    Never raises: what cannot be used now will be said by whoever opens a device.
    """
    global _looking
    with suppress(MicrophoneProblem):
        sounddevice = sound_library(MicrophoneProblem)
        with _library:
            if _looking or any(not one.is_over for one in _going_on):
                return  # PortAudio cannot be ended while one of its streams cannot
            _looking = True
        looking = Call(lambda: _look(sounddevice))
        try:
            looking.wait(LOOK_SECONDS)
        except NoAnswer:
            left_behind()


def _look(sounddevice: Any) -> None:  # noqa: ANN401 - the module
    global _looking
    try:
        with quiet_stderr(), suppress(sounddevice.PortAudioError):
            # counts how often it was initialised; a failure before this may have left none
            while sounddevice._initialized:
                sounddevice._terminate()
            _cards_found.cache_clear()
            _cards_found()
            sounddevice._initialize()
    finally:
        _looking = False
