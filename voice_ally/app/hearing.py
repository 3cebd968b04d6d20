"""`voice-ally hear`: what each recording is understood as, exactly as in a session.

Rules: the phrases, the recogniser, the listener and the decision are those of a session that
stands at the place asked for, or of one in which nothing runs. Every recording gets a line, also
one in which nothing was said.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from voice_ally.app import parts
from voice_ally.core.errors import RecordingProblem, UsageProblem

if TYPE_CHECKING:
    from voice_ally.core.audio import Pcm16
    from voice_ally.core.ports import Recogniser
    from voice_ally.core.speech import Utterance
    from voice_ally.engine.state import State
    from voice_ally.language.model import Pack
    from voice_ally.runtime.deciding import Deciding


def hear(
    files: tuple[str, ...], pack: Path | None, at: str, recogniser: str, *, warn: parts.Write
) -> Iterator[dict[str, object]]:
    """A line for each utterance of each recording, and for each recording without one.

    Raises UsageProblem for a place that is not there, RecordingProblem for the only recording.
    """
    from voice_ally.engine.armed import phrases_for
    from voice_ally.runtime.deciding import Deciding
    from voice_ally.runtime.own_voice import OwnVoice

    chosen = parts.settings()
    used = parts.dialogs(pack, chosen, warn).dialogs.pack
    state = state_at(used, at, parts.wake_phrase(chosen, used))
    understanding = parts.understandings(used).of(phrases_for(used, state))
    engine = parts.make_recogniser(recogniser, chosen, used)
    deciding = Deciding(False, OwnVoice(), understanding)
    unread = 0
    for file in files:
        try:
            yield from _heard_in(file, engine, deciding)
        except RecordingProblem as problem:
            if len(files) == 1:
                raise
            warn(str(problem))
            unread += 1
    if unread:
        raise UsageProblem(f"{unread} of {len(files)} recordings could not be read.")


def state_at(pack: "Pack", at: str, wake: str = "") -> "State":
    """A session that stands at DIALOG/STEP and listens there; the idle one for "".

    Raises UsageProblem.
    """
    from voice_ally.engine.standing import standing_at
    from voice_ally.engine.state import State

    if not at:
        return State(wake=wake)
    name, _, step = at.partition("/")
    if name not in pack.dialogs:
        raise parts.unknown_dialog(name, pack)
    state = standing_at(pack, name, step)
    if state is None:
        raise UsageProblem(
            f"Nobody is listened to at {at}.",
            mend="Write DIALOG/STEP, of a step with a question, a hold, a turn or breathing.",
        )
    return state


def _heard_in(file: str, engine: "Recogniser", deciding: "Deciding") -> Iterator[dict[str, object]]:
    """Raises RecordingProblem."""
    from voice_ally.core.speech import Utterance
    from voice_ally.hear.recording import RecordingMicrophone

    microphone = RecordingMicrophone(file, real_time=False)
    listener = parts.make_listener(engine)
    assert deciding.understanding is not None
    listener.use(deciding.understanding.grammar)
    blocks = list(microphone.blocks())
    events = [event for block in blocks for event in listener.feed(block)]
    utterances = [one for one in (*events, *listener.flush()) if isinstance(one, Utterance)]
    yield from (_line(file, one, deciding) for one in utterances)
    if not utterances:
        yield {
            "file": file,
            "text": "",
            "intent": None,
            "slots": {},
            "confidence": 0.0,
            "decision": "ignore",
            "speech_start": None,
            "speech_end": None,
            "decided": None,
            "note": _why_nothing(file, blocks),
        }


def _why_nothing(file: str, blocks: "list[Pcm16]") -> str:
    """What may have kept a voice from being found. Raises RecordingProblem."""
    from voice_ally.hear.level import level_of
    from voice_ally.hear.recording import STANDARD_INPUT, channels_cancel

    if file != STANDARD_INPUT and channels_cancel(Path(file)):
        return "No voice was found: its channels cancel each other out. Keep one of them."
    loudest = f"its loudest moment is at {level_of(blocks).peak_db:.0f} dB of full scale"
    return f"No voice was found; {loudest}."


def _line(file: str, utterance: "Utterance", deciding: "Deciding") -> dict[str, object]:
    from voice_ally.language.intents import intent_of

    decided = deciding.decide(utterance)
    match = decided.match
    return {
        "file": file,
        "text": utterance.text,
        "intent": intent_of(match.phrase) if match else None,
        "slots": dict(match.slots) if match else {},
        "confidence": round(utterance.confidence, 3),
        "decision": decided.decision.value,
        "speech_start": round(utterance.speech_start, 3),
        "speech_end": round(utterance.speech_end, 3),
        "decided": round(utterance.at, 3),
    }
