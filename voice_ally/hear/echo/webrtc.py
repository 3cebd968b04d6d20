"""The echo canceller of WebRTC, as the package livekit brings it (extra "barge-in").

Rules: loaded when one is made, not before; the microphone is held back a little, because this
canceller fails on an echo that comes sooner than it expects one.
"""

from collections import deque
from typing import Any

from voice_ally.core.audio import BLOCK_BYTES, BLOCK_SAMPLES, SAMPLE_RATE_HZ, Pcm16
from voice_ally.core.errors import RecogniserProblem

HELD_BLOCKS = 2
"""Of an echo after 10 ms it takes out 3 dB with none, 40 dB with one."""


class WebRtcEchoCanceller:
    """Raises RecogniserProblem where livekit is not installed."""

    name = "WebRTC"

    def __init__(self) -> None:
        try:
            from livekit import rtc
        except ImportError as error:
            raise RecogniserProblem(
                "The echo canceller is not installed.",
                mend="Install it: pip install 'voice-ally[barge-in]'",
            ) from error
        self._rtc: Any = rtc
        self.reset()

    def reset(self) -> None:
        """Forget the room."""
        self._module = self._rtc.AudioProcessingModule(
            echo_cancellation=True, high_pass_filter=True
        )
        self._held = deque([Pcm16(bytes(BLOCK_BYTES))] * HELD_BLOCKS)

    def cancel(self, heard: Pcm16, played: Pcm16) -> Pcm16:
        """The microphone's block two before this one, without what was played."""
        self._held.append(heard)
        self._module.process_reverse_stream(self._frame(played))
        self._module.set_stream_delay_ms(0)
        frame = self._frame(self._held.popleft())
        self._module.process_stream(frame)
        return Pcm16(bytes(frame.data))

    def moved(self) -> int:
        """It finds its way by itself."""
        return 0

    def out_of_step(self) -> bool:
        """It finds its way by itself."""
        return False

    def _frame(self, pcm16: Pcm16) -> Any:  # noqa: ANN401 - a livekit.rtc.AudioFrame
        return self._rtc.AudioFrame(bytearray(pcm16), SAMPLE_RATE_HZ, 1, BLOCK_SAMPLES)

    def close(self) -> None:
        """Free the library's part."""
        self._module = None
