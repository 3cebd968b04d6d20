"""What may be said while it speaks, and how its own voice is kept out of that.

Rules: with headphones everything is heard as it is. Else a filter of our own takes its voice out
of the microphone; with the extra "barge-in" WebRTC's echo canceller judges who it was that
spoke, and then a question may be answered before it has been asked to its end; without it, stop,
pause and the like.
"""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from voice_ally.runtime.session import WhileSpeaking

if TYPE_CHECKING:
    from voice_ally.core.ports import Listener
    from voice_ally.hear.listener import SegmentListener
    from voice_ally.settings.settings import Settings
    from voice_ally.speak.playback import Playback

CUSHION_BLOCKS = 4
"""Between two real devices: their threads are woken up to 40 ms unevenly on a busy machine."""


@dataclass(frozen=True)
class BargeIn:
    """How a session deals with its own voice."""

    while_speaking: WhileSpeaking
    by_webrtc: bool = False
    """Raises RecogniserProblem where the extra is not installed."""

    def put_before(
        self, listener: "SegmentListener", mixer: "Playback", *, in_real_time: bool
    ) -> "Listener":
        """The listener, deaf to what this mixer plays."""
        if self.while_speaking is WhileSpeaking.ALL:
            return listener
        from voice_ally.hear.echo.adaptive import AdaptiveEchoCanceller
        from voice_ally.hear.echo.listener import EchoFreeListener
        from voice_ally.hear.echo.played import PlayedSound
        from voice_ally.hear.echo.webrtc import WebRtcEchoCanceller
        from voice_ally.hear.resampling import Downsampler

        played = PlayedSound(CUSHION_BLOCKS if in_real_time else 0)
        downsampler = Downsampler()
        mixer.on_played = lambda sound: played.push(downsampler.take(sound))
        witness = WebRtcEchoCanceller() if self.by_webrtc else None
        return EchoFreeListener(listener, AdaptiveEchoCanceller(), played, witness)


HEADPHONES = BargeIn(WhileSpeaking.ALL)
WITHOUT_EXTRAS = BargeIn(WhileSpeaking.INTERRUPTIONS)
WITH_WEBRTC = BargeIn(WhileSpeaking.ANSWERS, by_webrtc=True)


def choose(chosen: "Settings", *, headphones: bool = False) -> BargeIn:
    """What was chosen, or the best there is."""
    if headphones or chosen.headphones:
        return HEADPHONES
    if chosen.echo == "webrtc" or (not chosen.echo and _extra_installed()):
        return WITH_WEBRTC
    return WITHOUT_EXTRAS


def _extra_installed() -> bool:
    try:
        return find_spec("livekit.rtc") is not None
    except ImportError:
        return False
