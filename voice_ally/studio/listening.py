"""What the real listener makes of a voice at the microphone, or of a recording.

Rules: the phrases, recogniser and decisions are those of a session that stands where it is asked
to. Nothing that was heard is kept: sound is dropped block by block, a recording is never written
to a disk.
"""

import io
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from voice_ally.app import parts
from voice_ally.core.errors import RecordingProblem, UsageProblem, VoiceAllyError
from voice_ally.core.speech import Decision, HearingEvent, Utterance

if TYPE_CHECKING:
    from voice_ally.core.audio import Pcm16
    from voice_ally.core.ports import Microphone, Recogniser
    from voice_ally.engine.state import State
    from voice_ally.language.model import Pack
    from voice_ally.runtime.deciding import Deciding
    from voice_ally.studio.weighed import Weighed

Told = dict[str, object]
Tell = Callable[[Told], None]
LEVEL_BLOCKS = 10
"""So many blocks of 10 ms have one level."""
LOWEST_DB = -60.0
MOST_RECORDING_BYTES = 20_000_000
LONGEST_RECORDING_SECONDS = 600.0
JOIN_SECONDS = 1.5


class Listening:
    """One microphone at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._microphone: Microphone | None = None
        self._thread: threading.Thread | None = None

    def recording(self, pack: "Pack", state: "State", content: bytes, name: str) -> list[Told]:
        """What is understood of a recording. Raises RecordingProblem and UsageProblem."""
        from voice_ally.hear.recording import RecordingMicrophone

        if len(content) > MOST_RECORDING_BYTES:
            raise UsageProblem("This recording is too large: 20 MB at most.")
        microphone = RecordingMicrophone(name, real_time=False, content=io.BytesIO(content))
        blocks = _bounded(microphone.blocks())
        found = [one for one in _understood(pack, state, blocks) if one["event"] == "utterance"]
        nothing = {"text": "", "meaning": "", "probability": 0.0, "decision": "ignore"}
        return found or [{**nothing, "note": "No voice was found in this recording."}]

    def start(self, pack: "Pack", state: "State", tell: Tell) -> None:
        """Listen to the microphone until stop(). Raises MicrophoneProblem."""
        from voice_ally.hear.device import DeviceMicrophone

        self.stop()
        microphone = DeviceMicrophone(parts.settings().microphone or None)
        microphone.on_presence = lambda present: tell(_presence(present))

        def listen() -> None:
            note = ""
            try:
                with closing(microphone):
                    for one in _understood(pack, state, microphone.blocks()):
                        tell(one)
            except VoiceAllyError as problem:
                note = str(problem)
            except Exception as error:
                note = f"Listening broke off ({type(error).__name__})."
            tell({"event": "hearing", "on": False, "note": note})

        with self._lock:
            self._microphone = microphone
            self._thread = threading.Thread(target=listen, name="studio listening", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Let go of the microphone; may be called twice."""
        with self._lock:
            microphone, thread = self._microphone, self._thread
            self._microphone = self._thread = None
        if microphone is not None:
            microphone.close()
        if thread is not None:
            thread.join(JOIN_SECONDS)


def _presence(present: bool) -> Told:
    note = "" if present else "The microphone is gone. Connect it: I wait for it."
    return {"event": "hearing", "on": True, "note": note}


def _bounded(blocks: "Iterator[Pcm16]") -> "Iterator[Pcm16]":
    from voice_ally.core.audio import BLOCK_SECONDS

    for number, block in enumerate(blocks):
        if number * BLOCK_SECONDS > LONGEST_RECORDING_SECONDS:
            raise RecordingProblem("This recording is longer than ten minutes.")
        yield block


def _understood(pack: "Pack", state: "State", blocks: "Iterable[Pcm16]") -> Iterator[Told]:
    from voice_ally.engine.armed import phrases_for
    from voice_ally.hear.engines.two_pass import TwoPassRecogniser
    from voice_ally.hear.level import level_of
    from voice_ally.runtime.deciding import Deciding
    from voice_ally.runtime.own_voice import OwnVoice
    from voice_ally.studio.weighed import Weighed

    understanding = parts.understandings(pack).of(phrases_for(pack, state))
    deciding = Deciding(False, OwnVoice(), understanding)
    # apart: what is typed meanwhile is not to wait while it decodes
    engine: Recogniser = parts.make_recogniser("", parts.settings(), pack, in_real_time=True)
    weighed = Weighed()
    if isinstance(engine, TwoPassRecogniser):
        engine.weigh_with(weighed)
    listener = parts.make_listener(engine)
    with closing(listener):
        listener.use(understanding.grammar)
        latest: list[Pcm16] = []
        for block in blocks:
            yield from _heard(listener.feed(block), deciding, weighed)
            latest.append(block)
            if len(latest) == LEVEL_BLOCKS:
                peak = level_of(latest).peak_db
                yield {"event": "level", "level": round(max(0.0, 1.0 - peak / LOWEST_DB), 3)}
                latest.clear()
        yield from _heard(listener.flush(), deciding, weighed)


def _heard(
    events: Iterable[HearingEvent], deciding: "Deciding", weighed: "Weighed"
) -> Iterator[Told]:
    from voice_ally.language.intents import intent_of

    for one in events:
        if not isinstance(one, Utterance):
            continue
        decided = deciding.decide(one)
        match = decided.match
        slots = (
            ", ".join(f"{name}: {value}" for name, value in match.slots.items()) if match else ""
        )
        meaning = intent_of(match.phrase) if match else ""
        told: Told = {
            "event": "utterance",
            "text": one.text or one.rejected_text,
            "meaning": f"{meaning} ({slots})" if slots else meaning,
            "probability": round(one.confidence, 3),
            "decision": (decided.decision if match else Decision.IGNORE).value,
        }
        if (other := weighed.runner_up()) is not None:
            text, probability = other
            told["runner_up"] = {"meaning": text, "probability": round(probability, 3)}
        yield told
