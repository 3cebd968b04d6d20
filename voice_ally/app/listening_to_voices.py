"""`voice-ally voices --listen`: the same lines in each voice, to choose by ear.

Rules: one voice after the other, each named on a line before it speaks; what cannot speak says why
and the next one goes on. Into a file, or to the loudspeaker.
"""

import threading
from collections.abc import Iterator
from pathlib import Path

from voice_ally.app import parts
from voice_ally.app.parts import Write
from voice_ally.core.actions import Style
from voice_ally.core.errors import VoiceProblem
from voice_ally.core.sound import Sound, seconds_in, silence, to_samples

LINES = (
    "I'm here. You can take your time.",
    "Breathe in.",
    "*And* out.",
    "Let's stop here for a moment, and rest.",
    "How can I love you through this?",
    "Are you both willing?",
    "I see that this hurt you.",
    "No hurry. You can say: listen, repair, or breathe.",
    "It's 8:30. About 5-10 minutes are left.",
    "If you are in danger, go to a safe place and call 112 now.",
)
GAP_SECONDS, BETWEEN_SECONDS = 0.7, 1.5
SYSTEM_VOICES = ("en-us", "en-gb")
"""Of the system's many, these; on macOS and Windows its usual one."""


def listen_to_voices(output: Path | None, *, say: Write) -> int:
    """Speak; 1 if no voice could."""
    spoken = 0
    with _Ear(output) as ear:
        for name in _names():
            try:
                sound = _all_lines(name)
            except VoiceProblem as problem:
                say(f"{name}: {problem}")
                continue
            spoken += 1
            say(f"{name}: {seconds_in(sound):.0f} seconds")
            ear.hear(sound)
    return 0 if spoken else 1


def _names() -> Iterator[str]:
    """Those that are here and speak the language, our usual voice first."""
    from voice_ally.models.voices import HIBARI_VOICES, hibari_file, installed_voices
    from voice_ally.speak.flite_voice import list_flite_voices
    from voice_ally.speak.voices import USUAL

    yield USUAL
    yield from (f"hibari:{name}" for name, one in HIBARI_VOICES.items() if hibari_file(one))
    yield from (f"piper:{name}" for name in installed_voices())
    yield from (f"flite:{name}" for name in list_flite_voices())
    yield "system"


def _all_lines(name: str) -> Sound:
    from voice_ally.speak.voices import open_voice

    voice = open_voice(name, parts.settings().language)
    try:
        gap = silence(to_samples(GAP_SECONDS))
        whole = gap.join(voice.render(line, Style()) for line in LINES)
        return Sound(whole + silence(to_samples(BETWEEN_SECONDS)))
    finally:
        voice.close()


class _Ear:
    """A file, or the loudspeaker."""

    def __init__(self, output: Path | None) -> None:
        from voice_ally.speak.device_speaker import DeviceSpeaker
        from voice_ally.speak.playback import Playback
        from voice_ally.speak.speakers import WavWriter

        self._over = threading.Event()
        self._writer = WavWriter(output) if output is not None else None
        self._mixer = Playback()
        self._mixer.on_finished = lambda _ticket, _end: self._over.set()
        self._speaker = DeviceSpeaker(
            self._mixer, parts.settings().speaker or None, lambda *_: self._over.set()
        )

    def __enter__(self) -> "_Ear":
        if self._writer is None:
            self._speaker.start()
        return self

    def hear(self, sound: Sound) -> None:
        """All of it; returns when it is over."""
        if self._writer is not None:
            self._writer.write(sound)
            return
        self._over.clear()
        self._mixer.play(1, sound, whole=True, voice=True)
        # a device that goes away in the middle is not waited for for ever
        self._over.wait(seconds_in(sound) + 5.0)

    def __exit__(self, *_: object) -> None:
        self._speaker.close()
        if self._writer is not None:
            self._writer.close()
