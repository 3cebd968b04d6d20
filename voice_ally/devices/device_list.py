"""Which devices there are, as PortAudio found them, and the one that somebody means."""

from dataclasses import dataclass
from typing import Any

from voice_ally.core.device_names import best_match
from voice_ally.core.errors import MicrophoneProblem
from voice_ally.devices.portaudio import sound_library


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
        raise ValueError(f'there is none called "{wanted}"')
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
    """All of them, in PortAudio's order. Raises MicrophoneProblem where there is no PortAudio."""
    sounddevice = sound_library(MicrophoneProblem)
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
