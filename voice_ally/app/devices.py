"""The devices there are, how loud they hear, and finding one that was plugged in.

Rules: PortAudio looks for devices only while no stream is open, so the device that is missing has
the other one closed for a moment. The script stands still just then. It is done only where nothing
less will do: a sound server that comes back needs no looking, and PortAudio has hung in one.
"""

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from itertools import islice
from typing import TYPE_CHECKING

from voice_ally.core.errors import VoiceAllyError
from voice_ally.devices.device_list import DeviceInfo, list_devices
from voice_ally.devices.portaudio import cards_changed, look_for_devices
from voice_ally.hear.device import FIRST_BLOCK_SECONDS, DeviceMicrophone
from voice_ally.hear.level import Level, level_of
from voice_ally.speak.device_speaker import DeviceSpeaker

if TYPE_CHECKING:
    from voice_ally.core.ports import Microphone


LISTEN_SECONDS = 0.5
BLOCKS_A_SECOND = 100
ANYWAY_TIMES = 10
"""Every so many times somebody looks, whether there is reason to or not."""
NO_DEVICES = "No sound devices were found."


def describe_devices(*, meters: bool = True) -> Iterator[str]:
    """Microphones with how loud it is there just now, and loudspeakers, a line each."""
    devices = list_devices()
    if not devices:
        yield NO_DEVICES
    for one in devices:
        kinds = []
        if one.input_channels:
            kinds.append(f"microphone{' (default)' if one.default_input else ''}")
        if one.output_channels:
            kinds.append(f"loudspeaker{' (default)' if one.default_output else ''}")
        line = f"{one.name}  {', '.join(kinds)}  {one.rate_hz} Hz"
        yield f"{line}  {_heard_at(one)}" if meters and one.input_channels else line


def _heard_at(device: DeviceInfo) -> str:
    try:
        heard = listen_for(LISTEN_SECONDS, device.index)
    except VoiceAllyError:
        return "[in use, or cannot be opened]"
    if heard is None:
        return "[no sound comes from it]"
    level = heard[2]
    return f"[{level.meter()}] {level.peak_db:.0f} dB{' (muted?)' if level.dead else ''}"


def listen_for(seconds: float, device: int | str | None) -> tuple[str, int, Level] | None:
    """Its name, its rate and how loud it is there; None if it opens and gives nothing.

    Raises MicrophoneProblem where it cannot be opened.
    """
    microphone = DeviceMicrophone(device)
    too_late = threading.Timer(seconds + FIRST_BLOCK_SECONDS, microphone.close)
    too_late.daemon = True
    too_late.start()
    with closing(microphone):
        blocks = list(islice(microphone.blocks(), int(seconds * BLOCKS_A_SECOND)))
    too_late.cancel()
    return (microphone.name, microphone.rate_hz, level_of(blocks)) if blocks else None


def let_each_other_look(microphone: "Microphone", speaker: object) -> None:
    """From now on each of these that is missing finds what is plugged in."""
    one_at_a_time = threading.Lock()
    mine = microphone if isinstance(microphone, DeviceMicrophone) else None
    others = speaker if isinstance(speaker, DeviceSpeaker) else None

    def look_for(
        missing: DeviceMicrophone | DeviceSpeaker, other: DeviceMicrophone | DeviceSpeaker | None
    ) -> Callable[[], None]:
        asked = itertools.count(1)

        def look() -> None:
            anyway = next(asked) % ANYWAY_TIMES == 0
            if missing.needs_looking or cards_changed() or anyway:
                with one_at_a_time, other.let_go() if other else nullcontext():
                    look_for_devices()

        return look

    if mine is not None:
        mine.on_missing = look_for(mine, others)
    if others is not None:
        others.on_missing = look_for(others, mine)
