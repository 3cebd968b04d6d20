"""What is there, what is missing, and where things are kept.

Rules: looks, changes nothing; each line stands alone, so that it can be read out to somebody.
"""

from collections.abc import Iterator

from voice_ally.app import parts
from voice_ally.core.errors import MicrophoneProblem, VoiceAllyError


def examine() -> Iterator[tuple[bool, str]]:
    """(is it well, what was found), a line each."""
    for name, look in (
        ("microphone", _microphone),
        ("loudspeaker", _loudspeaker),
        ("voice", _voice),
        ("recogniser", _recogniser),
        ("dialogs", _dialogs),
        ("kept in", _places),
    ):
        try:
            yield True, f"{name}: {look()}"
        except VoiceAllyError as problem:
            yield False, f"{name}: {problem}"


def _microphone() -> str:
    from voice_ally.hear.device import list_devices

    return _named("microphone", [one.name for one in list_devices() if one.input_channels])


def _loudspeaker() -> str:
    from voice_ally.hear.device import list_devices

    return _named("loudspeaker", [one.name for one in list_devices() if one.output_channels])


def _named(kind: str, names: list[str]) -> str:
    if not names:
        raise MicrophoneProblem(f"No {kind} was found.", mend="Connect one.")
    return ", ".join(names)


def _voice() -> str:
    from voice_ally.core.actions import Style
    from voice_ally.core.audio import seconds_in
    from voice_ally.speak.pyttsx3_voice import Pyttsx3Voice

    voice = Pyttsx3Voice(parts.settings().voice)
    try:
        return f"{voice.name} speaks ({seconds_in(voice.render('I am here.', Style())):.1f} s)"
    finally:
        voice.close()


def _recogniser() -> str:
    return parts.make_recogniser("", parts.settings(), parts.read_dialogs(None).pack).name


def _dialogs() -> str:
    return f"{len(parts.read_dialogs(None, parts.settings().pack).pack.dialogs)}"


def _places() -> str:
    from voice_ally.settings import places

    folders = (places.user_config_folder(), places.user_data_folder(), places.user_state_folder())
    return ", ".join(str(one) for one in folders)
