"""What a session speaks through: the loudspeaker, or a file."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from voice_ally.core.errors import SpeakerProblem
from voice_ally.speak.device_speaker import DeviceSpeaker
from voice_ally.speak.speakers import Failed, FileSpeaker
from voice_ally.speak.waking import lead_in_seconds

if TYPE_CHECKING:
    from voice_ally.app.parts import Write
    from voice_ally.settings.settings import Settings
    from voice_ally.speak.playback import Playback


def open_speaker(
    output: Path | None,
    mixer: "Playback",
    chosen: "Settings",
    warn: "Write",
    failed: Failed,
    present: Callable[[str, bool], None],
) -> DeviceSpeaker | FileSpeaker:
    """Begun. Where the loudspeaker cannot be opened it is waited for, and that is said.

    output: a file instead. Raises SpeakerProblem where it cannot be written.
    """
    if output is not None:
        return FileSpeaker(mixer, output, failed)
    speaker = DeviceSpeaker(mixer, chosen.speaker or None, failed)
    speaker.on_presence = lambda here: present("loudspeaker", here)
    try:
        speaker.start()
    except SpeakerProblem as problem:
        warn(f"{problem.message} What it says is shown here instead. {problem.mend}")
        speaker.wait_for_device()
    else:
        mixer.wake_output(lead_in_seconds(speaker.name, chosen.lead_in))
    return speaker
