"""Saying a line and hearing it back.

Rules: what was recorded is understood and thrown away.
"""

import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING

from voice_ally.app import parts
from voice_ally.core.audio import BLOCK_BYTES, Pcm16, silence, to_samples
from voice_ally.core.errors import VoiceAllyError
from voice_ally.core.sound import Sound, seconds_in
from voice_ally.core.speech import Grammar, Utterance

if TYPE_CHECKING:
    from voice_ally.core.ports import Recogniser
    from voice_ally.language.model import Pack
    from voice_ally.settings.settings import Settings

LEAD_SECONDS, TAIL_SECONDS = 0.5, 1.0


def understood(pcm16: Pcm16, recogniser: "Recogniser", pack: "Pack") -> str:
    """The first phrase in it that would start something, or nothing."""
    from voice_ally.engine.armed import phrases_for
    from voice_ally.engine.state import State

    listener = parts.make_listener(recogniser)
    listener.use(parts.understandings(pack).of(phrases_for(pack, State())).grammar)
    sound = silence(to_samples(LEAD_SECONDS)) + pcm16 + silence(to_samples(TAIL_SECONDS))
    events = []
    for at in range(0, len(sound) - BLOCK_BYTES + 1, BLOCK_BYTES):
        events += listener.feed(Pcm16(sound[at : at + BLOCK_BYTES]))
    texts = (one.text for one in (*events, *listener.flush()) if isinstance(one, Utterance))
    return next((text for text in texts if text), "")


def every_word(pack: "Pack") -> Grammar:
    """Each word that may be said anywhere in a pack, as a phrase of its own."""
    from voice_ally.core.actions import Phrase
    from voice_ally.core.events import Meaning
    from voice_ally.engine.armed import phrases_for, phrases_of
    from voice_ally.engine.state import State
    from voice_ally.language.blocks import every_instruction
    from voice_ally.language.model import Ask, Hold, Turn

    understand = parts.understandings(pack).of
    words = set(understand(phrases_for(pack, State())).grammar.words)
    for dialog in pack.dialogs.values():
        for one in every_instruction(dialog):
            if isinstance(one, Ask):
                words |= understand(phrases_of(pack, one)).grammar.words
            elif isinstance(one, Hold | Turn):
                until = [Phrase(phrase, Meaning("until", "until")) for phrase in one.until]
                words |= understand(until).grammar.words
    return Grammar("every word", (dict.fromkeys(sorted(words), 1), {}), frozenset({1}), ())


def heard_in_the_room(sound: Sound, chosen: "Settings") -> Pcm16 | None:
    """The line said aloud, as the microphone hears it; None without both devices."""
    from voice_ally.hear.device import DeviceMicrophone
    from voice_ally.speak.device_speaker import DeviceSpeaker
    from voice_ally.speak.playback import Playback

    mixer = Playback()
    speaker = DeviceSpeaker(mixer, chosen.speaker or None, lambda *_: None)
    try:
        microphone = DeviceMicrophone(chosen.microphone or None)
    except VoiceAllyError:
        return None
    with closing(microphone), closing(speaker):
        try:
            speaker.start()
        except VoiceAllyError:
            return None
        mixer.play(1, sound)
        over = time.monotonic() + seconds_in(sound) + TAIL_SECONDS
        stop = threading.Timer(over - time.monotonic() + 1.0, microphone.close)
        stop.daemon = True
        stop.start()
        heard = bytearray()
        for block in microphone.blocks():
            heard += block
            if time.monotonic() > over:
                break
        stop.cancel()
    return Pcm16(bytes(heard))
