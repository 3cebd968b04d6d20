"""PortAudio, as far as hearing needs it: loading it quietly, and which devices there are.

Rules: nothing that ALSA or JACK print reaches the user; a missing library is one sentence with
the name of the package.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from voice_ally.core.device_names import best_match
from voice_ally.core.errors import PORTAUDIO_MEND, MicrophoneProblem

_STANDARD_ERROR = 2


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """ALSA and JACK print to standard error whatever they fail to find; nobody needs that."""
    try:
        saved = os.dup(_STANDARD_ERROR)
    except OSError:
        # Started without a standard error: there is nothing to keep quiet.
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        if sys.stderr is not None:
            sys.stderr.flush()
        os.dup2(nowhere, _STANDARD_ERROR)
        yield
    finally:
        os.dup2(saved, _STANDARD_ERROR)
        os.close(saved)
        os.close(nowhere)


def sound_library() -> Any:  # noqa: ANN401 - the sounddevice module
    """The sounddevice module. Raises MicrophoneProblem where PortAudio is missing."""
    try:
        with quiet_stderr():
            import sounddevice
    except OSError as error:
        raise MicrophoneProblem(
            "The sound library PortAudio is missing.", mend=PORTAUDIO_MEND
        ) from error
    return sounddevice


def look_for_devices() -> None:
    """Let PortAudio find what was plugged in since it was loaded. No stream may be open."""
    sounddevice = sound_library()
    with quiet_stderr():
        sounddevice._terminate()
        sounddevice._initialize()


def find_device(sounddevice: Any, wanted: int | str | None, channels: str) -> int | None:  # noqa: ANN401
    """The number a device has just now. Raises ValueError when no name fits."""
    if wanted is None or isinstance(wanted, int):
        return wanted
    fitting = [
        (number, str(one["name"]))
        for number, one in enumerate(sounddevice.query_devices())
        if one[channels]
    ]
    at = best_match(wanted, [name for _, name in fitting])
    if at is None:
        raise ValueError(wanted)
    return fitting[at][0]


@dataclass(frozen=True)
class DeviceInfo:
    """One sound device."""

    index: int
    """What to give as a device; may change when something is plugged in, the name does not."""
    name: str
    input_channels: int
    """0: not a microphone."""
    output_channels: int
    """0: not a loudspeaker."""
    rate_hz: int
    """The rate it works at unless asked otherwise."""
    default_input: bool
    default_output: bool


def list_devices() -> list[DeviceInfo]:
    """All of them, in PortAudio's order. Raises MicrophoneProblem where PortAudio is missing."""
    sounddevice = sound_library()
    default_in, default_out = sounddevice.default.device
    return [
        DeviceInfo(
            number,
            str(one["name"]),
            int(one["max_input_channels"]),
            int(one["max_output_channels"]),
            int(one["default_samplerate"]),
            number == default_in,
            number == default_out,
        )
        for number, one in enumerate(sounddevice.query_devices())
    ]
