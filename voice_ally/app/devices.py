"""Two devices and one library that must let go of both to see what was plugged in.

Rules: PortAudio looks for devices only while no stream is open, so the device that is missing has
the other one closed for a moment. The script stands still just then.
"""

import threading
from contextlib import nullcontext
from typing import TYPE_CHECKING

from voice_ally.hear.device import DeviceMicrophone
from voice_ally.hear.portaudio import look_for_devices
from voice_ally.speak.speakers import DeviceSpeaker

if TYPE_CHECKING:
    from voice_ally.core.ports import Microphone


def let_each_other_look(microphone: "Microphone", speaker: object) -> None:
    """From now on each of these that is missing finds what is plugged in."""
    one_at_a_time = threading.Lock()
    mine = microphone if isinstance(microphone, DeviceMicrophone) else None
    others = speaker if isinstance(speaker, DeviceSpeaker) else None

    def look_without(device: DeviceMicrophone | DeviceSpeaker | None) -> None:
        with one_at_a_time, device.let_go() if device else nullcontext():
            look_for_devices()

    if mine is not None:
        mine.on_missing = lambda: look_without(others)
    if others is not None:
        others.on_missing = lambda: look_without(mine)
