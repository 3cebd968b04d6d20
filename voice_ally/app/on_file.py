"""A session on a recording, faster than real time.

Rules: one thread, the sound's own clock; reminders live only as long as the recording.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from voice_ally.app import interrupts, parts
from voice_ally.app.parts import RunOptions, Write
from voice_ally.core.audio import Pcm16
from voice_ally.core.events import NO_SLOTS, SlotValue
from voice_ally.core.sound import Sound, to_seconds

if TYPE_CHECKING:
    from voice_ally.app.barge_in import BargeIn
    from voice_ally.core.ports import Voice
    from voice_ally.language.model import Pack
    from voice_ally.runtime.event_log import EventLog
    from voice_ally.settings.settings import Settings


def run_on_file(options: RunOptions, *, say: Write, warn: Write) -> int:
    """Listen to the recording, write what is said; gives the exit code."""
    from voice_ally.app import barge_in
    from voice_ally.hear.recording import RecordingMicrophone
    from voice_ally.runtime.event_log import EventLog
    from voice_ally.speak.speakers import WavWriter
    from voice_ally.ui.plain import PlainLines

    chosen = parts.settings(options.set)
    packs = parts.dialogs(options.pack, chosen, warn)
    packs.tell_doubts()
    used = packs.dialogs
    pack = used.pack
    if options.dialog and options.dialog not in pack.dialogs:
        raise parts.unknown_dialog(options.dialog, pack)
    parts.wake_phrase(chosen, pack)  # a mistake in it is told before anything is opened
    microphone = RecordingMicrophone(options.input, real_time=False)
    voice = parts.make_voice(options.voice, chosen, warn)
    writer = WavWriter(options.output) if options.output else None
    try:
        with EventLog(options.events) as log:
            log.watch(PlainLines(say, warn=warn))

            def record(_heard: Pcm16, spoken: Sound) -> None:
                if writer is not None:
                    writer.write(spoken)

            converse(
                pack,
                chosen,
                log,
                voice,
                microphone.blocks(),
                record,
                recogniser=options.recogniser,
                dialog=options.dialog,
                barge_in=barge_in.choose(chosen, headphones=options.headphones),
                slots=used.country_slots(chosen.country, warn),
            )
    finally:
        voice.close()
        if writer is not None:
            writer.close()
    return 0


def converse(
    pack: "Pack",
    chosen: "Settings",
    log: "EventLog",
    voice: "Voice",
    blocks: Iterator[Pcm16],
    record: Callable[[Pcm16, Sound], None],
    *,
    recogniser: str = "",
    dialog: str = "",
    barge_in: "BargeIn | None" = None,
    slots: Mapping[str, SlotValue] = NO_SLOTS,
    finished: Callable[[], bool] = lambda: False,
) -> float:
    """A whole session in lockstep; gives the seconds of sound it lasted."""
    from voice_ally.app.barge_in import choose
    from voice_ally.runtime.lockstep import LockstepEars, LockstepMouth, run_lockstep
    from voice_ally.runtime.people import People
    from voice_ally.runtime.reminders import Reminders
    from voice_ally.runtime.session import Session
    from voice_ally.speak.narrator import RememberingVoice
    from voice_ally.speak.playback import Playback

    mixer = Playback()
    log.watch(parts.bed_under(mixer, chosen))
    lines = RememberingVoice(voice)
    lines.pronunciations = pack.pronunciations
    mouth = LockstepMouth(lines, mixer)
    echo = barge_in or choose(chosen)
    heard_by = parts.make_listener(parts.make_recogniser(recogniser, chosen, pack))
    listener = echo.put_before(heard_by, mixer, in_real_time=False)
    ears = LockstepEars(listener)

    def time_so_far() -> float:
        return to_seconds(mixer.position)

    session = Session(
        pack,
        parts.understandings(pack).of,
        ears=ears,
        mouth=mouth,
        sounds=parts.make_tones(chosen),
        log=log,
        reminders=Reminders(None, time_so_far, time_so_far),
        people=People(names=chosen.names),
        state=parts.first_state(chosen, slots, wake=parts.wake_phrase(chosen, pack)),
        while_speaking=echo.while_speaking,
    )

    def ended_early() -> bool:
        interrupts.check()
        return finished()

    try:
        return run_lockstep(
            session,
            blocks=blocks,
            ears=ears,
            mouth=mouth,
            mixer=mixer,
            record=record,
            dialog=dialog,
            finished=ended_early,
        )
    finally:
        listener.close()
