"""What the doctor finds out with sound: microphone, loudspeaker, the way from one to the other.

Rules: as for the doctor; the microphone is not touched while a session listens.
"""

from dataclasses import asdict
from typing import TYPE_CHECKING

from voice_ally.app import parts
from voice_ally.app.findings import BROKEN, MISSING, NOTE, OK, Finding
from voice_ally.core.errors import AlreadyRunning

if TYPE_CHECKING:
    from voice_ally.core.ports import Recogniser
    from voice_ally.core.sound import Sound
    from voice_ally.language.model import Pack
    from voice_ally.settings.settings import Settings

LISTEN_SECONDS = 1.0
FLOOR_DB, QUIET_DB = -35.0, -75.0
"""A room noisier than the first is hard to be understood in; a microphone quieter than the
second is turned down or muted."""
CLIPPED = 0.001
SPOKEN = "calming pause"
BYTES_A_SECOND = 32_000


def microphone(settings: "Settings") -> Finding:
    """Is one there, does it open, and what comes from it?"""
    from voice_ally.app.devices import listen_for
    from voice_ally.devices.device_list import list_devices

    if not any(one.input_channels for one in list_devices()):
        return Finding("microphone", MISSING, "none was found.", "Connect one.")
    with _NobodyListens() as free:
        if not free:
            return Finding("microphone", OK, "in use by Voice Ally, which is listening now")
        heard = listen_for(LISTEN_SECONDS, settings.microphone or None)
    if heard is None:
        return Finding("microphone", BROKEN, "it opens, but no sound comes.", "Connect it again.")
    name, rate_hz, level = heard
    found = (
        f"{name}, {rate_hz} Hz, peak {level.peak_db:.0f} dB, noise floor"
        f" {level.floor_db:.0f} dB, clipped {level.clipped:.1%}"
    )
    data = {**asdict(level), "name": name, "rate_hz": rate_hz}
    for bad, mend in (
        (level.dead, "It hears nothing at all: is it muted?"),
        (level.peak_db < QUIET_DB, "Very quiet: turn its level up."),
        (level.clipped > CLIPPED, "Too loud: turn its level down."),
        (level.floor_db > FLOOR_DB, "Very noisy here: move it nearer, or find a quiet place."),
    ):
        if bad:
            return Finding("microphone", NOTE, f"{found}.", mend, data)
    return Finding("microphone", OK, found, data=data)


def loudspeaker(settings: "Settings") -> Finding:
    """Is one there, does it open, and how late does it sound?"""
    from voice_ally.devices.device_list import list_devices
    from voice_ally.speak.device_speaker import DeviceSpeaker
    from voice_ally.speak.playback import Playback

    if not any(one.output_channels for one in list_devices()):
        return Finding("loudspeaker", MISSING, "none was found.", "Connect one.")
    speaker = DeviceSpeaker(Playback(), settings.speaker or None, lambda *_: None)
    try:
        speaker.start()
        seconds = speaker.latency_seconds
    finally:
        speaker.close()
    name = settings.speaker or "the system's choice"
    found = f"{name}, {seconds * 1000:.0f} ms to the ear"
    return Finding("loudspeaker", OK, found, data={"latency_seconds": seconds})


def round_trip(
    line: "Sound", settings: "Settings", recogniser: "Recogniser", pack: "Pack"
) -> Finding:
    """Is the test line understood: through the air, else within the machine?"""
    from voice_ally.app.round_trip import heard_in_the_room, understood
    from voice_ally.hear.resampling import as_heard

    with _NobodyListens() as free:
        in_room = heard_in_the_room(line, settings) if free else None
    if in_room is not None:
        text = understood(in_room, recogniser, pack)
        if SPOKEN in text:
            return Finding("round trip", OK, f'said "{SPOKEN}" aloud and heard it')
    text = understood(as_heard(line), recogniser, pack)
    if SPOKEN not in text:
        return Finding(
            "round trip",
            BROKEN,
            f'said "{SPOKEN}", understood {text or "nothing"!r}.',
            "Run: voice-ally models verify",
        )
    if in_room is None:
        return Finding("round trip", OK, f'"{SPOKEN}" was understood (within the machine)')
    return Finding(
        "round trip",
        NOTE,
        f'"{SPOKEN}" was understood within the machine, but not heard through the air.',
        "Headphones? Else turn the volume up, or move the microphone nearer.",
    )


def speed(line: "Sound", recogniser: "Recogniser") -> Finding:
    """What listening costs while somebody speaks."""
    import time

    from voice_ally.core.audio import BLOCK_BYTES, Pcm16, seconds_in
    from voice_ally.hear.resampling import as_heard

    pcm16 = Pcm16(as_heard(line) * 2 + bytes(2 * BYTES_A_SECOND))
    listener = parts.make_listener(recogniser)
    began = time.process_time()
    for at in range(0, len(pcm16) - BLOCK_BYTES, BLOCK_BYTES):
        listener.feed(Pcm16(pcm16[at : at + BLOCK_BYTES]))
    listener.flush()
    cores = (time.process_time() - began) / seconds_in(pcm16)
    found = f"listening costs {cores:.0%} of one core while somebody speaks"
    data: dict[str, object] = {"cores": round(cores, 4)}
    if cores > 1:
        return Finding("speed", BROKEN, f"{found}.", "This machine is too slow.", data)
    return Finding("speed", OK if cores < 1 / 2 else NOTE, found, data=data)


class _NobodyListens:
    """Enters with True if no session listens. Holds its place meanwhile, so that none begins."""

    def __enter__(self) -> bool:
        from voice_ally.runtime.only_one import only_one
        from voice_ally.settings.places import user_state_folder

        self._lock = only_one(user_state_folder())
        try:
            self._lock.__enter__()
        except AlreadyRunning:
            self._held = False
        else:
            self._held = True
        return self._held

    def __exit__(self, *_: object) -> None:
        if self._held:
            self._lock.__exit__(None, None, None)
